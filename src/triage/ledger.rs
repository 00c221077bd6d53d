//! [`Ledger`]: the diagnosis of every Certificate, kept up to date by work on what changed.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};

use super::Diagnosis;
use super::causes::ailment::{Ailment, ailment};
use super::examine;
use super::tally::{Place, Tallies, Tally};
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::changes::Changes;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::model::slots::Slots;
use crate::model::symbol::Symbol;

#[derive(Debug, Clone, Copy)]
struct Card {
    id: Id<Certificate>,
    diagnosis: Diagnosis,
    renewal: Option<Time>,
    place: Place,
}

/// The diagnoses.
///
/// **Invariant:** with nothing pending, it equals the ledger made from nothing at the same moment.
#[derive(Debug, Default)]
pub struct Ledger {
    cards: Slots<Option<Card>>,
    /// Renewals that are planned, the next one first.
    renewals: BTreeSet<(Time, Id<Certificate>)>,
    tallies: Tallies,
    agenda: BinaryHeap<Reverse<(Time, Id<Certificate>)>>,
    queue: VecDeque<Id<Certificate>>,
    /// By place, which Certificate of it is in the queue: all of them are put there when a list ends, at once.
    queued: Vec<Option<Id<Certificate>>>,
    /// Those in the queue whose place is that of another one in it.
    latecomers: BTreeSet<Id<Certificate>>,
    pending: usize,
    judged: Vec<Judged>,
}

/// A Certificate that was judged anew, and what it suffers from.
#[derive(Debug)]
pub struct Judged {
    /// Which.
    pub id: Id<Certificate>,
    /// What it shares with others, if it is ill.
    pub(super) ailment: Option<Ailment>,
}

impl Ledger {
    /// What is to be said of a Certificate; `None` until it was judged.
    pub fn get(&self, id: Id<Certificate>) -> Option<&Diagnosis> {
        self.cards.get(id.index())?.as_ref().filter(|card| card.id == id).map(|card| &card.diagnosis)
    }

    /// The renewals that are planned, and whose, the next one first.
    pub fn renewals(&self, now: Time) -> impl Iterator<Item = (Time, Id<Certificate>)> {
        let ahead = (Excluded((now, Id::LAST)), Unbounded);
        self.renewals.range(ahead).copied()
    }

    /// How many have each verdict.
    pub const fn tally(&self) -> &Tally {
        self.tallies.whole()
    }

    /// How many have each verdict in some namespaces; in all, where none is named.
    pub fn tally_within(&self, namespaces: &BTreeSet<Symbol>) -> Tally {
        self.tallies.within(namespaces)
    }

    /// Notes what has to be judged again.
    pub fn note(&mut self, model: &Model, changes: &Changes) {
        if changes.everything() {
            for (id, _) in model.certificates.iter() {
                self.enqueue(id);
            }
        }
        for id in changes.certificates() {
            self.enqueue(id);
        }
    }

    /// Notes that one Certificate has to be judged again.
    pub fn note_one(&mut self, id: Id<Certificate>) {
        self.enqueue(id);
    }

    /// When a diagnosis changes by itself next; now, if some still wait to be judged.
    pub fn due(&self, now: Time) -> Option<Time> {
        if self.pending == 0 { self.agenda.peek().map(|Reverse((at, _))| *at) } else { Some(now) }
    }

    /// How many wait to be judged.
    pub const fn pending(&self) -> usize {
        self.pending
    }

    /// Judges one Certificate now, out of turn: because it is on the screen.
    pub fn judge(&mut self, model: &Model, id: Id<Certificate>, now: Time) {
        let ended = self.get(id).and_then(|d| d.valid_until).is_some_and(|end| end <= now);
        if self.unqueue(id) || ended {
            self.set(model, id, now);
        }
    }

    /// Judges up to `limit` of those that wait or whose time has come. True when more wait.
    pub fn settle(&mut self, model: &Model, now: Time, limit: usize) -> bool {
        while let Some(Reverse((at, id))) = self.agenda.peek().copied()
            && at <= now
        {
            self.agenda.pop();
            if self.get(id).is_some_and(|d| d.valid_until == Some(at)) {
                self.enqueue(id);
            }
        }
        let mut done = 0;
        while done < limit
            && let Some(id) = self.queue.pop_front()
        {
            if self.unqueue(id) {
                self.set(model, id, now);
                done += 1;
            }
        }
        self.pending > 0
    }

    /// The Certificates whose diagnosis was made anew since this was last asked.
    pub fn take_judged(&mut self) -> Vec<Judged> {
        std::mem::take(&mut self.judged)
    }

    fn remind(&mut self, at: Time, id: Id<Certificate>) {
        self.agenda.push(Reverse((at, id)));
        // Each new diagnosis leaves the old one's date behind: now and then only the valid ones are kept.
        if self.agenda.len() > 1_024 + 4 * self.cards.len() {
            let dates =
                self.cards.iter().flatten().filter_map(|card| Some(Reverse((card.diagnosis.valid_until?, card.id))));
            self.agenda = dates.chain([Reverse((at, id))]).collect();
        }
    }

    fn enqueue(&mut self, id: Id<Certificate>) {
        if self.queued.len() <= id.index() {
            self.queued.resize(id.index() + 1, None);
        }
        let Some(place) = self.queued.get_mut(id.index()) else { return };
        let new = match *place {
            None => place.replace(id).is_none(),
            Some(known) => known != id && self.latecomers.insert(id),
        };
        if new {
            self.pending += 1;
            self.queue.push_back(id);
        }
    }

    /// Takes a Certificate out of the queue; false when it was not in it.
    fn unqueue(&mut self, id: Id<Certificate>) -> bool {
        let place = self.queued.get_mut(id.index()).filter(|known| **known == Some(id));
        let waited = place.is_some_and(|place| place.take().is_some()) || self.latecomers.remove(&id);
        self.pending -= usize::from(waited);
        waited
    }

    fn set(&mut self, model: &Model, id: Id<Certificate>, now: Time) {
        let (new, ailment) = match examine(model, id, now) {
            Some((case, diagnosis, signs)) => (Some(diagnosis), ailment(&case, &signs)),
            None => (None, None),
        };
        while self.cards.len() <= id.index() {
            self.cards.push(None);
        }
        let Some(place) = self.cards.get_mut(id.index()) else { return };
        if new.is_none() && place.is_some_and(|card| card.id != id) {
            // A late word about a row whose place is taken by another one.
            return self.judged.push(Judged { id, ailment });
        }
        if let Some(old) = place.take() {
            self.tallies.drop(old.place, old.diagnosis.verdict);
            if let Some(at) = old.renewal {
                self.renewals.remove(&(at, old.id));
            }
        }
        if let (Some(diagnosis), Some(certificate)) = (new, model.certificates.get(id)) {
            let counted = self.tallies.add(&certificate.meta.namespace, diagnosis.verdict);
            let renewal = certificate.renewal_time;
            self.renewals.extend(renewal.map(|at| (at, id)));
            *place = Some(Card { id, diagnosis, renewal, place: counted });
            if let Some(at) = diagnosis.valid_until {
                self.remind(at, id);
            }
        }
        self.judged.push(Judged { id, ailment });
    }
}
