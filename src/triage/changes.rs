//! [`Change`]: a Certificate's verdict became another one.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::finding::Severity;
use super::ledger::Ledger;
use super::verdict::Verdict;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey};
use crate::model::meta::Time;

/// A change of a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When it was found.
    pub at: Time,
    /// Whose verdict.
    pub certificate: ObjectKey,
    /// What it was; `None` for a Certificate that is new.
    pub from: Option<Verdict>,
    /// What it is; `None` for a Certificate that is gone.
    pub to: Option<Verdict>,
    /// The id of the finding that explains it; none while nothing is wrong.
    pub finding: Option<&'static str>,
}

/// Whether it is well only as nothing can be told of it yet: it has no certificate, and that is no change to well.
fn is_young(certificate: &Certificate) -> bool {
    certificate.not_after.is_none() && !certificate.is_ready()
}

/// The finding that says why. A wait within its patience is none: everything that is at work waits for something.
fn reason(model: &Model, id: Id<Certificate>, now: Time) -> Option<&'static str> {
    let (_, _, signs) = super::examine(model, id, now)?;
    signs.first().filter(|sign| sign.severity > Severity::Info).map(|sign| &*sign.row.id)
}

/// The verdicts as they were last told.
#[derive(Debug, Default)]
pub struct Verdicts(HashMap<Id<Certificate>, (ObjectKey, Verdict), FxBuildHasher>);

impl Verdicts {
    /// Which of the Certificates that were judged anew have another verdict now, by their names.
    pub fn changes(&mut self, model: &Model, ledger: &Ledger, judged: &[Id<Certificate>], now: Time) -> Vec<Change> {
        let mut changes: Vec<Change> = judged.iter().filter_map(|id| self.change(model, ledger, *id, now)).collect();
        changes.sort_by(|a, b| a.certificate.cmp(&b.certificate));
        changes
    }

    /// Takes the verdicts of some Certificates as they are: nothing of that is a change.
    pub fn take(&mut self, model: &Model, ledger: &Ledger, judged: &[Id<Certificate>]) {
        for id in judged {
            self.step(model, ledger, *id);
        }
    }

    fn change(&mut self, model: &Model, ledger: &Ledger, id: Id<Certificate>, now: Time) -> Option<Change> {
        let (certificate, from, to) = self.step(model, ledger, id)?;
        let finding = to.and_then(|_| reason(model, id, now));
        Some(Change { at: now, certificate, from, to, finding })
    }

    /// Whose verdict it is, what it was and what it is, where those differ.
    fn step(
        &mut self,
        model: &Model,
        ledger: &Ledger,
        id: Id<Certificate>,
    ) -> Option<(ObjectKey, Option<Verdict>, Option<Verdict>)> {
        let Some(certificate) = model.certificate_key(id) else {
            let (certificate, from) = self.0.remove(&id)?;
            return Some((certificate, Some(from), None));
        };
        let to = ledger.get(id)?.verdict;
        if to == Verdict::Ok && model.certificates.get(id).is_some_and(is_young) {
            return None;
        }
        let from = self.0.insert(id, (certificate.clone(), to)).map(|(_, verdict)| verdict);
        (from != Some(to)).then_some((certificate, from, Some(to)))
    }
}
