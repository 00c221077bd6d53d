//! [`Stamp`]: a moment as Kubernetes writes it.

use chrono::{DateTime, NaiveDate, Utc};

use super::lenient::Lenient;

/// An RFC 3339 moment: whole seconds (`metav1.Time`) or microseconds (`metav1.MicroTime`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(pub DateTime<Utc>);

impl Stamp {
    /// Reads a moment. The form that Kubernetes writes is read directly; anything else by chrono.
    pub fn parse(text: &str) -> Option<Self> {
        plain(text.as_bytes()).or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|t| t.to_utc())).map(Self)
    }
}

/// `2026-11-22T15:58:29Z`: half of the time spent on a Certificate went into reading stamps the general way.
fn plain(text: &[u8]) -> Option<DateTime<Utc>> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] = text else {
        return None;
    };
    let two = |a: &u8, b: &u8| {
        (a.is_ascii_digit() && b.is_ascii_digit()).then(|| u32::from(a - b'0') * 10 + u32::from(b - b'0'))
    };
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, two(m1, m2)?, two(d1, d2)?)?;
    Some(day.and_hms_opt(two(h1, h2)?, two(n1, n2)?, two(s1, s2)?)?.and_utc())
}

impl Lenient for Stamp {
    fn text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn odd_moments_are_no_moments() {
        for text in [
            "",
            "2026-13-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "99999-01-01T00:00:00Z",
            "yesterday",
            "2026-11-22T25:00:00Z",
        ] {
            assert_eq!(Stamp::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_reads_like_the_general_one(seconds in -62_000_000_000i64..250_000_000_000) {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            let text = at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            let general = DateTime::parse_from_rfc3339(&text).ok().map(|t| t.to_utc());
            prop_assert_eq!(Stamp::parse(&text).map(|s| s.0), general);
        }
    }
}
