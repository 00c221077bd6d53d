//! Deletes the requests of old revisions.

use super::policies::{self, revision_of};
use crate::sim::conditions;
use crate::sim::desk::{Desk, Outcome};
use crate::sim::reference::key_of;

pub(super) fn reconcile(desk: &mut Desk, key: &str) -> Outcome {
    let Some(certificate) = policies::certificate(desk, key) else { return Outcome::Done };
    if !conditions::is(&certificate, "Ready", "True") {
        return Outcome::Done;
    }
    let limit = certificate["spec"]["revisionHistoryLimit"].as_u64().unwrap_or(1) as usize;
    let mut requests = desk.owned("CertificateRequest", &certificate);
    requests.retain(|request| revision_of(request).is_some());
    requests.sort_by_key(revision_of);
    for old in requests.iter().rev().skip(limit) {
        desk.delete("CertificateRequest", &key_of(old));
    }
    Outcome::Done
}
