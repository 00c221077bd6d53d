//! What a Certificate's state means: one [`Verdict`], and the [`Stage`] in which an issuance in flight stands.
//!
//! **Invariant:** a [`Diagnosis`] is a function of the model and the clock, and is unchanged until its `valid_until`
//! or the next change of its Certificate, whichever comes first.
//!
//! **Invariant:** nothing is concluded from the unseen: where a watch that would tell is missing, the verdict says so.

pub mod backoff;
mod challenge;
pub mod describe;
pub mod ledger;
pub mod row;
pub mod stage;
pub mod tree;
pub mod verdict;
pub mod why;

use crate::model::Model;
use crate::model::certificate::{Certificate, RenewalPolicy};
use crate::model::id::Id;
use crate::model::kind::Kind;
use crate::model::lineage::{Attempt, Lineage, Role};
use crate::model::meta::Time;

use self::backoff::Backoff;
use self::stage::{Phase, Stage};
use self::verdict::Verdict;

/// How long something may be late before nobody is at work.
pub const GRACE: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

/// How old the youngest stamp must be before the absence of work means anything.
pub const SETTLE: chrono::TimeDelta = chrono::TimeDelta::seconds(15);

/// What is to be said of one Certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Diagnosis {
    /// In one word.
    pub verdict: Verdict,
    /// Where the issuance in flight stands.
    pub phase: Option<Phase>,
    /// Since when.
    pub since: Option<Time>,
    /// When it is tried again, after a failure.
    pub next_attempt: Option<Time>,
    /// Until when all of this stays true without news.
    pub valid_until: Option<Time>,
}

/// Thresholds that lie ahead: the nearest one is when a verdict may change by itself.
struct Thresholds {
    now: Time,
    next: Option<Time>,
}

impl Thresholds {
    const fn new(now: Time) -> Self {
        Self { now, next: None }
    }

    /// Whether a moment has come; if not, it is remembered.
    fn passed(&mut self, moment: Option<Time>) -> bool {
        let Some(moment) = moment else { return false };
        if moment > self.now {
            self.next = Some(self.next.map_or(moment, |next| next.min(moment)));
        }
        moment <= self.now
    }
}

/// A length of time after a moment; a moment that no calendar holds never comes.
fn after(moment: Time, length: chrono::TimeDelta) -> Option<Time> {
    moment.checked_add_signed(length)
}

/// Judges one Certificate. `None` when there is no such Certificate.
pub fn diagnose(model: &Model, id: Id<Certificate>, now: Time) -> Option<Diagnosis> {
    let lineage = model.lineage(id)?;
    let certificate = lineage.certificate;
    let mut ahead = Thresholds::new(now);
    let told = |verdict, phase, since, next_attempt, ahead: Thresholds| {
        Some(Diagnosis { verdict, phase, since, next_attempt, valid_until: ahead.next })
    };

    if ahead.passed(certificate.not_after) {
        let phase = in_flight(&lineage).then(|| stage::of(model, &lineage)).flatten().map(|stage| stage.phase);
        return told(Verdict::Expired, phase, certificate.not_after, None, ahead);
    }
    if in_flight(&lineage) {
        let Some(stage) = stage::of(model, &lineage) else {
            return told(Verdict::Issuing, None, certificate.issuing().and_then(|c| c.since), None, ahead);
        };
        let overrun = stage.patience.and_then(|patience| after(stage.since, patience));
        let verdict = if ahead.passed(overrun) { Verdict::Stuck } else { Verdict::Issuing };
        return told(verdict, Some(stage.phase), Some(stage.since), None, ahead);
    }

    let failed = certificate.last_failure();
    let next = failed.and_then(|failed| Backoff::of(model).next(failed, certificate.failed_attempts()));
    let next_is_late = ahead.passed(next.and_then(|next| after(next, GRACE)));
    if failed.is_some() && !next_is_late {
        return told(Verdict::Backoff, None, failed, next, ahead);
    }

    let namespace = certificate.meta.namespace.as_str();
    let renewal = certificate.renewal_time.filter(|_| certificate.renewal_policy == RenewalPolicy::Enabled);
    let renewal_is_late = ahead.passed(renewal.and_then(|renewal| after(renewal, GRACE)));
    if !certificate.is_ready() && failed.is_none() && !renewal_is_late {
        if !ahead.passed(youngest_stamp(model, &lineage).and_then(|stamp| after(stamp, SETTLE))) {
            return told(Verdict::Ok, None, certificate.meta.created, None, ahead);
        }
        let seen = model.feeds.sees(Kind::CertificateRequest, namespace);
        let verdict = if seen { Verdict::Blocked } else { Verdict::Unknown };
        let since = certificate.ready.as_ref().and_then(|c| c.since).or(certificate.meta.created);
        return told(verdict, None, since, None, ahead);
    }
    if next_is_late || renewal_is_late {
        return told(Verdict::Overdue, None, if next_is_late { next } else { renewal }, None, ahead);
    }
    if let (Some(begin), Some(end)) = (certificate.not_before, certificate.not_after)
        && renewal.is_none_or(|renewal| renewal >= end)
        && ahead.passed(end.checked_sub_signed((end - begin) / 6))
    {
        return told(Verdict::Expiring, None, Some(begin), None, ahead);
    }
    told(Verdict::Ok, None, certificate.not_before.or(certificate.meta.created), None, ahead)
}

/// The stage of an issuance in flight, with the object that holds it up; `None` when nothing is in flight or it cannot
/// be told.
pub fn stage(model: &Model, id: Id<Certificate>) -> Option<Stage> {
    let lineage = model.lineage(id)?;
    in_flight(&lineage).then(|| stage::of(model, &lineage)).flatten()
}

/// Why an issuance counts as in flight: the condition says so, or a request of the next revision lives.
fn in_flight(lineage: &Lineage) -> bool {
    lineage.certificate.is_issuing() || live_request(lineage).is_some()
}

/// The request of the next revision, unless it failed or was denied.
fn live_request<'l, 'm>(lineage: &'l Lineage<'m>) -> Option<&'l Attempt<'m>> {
    lineage.attempts.iter().find(|attempt| attempt.role == Role::Next && !attempt.request.is_over())
}

/// The youngest stamp of the Certificate, its current and next request, its Secret and their Events.
fn youngest_stamp(model: &Model, lineage: &Lineage) -> Option<Time> {
    let certificate = lineage.certificate;
    let conditions = [certificate.ready.as_ref(), certificate.issuing()];
    let secret = lineage.secret.row();
    let requests =
        lineage.attempts.iter().filter(|attempt| attempt.role != Role::Earlier).map(|attempt| attempt.request);
    let of_requests = requests.clone().flat_map(|request| {
        let since = |c: Option<&crate::model::condition::Condition>| c.and_then(|c| c.since);
        [request.meta.created, request.failed_at, since(request.ready.as_ref()), since(request.approved.as_ref())]
    });
    let subjects = [Some(certificate.meta.uid), secret.map(|s| s.meta.uid)];
    let events =
        subjects.into_iter().flatten().chain(requests.map(|r| r.meta.uid)).map(|uid| model.events.last_about(uid));
    [certificate.meta.created, certificate.last_failure(), secret.and_then(|s| s.meta.created)]
        .into_iter()
        .chain(conditions.into_iter().map(|c| c.and_then(|c| c.since)))
        .chain(of_requests)
        .chain(events)
        .flatten()
        .max()
}
