//! cert-manager's own approver: it approves everything, where it runs and no policy denies.

use crate::sim::conditions::{self, Condition};
use crate::sim::desk::{Desk, News, Outcome};
use crate::sim::object::meta;

/// A story denies requests of a Certificate with this annotation on its requests; the value is the message.
const DENY: &str = "sim.cmtop.dev/deny";

pub(super) fn reconcile(desk: &mut Desk, key: &str) -> Outcome {
    let Some(mut request) = desk.get("CertificateRequest", key) else { return Outcome::Done };
    let decided = conditions::is(&request, "Approved", "True") || conditions::is(&request, "Denied", "True");
    let group = request["spec"]["issuerRef"]["group"].as_str().unwrap_or_default();
    if decided || !matches!(group, "" | "cert-manager.io") {
        return Outcome::Done;
    }
    if let Some(message) = request["metadata"]["annotations"][DENY].as_str().map(ToOwned::to_owned) {
        // A policy approver takes a few seconds longer than the built-in one.
        let asked = conditions::moment(&request["metadata"]["creationTimestamp"]).unwrap_or(desk.now);
        let due = asked + chrono::TimeDelta::seconds(8);
        if desk.now < due {
            return Outcome::At(due);
        }
        let denied =
            Condition { kind: "Denied", status: "True", reason: "PolicyDenied", message: &message, observed: false };
        conditions::set(&mut request, &denied, desk.now);
        return if desk.update_status(request).is_err() { Outcome::Retry } else { Outcome::Done };
    }
    if !desk.settings.approver {
        return Outcome::Done;
    }
    let (reason, message) = ("cert-manager.io", "Certificate request has been approved by cert-manager.io");
    let approved = Condition { kind: "Approved", status: "True", reason, message, observed: false };
    conditions::set(&mut request, &approved, desk.now);
    if desk.update_status(request.clone()).is_err() {
        return Outcome::Retry;
    }
    desk.log(
        'I',
        "sync.go:68",
        &format!(
            "\"Approved CertificateRequest\" logger=\"cert-manager.controller\" resource_name=\"{}\" \
             resource_namespace=\"{}\" resource_kind=\"CertificateRequest\"",
            meta(&request, "name"),
            meta(&request, "namespace")
        ),
    );
    desk.tell(&request, News { from: "certificaterequests-approver", reason, message, warning: false });
    Outcome::Done
}
