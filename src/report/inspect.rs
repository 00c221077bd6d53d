//! The report of `cmtop inspect`: `cmtop.inspect/v1`, and every block for people.

mod document;

use std::fmt::Write as _;

use super::Style;
use super::document::{Format, WriteError, write};
use super::exit::ExitStatus;
use crate::model::meta::Time;
use crate::text::{span, wrap};
use crate::x509::check::{Check, Mark, gravest};
use crate::x509::judge::judge;
use crate::x509::material::Material;
use crate::x509::tell::{Value, tell};

/// Cells of the column of labels.
const LABEL: usize = 15;

/// What was read about one certificate, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// When it was looked at.
    pub at: Time,
    /// What was read.
    pub material: Material,
    /// What follows.
    pub checks: Vec<Check>,
}

impl Inspection {
    /// Judges what was read.
    pub fn of(material: Material, at: Time) -> Self {
        let checks = judge(&material, at);
        Self { at, material, checks }
    }

    /// What the program ends with.
    pub fn outcome(&self) -> ExitStatus {
        match gravest(&self.checks) {
            Mark::Bad => ExitStatus::Trouble,
            _ if !self.material.has_something() => ExitStatus::Blind,
            _ => ExitStatus::Good,
        }
    }

    /// For programs.
    pub fn document(&self, format: Format) -> Result<String, WriteError> {
        write(&document::Document::of(self), format)
    }

    /// For people.
    pub fn text(&self, style: &Style) -> String {
        let mut out = String::new();
        if !style.bare {
            let source = if self.material.source.is_empty() || self.material.source == self.material.subject {
                String::new()
            } else {
                format!(" · {}", self.material.source)
            };
            let _ = writeln!(out, "{}{source}", self.material.subject);
        }
        for part in tell(&self.material, &self.checks) {
            let _ = writeln!(out, "\n{}", part.title);
            for fact in &part.facts {
                let mut say = |label: &str, words: &str| {
                    let room = style.width.map_or(usize::MAX, |width| width.saturating_sub(LABEL + 2).max(20));
                    for (i, line) in wrap(words, room).into_iter().enumerate() {
                        let label = if i == 0 { label } else { "" };
                        let indent = if fact.label.is_empty() { 0 } else { LABEL };
                        let _ = writeln!(out, "  {label:<indent$}{line}");
                    }
                };
                match &fact.value {
                    Value::Text(words) => say(fact.label, words),
                    Value::Moment(moment) => say(fact.label, &self.moment(*moment, style)),
                    Value::Check(check) => {
                        say(fact.label, &check.words);
                        if let Some(mend) = &check.mend {
                            say("  mend", mend);
                        }
                    }
                }
            }
        }
        style.plain(&out).into_owned()
    }

    fn moment(&self, moment: Time, style: &Style) -> String {
        let distance = moment - self.at;
        let told = style.zone.tell(moment);
        if distance.num_seconds() >= 0 {
            format!("{told}, in {}", span(distance))
        } else {
            format!("{told}, {} ago", span(distance))
        }
    }
}
