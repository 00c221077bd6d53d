//! Says whether a certificate is ready, and when it will be renewed.

use super::policies::{self, Case};
use crate::sim::conditions::{self, Condition, stamp};
use crate::sim::desk::{Desk, Outcome};

/// Like the real one, this looks only when something changes: a certificate that expires in peace stays "ready".
pub(super) fn reconcile(desk: &mut Desk, key: &str) -> Outcome {
    let Some(certificate) = policies::certificate(desk, key) else { return Outcome::Done };
    let case = Case::gather(desk, certificate);
    let finding = case.unready(desk.now);
    let (status, reason, message) =
        finding.as_ref().map_or(("True", "Ready", "Certificate is up to date and has not expired"), |finding| {
            ("False", finding.reason, finding.message.as_str())
        });
    let renewal_time = case.renewal_time();
    let mut certificate = case.certificate;
    conditions::set(&mut certificate, &Condition { kind: "Ready", status, reason, message, observed: true }, desk.now);
    if let Some(leaf) = &case.leaf {
        certificate["status"]["notBefore"] = stamp(leaf.not_before);
        certificate["status"]["notAfter"] = stamp(leaf.not_after);
        match renewal_time {
            Some(moment) => certificate["status"]["renewalTime"] = stamp(moment),
            None => forget(&mut certificate, "renewalTime"),
        }
    }
    if desk.update_status(certificate).is_err() { Outcome::Retry } else { Outcome::Done }
}

/// Takes a field out of a status.
pub(super) fn forget(object: &mut serde_json::Value, field: &str) {
    if let Some(status) = object["status"].as_object_mut() {
        status.remove(field);
    }
}
