//! Lines of logs: klog's structured lines are taken apart, any other line is kept as it is.
//!
//! `I1122 16:05:13.001852    8422 trigger_controller.go:238] "Certificate must be re-issued" key="platform/short" …`

use chrono::{Datelike as _, NaiveDate, TimeDelta};
use smallvec::SmallVec;

use crate::limits;
use crate::model::kind::Kind;
use crate::model::logs::{LogLine, Mention, Severity, Voice};
use crate::model::meta::Time;
use crate::model::symbol::Symbol;
use crate::text::clean;

/// What a line says. `arrived` also tells the year, which klog leaves out.
pub fn line(voice: Voice, arrived: Time, text: &str) -> LogLine {
    let whole = clean(text, limits::LOG_LINE);
    let Some((severity, at, rest)) = head(&whole, arrived) else {
        return LogLine {
            at: arrived,
            voice,
            severity: Severity::Plain,
            message: whole.as_ref().into(),
            error: Box::from(""),
            mentions: SmallVec::new(),
            text: whole.as_ref().into(),
        };
    };
    let (message, pairs) = body(rest);
    let error = pairs.iter().find(|(key, _)| matches!(key.as_str(), "err" | "error")).map_or("", |(_, value)| value);
    LogLine {
        at,
        voice,
        severity,
        message: message.into(),
        error: error.into(),
        mentions: mentions(&pairs),
        text: whole.as_ref().into(),
    }
}

/// Severity, moment, and what comes after `file.go:123] `.
fn head(text: &str, arrived: Time) -> Option<(Severity, Time, &str)> {
    let severity = match text.as_bytes().first()? {
        b'I' => Severity::Info,
        b'W' => Severity::Warning,
        b'E' => Severity::Error,
        b'F' => Severity::Fatal,
        _ => return None,
    };
    let (front, rest) = text.split_once("] ")?;
    let mut words = front.get(1..)?.split_ascii_whitespace();
    let (day, clock) = (words.next()?, words.next()?);
    let (month, day) = (day.get(..2)?.parse().ok()?, day.get(2..)?.parse().ok()?);
    let clock = chrono::NaiveTime::parse_from_str(clock, "%H:%M:%S%.f").ok()?;
    let of_year = |year| NaiveDate::from_ymd_opt(year, month, day).map(|date| date.and_time(clock).and_utc());
    // The clock of the container is taken for UTC, as it is in every image. If it is not, or around the turn of the
    // year, the nearest year counts; a line from another day than its arrival is told by its arrival.
    let years = [arrived.year(), arrived.year() - 1, arrived.year() + 1];
    let at = years.into_iter().filter_map(of_year).min_by_key(|at| (*at - arrived).abs())?;
    let at = if (at - arrived).abs() > TimeDelta::days(1) { arrived } else { at };
    Some((severity, at, rest))
}

/// The quoted sentence, and the pairs after it. A line of the old kind is all sentence.
fn body(rest: &str) -> (String, Vec<(String, String)>) {
    let Some((message, mut rest)) = quoted(rest) else { return (rest.to_owned(), Vec::new()) };
    let mut pairs = Vec::new();
    while let Some((key, after)) = rest.trim_start().split_once('=') {
        if key.contains(char::is_whitespace) {
            break;
        }
        let (value, left) = quoted(after).unwrap_or_else(|| {
            let end = after.find(char::is_whitespace).unwrap_or(after.len());
            let (value, left) = after.split_at(end);
            (value.to_owned(), left)
        });
        pairs.push((key.to_owned(), value));
        rest = left;
    }
    (message, pairs)
}

/// A text in quotes, as Go quotes it, and what comes after.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let (mut out, mut escaped) = (String::new(), false);
    for (i, c) in inner.char_indices() {
        match (escaped, c) {
            (true, 'n' | 't') => out.push(' '),
            (true, c) => out.push(c),
            (false, '"') => return Some((out, inner.get(i + 1..)?)),
            (false, '\\') => {}
            (false, c) => out.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

fn mentions(pairs: &[(String, String)]) -> SmallVec<[Mention; 2]> {
    let get = |key: &str| pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
    let mut mentions: SmallVec<[Mention; 2]> = SmallVec::new();
    for prefix in ["", "related_"] {
        let field = |name: &str| get(&format!("{prefix}resource_{name}"));
        if let Some(name) = field("name") {
            mentions.push(Mention {
                kind: field("kind").and_then(kind_named),
                namespace: Symbol::from(field("namespace").unwrap_or_default()),
                name: name.into(),
            });
        }
    }
    for (key, value) in pairs {
        let kind = match key.as_str() {
            "key" => None,
            key => match kind_named(key) {
                None => continue,
                kind => kind,
            },
        };
        // In a list of their own, klog writes references as `namespace/name`.
        let (namespace, name) = value.split_once('/').unwrap_or(("", value));
        let usual = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
        if usual && !name.is_empty() && mentions.len() < limits::ODD_FIELDS {
            mentions.push(Mention { kind, namespace: Symbol::from(namespace), name: name.into() });
        }
    }
    mentions
}

fn kind_named(word: &str) -> Option<Kind> {
    [
        Kind::Certificate,
        Kind::CertificateRequest,
        Kind::Order,
        Kind::Challenge,
        Kind::Issuer,
        Kind::ClusterIssuer,
        Kind::Secret,
        Kind::Pod,
        Kind::Service,
        Kind::Ingress,
    ]
    .into_iter()
    .find(|kind| kind.name().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> LogLine {
        let word = |text: &str| Symbol::from(text);
        let voice = Voice { namespace: word("cert-manager"), pod: word("cm-0"), container: word("controller") };
        line(voice, "2026-11-22T16:02:33Z".parse().unwrap(), text)
    }

    #[test]
    fn a_structured_line_is_taken_apart() {
        let line = read(
            r#"E1122 16:02:32.583880    7904 sync.go:212] "error waiting: \"x\"" logger="cert-manager.controller" key="shop/www" resource_name="www-1-2" resource_namespace="shop" resource_kind="Challenge" err="no \"zone\" found""#,
        );
        assert_eq!(
            (line.severity, &*line.message, &*line.error),
            (Severity::Error, "error waiting: \"x\"", "no \"zone\" found")
        );
        assert_eq!(line.at.to_rfc3339(), "2026-11-22T16:02:32.583880+00:00");
        let named: Vec<_> = line.mentions.iter().map(|m| (m.kind, m.namespace.as_str(), &*m.name)).collect();
        assert_eq!(named, [(Some(Kind::Challenge), "shop", "www-1-2"), (None, "shop", "www")]);
    }

    #[test]
    fn any_other_line_is_kept_as_it_is() {
        for text in [
            "listening on port 8089",
            "I am no klog line",
            "",
            "E] ",
            "I1399 26:02:32.5 1 a.go:1] \"x\"",
            "I1122 16:02:32.5 1 a.go:1] \"open",
        ] {
            let line = read(text);
            assert_eq!(&*line.text, text);
            assert!(line.mentions.is_empty(), "{text}");
        }
    }

    #[test]
    fn the_year_is_that_of_the_arrival() {
        let voice = || Voice { namespace: Symbol::from("a"), pod: Symbol::from("b"), container: Symbol::from("c") };
        let line = line(voice(), "2027-01-01T00:00:01Z".parse().unwrap(), r#"I1231 23:59:59.000000 1 a.go:1] "x""#);
        assert_eq!(line.at.to_rfc3339(), "2026-12-31T23:59:59+00:00");
    }
}
