//! [`Timeline`]: the story of a Certificate, in the order of time: how each attempt went, stage by stage, and everything
//! that happened.
//!
//! **Invariant:** what was watched and what is only known from a stamp are told apart, moment by moment.

mod attempts;
mod chain;
mod countdown;
mod entries;
mod issued;
mod stages;
mod usual;

use chrono::TimeDelta;

pub use self::countdown::{Until, Wait, waits};
pub use self::entries::{Entry, Origin};
pub use self::usual::{Usual, usual};

use super::stage::Phase;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::history::Moment;
use crate::model::id::{Id, ObjectKey};
use crate::model::meta::{Object as _, Time};

/// The story of one Certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Whose.
    pub certificate: ObjectKey,
    /// Its attempts, the oldest first.
    pub attempts: Vec<Attempt>,
    /// What happened, the oldest first.
    pub entries: Vec<Entry>,
    /// How much of the whole was dropped for want of room: changes, Events, issuances and log lines of all Certificates.
    pub dropped: usize,
}

/// One attempt to have the Certificate issued.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// 1, 2 … in their order.
    pub number: usize,
    /// The revision that it would become.
    pub revision: Option<u32>,
    /// Why it began, as far as it is known.
    pub reason: String,
    /// Its request, once there is one.
    pub request: Option<ObjectKey>,
    /// When it began.
    pub begin: Moment,
    /// When it was over.
    pub end: Option<Moment>,
    /// How it ended.
    pub outcome: Outcome,
    /// Its stages, by their beginning.
    pub stages: Vec<Span>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Not yet.
    Running,
    /// The certificate is in its Secret.
    Issued,
    /// It failed, or was denied.
    Failed,
    /// It was given up: its request was deleted.
    Dropped,
}

impl Outcome {
    /// In one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Issued => "issued",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

/// One stage of an attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Which.
    pub phase: Phase,
    /// The object that was in it.
    pub object: ObjectKey,
    /// The name that is proven in it; empty where it is about no single one.
    pub proves: Box<str>,
    /// When it began.
    pub begin: Moment,
    /// When it ended; `None` while it lasts.
    pub end: Option<Moment>,
}

impl Span {
    /// Whether both its ends were watched.
    pub fn is_seen(&self) -> bool {
        self.begin.seen && self.end.is_none_or(|end| end.seen)
    }

    /// How long it lasted, or lasts until now.
    pub fn length(&self, now: Time) -> TimeDelta {
        (self.end.map_or(now, |end| end.at) - self.begin.at).max(TimeDelta::zero())
    }
}

impl Attempt {
    /// How long it took, or takes until now.
    pub fn length(&self, now: Time) -> TimeDelta {
        (self.end.map_or(now, |end| end.at) - self.begin.at).max(TimeDelta::zero())
    }
}

/// The story of a Certificate. `None` when there is no such Certificate.
pub fn timeline(model: &Model, id: Id<Certificate>) -> Option<Timeline> {
    let chain = chain::Chain::of(model, id)?;
    let attempts = attempts::attempts(model, &chain);
    let entries = entries::entries(model, &chain);
    let dropped = model.journal.dropped() + model.events.dropped() + model.history.dropped();
    Some(Timeline { certificate: chain.certificate.key(), attempts, entries, dropped })
}

/// The Certificate and every object that ever belonged to it, as far as it is known, the topmost first.
pub fn objects(model: &Model, id: Id<Certificate>) -> Vec<ObjectKey> {
    chain::Chain::of(model, id).map(|chain| chain.keys).unwrap_or_default()
}

/// The attempts alone.
pub fn attempts(model: &Model, id: Id<Certificate>) -> Vec<Attempt> {
    chain::Chain::of(model, id).map(|chain| attempts::attempts(model, &chain)).unwrap_or_default()
}
