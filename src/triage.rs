//! What a Certificate's state means: one [`Verdict`], and the [`Stage`] in which an issuance in flight stands.
//!
//! **Invariant:** a [`Diagnosis`] is a function of the model and the clock, and is unchanged until its `valid_until`
//! or the next change of its Certificate, whichever comes first.
//!
//! **Invariant:** nothing is concluded from the unseen: where a watch that would tell is missing, the verdict says so.

pub mod application;
pub mod backoff;
pub mod causes;
mod challenge;
pub mod changes;
pub mod concerns;
pub mod describe;
pub mod evidence;
pub mod finding;
pub mod glossary;
pub mod horizon;
mod issuance;
pub mod ledger;
pub mod queue;
pub mod releases;
pub mod row;
mod rules;
mod running;
pub mod signature;
pub mod solver;
pub mod stage;
pub mod tally;
pub mod timeline;
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
use self::finding::{Finding, Severity};
use self::rules::{Case, Sign, Situation};
use self::signature::RowId;
use self::stage::{Phase, Stage};
use self::verdict::Verdict;

/// How long something may be late before nobody is at work.
pub const GRACE: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

/// How old the youngest stamp must be before the absence of work means anything.
pub const SETTLE: chrono::TimeDelta = chrono::TimeDelta::seconds(15);

/// How soon what waits in the scheduler's queue is judged again.
const QUEUE_LOOK: chrono::TimeDelta = chrono::TimeDelta::seconds(30);

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
    /// The finding that explains it.
    pub first: Option<RowId>,
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

/// When what waits in the scheduler's queue since a moment is judged again: each at moments of its own.
fn next_look(since: Time, now: Time) -> Option<Time> {
    let looks = (now - since).num_milliseconds().div_euclid(QUEUE_LOOK.num_milliseconds()) + 1;
    after(since, QUEUE_LOOK.checked_mul(i32::try_from(looks).ok()?)?)
}

/// A moment as reports write it.
fn text_of(moment: Time) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// Judges one Certificate. `None` when there is no such Certificate.
pub fn diagnose(model: &Model, id: Id<Certificate>, now: Time) -> Option<Diagnosis> {
    Some(examine(model, id, now)?.1)
}

/// Everything that is wrong with a Certificate, in full: what explains first. Empty when nothing is.
pub fn findings(model: &Model, id: Id<Certificate>, now: Time) -> Vec<Finding> {
    examined(model, id, now).map(|(_, findings)| findings).unwrap_or_default()
}

/// The diagnosis of a Certificate together with everything that is wrong with it.
pub fn examined(model: &Model, id: Id<Certificate>, now: Time) -> Option<(Diagnosis, Vec<Finding>)> {
    let (case, diagnosis, signs) = examine(model, id, now)?;
    let mut findings = signs.iter().map(|sign| rules::finding(&case, sign)).collect();
    rules::log::hear(&case, &mut findings);
    rules::surroundings::hurt(&case, &mut findings);
    Some((diagnosis, findings))
}

/// What is wrong with cert-manager itself, and what no Certificate owns.
pub fn system(model: &Model, now: Time) -> Vec<Finding> {
    rules::of_system(model, now)
}

/// What the API server says of a webhook that does not answer.
pub fn of_webhook(model: &Model, answer: &str) -> Option<Finding> {
    let table = signature::table();
    let known =
        table.explain(answer).into_iter().filter_map(|id| table.row(id)).find(|row| &*row.family == "webhook-down");
    let id = known.map_or("webhook-down", |row| &*row.id);
    rules::system::noted(model, id, "answer to a dry run", answer.to_owned(), &[])
}

/// How far the clock of the cluster is ahead of this computer's, where that is more than clocks usually differ.
pub fn of_clocks(model: &Model, ahead: chrono::TimeDelta) -> Option<Finding> {
    let skew = crate::text::span(ahead);
    let wrong = ahead.abs() > chrono::TimeDelta::minutes(1);
    wrong.then(|| rules::system::noted(model, "clock-skew", "Date header", skew.clone(), &[("skew", skew)]))?
}

/// What of cert-manager is down, the worst first: nothing moves, or nothing can be applied, until it is up again.
pub fn outage(model: &Model, now: Time) -> Option<Finding> {
    rules::of_parts(model, now).into_iter().find(|finding| finding.severity >= Severity::Error)
}

/// One look at a Certificate: the chain, the diagnosis, and the signs that it rests on.
fn examine(model: &Model, id: Id<Certificate>, now: Time) -> Option<(Case<'_>, Diagnosis, Vec<Sign<'_>>)> {
    let case = Case::new(model, model.lineage(id)?, now);
    let mut ahead = Thresholds::new(now);
    let signs = rules::signs(&case, &mut ahead);
    let mut diagnosis = judge(&case, &signs, &mut ahead);
    let signs = rules::of_verdict(&case, diagnosis.verdict, signs, &mut ahead);
    held_up(&case, &signs, &mut diagnosis);
    diagnosis.first = signs.first().map(|sign| sign.id);
    diagnosis.valid_until = ahead.next;
    Some((case, diagnosis, signs))
}

