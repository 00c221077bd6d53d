//! What each kind of row tells the [`History`](super::history).

use smallvec::SmallVec;

use super::Model;
use super::certificate::Certificate;
use super::challenge::Challenge;
use super::condition::Condition;
use super::controller::Controller;
use super::history::{Course, History, Issuance, Mark, Marks, Moment};
use super::id::ObjectKey;
use super::issuer::Issuer;
use super::meta::{Object, Time};
use super::order::{AcmeState, Order};
use super::request::CertificateRequest;
use super::secret::Secret;
use super::solver::Solver;

/// When news arrived, and whether as a change that was watched; a list only tells how things are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    pub(super) at: Time,
    pub(super) watched: bool,
}

impl Sight {
    /// When something happened that has a stamp of its own, perhaps.
    fn of(self, stamp: Option<Time>) -> Moment {
        match stamp {
            Some(stamp) if !self.watched => Moment::stamped(stamp),
            _ => Moment::seen(self.at),
        }
    }
}

/// A row whose states are remembered.
pub(super) trait Witnessed: Object {
    /// The states that hold.
    fn marks(&self) -> Marks {
        Marks::default()
    }

    /// Since when a state holds, as far as a stamp says.
    fn stamp(&self, _mark: Mark) -> Option<Time> {
        None
    }

    /// What is known of it, without anything that was watched; `None` for kinds that are not followed.
    fn course(&self) -> Option<Course> {
        None
    }

    /// Tells what is new since `old`.
    fn witness(&self, old: Option<&Self>, sight: Sight, history: &mut History)
    where
        Self: Sized,
    {
        let before = old.map(Self::marks).unwrap_or_default();
        let new = self.marks().without(before);
        if new.is_empty() {
            return;
        }
        let Some(known) = old.unwrap_or(self).course() else { return };
        let course = history
            .enter(known.uid, || Course { marks: if old.is_some() { known.marks } else { SmallVec::new() }, ..known });
        if let Some(fresh) = self.course() {
            (course.proofs, course.revision) = (fresh.proofs, fresh.revision);
        }
        for mark in FOLLOWED {
            if new.has(mark) {
                // Of what was there already when the object was first seen only a stamp tells.
                let sight = Sight { watched: sight.watched && (old.is_some() || mark == Mark::Created), ..sight };
                course.reach(mark, sight.of(self.stamp(mark)));
            }
        }
    }
}

const FOLLOWED: [Mark; 13] = [
    Mark::Created,
    Mark::Approved,
    Mark::Denied,
    Mark::Ready,
    Mark::Failed,
    Mark::Authorized,
    Mark::Fulfilled,
    Mark::Processing,
    Mark::Presented,
    Mark::Accepted,
    Mark::Settled,
    Mark::Valid,
    Mark::DeletionAsked,
];

/// What the stamps of a row tell of its course.
fn begin(row: &impl Witnessed, course: Course) -> Course {
    let marks = row.marks();
    let stamped = FOLLOWED.into_iter().filter(|mark| marks.has(*mark));
    let stamped = stamped.filter_map(|mark| Some((mark, Moment::stamped(row.stamp(mark)?))));
    Course { marks: stamped.collect(), ..course }
}

fn since(condition: Option<&Condition>) -> Option<Time> {
    condition.and_then(|condition| condition.since)
}

impl Witnessed for Certificate {
    fn witness(&self, old: Option<&Self>, sight: Sight, history: &mut History) {
        let running = |row: &Self| row.issuing().filter(|issuing| issuing.is_true()).cloned();
        let (before, after) = (old.and_then(running), running(self));
        let issuance = |row: &Self, issuing: &Condition, began| Issuance {
            certificate: row.meta.uid,
            revision: row.next_revision(),
            reason: issuing.reason.clone(),
            message: issuing.message.clone(),
            began,
            ended: None,
        };
        match (before, after) {
            (None, Some(issuing)) => {
                let sight = Sight { watched: sight.watched && old.is_some(), ..sight };
                history.began(issuance(self, &issuing, sight.of(issuing.since)));
            }
            (Some(issuing), None) => {
                let Some(old) = old else { return };
                let raised = self.revision > old.revision;
                let moment = sight.of(self.issuing().and_then(|failed| failed.since));
                if !history.ended(self.meta.uid, moment, raised) {
                    let began = issuing.since.map_or(moment, Moment::stamped);
                    history.began(Issuance { ended: Some((moment, raised)), ..issuance(old, &issuing, began) });
                }
            }
            _ => {}
        }
    }
}

