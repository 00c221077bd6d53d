//! Decides that a certificate is to be issued, and waits after failures.

use chrono::TimeDelta;

use super::policies::{self, Case};
use crate::sim::conditions::{self, Condition};
use crate::sim::desk::{Desk, News, Outcome};

/// How often a Certificate looks whether its Secret has become its own.
const OWNER_RECHECK: TimeDelta = TimeDelta::minutes(3);

pub(super) fn reconcile(desk: &mut Desk, key: &str) -> Outcome {
    let Some(certificate) = policies::certificate(desk, key) else { return Outcome::Done };
    if conditions::is(&certificate, "Issuing", "True") {
        return Outcome::Done;
    }
    let case = Case::gather(desk, certificate);
    if case.is_anothers(desk) {
        return Outcome::At(desk.now + OWNER_RECHECK);
    }
    let Some(finding) = case.trigger(desk.now) else {
        return case.renewal_time().map_or(Outcome::Done, Outcome::At);
    };
    let edited = case.next.as_ref().is_some_and(|next| !policies::mismatches(next, &case.certificate).is_empty());
    if let Some(ends) = policies::backoff_ends(desk, &case.certificate).filter(|ends| *ends > desk.now && !edited) {
        let text = format!(
            "\"Backing off from issuance due to previously failed issuance(s). Issuance will next be attempted at {ends}\" key=\"{key}\""
        );
        desk.log('I', "trigger_controller.go:212", &text);
        return Outcome::At(ends);
    }
    let text = format!(
        "\"Certificate must be re-issued\" key=\"{key}\" reason=\"{}\" message=\"{}\"",
        finding.reason, finding.message
    );
    desk.log('I', "trigger_controller.go:238", &text);
    let mut certificate = case.certificate;
    let (reason, message) = (finding.reason, finding.message.as_str());
    let issuing = Condition { kind: "Issuing", status: "True", reason, message, observed: true };
    conditions::set(&mut certificate, &issuing, desk.now);
    if desk.update_status(certificate.clone()).is_err() {
        return Outcome::Retry;
    }
    desk.tell(&certificate, News { from: "certificates-trigger", reason: "Issuing", message, warning: false });
    Outcome::Done
}