/// Of several Challenges the one with the first finding holds up the rest, though another may be over its time sooner.
fn held_up(case: &Case, signs: &[Sign], diagnosis: &mut Diagnosis) {
    let Some(first) = signs.first().filter(|sign| sign.severity >= Severity::Error) else { return };
    let own = case.challenges().map(|(challenge, _)| challenge).find(|challenge| first.is_about(&challenge.meta));
    if let (Verdict::Stuck | Verdict::Issuing, Some(challenge)) = (diagnosis.verdict, own)
        && !challenge.state.is_final()
        && let Some(stage) = challenge::stage(case.model, challenge)
    {
        (diagnosis.phase, diagnosis.since) = (Some(stage.phase), Some(stage.since));
    }
}

/// The first line of the table of verdicts that holds.
fn judge(case: &Case, signs: &[Sign], ahead: &mut Thresholds) -> Diagnosis {
    let (model, lineage, certificate) = (case.model, &case.lineage, case.lineage.certificate);
    let told = |verdict, phase, since, next_attempt| Diagnosis {
        verdict,
        phase,
        since,
        next_attempt,
        first: None,
        valid_until: None,
    };
    let stage = case.stage.as_ref();

    if ahead.passed(certificate.not_after) {
        return told(Verdict::Expired, stage.map(|stage| stage.phase), certificate.not_after, None);
    }
    if case.situation == Situation::InFlight {
        // A loop is about the Certificate, not about the stage that this turn of it is in.
        let of_stage = |sign: &&Sign| !sign.is_of("renewal-loop");
        let hopeless = signs.iter().filter(of_stage).any(|sign| sign.severity >= Severity::Error);
        let Some(stage) = stage else {
            let verdict = if hopeless { Verdict::Stuck } else { Verdict::Issuing };
            return told(verdict, None, certificate.issuing().and_then(|c| c.since), None);
        };
        if stage.phase == Phase::Queued && stage.patience.is_some() {
            // Everybody's turn depends on everybody ahead. Judging all that wait whenever one of them moves would cost
            // more with every one of them, so those that wait are judged again twice a minute.
            ahead.passed(next_look(stage.since, ahead.now));
        }
        let overrun = ahead.passed(stage.patience.and_then(|patience| after(stage.since, patience)));
        let verdict = if overrun || hopeless { Verdict::Stuck } else { Verdict::Issuing };
        return told(verdict, Some(stage.phase), Some(stage.since), None);
    }

    let failed = certificate.last_failure();
    let next = failed.and_then(|failed| Backoff::of(model).next(failed, certificate.failed_attempts()));
    let next_is_late = ahead.passed(next.and_then(|next| after(next, GRACE)));
    if failed.is_some() && !next_is_late {
        return told(Verdict::Backoff, None, failed, next);
    }

    let namespace = certificate.meta.namespace.as_str();
    let renewal = certificate.renewal_time.filter(|_| certificate.renewal_policy == RenewalPolicy::Enabled);
    let renewal_is_late = ahead.passed(renewal.and_then(|renewal| after(renewal, GRACE)));
    if !certificate.is_ready() && failed.is_none() && !renewal_is_late {
        if !ahead.passed(youngest_stamp(model, lineage).and_then(|stamp| after(stamp, SETTLE))) {
            return told(Verdict::Ok, None, certificate.meta.created, None);
        }
        let seen = model.feeds.sees(Kind::CertificateRequest, namespace);
        let verdict = if seen { Verdict::Blocked } else { Verdict::Unknown };
        let since = certificate.ready.as_ref().and_then(|c| c.since).or(certificate.meta.created);
        return told(verdict, None, since, None);
    }
    if next_is_late || renewal_is_late {
        return told(Verdict::Overdue, None, if next_is_late { next } else { renewal }, None);
    }
    if let (Some(begin), Some(end)) = (certificate.not_before, certificate.not_after)
        && renewal.is_none_or(|renewal| renewal >= end)
        && ahead.passed(end.checked_sub_signed((end - begin) / 6))
    {
        return told(Verdict::Expiring, None, Some(begin), None);
    }
    told(Verdict::Ok, None, certificate.not_before.or(certificate.meta.created), None)
}

/// The stage of an issuance in flight, with the object that holds it up; `None` when nothing is in flight or it cannot
/// be told.
pub fn stage(model: &Model, id: Id<Certificate>) -> Option<Stage> {
    let lineage = model.lineage(id)?;
    in_flight(&lineage).then(|| issuance::stage(model, &lineage)).flatten()
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
