//! The Order: refused, never accepted, or left without a solver.

use super::signs::{Depth, Shown};
use super::{Case, Sign, Signs};
use crate::model::kind::Kind;
use crate::model::meta::Object as _;
use crate::model::order::{AcmeState, Order};
use crate::triage::finding::{Confidence, Evidence, Finding};
use crate::triage::signature::Place;
use crate::triage::solver::{pick, unfit};

pub(super) fn detect<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let Some(attempt) = case.attempt() else { return };
    let Some(order) = attempt.order() else { return };
    let at = |field, value: &'m str| Shown::at(Depth::Order, order, field, value);
    let reason = order.reason.as_str();
    let since = order.failed_at.or(order.meta.created);
    let told =
        !reason.is_empty() && signs.text(Place::OrderReason, case.context(), at("status.reason", reason).since(since));
    if order.state.is_failure() {
        if !told {
            let id = if order.state == AcmeState::Errored { "order-errored" } else { "order-invalid" };
            let value = if reason.is_empty() { order.state.as_str() } else { reason };
            signs.rule(id, at("status.state", value).since(since).fact("state", order.state.as_str()));
        }
        return;
    }
    if !order.accepted && order.state == AcmeState::Empty {
        signs.rule("order-not-accepted", at("status.url", "none").since(order.meta.created));
    }
    if attempt.challenges.is_empty() {
        without_challenges(case, order, signs);
    }
}

/// Authorizations, but no Challenge: no solver of the issuer fits a name. Nothing retries that by itself.
fn without_challenges<'m>(case: &Case<'m>, order: &'m Order, signs: &mut Signs<'_, 'm>) {
    let open = order.authorizations.total > order.authorizations.reused;
    if order.state != AcmeState::Pending || !open || !case.sees(Kind::Challenge) {
        return;
    }
    let at = |field, value: &'m str| Shown::at(Depth::Order, order, field, value);
    let wildcard = case.certificate().dns_names.iter().any(|name| name.starts_with("*."));
    let dns01 = case.issuer().is_none_or(|issuer| issuer.solver_configs.iter().any(|solver| solver.dns01));
    if wildcard && !dns01 {
        signs.rule("wildcard-needs-dns01", at("status.authorizations", "no Challenge").since(order.meta.created));
        return;
    }
    // A controller that restarts notes the same again: the oldest note says since when.
    let warned = case.model.events.about(order.meta.uid).filter(|event| event.warning);
    let mut told = false;
    for event in warned {
        told |=
            signs.text(Place::OrderEvent, case.context(), at("Event", event.message.as_str()).since(Some(event.first)));
    }
    if !told {
        signs.rule("no-solver-matches", at("status.authorizations", "no Challenge").since(order.meta.created));
    }
}

/// The names for which no solver is, and why each solver is not.
pub(super) fn enrich(case: &Case, sign: &Sign, finding: &mut Finding) {
    if !sign.is_of("no-solver-matches") && !sign.is_of("wildcard-needs-dns01") {
        return;
    }
    let Some(issuer) = case.issuer() else { return };
    let labels = &case.certificate().meta.labels;
    let names = case.certificate().dns_names.iter().filter(|name| pick(&issuer.solver_configs, name, labels).is_none());
    for name in names.take(3) {
        finding.confidence = Confidence::High;
        let each = issuer
            .solver_configs
            .iter()
            .zip(1..)
            .filter_map(|(solver, number)| Some(format!("solver {number} {}", unfit(solver, name, labels)?)));
        let why = each.collect::<Vec<_>>().join("; ");
        let value = format!("none is for {name}: {}", if why.is_empty() { "there are no solvers" } else { &why });
        finding.evidence.push(Evidence { object: issuer.key().into(), field: "spec.acme.solvers".to_owned(), value });
    }
}
