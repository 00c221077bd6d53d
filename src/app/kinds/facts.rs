//! [`Facts`]: what the table of a kind knows of all its rows together, counted once for each time it is put in order.

use std::collections::HashMap;
use std::ops::Range;

use rustc_hash::FxBuildHasher;

use super::value::{Key, Value};
use crate::model::Model;
use crate::model::challenge::Challenge;
use crate::model::id::{Id, Uid};
use crate::model::issuer::Issuer;
use crate::model::kind::Kind;
use crate::triage::ledger::Ledger;
use crate::triage::queue;
use crate::triage::tree::Tone;
use crate::triage::verdict::Verdict;

/// What an issuer has to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Issued {
    /// How many Certificates name it.
    pub certificates: usize,
    /// How many of those need a person.
    pub troubles: usize,
}

/// What is known of all rows together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Challenges that may run at a time.
    pub slots: usize,
    places: HashMap<Uid, usize, FxBuildHasher>,
    issued: HashMap<Id<Issuer>, Issued, FxBuildHasher>,
}

impl Facts {
    /// What the table of a kind needs. What issuers issue is counted bit by bit.
    pub(super) fn of(kind: Kind, model: &Model) -> Self {
        let mut facts = Self::default();
        if kind == Kind::Challenge {
            facts.slots = queue::slots(model);
            facts.places = model.waiting_challenges().map(|row| row.meta.uid).zip(1..).collect();
        }
        facts
    }

    /// Counts the Certificates in some places of their table for the issuers that they name.
    pub(super) fn count_issued(&mut self, model: &Model, ledger: &Ledger, places: Range<usize>) {
        for (id, certificate) in places.filter_map(|place| model.certificates.at(place)) {
            let Some(kind) = certificate.issuer.known_kind() else { continue };
            let namespace = if kind == Kind::ClusterIssuer { "" } else { &certificate.meta.namespace };
            let Some(issuer) = model.issuers.by_name(namespace, &certificate.issuer.name) else { continue };
            let issued = self.issued.entry(issuer).or_default();
            issued.certificates += 1;
            issued.troubles += usize::from(ledger.get(id).is_some_and(|it| Verdict::needs_a_person(it.verdict)));
        }
    }

    pub(super) fn issued(&self, id: Id<Issuer>) -> Issued {
        self.issued.get(&id).copied().unwrap_or_default()
    }

    /// Where a Challenge stands in the scheduler's queue.
    pub(super) fn place<'m>(&self, challenge: &Challenge) -> Value<'m> {
        if challenge.processing && !challenge.state.is_final() {
            return Value::State("runs", Tone::Busy);
        }
        if challenge.processing {
            return Value::State("holds", Tone::Waiting);
        }
        match self.places.get(&challenge.meta.uid) {
            Some(place) => Value::Text(format!("#{place}").into()),
            None => Value::State("done", Tone::Absent),
        }
    }

    /// Those that run come first, the oldest first; then those that wait, the next one first; then those that are over.
    pub(super) fn line(&self, challenge: &Challenge) -> (Key, i64) {
        let created = challenge.meta.created.map_or(0, |at| at.timestamp());
        if challenge.processing {
            return (Key::Number(0), created);
        }
        match self.places.get(&challenge.meta.uid) {
            Some(place) => (Key::Number(1), *place as i64),
            None => (Key::Number(2), -created),
        }
    }
}
