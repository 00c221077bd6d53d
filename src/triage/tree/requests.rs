//! The requests of a Certificate, their Orders, Challenges and solver objects.

use std::borrow::Cow;

use super::{Node, Tone, Word};
use crate::model::Model;
use crate::model::challenge::Challenge;
use crate::model::issuer::IssuerType;
use crate::model::kind::Kind;
use crate::model::lineage::{Attempt, Lineage};
use crate::model::order::{AcmeState, Order};
use crate::model::request::CertificateRequest;
use crate::model::solver::Solver;
use crate::triage::why::essence;

/// Every request with what came of it; the first one is what happens now.
pub(super) fn requests(model: &Model, lineage: &Lineage) -> Vec<Node> {
    let namespace = &lineage.certificate.meta.namespace;
    let mut nodes: Vec<Node> = lineage
        .attempts
        .iter()
        .enumerate()
        .map(|(i, attempt)| request(model, lineage, attempt).in_revision(attempt.request.revision, i == 0))
        .collect();
    if nodes.is_empty() && !model.feeds.sees(Kind::CertificateRequest, namespace) {
        nodes.push(Node::unseen(Kind::CertificateRequest, namespace));
    }
    nodes
}

fn request(model: &Model, lineage: &Lineage, attempt: &Attempt) -> Node {
    let request = attempt.request;
    let namespace = &request.meta.namespace;
    let mut orders: Vec<Node> = attempt.orders.iter().map(|found| order(model, attempt, found)).collect();
    let is_acme = lineage.issuer.row().is_some_and(|issuer| issuer.issuer_type == IssuerType::Acme);
    if orders.is_empty() && is_acme && !request.is_over() && !model.feeds.sees(Kind::Order, namespace) {
        orders.push(Node::unseen(Kind::Order, namespace));
    }
    Node::of(request, request_word(request, attempt.order(), is_acme)).below(orders)
}

pub(super) fn request_word(request: &CertificateRequest, order: Option<&Order>, is_acme: bool) -> Word {
    let ready = request.ready.as_ref();
    if let Some(denied) = request.denial() {
        return Word::new("denied", Tone::Bad, denied.message.as_str().to_owned()).since(denied.since);
    }
    if let Some(invalid) = request.invalidity() {
        return Word::new("invalid", Tone::Bad, invalid.message.as_str().to_owned()).since(invalid.since);
    }
    if request.is_over() {
        let reason = match order.filter(|order| order.state.is_failure()) {
            Some(order) => format!("its Order is {}", order.state.as_str()),
            None => ready.map(|c| essence(c.message.as_str()).to_owned()).unwrap_or_default(),
        };
        return Word::new("failed", Tone::Bad, reason).since(request.failed_at.or(ready.and_then(|c| c.since)));
    }
    if request.is_ready() {
        return Word::new("issued", Tone::Good, "").since(ready.and_then(|c| c.since));
    }
    let Some(approval) = request.approval() else {
        return Word::new("pending", Tone::Waiting, "waits for approval");
    };
    let said = ready.map(|c| c.message.as_str()).filter(|message| !message.is_empty());
    let word = match (said, order) {
        (_, Some(_)) => Word::new("pending", Tone::Busy, "waits for its Order"),
        (Some(message), None) => Word::new("pending", Tone::Busy, message.to_owned()),
        (None, None) if is_acme => Word::new("approved", Tone::Busy, "its Order is yet to be made"),
        (None, None) => Word::new("approved", Tone::Busy, "waits for its signer"),
    };
    word.since(approval.since)
}

fn order(model: &Model, attempt: &Attempt, order: &Order) -> Node {
    let of_order = || attempt.challenges.iter().filter(|(challenge, _)| challenge.meta.owner == Some(order.meta.uid));
    let mut challenges: Vec<Node> = of_order().map(|(found, solvers)| challenge(model, found, solvers)).collect();
    if challenges.is_empty() && !order.state.is_final() && !model.feeds.sees(Kind::Challenge, &order.meta.namespace) {
        challenges.push(Node::unseen(Kind::Challenge, &order.meta.namespace));
    }
    let found: Vec<&Challenge> = of_order().map(|(challenge, _)| *challenge).collect();
    let names = challenges.len();
    Node::of(order, order_word(order, &found, names)).below(challenges)
}

