//! [`Recent`]: what changed lately, whole, beside the slim rows of a dashboard: for a bundle of its last minutes.
//!
//! Frames are kept of changes alone, and of what the first lists delivered as much as fits: a list of 100,000
//! Certificates costs nothing more when the room is full. What is kept is what a recording would hold, and nothing else.
//!
//! **Invariant:** from the moment that [`Recent::woven`] names on, replaying shows every object as it was.

mod weave;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use chrono::TimeDelta;
use rustc_hash::FxBuildHasher;
use serde_json::Value;

use super::forms::{Forms, is_of};
use super::writer::redact;
use crate::limits;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::model::meta::Time;

/// How long a change is kept at most.
const LATELY: TimeDelta = TimeDelta::hours(1);

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is new.
    Added,
    /// It is there in another form.
    Modified,
    /// It is gone; this is what it was.
    Deleted,
}

/// An object at a moment, as JSON.
#[derive(Debug, Clone)]
struct Form {
    t: Time,
    kind: Kind,
    object: Box<str>,
    /// Whether nothing that is kept no more was before it: it was listed, or made.
    first: bool,
}

/// One change.
#[derive(Debug, Clone)]
struct Change {
    uid: Arc<str>,
    turn: Turn,
    form: Form,
}

/// The last changes of all that is watched.
#[derive(Debug)]
pub struct Recent {
    began: Time,
    changes: VecDeque<Change>,
    /// How things were before the first change that is kept, by uid, where that is known.
    before: HashMap<Arc<str>, Form, FxBuildHasher>,
    /// How many changes are kept of an object.
    kept: HashMap<Arc<str>, usize, FxBuildHasher>,
    /// What came until then is not known whole any more.
    gap: Option<Time>,
    bytes: usize,
    bytes_before: usize,
}

impl Recent {
    /// Nothing happened yet.
    pub fn begin(now: Time) -> Self {
        Self {
            began: now,
            changes: VecDeque::new(),
            before: HashMap::default(),
            kept: HashMap::default(),
            gap: None,
            bytes: 0,
            bytes_before: 0,
        }
    }

    /// Whether there is room for more of what a list delivers.
    pub const fn has_room(&self) -> bool {
        self.bytes_before < limits::RECENT_BEFORE
    }

    /// How many bytes of objects are kept.
    pub const fn bytes(&self) -> usize {
        self.bytes + self.bytes_before
    }

    /// A list delivered an object. One that is known is known better from its changes.
    pub fn listed(&mut self, t: Time, kind: Kind, object: Value) {
        if !self.has_room() {
            return;
        }
        if let Some((uid, form)) = form(t, kind, object, true)
            && !self.before.contains_key(&uid)
            && !self.kept.contains_key(&uid)
        {
            self.bytes_before += form.object.len();
            self.before.insert(uid, form);
        }
    }

    /// A watch delivered a change.
    pub fn changed(&mut self, t: Time, turn: Turn, kind: Kind, object: Value) {
        if let Some((uid, form)) = form(t, kind, object, turn == Turn::Added) {
            self.bytes += form.object.len();
            *self.kept.entry(Arc::clone(&uid)).or_default() += 1;
            self.changes.push_back(Change { uid, turn, form });
        }
        while self.bytes > limits::RECENT_CHANGES || self.changes.front().is_some_and(|c| t - c.form.t > LATELY) {
            self.let_go();
        }
    }

    /// What an object was over time; where that is more than is told, around a moment.
    pub fn forms(&self, object: &ObjectKey, at: Time) -> Forms {
        let is_it = |form: &&Form| form.kind == object.kind && is_of(&form.object, object);
        let mut before: Vec<&Form> = self.before.values().filter(is_it).collect();
        before.sort_by_key(|form| form.t);
        let changes = self.changes.iter().filter(|change| change.turn != Turn::Deleted).map(|change| &change.form);
        let mut forms = Forms::none(self.began, at);
        for form in before.into_iter().chain(changes.filter(is_it)) {
            forms.whole &= form.first || !forms.seen.is_empty();
            forms.push(form.t, &form.object);
        }
        forms
    }

    /// The oldest change goes; what it led to is how things were before the next.
    fn let_go(&mut self) {
        let Some(Change { uid, turn, form }) = self.changes.pop_front() else { return };
        let size = form.object.len();
        self.bytes -= size;
        if let Some(count) = self.kept.get_mut(&uid) {
            *count -= 1;
            if *count == 0 {
                self.kept.remove(&uid);
            }
        }
        if let Some(older) = self.before.remove(&uid) {
            self.bytes_before -= older.object.len();
        }
        if turn == Turn::Deleted {
            return;
        }
        if self.bytes_before + size <= limits::RECENT_BEFORE {
            self.bytes_before += size;
            self.before.insert(uid, form);
        } else {
            self.gap = Some(form.t);
        }
    }
}

/// An object as it is kept: without what no recording holds.
fn form(t: Time, kind: Kind, mut object: Value, first: bool) -> Option<(Arc<str>, Form)> {
    let uid = uid(&object)?.into();
    redact(kind, &mut object);
    Some((uid, Form { t, kind, object: object.to_string().into(), first }))
}

fn uid(object: &Value) -> Option<&str> {
    object.get("metadata")?.get("uid")?.as_str()
}

#[cfg(test)]
mod tests;