impl Witnessed for CertificateRequest {
    fn marks(&self) -> Marks {
        Marks::default()
            .with(Mark::Created, true)
            .with(Mark::Approved, self.approval().is_some())
            .with(Mark::Denied, self.denial().is_some())
            .with(Mark::Ready, self.is_ready())
            .with(Mark::Failed, self.is_over())
            .with(Mark::DeletionAsked, self.meta.deleted.is_some())
    }

    fn stamp(&self, mark: Mark) -> Option<Time> {
        match mark {
            Mark::Created => self.meta.created,
            Mark::Approved => since(self.approval()),
            Mark::Denied => since(self.denial()),
            Mark::Ready => since(self.ready.as_ref()),
            Mark::Failed => self.failed_at.or_else(|| since(self.denial().or(self.ready.as_ref()))),
            Mark::DeletionAsked => self.meta.deleted,
            _ => None,
        }
    }

    fn course(&self) -> Option<Course> {
        let course = blank(self, &self.issuer);
        Some(begin(self, Course { revision: self.revision, certificate_name: self.certificate_name.clone(), ..course }))
    }
}

impl Witnessed for Order {
    fn marks(&self) -> Marks {
        Marks::default()
            .with(Mark::Created, true)
            .with(Mark::Authorized, self.authorizations.total > 0)
            .with(Mark::Fulfilled, self.state == AcmeState::Valid && self.has_certificate)
            .with(Mark::Failed, self.state.is_failure())
            .with(Mark::DeletionAsked, self.meta.deleted.is_some())
    }

    fn stamp(&self, mark: Mark) -> Option<Time> {
        match mark {
            Mark::Created => self.meta.created,
            Mark::Failed => self.failed_at,
            Mark::DeletionAsked => self.meta.deleted,
            _ => None,
        }
    }

    fn course(&self) -> Option<Course> {
        let needed = self.authorizations.total.saturating_sub(self.authorizations.reused);
        let course = blank(self, &self.issuer);
        Some(begin(
            self,
            Course {
                revision: self.revision,
                certificate_name: self.certificate_name.clone(),
                proofs: (self.authorizations.total > 0).then_some(needed),
                ..course
            },
        ))
    }
}

impl Witnessed for Challenge {
    fn marks(&self) -> Marks {
        Marks::default()
            .with(Mark::Created, true)
            .with(Mark::Processing, self.processing)
            .with(Mark::Presented, self.presented)
            .with(Mark::Accepted, matches!(self.state, AcmeState::Processing | AcmeState::Ready))
            .with(Mark::Settled, self.state.is_final())
            .with(Mark::Valid, self.state == AcmeState::Valid)
            .with(Mark::DeletionAsked, self.meta.deleted.is_some())
    }

    fn stamp(&self, mark: Mark) -> Option<Time> {
        match mark {
            Mark::Created => self.meta.created,
            Mark::Presented => self.presented_at,
            Mark::DeletionAsked => self.meta.deleted,
            _ => None,
        }
    }

    fn course(&self) -> Option<Course> {
        let proves = if self.wildcard { format!("*.{}", self.dns_name).into() } else { self.dns_name.clone() };
        Some(begin(self, Course { proves, ..blank(self, &self.issuer) }))
    }
}

fn blank(row: &impl Object, issuer: &super::certificate::IssuerRef) -> Course {
    let meta = row.meta();
    Course {
        uid: meta.uid,
        object: row.key(),
        owner: meta.owner,
        certificate_name: None,
        revision: None,
        issuer: issuer.clone(),
        proves: Box::from(""),
        proofs: None,
        marks: SmallVec::new(),
    }
}

impl Witnessed for Issuer {}
impl Witnessed for Secret {}
impl Witnessed for Solver {}
impl Witnessed for Controller {}

impl Course {
    /// What an object went through: as it was watched, else as its stamps tell. `None` for kinds that are not followed.
    pub fn of(model: &Model, object: &ObjectKey, uid: super::id::Uid) -> Option<Self> {
        use super::kind::Kind;
        if let Some(course) = model.history.course(uid) {
            return Some(course.clone());
        }
        match object.kind {
            Kind::CertificateRequest => model.requests.get(model.requests.by_uid(uid)?)?.course(),
            Kind::Order => model.orders.get(model.orders.by_uid(uid)?)?.course(),
            Kind::Challenge => model.challenges.get(model.challenges.by_uid(uid)?)?.course(),
            _ => None,
        }
    }
}
