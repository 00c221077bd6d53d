//! Values of flags.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::query::host::host_in;
use crate::query::name::{Name, NameError};
use crate::query::selector::{Selector, SelectorError};
use crate::query::target::{Target, TargetError};
use crate::triage::backoff::go_duration;
use crate::triage::verdict::Verdict;

/// The moment of a recording or a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum At {
    /// Its end.
    #[default]
    End,
    /// A moment; later than the end is allowed: time passes.
    Moment(Time),
}

impl FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "end" {
            return Ok(Self::End);
        }
        let moment = chrono::DateTime::parse_from_rfc3339(text);
        let moment = moment.map_err(|_| "expected `end` or a moment like 2026-11-22T16:03:05Z".to_owned())?;
        Ok(Self::Moment(moment.to_utc()))
    }
}

/// The name of a Certificate.
pub(super) fn name(text: &str) -> Result<Name, String> {
    text.parse().map_err(|error: NameError| error.to_string())
}

/// An object of one of these kinds; `None` for one whose kind is not said.
pub(super) fn object(text: &str, kinds: &[Option<Kind>], wanted: &str) -> Result<Target, String> {
    let target: Target = text.parse().map_err(|error: TargetError| error.to_string())?;
    if kinds.contains(&target.kind) { Ok(target) } else { Err(format!("name {wanted}")) }
}

/// A bearer token. It does not show in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Token {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A host name, or a text that a browser's line holds.
pub(super) fn host(text: &str) -> Result<String, String> {
    match host_in(text) {
        "" => Err("expected a host name, such as www.shop.example".to_owned()),
        host => Ok(host.to_owned()),
    }
}

pub(super) fn selector(text: &str) -> Result<Selector, String> {
    text.parse().map_err(|error: SelectorError| error.to_string())
}

/// How fast time passes: `2`, `0.5`, `10x`.
pub(super) fn speed(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('x').unwrap_or(text);
    let speed = number.parse::<f64>().ok().filter(|speed| speed.is_finite() && *speed > 0.0);
    speed.ok_or_else(|| "expected a number above 0, such as 10 or 0.5".to_owned())
}

/// A verdict by its word.
pub(super) fn verdict(text: &str) -> Result<Verdict, String> {
    let known = Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == text);
    let words = || Verdict::ALL.map(Verdict::as_str).join(", ");
    known.ok_or_else(|| format!("expected one of {}", words()))
}

/// A length of time as kubectl takes it: `30s`, `1m30s`; a bare number is seconds, and `0` is no limit.
pub(super) fn timeout(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<u64>().ok().map(Duration::from_secs);
    let length = seconds.or_else(|| go_duration(text)?.to_std().ok());
    length.ok_or_else(|| "expected a length of time such as 30s or 1m30s".to_owned())
}
