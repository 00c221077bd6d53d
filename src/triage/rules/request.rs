//! The CertificateRequest: approved, denied, refused, failed.

use super::signs::{Depth, Shown};
use super::{Case, Signs};
use crate::model::condition::Condition;
use crate::model::request::CertificateRequest;
use crate::triage::finding::Severity;
use crate::triage::signature::Place;

/// Notes about one request that are read.
const NOTES: usize = 8;

/// What a request notes while its issuer is not ready; it is not always taken back.
const ISSUER_NOT_READY: &str = "Referenced issuer does not have a Ready status condition";

pub(super) fn detect<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let Some(request) = case.attempt().map(|attempt| attempt.request) else { return };
    let at = |field, value: &'m str| Shown::at(Depth::Request, request, field, value);
    if let Some(denied) = request.denial() {
        let shown = at("Denied", denied.message.as_str()).since(denied.since).fact("reason", &*denied.reason);
        if !signs.text(Place::RequestReady, case.context(), shown.clone()) {
            signs.rule("request-denied", shown.fact("message", denied.message.as_str()));
        }
        return;
    }
    if let Some(invalid) = request.invalidity() {
        let shown = at("InvalidRequest", invalid.message.as_str()).since(invalid.since);
        signs.rule("request-invalid", shown.fact("message", invalid.message.as_str()));
        return;
    }
    if !request.is_over() {
        notes(case, request, signs);
    }
    if request.approval().is_none() && !request.is_over() {
        signs.rule("request-awaiting-approval", at("Approved", "").since(request.meta.created));
        return;
    }
    let Some(pending) = request.ready.as_ref().filter(|ready| ready.is_false()) else { return };
    // The issuer's own word is younger than what the request noted of it.
    let ready = case.issuer().and_then(|issuer| issuer.ready.as_ref()).is_some_and(Condition::is_true);
    if ready && pending.message.as_str().starts_with(ISSUER_NOT_READY) && !request.is_over() {
        return;
    }
    let shown = at("Ready", pending.message.as_str()).since(pending.since);
    if !signs.text(Place::RequestReady, case.context(), shown.clone()) && request.is_over() {
        signs.rule("request-failed", shown.fact("message", pending.message.as_str()));
    }
}

/// What approvers and signers noted about the request, without writing it into its conditions.
fn notes<'m>(case: &Case<'m>, request: &'m CertificateRequest, signs: &mut Signs<'_, 'm>) {
    for event in case.model.events.about(request.meta.uid).take(NOTES) {
        let shown = Shown::at(Depth::Request, request, "Event", event.message.as_str()).since(Some(event.first));
        let known = signs.recognise(Place::RequestEvent, case.context(), &shown);
        // That it waits for its approval is noted of every request.
        if event.warning || known.is_some_and(|row| row.severity > Severity::Info) {
            signs.text(Place::RequestEvent, case.context(), shown);
        }
    }
}
