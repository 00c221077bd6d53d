//! Which attempts there were: each request is one, and so is an issuance that has none yet.

use super::Attempt;
use super::Outcome;
use super::chain::Chain;
use super::issued::{is_success, moments, stored};
use super::stages;
use crate::model::Model;
use crate::model::history::{Course, Issuance, Mark, Moment};

/// How far a request can seem older than what triggered it: stamps have whole seconds, and watches are not in step.
const SLACK: chrono::TimeDelta = chrono::TimeDelta::seconds(3);

/// How long before its request an issuance can have been triggered, where only an Event tells of it: an older Event is
/// of another issuance.
const LONGEST: chrono::TimeDelta = chrono::TimeDelta::minutes(1);

pub(super) fn attempts(model: &Model, chain: &Chain) -> Vec<Attempt> {
    let issuances = issuances(model, chain);
    let mut used = vec![false; issuances.len()];
    let mut attempts: Vec<Attempt> = chain
        .requests
        .iter()
        .filter_map(|request| {
            let period = period_of(request, &issuances);
            let first = period.is_some_and(|i| !std::mem::replace(used.get_mut(i).unwrap_or(&mut false), true));
            attempt(model, chain, request, period.and_then(|i| issuances.get(i)), first)
        })
        .collect();
    // Triggered, and nothing came of it yet.
    let waiting = issuances.iter().zip(&used).filter(|(_, used)| !**used).map(|(issuance, _)| issuance);
    attempts.extend(waiting.map(|issuance| unrequested(chain, issuance)));
    attempts.sort_by_key(|attempt| attempt.begin.at);
    for (i, attempt) in attempts.iter_mut().enumerate() {
        attempt.number = i + 1;
    }
    attempts
}

/// The issuances of the Certificate: those that were watched, and the one that runs.
fn issuances(model: &Model, chain: &Chain) -> Vec<Issuance> {
    let certificate = chain.certificate;
    let mut issuances: Vec<Issuance> = model.history.issuances(certificate.meta.uid).cloned().collect();
    let running = issuances.last().is_some_and(|issuance| issuance.ended.is_none());
    if let Some(issuing) = certificate.issuing().filter(|issuing| issuing.is_true() && !running)
        && let Some(since) = issuing.since.or(certificate.meta.created)
    {
        issuances.push(Issuance {
            certificate: certificate.meta.uid,
            revision: certificate.next_revision(),
            reason: issuing.reason.clone(),
            message: issuing.message.clone(),
            began: Moment::stamped(since),
            ended: None,
        });
    }
    issuances
}

/// During which issuance a request was made.
fn period_of(request: &Course, issuances: &[Issuance]) -> Option<usize> {
    let created = request.when(Mark::Created)?.at;
    issuances.iter().rposition(|issuance| {
        request.revision.is_none_or(|revision| revision == issuance.revision)
            && issuance.began.at <= created + SLACK
            && issuance.ended.is_none_or(|(end, _)| end.at + SLACK >= created)
    })
}

fn attempt(model: &Model, chain: &Chain, request: &Course, period: Option<&Issuance>, first: bool) -> Option<Attempt> {
    let created = request.when(Mark::Created)?;
    let noted = trigger(model, chain, request);
    let (began, reason) = match (period, noted) {
        (Some(issuance), _) => (first.then_some(issuance.began), issuance.message.as_str().to_owned()),
        (None, Some((began, reason))) => (Some(began), reason),
        (None, None) => (None, String::new()),
    };
    let (outcome, end) = outcome(model, chain, request, period);
    let mut stages = stages::stages(model, chain, request, began, (outcome, end));
    stages.sort_by_key(|span| (span.begin.at, span.phase));
    Some(Attempt {
        number: 0,
        revision: request.revision,
        reason,
        request: Some(request.object.clone()),
        begin: began.map_or(created, |began| began.min(created)),
        end,
        outcome,
        stages,
    })
}

/// What an Event says of the beginning of an issuance that was not watched.
fn trigger(model: &Model, chain: &Chain, request: &Course) -> Option<(Moment, String)> {
    let created = request.when(Mark::Created)?;
    let earlier = chain.requests.iter().filter(|other| other.uid != request.uid);
    let after = earlier.filter_map(|other| other.when(Mark::Created)).filter(|t| t.at < created.at).max();
    let notes = || model.events.about(chain.certificate.meta.uid);
    let issued: Vec<Moment> = notes()
        .filter(|event| &*event.reason == "Issuing" && is_success(event.message.as_str()))
        .flat_map(moments)
        .filter(|moment| moment.at + SLACK < created.at)
        .collect();
    // What ended in a certificate before the request was made is an issuance whose request is gone.
    let is_over = |began: Moment| issued.iter().any(|end| end.at >= began.at);
    notes()
        .filter(|event| &*event.reason == "Issuing" && !event.warning && !is_success(event.message.as_str()))
        .flat_map(|event| moments(event).map(|moment| (moment, event.message.as_str())))
        .filter(|(moment, _)| created.at - moment.at <= LONGEST && !is_over(*moment))
        .filter(|(moment, _)| moment.at <= created.at && after.is_none_or(|after| moment.at >= after.at))
        .max_by_key(|(moment, _)| moment.at)
        .map(|(moment, message)| (moment, message.to_owned()))
}

/// How an attempt ended, and when.
fn outcome(model: &Model, chain: &Chain, request: &Course, period: Option<&Issuance>) -> (Outcome, Option<Moment>) {
    let (ready, gone) = (request.when(Mark::Ready), request.when(Mark::Gone));
    let failed = [request.when(Mark::Denied), request.when(Mark::Failed)].into_iter().flatten().min();
    if let Some((end, issued)) = period.and_then(|issuance| issuance.ended) {
        if issued && ready.is_some() {
            return (Outcome::Issued, Some(end));
        }
        if failed.is_some() {
            return (Outcome::Failed, Some(end));
        }
        let over = if issued { Outcome::Dropped } else { Outcome::Failed };
        return (over, gone.filter(|gone| gone.at < end.at).or(Some(end)));
    }
    let revision = chain.certificate.revision;
    if ready.is_some() && request.revision.is_some() && request.revision <= revision {
        return (Outcome::Issued, stored(model, chain, request).or(ready));
    }
    if failed.is_some() {
        return (Outcome::Failed, failed);
    }
    match gone {
        Some(gone) => (Outcome::Dropped, Some(gone)),
        None => (Outcome::Running, None),
    }
}

fn unrequested(chain: &Chain, issuance: &Issuance) -> Attempt {
    let end = issuance.ended.map(|(end, _)| end);
    let outcome = match issuance.ended {
        None => Outcome::Running,
        Some((_, true)) => Outcome::Issued,
        Some((_, false)) => Outcome::Failed,
    };
    Attempt {
        number: 0,
        revision: Some(issuance.revision),
        reason: issuance.message.as_str().to_owned(),
        request: None,
        begin: issuance.began,
        end,
        outcome,
        stages: vec![stages::triggered(chain, issuance.began, end)],
    }
}
