//! Where each stage of an attempt begins and ends.

use super::Outcome;
use super::Span;
use super::chain::Chain;
use super::issued;
use crate::model::Model;
use crate::model::history::{Course, Mark, Moment};
use crate::model::issuer::IssuerType;
use crate::model::meta::Object as _;
use crate::triage::stage::Phase;

/// From the trigger to the request.
pub(super) fn triggered(chain: &Chain, began: Moment, end: Option<Moment>) -> Span {
    span(Phase::Triggered, chain.certificate.key(), began, end)
}

fn span(phase: Phase, object: crate::model::id::ObjectKey, begin: Moment, end: Option<Moment>) -> Span {
    // Watches of several kinds are not in step, and stamps have whole seconds: a stage never ends before it began.
    let end = end.map(|end| Moment { at: end.at.max(begin.at), ..end });
    Span { phase, object, proves: Box::from(""), begin, end }
}

fn first(moments: impl IntoIterator<Item = Option<Moment>>) -> Option<Moment> {
    moments.into_iter().flatten().min_by_key(|moment| moment.at)
}

/// The stages of one request, from what triggered it, perhaps, until the attempt was over.
pub(super) fn stages(
    model: &Model,
    chain: &Chain,
    request: &Course,
    began: Option<Moment>,
    (outcome, end): (Outcome, Option<Moment>),
) -> Vec<Span> {
    let mut stages = Vec::new();
    let Some(created) = request.when(Mark::Created) else { return stages };
    stages.extend(began.map(|began| triggered(chain, began, Some(created))));

    // When the request was refused or given up: what it was in ends there.
    let over = match outcome {
        Outcome::Running => None,
        Outcome::Issued => end,
        Outcome::Failed | Outcome::Dropped => {
            first([request.when(Mark::Denied), request.when(Mark::Failed), request.when(Mark::Gone), end])
        }
    };
    let (approved, ready) = (request.when(Mark::Approved), request.when(Mark::Ready));
    let judged = first([approved, request.when(Mark::Denied)]).or(over);
    stages.push(span(Phase::AwaitingApproval, request.object.clone(), created, judged));
    let Some(approved) = approved else { return stages };

    let orders: Vec<&Course> = chain.orders_of(request).collect();
    if orders.is_empty() && !is_acme(model, chain) {
        stages.push(span(Phase::Signing, request.object.clone(), approved, ready.or(over)));
    } else if orders.is_empty() {
        stages.push(span(Phase::Ordering, request.object.clone(), approved, ready.or(over)));
    }
    for order in orders {
        of_order(model, chain, order, approved, (ready, over), &mut stages);
    }
    if let Some(ready) = ready {
        let stored = match outcome {
            Outcome::Issued => {
                issued::stored(model, chain, request).filter(|_| end.is_none_or(|end| !end.seen)).or(end)
            }
            _ => over,
        };
        // A certificate that was stored before anything was watched, and of which no Event speaks, leaves no bar.
        if outcome == Outcome::Running || stored.is_some_and(|stored| stored != ready) {
            stages.push(span(Phase::Storing, request.object.clone(), ready, stored));
        }
    }
    stages
}

fn is_acme(model: &Model, chain: &Chain) -> bool {
    let certificate = chain.certificate;
    model
        .issuer(&certificate.issuer, &certificate.meta.namespace)
        .is_some_and(|issuer| issuer.issuer_type == IssuerType::Acme)
}

fn of_order(
    model: &Model,
    chain: &Chain,
    order: &Course,
    approved: Moment,
    (ready, over): (Option<Moment>, Option<Moment>),
    stages: &mut Vec<Span>,
) {
    let over = first([order.when(Mark::Failed), order.when(Mark::Gone), over]);
    let challenges: Vec<&Course> = chain.challenges_of(order).collect();
    let none_needed = order.when(Mark::Authorized).filter(|_| order.proofs == Some(0));
    let first_challenge = first(challenges.iter().map(|challenge| challenge.when(Mark::Created)));
    let fulfilled = order.when(Mark::Fulfilled);
    let ordered = first([first_challenge, none_needed]).or(fulfilled).or(over).or(ready);
    stages.push(span(Phase::Ordering, order.object.clone(), approved, ordered));
    for challenge in &challenges {
        of_challenge(model, challenge, over, stages);
    }
    let proven = if order.proofs == Some(0) { none_needed } else { proven(model, order, &challenges) };
    if let Some(proven) = proven {
        let end = match (fulfilled, ready) {
            (Some(fulfilled), Some(ready)) => Some(if fulfilled.at > ready.at { fulfilled } else { ready }),
            (None, Some(ready)) => Some(ready),
            _ => over,
        };
        stages.push(span(Phase::Finalizing, order.object.clone(), proven, end));
    }
}

/// When the last proof that an Order needs was valid.
fn proven(model: &Model, order: &Course, challenges: &[&Course]) -> Option<Moment> {
    let valid = |challenge: &&Course| {
        challenge.when(Mark::Valid).or_else(|| model.events.first_with_reason(challenge.uid, "DomainVerified"))
    };
    let mut moments: Vec<Moment> = challenges.iter().filter_map(valid).collect();
    let needed = order.proofs.map_or_else(|| challenges.len(), usize::from);
    moments.sort_by_key(|moment| moment.at);
    moments.get(needed.checked_sub(1)?).copied()
}

fn of_challenge(model: &Model, challenge: &Course, over: Option<Moment>, stages: &mut Vec<Span>) {
    let noted = |reason| model.events.first_with_reason(challenge.uid, reason);
    let put = |phase, begin, end| Span {
        proves: challenge.proves.clone(),
        ..span(phase, challenge.object.clone(), begin, end)
    };
    let row = model.challenges.by_uid(challenge.uid).and_then(|id| model.challenges.get(id));
    let created = challenge.when(Mark::Created);
    let settled = challenge.when(Mark::Settled);
    // Where a boundary has no stamp, the stage is taken to begin with what is known before it.
    let bound =
        |holds: bool, earlier: Option<Moment>| earlier.filter(|_| holds).map(|moment| Moment::stamped(moment.at));
    let processing = first([challenge.when(Mark::Processing), noted("Started")])
        .or_else(|| bound(row.is_some_and(|row| row.processing), created));
    let presented = first([challenge.when(Mark::Presented), noted("Presented")])
        .or_else(|| bound(row.is_some_and(|row| row.presented), processing));
    let (accepted, verified) = (challenge.when(Mark::Accepted), noted("DomainVerified"));
    // Nothing goes on with a Challenge that is decided, being deleted or gone.
    let closed = first([settled, challenge.when(Mark::DeletionAsked), challenge.when(Mark::Gone)]).or(over);
    let within = |end: Option<Moment>| first([end, closed]);

    if let Some(created) = created {
        stages.push(put(Phase::Queued, created, processing.or_else(|| presented.or(closed))));
    }
    if let Some(processing) = processing {
        stages.push(put(Phase::Presenting, processing, presented.or(closed)));
    }
    if let Some(presented) = presented {
        stages.push(put(Phase::Propagating, presented, within(first([accepted, verified]))));
    }
    if let Some(accepted) = accepted {
        stages.push(put(Phase::Validating, accepted, within(None)));
    }
    if let Some(asked) = challenge.when(Mark::DeletionAsked) {
        stages.push(put(Phase::CleaningUp, asked, challenge.when(Mark::Gone)));
    }
}
