//! [`EventLog`]: Kubernetes Events about objects of cert-manager, the youngest kept.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::condition::Message;
use super::history::Moment;
use super::id::{ObjectKey, Uid};
use super::meta::{Time, Version};
use super::symbol::Symbol;
use crate::limits;

/// An Event: a note that a controller left about an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The Event's own uid.
    pub uid: Uid,
    /// Its version: a repeated note is the same Event with a larger count.
    pub version: Version,
    /// The uid of the object that it is about.
    pub subject_uid: Option<Uid>,
    /// That object.
    pub subject: ObjectKey,
    /// One word: `Presented`, `PresentError` …
    pub reason: Symbol,
    /// One sentence.
    pub message: Message,
    /// Whether it is a `Warning`.
    pub warning: bool,
    /// When it was noted last.
    pub last: Time,
    /// When it was noted first.
    pub first: Time,
    /// How often.
    pub count: u32,
    /// Which controller noted it.
    pub component: Symbol,
    /// When it was seen to be noted, and how often then: the youngest last. Empty where a list delivered it.
    pub arrivals: SmallVec<[(Time, u32); 1]>,
}

impl Event {
    /// When it was noted and how often each time, the oldest first: what a list delivered, by its stamp; then what was
    /// watched.
    pub fn notes(&self) -> impl Iterator<Item = (Moment, u32)> {
        let watched: u32 = self.arrivals.iter().map(|(_, times)| *times).sum();
        let before = self.count.saturating_sub(watched);
        let listed = (before > 0).then_some((Moment::stamped(self.first), before));
        listed.into_iter().chain(self.arrivals.iter().map(|(at, times)| (Moment::seen(*at), *times)))
    }
}

/// Events, the youngest kept. The cluster forgets them after an hour; the log keeps them for as long as there is room,
/// so a removed Event stays. A copy shares the Events.
#[derive(Debug, Clone, Default)]
pub struct EventLog {
    by_time: BTreeMap<(Time, Uid), Arc<Event>>,
    times: HashMap<Uid, Time, FxBuildHasher>,
    by_subject: HashMap<Uid, Vec<(Time, Uid)>, FxBuildHasher>,
    dropped: usize,
}

impl EventLog {
    /// Notes an Event. Tells the objects of which something else is now to be read: none when it was known at this
    /// version.
    pub(super) fn note(&mut self, mut event: Event, arrived: Option<Time>) -> SmallVec<[Uid; 3]> {
        let mut subjects = SmallVec::new();
        let mut before = 0;
        if let Some(known) = self.times.get(&event.uid).and_then(|at| self.by_time.get(&(*at, event.uid))) {
            if known.version.is_same_as(event.version) || event.version.is_older_than(known.version) {
                return subjects;
            }
            event.arrivals.clone_from(&known.arrivals);
            before = known.count;
            subjects.extend(known.subject_uid);
            self.forget(event.uid);
        }
        if let Some(arrived) = arrived {
            if event.arrivals.len() == limits::ARRIVALS {
                event.arrivals.remove(0);
            }
            event.arrivals.push((arrived, event.count.saturating_sub(before).max(1)));
        }
        subjects.extend(event.subject_uid);
        let at = (event.last, event.uid);
        self.times.insert(event.uid, event.last);
        if let Some(subject) = event.subject_uid {
            let times = self.by_subject.entry(subject).or_default();
            let place = times.partition_point(|t| *t < at);
            times.insert(place, at);
        }
        self.by_time.insert(at, Arc::new(event));
        if self.by_time.len() > limits::EVENTS
            && let Some(oldest) = self.by_time.keys().next().map(|(_, uid)| *uid)
        {
            subjects.extend(self.forget(oldest));
            self.dropped += 1;
        }
        subjects
    }

    /// Forgets an Event, and tells what it was about.
    fn forget(&mut self, uid: Uid) -> Option<Uid> {
        let at = self.times.remove(&uid)?;
        let subject = self.by_time.remove(&(at, uid))?.subject_uid?;
        if let Some(times) = self.by_subject.get_mut(&subject) {
            times.retain(|(_, known)| *known != uid);
            if times.is_empty() {
                self.by_subject.remove(&subject);
            }
        }
        Some(subject)
    }

    /// All of them, the youngest first.
    pub fn recent(&self) -> impl Iterator<Item = &Event> {
        self.by_time.values().rev().map(|event| &**event)
    }

    /// The Event with a uid.
    pub fn get(&self, uid: Uid) -> Option<&Event> {
        self.by_time.get(&(*self.times.get(&uid)?, uid)).map(|event| &**event)
    }

    /// Those about an object, the youngest first.
    pub fn about(&self, subject: Uid) -> impl Iterator<Item = &Event> {
        self.by_subject
            .get(&subject)
            .into_iter()
            .flatten()
            .rev()
            .filter_map(|at| self.by_time.get(at).map(|event| &**event))
    }

    /// When something was last noted about an object.
    pub fn last_about(&self, subject: Uid) -> Option<Time> {
        self.by_subject.get(&subject)?.last().map(|(at, _)| *at)
    }

    /// When an Event with this reason was last noted about an object.
    pub fn last_with_reason(&self, subject: Uid, reason: &str) -> Option<Time> {
        self.about(subject).find(|event| &*event.reason == reason).map(|event| event.last)
    }

    /// When an Event with this reason was first noted about an object, as far as is known.
    pub fn first_with_reason(&self, subject: Uid, reason: &str) -> Option<Moment> {
        let noted = self.about(subject).filter(|event| &*event.reason == reason);
        noted.filter_map(|event| event.notes().next()).map(|(moment, _)| moment).min()
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.by_time.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_time.is_empty()
    }

    /// How many were dropped for want of room.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }
}
