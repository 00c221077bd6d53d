//! `cmtop.doctor/v1`, field by field.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::Serializer;

use super::{Doctor, Patient};
use crate::model::Model;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::report::finding::{FindingPart, RemedyPart};
use crate::report::origin::ClusterPart;
use crate::report::outset::Outset;
use crate::report::sight::Unseen;
use crate::triage::causes::Cause;

#[derive(Serialize)]
struct Document<'d> {
    schema: &'static str,
    at: Time,
    cluster: ClusterPart<'d>,
    summary: Summary,
    system: Vec<FindingPart<'d>>,
    causes: Vec<CausePart<'d>>,
    certificates: Vec<CertificatePart<'d>>,
    unseen: &'d [Unseen],
}

#[derive(Serialize)]
struct Summary {
    certificates: usize,
    verdicts: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CausePart<'d> {
    id: &'static str,
    family: &'static str,
    severity: &'static str,
    title: &'d str,
    cause: &'d str,
    since: Option<Time>,
    first_outage: Option<Time>,
    subjects: Vec<String>,
    remedies: Vec<RemedyPart<'d>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificatePart<'d> {
    #[serde(flatten)]
    outset: Outset<'d>,
    issuer: String,
    dns_names: Vec<&'d str>,
    findings: Vec<FindingPart<'d>>,
}

impl<'d> CausePart<'d> {
    fn of(cause: &'d Cause, model: &Model) -> Self {
        let finding = &cause.finding;
        let subjects = cause.subjects.iter().filter_map(|id| model.certificate_key(*id));
        Self {
            id: finding.id,
            family: finding.family,
            severity: finding.severity.as_str(),
            title: &finding.title,
            cause: &finding.cause,
            since: cause.since,
            first_outage: cause.first_outage,
            subjects: subjects.map(|key| key.to_string()).collect(),
            remedies: finding.remedies.iter().map(RemedyPart::from).collect(),
        }
    }
}

impl<'d> From<&'d Patient<'_>> for CertificatePart<'d> {
    fn from(patient: &'d Patient<'_>) -> Self {
        let (certificate, diagnosis) = (patient.certificate, &patient.diagnosis);
        let reference = &certificate.issuer;
        let issuer = match reference.known_kind() {
            Some(Kind::Issuer) => format!("Issuer/{}/{}", certificate.meta.namespace, reference.name),
            Some(kind) => format!("{kind}/{}", reference.name),
            None => format!("{}/{}", reference.kind, reference.name),
        };
        Self {
            outset: Outset::of(certificate, diagnosis),
            issuer,
            dns_names: certificate.dns_names.iter().collect(),
            findings: patient.findings.iter().map(FindingPart::from).collect(),
        }
    }
}

impl Serialize for Doctor<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = Document {
            schema: "cmtop.doctor/v1",
            at: self.at,
            cluster: self.origin.part(self.cert_manager),
            summary: Summary {
                certificates: self.patients.len(),
                verdicts: self.verdicts().map(|(verdict, count)| (verdict.as_str(), count)).collect(),
            },
            system: self.system.iter().map(FindingPart::from).collect(),
            causes: self.causes.iter().map(|cause| CausePart::of(cause, self.model)).collect(),
            certificates: self.patients.iter().map(CertificatePart::from).collect(),
            unseen: &self.unseen,
        };
        document.serialize(serializer)
    }
}
