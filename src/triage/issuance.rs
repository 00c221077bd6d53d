//! Where an issuance in flight stands: its request, its Order, or the Challenge that holds up the rest.

use chrono::TimeDelta;

use super::challenge;
use super::live_request;
use super::stage::{Phase, Since, Stage, TWIN};
use crate::model::Model;
use crate::model::challenge::Challenge;
use crate::model::issuer::IssuerType;
use crate::model::kind::Kind;
use crate::model::lineage::{Attempt, Lineage, Step};
use crate::model::meta::{Object as _, Time};
use crate::model::order::{AcmeState, Order};

/// The stage of a Certificate of which something is in flight; `None` when what would tell is unseen.
pub(super) fn stage(model: &Model, lineage: &Lineage) -> Option<Stage> {
    let certificate = lineage.certificate;
    let namespace = certificate.meta.namespace.as_str();
    let began = certificate.issuing().and_then(|c| c.since);
    let Some(attempt) = live_request(lineage) else {
        // A request that is over may still be there for a moment: it counts as none.
        let seen = model.feeds.sees(Kind::CertificateRequest, namespace);
        let since = Since::of(began, certificate.meta.created);
        return seen.then(|| {
            Stage::new(Phase::Triggered, since, certificate.key(), "the CertificateRequest of the next revision")
        })?;
    };
    let request = attempt.request;
    if request.is_ready() {
        let since = Since::of(request.ready.as_ref().and_then(|c| c.since), request.meta.created);
        return Stage::new(Phase::Storing, since, request.key(), "the certificate in its Secret");
    }
    let Some(approval) = request.approval() else {
        return Stage::new(
            Phase::AwaitingApproval,
            Since::of(request.meta.created, began),
            request.key(),
            "an approver: Approved or Denied",
        );
    };
    let approved = Since::of(approval.since, request.meta.created);
    if let Some(order) = attempt.order() {
        return of_order(model, attempt, order, approved);
    }
    // An unseen issuer may be an ACME one, and only an Order would tell.
    let untold = lineage.issuer == Step::Unseen && certificate.issuer.known_kind().is_some();
    if untold && !model.feeds.sees(Kind::Order, namespace) {
        return None;
    }
    let is_acme = lineage.issuer.row().is_some_and(|issuer| issuer.issuer_type == IssuerType::Acme);
    if !is_acme {
        return Stage::new(Phase::Signing, approved, request.key(), "the signer: Ready");
    }
    model
        .feeds
        .sees(Kind::Order, namespace)
        .then(|| Stage::new(Phase::Ordering, approved, request.key(), "its Order"))?
}

/// Every name is proven. A Challenge that is gone takes its proof's stamp with it, so what is left may only bound the
/// wait; an Order that is valid was so a moment ago then, as long as nothing notes that it is complete.
fn finalizing(
    model: &Model,
    attempt: &Attempt,
    order: &Order,
    needs_challenges: usize,
    approved: Option<Since>,
) -> Option<Stage> {
    let noted = |(challenge, _): &(&Challenge, _)| model.events.last_with_reason(challenge.meta.uid, "DomainVerified");
    let proofs: Vec<Time> = attempt.challenges.iter().filter_map(noted).collect();
    let all = proofs.len() >= needs_challenges.max(1);
    let complete = model.events.last_with_reason(order.meta.uid, "Complete");
    let last = proofs.into_iter().max();
    let earlier = [last, complete, order.meta.created, approved.map(|since| since.at)].into_iter().max().flatten();
    let since = Since::of(last.filter(|_| all), earlier);
    let mut stage = Stage::new(Phase::Finalizing, since, order.key(), "the certificate from the authority")?;
    if stage.at_most && order.state == AcmeState::Valid && complete.is_none() {
        stage.patience = Some(LATE_NEWS);
    }
    Some(stage)
}

/// How long the news of a proof may be overtaken by the news of what came of it, at the very most: a propagation.
const LATE_NEWS: TimeDelta = TimeDelta::minutes(15);

fn of_order(model: &Model, attempt: &Attempt, order: &Order, approved: Option<Since>) -> Option<Stage> {
    if order.state.is_failure() {
        let since = Since::of(order.failed_at, order.meta.created);
        return Stage::new(Phase::Finalizing, since, attempt.request.key(), "the request to follow its failed Order");
    }
    let all = || attempt.challenges.iter().map(|(challenge, _)| *challenge);
    let open = || all().filter(|c| c.meta.deleted.is_some() || !c.state.is_final());
    let needs_challenges =
        usize::from(order.authorizations.total - order.authorizations.reused.min(order.authorizations.total));
    let proven = matches!(order.state, AcmeState::Ready | AcmeState::Processing | AcmeState::Valid)
        || order.authorizations.total > 0 && needs_challenges == 0
        || needs_challenges > 0 && all().filter(|c| c.state == AcmeState::Valid).count() >= needs_challenges;
    if proven {
        return finalizing(model, attempt, order, needs_challenges, approved);
    }
    let stages = open().filter_map(|challenge| challenge::stage(model, challenge));
    // The one whose patience ends first holds up the rest: a Challenge that waits its turn must not hide one that
    // hangs. What is only being cleaned up, and what has all the time of the world, comes last.
    let end = |stage: &Stage| stage.patience.and_then(|patience| stage.since.checked_add_signed(patience));
    if let Some(stage) = stages.min_by_key(|stage| {
        (
            stage.phase == Phase::CleaningUp,
            stage.waits_for == TWIN,
            end(stage).is_none(),
            end(stage),
            stage.phase,
            stage.since,
        )
    }) {
        return Some(stage);
    }
    if !attempt.challenges.is_empty() {
        // Every Challenge is final and one failed: the Order has to notice.
        let since = Since::of(None, order.meta.created);
        return Stage::new(Phase::Finalizing, since, order.key(), "the Order to become final");
    }
    let seen = model.feeds.sees(Kind::Challenge, &order.meta.namespace);
    let since = Since::of(order.meta.created, approved.map(|since| since.at));
    seen.then(|| Stage::new(Phase::Ordering, since, order.key(), "its first Challenge"))?
}