/// What is said of an Order that has these Challenges, and so many rows below it.
pub(super) fn order_word(order: &Order, challenges: &[&Challenge], rows: usize) -> Word {
    let in_state =
        |wanted: fn(AcmeState) -> bool| challenges.iter().filter(|challenge| wanted(challenge.state)).count();
    let proven = in_state(|state| state == AcmeState::Valid) + usize::from(order.authorizations.reused);
    let names = usize::from(order.authorizations.total).max(rows);
    let reason = match order.state {
        AcmeState::Empty => Cow::from("not yet sent to the authority"),
        AcmeState::Pending if names > 0 => format!("{} of {names} names", proven.min(names)).into(),
        AcmeState::Valid if !order.has_certificate => "the certificate is being fetched".into(),
        AcmeState::Ready | AcmeState::Processing if order.reason.as_str().is_empty() => "every name is proven".into(),
        _ if order.state.is_failure() && order.reason.as_str().is_empty() => {
            format!("{} of {names} names failed", in_state(AcmeState::is_failure)).into()
        }
        _ => essence(order.reason.as_str()).to_owned().into(),
    };
    Word::new(order.state.as_str(), tone(order.state), reason).since(order.failed_at)
}

const fn tone(state: AcmeState) -> Tone {
    match state {
        AcmeState::Valid => Tone::Good,
        AcmeState::Invalid | AcmeState::Expired | AcmeState::Errored => Tone::Bad,
        AcmeState::Empty | AcmeState::Other => Tone::Waiting,
        AcmeState::Pending | AcmeState::Ready | AcmeState::Processing => Tone::Busy,
    }
}

fn challenge(model: &Model, challenge: &Challenge, solvers: &[&Solver]) -> Node {
    let star = if challenge.wildcard { "*." } else { "" };
    let mut reason = format!("{} {star}{}", challenge.challenge_type.as_str(), challenge.dns_name);
    let word = challenge_word(model, challenge);
    if !word.reason.is_empty() {
        reason = format!("{reason} · {}", word.reason);
    }
    Node::of(challenge, Word { reason: reason.into(), ..word })
        .below(solvers.iter().map(|found| solver(found)).collect())
}

/// What is said of a Challenge, apart from the name that it proves.
pub(super) fn challenge_word(model: &Model, challenge: &Challenge) -> Word {
    let said = essence(challenge.reason.as_str());
    let waits_for = || crate::triage::challenge::stage(model, challenge).map(|stage| stage.waits_for);
    let failure = clean_up_failure(model, challenge);
    let detail = match said {
        _ if failure.is_some() => format!("its clean-up fails: {}", essence(failure.unwrap_or_default())),
        _ if challenge.meta.deleted.is_some() => "waits for its finalizer".to_owned(),
        _ if challenge.state == AcmeState::Valid => String::new(),
        "" if challenge.state.is_final() => String::new(),
        "" => waits_for().map(|waits_for| format!("waits for {waits_for}")).unwrap_or_default(),
        // The same field holds what the self check met, and later what the authority said.
        said if challenge.reason.as_str().starts_with("Waiting for ") => format!("self check: {said}"),
        said => said.to_owned(),
    };
    let (state, tone) = challenge_state(model, challenge);
    let since = challenge.meta.deleted.or(challenge.presented_at);
    Word::new(state, tone, detail).since(since)
}

pub(super) fn challenge_state(model: &Model, challenge: &Challenge) -> (&'static str, Tone) {
    match (challenge.meta.deleted, clean_up_failure(model, challenge)) {
        (Some(_), None) => ("cleaning up", Tone::Busy),
        (Some(_), Some(_)) => ("cleaning up", Tone::Waiting),
        (None, _) => (challenge.state.as_str(), tone(challenge.state)),
    }
}

/// Why what it put up is not taken down, in cert-manager's words.
fn clean_up_failure<'m>(model: &'m Model, challenge: &'m Challenge) -> Option<&'m str> {
    if challenge.meta.deleted.is_none() && !(challenge.processing && challenge.state.is_final()) {
        return None;
    }
    let noted = model.events.about(challenge.meta.uid).find(|event| &*event.reason == "CleanUpError");
    let noted = noted.map(|event| event.message.as_str());
    noted.or_else(|| Some(challenge.reason.as_str()).filter(|reason| reason.starts_with("Error cleaning up challenge")))
}

fn solver(solver: &Solver) -> Node {
    let through = solver.class.as_ref().map(|class| match solver.kind {
        Kind::HttpRoute => format!("through Gateway {class}"),
        _ => format!("class {class}"),
    });
    let (state, tone, said) = match (&solver.status, solver.kind) {
        (_, Kind::Service) => ("there", Tone::Good, None),
        (None, _) => ("no status", Tone::Unseen, None),
        (Some(status), Kind::Pod) if status.serves => ("running", Tone::Good, None),
        (Some(status), _) if status.serves => ("served", Tone::Good, Some(status.word.to_string())),
        (Some(status), Kind::Pod) => ("not ready", Tone::Waiting, Some(status.word.to_string())),
        (Some(status), _) => ("not served", Tone::Waiting, Some(status.word.to_string())),
    };
    let reason = [said, through].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Node::of(solver, Word::new(state, tone, reason))
}
