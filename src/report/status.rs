//! [`Status`]: the Certificates that were asked for, each with its verdict and its tree (`cmtop.status/v1`).

mod document;
mod table;
mod tree;

use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::text::span;
use crate::triage::row::Row;
use crate::triage::tree::{Node, tree};
use crate::triage::verdict::Verdict;
use crate::triage::why::why;
use crate::triage::{Diagnosis, diagnose};

use super::Origin;
use super::Style;
use super::document::{Format, WriteError, write};
use super::exit::ExitStatus;
use super::origin;
use super::sight;

/// How much of each Certificate is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// One line each.
    Table,
    /// One line each, with revision, Secret, names and moments.
    Wide,
    /// Everything that belongs to it, as a tree.
    Tree,
}

/// One Certificate.
#[derive(Debug)]
struct Card<'m> {
    certificate: &'m Certificate,
    diagnosis: Diagnosis,
    why: String,
    tree: Node,
}

impl Card<'_> {
    fn row(&self) -> Row<'_> {
        Row { certificate: self.certificate, diagnosis: Some(&self.diagnosis) }
    }

    /// The verdict, and for how long it is so: `stuck 12m`.
    fn verdict(&self, now: Time) -> String {
        let length = self.row().lasts_since().map(|since| format!(" {}", span(now - since)));
        format!("{}{}", self.diagnosis.verdict, length.unwrap_or_default())
    }
}

/// The report of `cmtop status`.
#[derive(Debug)]
pub struct Status<'m> {
    at: Time,
    origin: Origin,
    cert_manager: Option<&'m str>,
    cards: Vec<Card<'m>>,
    outcome: ExitStatus,
}

impl<'m> Status<'m> {
    /// Reports on Certificates as they are now. Those that were not named come in the order of need.
    pub fn of(model: &'m Model, chosen: &[Id<Certificate>], in_order: Order, origin: Origin, now: Time) -> Self {
        let card = |id: &Id<Certificate>| {
            let diagnosis = diagnose(model, *id, now)?;
            Some(Card {
                certificate: model.certificates.get(*id)?,
                diagnosis,
                why: why(model, *id, &diagnosis),
                tree: tree(model, *id, now)?,
            })
        };
        let mut cards: Vec<Card> = chosen.iter().filter_map(card).collect();
        if in_order == Order::ByNeed {
            cards.sort_by(|a, b| {
                let (a, b) = (a.row(), b.row());
                a.by_need(&b).then_with(|| a.by_name(&b))
            });
        }
        Self { at: now, origin, cert_manager: origin::cert_manager(model), cards, outcome: sight::outcome(model) }
    }

    /// For people.
    pub fn text(&self, detail: Detail, style: &Style) -> String {
        match detail {
            Detail::Table | Detail::Wide => table::table(self, detail == Detail::Wide, style),
            Detail::Tree => tree::trees(self, style),
        }
    }

    /// For programs.
    pub fn document(&self, format: Format) -> Result<String, WriteError> {
        write(self, format)
    }

    /// What it says apart from its moment: as long as this is the same, there is nothing new to tell.
    pub fn facts(self) -> Result<String, WriteError> {
        Self { at: Time::UNIX_EPOCH, ..self }.document(Format::Json)
    }

    /// Whether it could look: [`ExitStatus::Good`] or [`ExitStatus::Blind`]. What it found changes nothing.
    pub const fn outcome(&self) -> ExitStatus {
        self.outcome
    }

    /// `49 certificates · 2 expired · 40 ok`.
    fn summary(&self) -> String {
        let count = |verdict: Verdict| self.cards.iter().filter(|card| card.diagnosis.verdict == verdict).count();
        let verdicts = Verdict::ALL.into_iter().map(|verdict| (count(verdict), verdict)).filter(|(n, _)| *n > 0);
        let mut words = vec![crate::text::count(self.cards.len(), "certificate")];
        words.extend(verdicts.map(|(n, verdict)| format!("{} {verdict}", crate::text::number(n))));
        words.join(" · ")
    }

    /// The line below a report for people.
    fn closing(&self, style: &Style) -> String {
        format!("{} · at {}", self.summary(), style.zone.tell(self.at))
    }
}

/// In which order Certificates are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As they were named.
    AsNamed,
    /// What needs a person first.
    ByNeed,
}
