//! The CertificateRequest: approved, denied, refused, failed.

use super::docket::{Depth, Shown};
use super::{Case, Docket};
use crate::model::condition::Condition;
use crate::model::request::CertificateRequest;
use crate::triage::finding::Severity;
use crate::triage::signature::Place;

/// Notes about one request that are read.
const NOTES: usize = 8;

/// What a request notes while its issuer is not ready; it is not always taken back.
const ISSUER_NOT_READY: &str = "Referenced issuer does not have a Ready status condition";

pub(super) fn detect<'m>(case: &Case<'m>, docket: &mut Docket<'_, 'm>) {
    let Some(request) = case.attempt().map(|attempt| attempt.request) else { return };
    let at = |field, value: &'m str| Shown::at(Depth::Request, request, field, value);
    if let Some(denied) = request.denial() {
        let shown = at("Denied", denied.message.as_str()).since(denied.since).fact("reason", &*denied.reason);
        if !docket.text(Place::RequestReady, case.context(), shown.clone()) {
            docket.rule("request-denied", shown.fact("message", denied.message.as_str()));
        }
        return;
    }
    if let Some(invalid) = request.invalidity() {
        let shown = at("InvalidRequest", invalid.message.as_str()).since(invalid.since);
        docket.rule("request-invalid", shown.fact("message", invalid.message.as_str()));
        return;
    }
    if !request.is_over() {
        notes(case, request, docket);
    }
    if request.approval().is_none() && !request.is_over() {
        docket.rule("request-awaiting-approval", at("Approved", "").since(request.meta.created));
        return;
    }
    let Some(pending) = request.ready.as_ref().filter(|ready| ready.is_false()) else { return };
    // The issuer's own word is younger than what the request noted of it.
    let ready = case.issuer().and_then(|issuer| issuer.ready.as_ref()).is_some_and(Condition::is_true);
    if ready && pending.message.as_str().starts_with(ISSUER_NOT_READY) && !request.is_over() {
        return;
    }
    let shown = at("Ready", pending.message.as_str()).since(pending.since);
    if !docket.text(Place::RequestReady, case.context(), shown.clone()) && request.is_over() {
        docket.rule("request-failed", shown.fact("message", pending.message.as_str()));
    }
}

/// What approvers and signers noted about the request, without writing it into its conditions.
fn notes<'m>(case: &Case<'m>, request: &'m CertificateRequest, docket: &mut Docket<'_, 'm>) {
    for event in case.model.events.about(request.meta.uid).take(NOTES) {
        let shown = Shown::at(Depth::Request, request, "Event", event.message.as_str()).since(Some(event.first));
        let known = docket.recognise(Place::RequestEvent, case.context(), &shown);
        // That it waits for its approval is noted of every request.
        if event.warning || known.is_some_and(|row| row.severity > Severity::Info) {
            docket.text(Place::RequestEvent, case.context(), shown);
        }
    }
}
