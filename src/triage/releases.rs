//! What is broken or different in which release of cert-manager, as data (`releases.yaml`).

use std::sync::OnceLock;

use serde::Deserialize;

/// Something to know about some releases.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// A short name.
    pub id: Box<str>,
    /// The spans of releases that have it: from the first that does, to the first that does not.
    pub spans: Vec<Span>,
    /// Whether it is a bug, not a change.
    #[serde(default)]
    pub bug: bool,
    /// What it is, in a sentence.
    pub what: Box<str>,
    /// The findings that it explains.
    #[serde(default)]
    pub explains: Vec<Box<str>>,
    /// The solver or issuer type that it touches; everything when it is not given.
    #[serde(default)]
    pub touches: Option<Box<str>>,
}

/// From a release to before another one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first release that has it.
    pub from: Box<str>,
    /// The first release that has it no more.
    #[serde(default)]
    pub until: Option<Box<str>>,
}

/// The embedded file.
pub const EMBEDDED: &str = include_str!("releases.yaml");

static KNOWN: OnceLock<Vec<Known>> = OnceLock::new();

/// Everything that is known, of all releases.
pub fn all() -> &'static [Known] {
    KNOWN.get_or_init(|| serde_yaml::from_str(EMBEDDED).unwrap_or_default())
}

/// What there is to know of a release.
pub fn of(version: &str) -> impl Iterator<Item = &'static Known> {
    let version = number(version);
    all().iter().filter(move |known| {
        let version = version.as_ref();
        version.is_some_and(|version| known.spans.iter().any(|span| span.holds(*version)))
    })
}

/// The bugs of a release that explain a finding.
pub fn explaining(version: &str, finding: &str) -> impl Iterator<Item = &'static Known> {
    of(version).filter(move |known| known.explains.iter().any(|id| **id == *finding))
}

type Number = (u32, u32, u32);

impl Span {
    /// Whether it covers a release.
    pub fn covers(&self, version: &str) -> bool {
        number(version).is_some_and(|version| self.holds(version))
    }

    fn holds(&self, version: Number) -> bool {
        number(&self.from).is_some_and(|from| from <= version)
            && self.until.as_deref().and_then(number).is_none_or(|until| version < until)
    }
}

/// `v1.15.0`, `1.15`; what follows a hyphen (a pre-release) counts as that release.
fn number(text: &str) -> Option<Number> {
    let plain = text.trim_start_matches('v').split(['-', '+']).next()?;
    let mut parts = plain.split('.').map(str::parse);
    let mut next = || parts.next().and_then(Result::ok);
    Some((next()?, next()?, next().unwrap_or(0)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_can_be_read() {
        let known: Vec<Known> = serde_yaml::from_str(EMBEDDED).unwrap();
        for known in known {
            for span in &known.spans {
                assert!(number(&span.from).is_some(), "{}", known.id);
                assert!(span.until.as_deref().is_none_or(|until| number(until).is_some()), "{}", known.id);
            }
        }
    }

    #[test]
    fn a_regression_is_known_of_the_releases_that_have_it() {
        let bug = |version| explaining(version, "route53-missing-region").filter(|known| known.bug).count();
        assert_eq!(["v1.14.7", "v1.15.0", "v1.15.1", "v1.15.2", "v1.16.0", "master"].map(bug), [0, 1, 1, 1, 0, 0]);
        let regression =
            |version| explaining(version, "route53-missing-region").any(|k| &*k.id == "route53-region-regression");
        assert_eq!(["v1.15.1", "v1.15.2"].map(regression), [true, false]);
    }
}
