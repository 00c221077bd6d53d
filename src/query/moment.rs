//! [`Within`]: a word of a filter that compares a moment with now: `expires:<30d`, `age:>1h`.

use chrono::TimeDelta;

use crate::model::meta::Time;

/// A moment that can be named in a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// When the certificate ends.
    Expires,
    /// When the object was made.
    Age,
    /// When something happens next.
    Next,
}

/// Their names.
pub const MOMENTS: &[(&str, Moment)] = &[("expires", Moment::Expires), ("age", Moment::Age), ("next", Moment::Next)];

/// The moments of an object.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moments {
    /// When the certificate ends.
    pub expires: Option<Time>,
    /// When the object was made.
    pub made: Option<Time>,
    /// When something happens next.
    pub next: Option<Time>,
}

/// A comparison. It holds on one side of a moment and not on the other, so it says until when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within {
    what: Moment,
    /// Whether it holds from its moment on, and not until then.
    after: bool,
    length: TimeDelta,
}

impl Within {
    /// Reads what stands behind the colon: `<30d`, `>1h30m`.
    pub fn parse(name: &str, what: Moment, text: &str) -> Result<Self, String> {
        let wanted = || format!("`{name}:` wants a comparison, like `{name}:<30d` or `{name}:>1h30m`");
        let less = match text.chars().next() {
            Some('<') => true,
            Some('>') => false,
            _ => return Err(wanted()),
        };
        let rest = text.trim_start_matches(['<', '>']).trim_start_matches('=');
        let length = length(rest).ok_or_else(|| {
            if rest.is_empty() {
                wanted()
            } else {
                format!("`{rest}` is no length of time: `45s`, `10m`, `1h30m`, `30d`, `2w`")
            }
        })?;
        // What is left shrinks, an age grows.
        let after = less != (what == Moment::Age);
        Ok(Self { what, after, length })
    }

    /// Whether it holds for an object now. What has no such moment is on neither side.
    pub fn holds(&self, moments: Moments, now: Time) -> bool {
        self.turn(moments).is_some_and(|turn| (now >= turn) == self.after)
    }

    /// When it holds no more for an object, or begins to.
    pub fn turns(&self, moments: Moments, now: Time) -> Option<Time> {
        self.turn(moments).filter(|turn| *turn > now)
    }

    fn turn(&self, moments: Moments) -> Option<Time> {
        match self.what {
            Moment::Expires => moments.expires?.checked_sub_signed(self.length),
            Moment::Age => moments.made?.checked_add_signed(self.length),
            Moment::Next => moments.next?.checked_sub_signed(self.length),
        }
    }
}

/// Reads a length of time, in one unit or several: `1h30m`.
fn length(text: &str) -> Option<TimeDelta> {
    let (mut sum, mut rest) = (TimeDelta::zero(), text);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at_checked(end)?;
        let unit = after.chars().next()?;
        let seconds = match unit.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            'y' => 365 * 86_400,
            _ => return None,
        };
        let part = number.parse::<i64>().ok()?.checked_mul(seconds).and_then(TimeDelta::try_seconds)?;
        sum = sum.checked_add(&part)?;
        rest = after.get(unit.len_utf8()..)?;
    }
    (!text.is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_have_units() {
        assert_eq!(length("1h30m"), Some(TimeDelta::minutes(90)));
        assert_eq!(length("2w"), Some(TimeDelta::days(14)));
        for wrong in ["", "30", "d", "1x", "-1d", "99999999999999999999d", "9223372036854775807y"] {
            assert_eq!(length(wrong), None, "{wrong}");
        }
        for (text, said) in
            [("", "wants a comparison"), ("30d", "wants a comparison"), ("<", "wants"), ("<3", "is no length")]
        {
            assert!(Within::parse("age", Moment::Age, text).unwrap_err().contains(said), "{text}");
        }
    }

    proptest! {
        #[test]
        fn it_holds_as_long_as_it_says(
            what in 0usize..3, less in any::<bool>(), days in 0i64..60, at in -8_000_000i64..8_000_000, now in -8_000_000i64..8_000_000,
        ) {
            let (_, what) = MOMENTS[what];
            let within = Within::parse("x", what, &format!("{}{days}d", if less { "<" } else { ">" })).unwrap();
            let moment = |seconds| Time::from_timestamp(1_800_000_000 + seconds, 0).unwrap();
            let (at, now) = (moment(at), moment(now));
            let moments = Moments { expires: Some(at), made: Some(at), next: Some(at) };
            let length = TimeDelta::days(days);
            let told = if what == Moment::Age { now - at } else { at - now };
            if told != length {
                prop_assert_eq!(within.holds(moments, now), (told < length) == less);
            }
            match within.turns(moments, now) {
                Some(turn) => {
                    prop_assert_eq!(within.holds(moments, turn - TimeDelta::seconds(1)), within.holds(moments, now));
                    prop_assert_ne!(within.holds(moments, turn), within.holds(moments, now));
                    prop_assert_eq!(within.turns(moments, turn), None);
                }
                None => prop_assert_eq!(within.holds(moments, now + TimeDelta::days(10_000)), within.holds(moments, now)),
            }
        }
    }
}
