//! A finding as programs read it: `FINDING` and `REMEDY` of every document.

use serde::Serialize;

use crate::model::meta::Time;
use crate::triage::finding::{Evidence, Finding, Remedy};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FindingPart<'f> {
    id: &'static str,
    family: &'static str,
    severity: &'static str,
    confidence: &'static str,
    title: &'f str,
    cause: &'f str,
    since: Option<Time>,
    evidence: Vec<EvidencePart<'f>>,
    remedies: Vec<RemedyPart<'f>>,
    docs: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct EvidencePart<'f> {
    object: String,
    field: &'f str,
    value: &'f str,
}

#[derive(Debug, Serialize)]
pub(super) struct RemedyPart<'f> {
    text: &'f str,
    command: Option<&'f str>,
    action: Option<String>,
}

impl<'f> From<&'f Finding> for FindingPart<'f> {
    fn from(finding: &'f Finding) -> Self {
        Self {
            id: finding.id,
            family: finding.family,
            severity: finding.severity.as_str(),
            confidence: finding.confidence.as_str(),
            title: &finding.title,
            cause: &finding.cause,
            since: finding.since,
            evidence: finding.evidence.iter().map(EvidencePart::from).collect(),
            remedies: finding.remedies.iter().map(RemedyPart::from).collect(),
            docs: finding.docs,
        }
    }
}

impl<'f> From<&'f Evidence> for EvidencePart<'f> {
    fn from(evidence: &'f Evidence) -> Self {
        Self { object: evidence.object.to_string(), field: &evidence.field, value: &evidence.value }
    }
}

impl<'f> From<&'f Remedy> for RemedyPart<'f> {
    fn from(remedy: &'f Remedy) -> Self {
        Self {
            text: &remedy.text,
            command: remedy.command.as_deref(),
            action: remedy.action.as_ref().map(ToString::to_string),
        }
    }
}
