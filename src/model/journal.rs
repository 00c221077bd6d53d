//! [`Journal`]: what was seen to change, while it was watched.

use std::collections::VecDeque;
use std::sync::Arc;

use super::id::{ObjectKey, Uid};
use super::meta::Time;
use crate::limits;

/// One observed change.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// When the news arrived.
    pub at: Time,
    /// What changed.
    pub object: ObjectKey,
    /// Its uid: names are used again.
    pub uid: Uid,
    /// The uid of its owner.
    pub owner: Option<Uid>,
    /// The Certificate at the root of it, where that is known.
    pub certificate: Option<ObjectKey>,
    /// What happened.
    pub what: Happening,
}

/// What happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// It appeared.
    Created,
    /// It went away.
    Deleted,
    /// A field changed.
    Changed {
        /// Which: `presented`, `state`, `Ready` …
        field: &'static str,
        /// Its value before.
        from: Box<str>,
        /// Its value now.
        to: Box<str>,
    },
}

/// The observed changes, the youngest last. Bounded: the oldest are dropped, and counted. A copy shares them.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    entries: VecDeque<Arc<Transition>>,
    dropped: usize,
}

impl Journal {
    pub(super) fn add(&mut self, transition: Transition) {
        if self.entries.len() == limits::JOURNAL {
            self.entries.pop_front();
            self.dropped += 1;
        }
        self.entries.push_back(Arc::new(transition));
    }

    /// The changes, the youngest first.
    pub fn recent(&self) -> impl Iterator<Item = &Transition> {
        self.entries.iter().rev().map(|entry| &**entry)
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was seen to change.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many were dropped.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }
}
