//! [`Doctor`]: what is wrong, why, and what mends it (`cmtop.doctor/v1`).

mod document;
mod text;

use super::Style;
use super::exit::ExitStatus;
use super::origin;
use super::origin::Origin;
use super::sight::{self, Unseen};
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::challenge::Challenge;
use crate::model::id::{Id, ObjectKey};
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::probe::verdict as probe;
use crate::query::pick::Pick;
use crate::query::selector::Selector;
use crate::triage::causes::{Cause, causes};
use crate::triage::evidence::refine;
use crate::triage::finding::{Finding, Severity};
use crate::triage::verdict::Verdict;
use crate::triage::{Diagnosis, examined, system};

/// One Certificate under examination.
#[derive(Debug)]
struct Patient<'m> {
    id: Id<Certificate>,
    certificate: &'m Certificate,
    diagnosis: Diagnosis,
    findings: Vec<Finding>,
}

/// What a probe of an open Challenge saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The Certificate.
    pub certificate: Id<Certificate>,
    /// The Challenge.
    pub challenge: ObjectKey,
    /// What follows.
    pub verdict: probe::Verdict,
    /// The name that everybody was asked for.
    pub name: String,
    /// Who said what: server and answer.
    pub rows: Vec<(String, String)>,
}

/// The report of `cmtop doctor`.
#[derive(Debug)]
pub struct Doctor<'m> {
    model: &'m Model,
    at: Time,
    origin: Origin,
    cert_manager: Option<&'m str>,
    system: Vec<Finding>,
    causes: Vec<Cause>,
    /// In the order of need.
    patients: Vec<Patient<'m>>,
    unseen: Vec<Unseen>,
}

impl<'m> Doctor<'m> {
    /// Examines Certificates as they are now, and what they all depend on.
    pub fn of(model: &'m Model, chosen: &[Id<Certificate>], origin: Origin, now: Time) -> Self {
        let patient = |id: &Id<Certificate>| {
            let (diagnosis, findings) = examined(model, *id, now)?;
            Some(Patient { id: *id, certificate: model.certificates.get(*id)?, diagnosis, findings })
        };
        let mut patients: Vec<Patient> = chosen.iter().filter_map(patient).collect();
        patients.sort_by_key(|patient| {
            let meta = &patient.certificate.meta;
            (patient.diagnosis.verdict, patient.certificate.not_after, &meta.namespace, &meta.name)
        });
        Self {
            model,
            at: now,
            origin,
            cert_manager: origin::cert_manager(model),
            system: system(model, now),
            causes: causes(model, chosen.iter().copied(), now),
            patients,
            unseen: sight::unseen(model),
        }
    }

    /// The Certificates that are stuck, the worst first.
    pub fn stuck(&self) -> impl Iterator<Item = Id<Certificate>> {
        let stuck = self.patients.iter().filter(|patient| patient.diagnosis.verdict == Verdict::Stuck);
        stuck.map(|patient| patient.id)
    }

    /// Lets what probes saw speak for the findings: where they saw why, the general one becomes the specific one.
    #[must_use]
    pub fn seen(mut self, sightings: Vec<Sighting>) -> Self {
        for Sighting { certificate, challenge, verdict, name, rows } in sightings {
            if let Some(patient) = self.patients.iter_mut().find(|patient| patient.id == certificate) {
                refine(&mut patient.findings, &challenge, &name, &verdict, rows);
            }
        }
        self
    }

    /// Leaves out what is wrong with objects of cert-manager's that nobody asked about: in other namespaces, or, where
    /// Certificates were named, about other names than theirs.
    #[must_use]
    pub fn about(mut self, pick: &Pick) -> Self {
        let mut system = std::mem::take(&mut self.system);
        system.retain(|finding| self.is_asked_about(pick, &finding.subject));
        Self { system, ..self }
    }

    fn is_asked_about(&self, pick: &Pick, subject: &ObjectKey) -> bool {
        if subject.kind != Kind::Challenge || &*subject.name == "*" {
            return true;
        }
        if pick.names.is_empty() && pick.selector == Selector::default() {
            return pick.namespaces.is_empty() || pick.namespaces.iter().any(|name| *name == *subject.namespace);
        }
        // One that proves the same name stands in the way, wherever it is.
        let proves = |challenge: &Challenge| {
            let mut names = self.patients.iter().flat_map(|patient| patient.certificate.dns_names.iter());
            names.any(|name| name.strip_prefix("*.").unwrap_or(name) == &*challenge.dns_name)
        };
        let id = self.model.challenges.by_name(&subject.namespace, &subject.name);
        id.and_then(|id| self.model.challenges.get(id)).is_some_and(proves)
    }

    /// Adds what was seen of cert-manager besides.
    #[must_use]
    pub fn with(mut self, seen: Vec<Finding>) -> Self {
        for finding in seen {
            // Where a rule has told the same already, its evidence is the better one.
            if !self.system.iter().any(|known| known.family == finding.family) {
                self.system.push(finding);
            }
        }
        self
    }

    /// For people: made to be put into a ticket.
    pub fn text(&self, style: &Style) -> String {
        text::text(self, style)
    }

    /// [`ExitStatus::Trouble`] when something at least this bad was found, of a Certificate or of the system.
    pub fn outcome(&self, fail_on: Severity) -> ExitStatus {
        let blind = sight::outcome(self.model);
        let mut findings = self.system.iter().chain(self.patients.iter().flat_map(|patient| &patient.findings));
        if blind == ExitStatus::Good && findings.any(|finding| finding.severity >= fail_on) {
            return ExitStatus::Trouble;
        }
        blind
    }

    /// How many have each verdict.
    fn verdicts(&self) -> impl Iterator<Item = (Verdict, usize)> {
        let count = |verdict| self.patients.iter().filter(|patient| patient.diagnosis.verdict == verdict).count();
        Verdict::ALL.into_iter().map(move |verdict| (verdict, count(verdict)))
    }
}
