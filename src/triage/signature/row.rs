//! [`Row`]: one row of the table of findings, as it is written in YAML.

use std::sync::OnceLock;

use chrono::TimeDelta;
use regex::bytes::Regex;
use serde::Deserialize;

use super::patterns::compile;
use super::place::Place;
use crate::triage::finding::{Confidence, Severity, Verb};

/// A finding as the table knows it: what it is called, how it is told from a text, what is to be said and done.
///
/// A row with a pattern is found by its text; one without is found by a rule in `rules`.
/// Texts hold placeholders: see [`fill`](super::fill).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its stable name.
    pub id: Box<str>,
    /// The family that it belongs to; its own name when it is not given.
    #[serde(default)]
    pub family: Box<str>,
    /// Its code in cert-manager's catalogue of troubles: for those who maintain the table.
    #[serde(default)]
    pub source: Option<Box<str>>,
    /// How bad it is once it has settled.
    #[serde(default = "error")]
    pub severity: Severity,
    /// How bad it is before that; it is not told then when this is not given.
    #[serde(default)]
    pub unsettled: Option<Severity>,
    /// How sure its text alone makes us.
    #[serde(default = "high")]
    pub confidence: Confidence,
    /// Seconds that it may heal itself in.
    #[serde(default = "fifteen")]
    pub settle: u32,
    /// The narrower wins: of two rows that match a text, the one with the greater number.
    #[serde(default = "fifty")]
    pub priority: u8,
    /// Whether it only passes on what a deeper object explains: it is first only when nothing else is known.
    #[serde(default)]
    pub general: bool,
    /// Where its text stands.
    #[serde(default)]
    pub at: Vec<Place>,
    /// How its text reads.
    #[serde(default)]
    pub pattern: Option<Box<str>>,
    /// The types of issuer that it is for; any when empty.
    #[serde(default)]
    pub issuers: Vec<Box<str>>,
    /// The solvers that it is for; any when empty.
    #[serde(default)]
    pub solvers: Vec<Box<str>>,
    /// What is wrong, in a few words.
    pub title: Box<str>,
    /// Why, in a sentence or two.
    pub cause: Box<str>,
    /// What would make it surer.
    #[serde(default)]
    pub wants: Vec<Box<str>>,
    /// What mends it, the best first.
    #[serde(default)]
    pub remedies: Vec<Advice>,
    /// The official page about it.
    #[serde(default)]
    pub docs: Option<Box<str>>,
    /// Texts that it must match.
    #[serde(default)]
    pub samples: Vec<Box<str>>,
    /// Texts that it must not match.
    #[serde(default)]
    pub not: Vec<Box<str>>,
    /// The pattern by itself: made when its captures are first asked for.
    #[serde(skip)]
    pub(super) regex: OnceLock<Option<Regex>>,
}

/// A remedy with placeholders.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// What to do.
    pub text: Box<str>,
    /// The command that does it or shows more.
    #[serde(default)]
    pub command: Option<Box<str>>,
    /// What cmtop can do.
    #[serde(default)]
    pub action: Option<Verb>,
}

const fn error() -> Severity {
    Severity::Error
}

const fn high() -> Confidence {
    Confidence::High
}

const fn fifteen() -> u32 {
    15
}

const fn fifty() -> u8 {
    50
}

impl Row {
    /// A row without a family is one of its own.
    pub(super) fn named(mut self) -> Self {
        if self.family.is_empty() {
            self.family = self.id.clone();
        }
        self
    }

    /// How long it may heal itself.
    pub fn settling(&self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.settle))
    }

    /// How bad it is, settled or not; `None` when it is not to be told.
    pub fn severity_when(&self, settled: bool) -> Option<Severity> {
        if settled { Some(self.severity) } else { self.unsettled }
    }

    /// Whether it is for such a solver and issuer; what is not known hinders nothing.
    pub(in crate::triage) fn fits(&self, context: super::Context) -> bool {
        let among = |list: &[Box<str>], word: Option<&str>| {
            list.is_empty() || word.is_none_or(|word| list.iter().any(|known| **known == *word))
        };
        among(&self.solvers, context.solver) && among(&self.issuers, context.issuer)
    }

    /// What the named groups of its pattern caught in a text.
    pub fn captures(&self, text: &str) -> Vec<(String, String)> {
        let regex = self.regex.get_or_init(|| self.pattern.as_deref().and_then(|p| compile(p).ok()));
        let Some(regex) = regex else { return Vec::new() };
        let Some(caught) = regex.captures(text.as_bytes()) else { return Vec::new() };
        let named = regex.capture_names().flatten();
        named
            .filter_map(|name| {
                let value = String::from_utf8_lossy(caught.name(name)?.as_bytes()).trim().to_owned();
                (!value.is_empty()).then(|| (name.to_owned(), value))
            })
            .collect()
    }
}
