//! [`Line`]: the Challenges that run and those that wait, in the order in which cert-manager's scheduler takes them.

use std::collections::BTreeSet;

use super::Model;
use super::challenge::Challenge;
use super::id::{Id, Uid};
use super::meta::Time;

/// The oldest first.
type Place = (Option<Time>, Uid, Id<Challenge>);

/// One line for the whole cluster, whatever Certificate a Challenge is for.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    running: BTreeSet<Place>,
    waiting: BTreeSet<Place>,
}

fn place(id: Id<Challenge>, challenge: &Challenge) -> Place {
    (challenge.meta.created, challenge.meta.uid, id)
}

/// Whether a Challenge waits to be let start.
const fn waits(challenge: &Challenge) -> bool {
    !challenge.processing && !challenge.state.is_final() && challenge.meta.deleted.is_none()
}

impl Line {
    /// Whether two forms of a Challenge stand at the same place.
    pub(super) fn stays(old: &Challenge, new: &Challenge) -> bool {
        (old.processing, waits(old), old.meta.created) == (new.processing, waits(new), new.meta.created)
    }

    pub(super) fn add(&mut self, id: Id<Challenge>, challenge: &Challenge) {
        if challenge.processing {
            self.running.insert(place(id, challenge));
        } else if waits(challenge) {
            self.waiting.insert(place(id, challenge));
        }
    }

    pub(super) fn drop(&mut self, id: Id<Challenge>, challenge: &Challenge) {
        self.running.remove(&place(id, challenge));
        self.waiting.remove(&place(id, challenge));
    }
}

impl Model {
    /// How many Challenges the scheduler let start that still have their slot.
    pub fn challenges_running(&self) -> usize {
        self.links.line.running.len()
    }

    /// How many Challenges wait to be let start.
    pub fn challenges_waiting(&self) -> usize {
        self.links.line.waiting.len()
    }

    /// The Challenges that run, the oldest first.
    pub fn running_challenges(&self) -> impl DoubleEndedIterator<Item = &Challenge> {
        self.links.line.running.iter().filter_map(|(_, _, id)| self.challenges.get(*id))
    }

    /// The Challenges that wait, the next one first.
    pub fn waiting_challenges(&self) -> impl Iterator<Item = &Challenge> {
        self.links.line.waiting.iter().filter_map(|(_, _, id)| self.challenges.get(*id))
    }
}
