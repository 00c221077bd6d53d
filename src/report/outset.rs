//! How a Certificate stands, as every document says it first.

use serde::Serialize;

use crate::model::certificate::Certificate;
use crate::model::meta::Time;
use crate::triage::Diagnosis;
use crate::triage::stage::Phase;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outset<'c> {
    namespace: &'c str,
    name: &'c str,
    verdict: &'static str,
    phase: Option<&'static str>,
    since: Option<Time>,
    next_attempt: Option<Time>,
    not_after: Option<Time>,
    renewal_time: Option<Time>,
    revision: Option<u32>,
}

impl<'c> Outset<'c> {
    pub(super) fn of(certificate: &'c Certificate, diagnosis: &Diagnosis) -> Self {
        Self {
            namespace: &certificate.meta.namespace,
            name: &certificate.meta.name,
            verdict: diagnosis.verdict.as_str(),
            phase: diagnosis.phase.map(Phase::as_str),
            since: diagnosis.since,
            next_attempt: diagnosis.next_attempt,
            not_after: certificate.not_after,
            renewal_time: certificate.renewal_time,
            revision: certificate.revision,
        }
    }
}
