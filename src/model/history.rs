//! [`History`]: when the objects of an issuance reached which state, also of those that are gone.
//!
//! The rows of the model say how things are. Of how they came to be so they keep a few stamps, to the second, and an
//! object that is deleted takes them along. What a watch saw is kept here, to the moment.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::certificate::IssuerRef;
use super::id::{ObjectKey, Uid};
use super::meta::Time;
use super::symbol::Symbol;
use crate::limits;

/// A moment, and how it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// When.
    pub at: Time,
    /// Whether it was watched; otherwise a stamp says so, to the second.
    pub seen: bool,
}

impl Moment {
    /// Watched.
    pub const fn seen(at: Time) -> Self {
        Self { at, seen: true }
    }

    /// Known from a stamp.
    pub const fn stamped(at: Time) -> Self {
        Self { at, seen: false }
    }
}

/// A state that an object of an issuance reaches, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Mark {
    /// It exists.
    Created,
    /// A request was approved.
    Approved,
    /// A request was denied.
    Denied,
    /// A request is signed.
    Ready,
    /// A request or an Order failed.
    Failed,
    /// It is known which proofs an Order needs.
    Authorized,
    /// An Order is valid and has its certificate.
    Fulfilled,
    /// The scheduler let a Challenge start.
    Processing,
    /// A Challenge's file or record was put up.
    Presented,
    /// The authority took a Challenge on.
    Accepted,
    /// A Challenge waits for nothing any more.
    Settled,
    /// A Challenge is valid.
    Valid,
    /// The deletion was asked for.
    DeletionAsked,
    /// It is gone.
    Gone,
}

/// A set of [`Mark`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks(u16);

impl Marks {
    /// With a mark, where it holds.
    #[must_use]
    pub const fn with(self, mark: Mark, holds: bool) -> Self {
        Self(self.0 | (holds as u16) << mark as u16)
    }

    /// What is in this set and not in another.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a mark is in it.
    pub const fn has(self, mark: Mark) -> bool {
        self.0 & 1 << mark as u16 != 0
    }
}

/// What one object went through.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Its uid.
    pub uid: Uid,
    /// What people call it.
    pub object: ObjectKey,
    /// The uid of its owner.
    pub owner: Option<Uid>,
    /// The Certificate it is for, where the owner reference is missing.
    pub certificate_name: Option<Symbol>,
    /// The revision that it is for.
    pub revision: Option<u32>,
    /// Who signs.
    pub issuer: IssuerRef,
    /// The name that a Challenge proves; otherwise empty.
    pub proves: Box<str>,
    /// How many proofs an Order needs, once that is known.
    pub proofs: Option<u16>,
    /// What it reached, in no order.
    pub marks: SmallVec<[(Mark, Moment); 4]>,
}

impl Course {
    /// When it reached a state.
    pub fn when(&self, mark: Mark) -> Option<Moment> {
        self.marks.iter().find(|(known, _)| *known == mark).map(|(_, moment)| *moment)
    }

    /// Notes a state; the first word counts.
    pub fn reach(&mut self, mark: Mark, moment: Moment) {
        if self.when(mark).is_none() {
            self.marks.push((mark, moment));
        }
    }
}

/// One time that a Certificate was being issued: from `Issuing` being `True` until it was not any more.
#[derive(Debug, Clone, PartialEq)]
pub struct Issuance {
    /// The Certificate.
    pub certificate: Uid,
    /// The revision that it would become.
    pub revision: u32,
    /// Why it began, in one word.
    pub reason: Symbol,
    /// Why it began, in a sentence.
    pub message: super::condition::Message,
    /// When it began.
    pub began: Moment,
    /// When it was over, and whether the revision was raised.
    pub ended: Option<(Moment, bool)>,
}

/// What was watched of issuances. Bounded: the oldest are dropped, and counted.
#[derive(Debug, Clone, Default)]
pub struct History {
    courses: HashMap<Uid, Arc<Course>, FxBuildHasher>,
    in_order: VecDeque<Uid>,
    issuances: VecDeque<Issuance>,
    dropped: usize,
}

impl History {
    /// What an object went through, as far as it was watched.
    pub fn course(&self, uid: Uid) -> Option<&Course> {
        self.courses.get(&uid).map(|course| &**course)
    }

    /// All that were watched, in no order.
    pub fn courses(&self) -> impl Iterator<Item = &Course> {
        self.courses.values().map(|course| &**course)
    }

    /// The issuances of a Certificate, the oldest first.
    pub fn issuances(&self, certificate: Uid) -> impl Iterator<Item = &Issuance> {
        self.issuances.iter().filter(move |issuance| issuance.certificate == certificate)
    }

    /// How many were dropped for want of room.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }

    /// The course of an object; begun with what `begin` knows of it, where it is new here.
    pub(super) fn enter(&mut self, uid: Uid, begin: impl FnOnce() -> Course) -> &mut Course {
        if !self.courses.contains_key(&uid) {
            if self.in_order.len() == limits::COURSES
                && let Some(oldest) = self.in_order.pop_front()
            {
                self.courses.remove(&oldest);
                self.dropped += 1;
            }
            self.in_order.push_back(uid);
        }
        Arc::make_mut(self.courses.entry(uid).or_insert_with(|| Arc::new(begin())))
    }

    pub(super) fn began(&mut self, issuance: Issuance) {
        if self.issuances.len() == limits::ISSUANCES {
            self.issuances.pop_front();
            self.dropped += 1;
        }
        self.issuances.push_back(issuance);
    }

    /// Notes the end of the issuance that runs; false where none is known.
    pub(super) fn ended(&mut self, certificate: Uid, moment: Moment, issued: bool) -> bool {
        let last = self.issuances.iter_mut().rev().find(|issuance| issuance.certificate == certificate);
        let Some(running) = last.filter(|issuance| issuance.ended.is_none()) else { return false };
        running.ended = Some((moment, issued));
        true
    }
}
