//! Certificates, CertificateRequests and issuers.

use super::Project;
use super::Projector;
use super::cleaned;
use super::cleaned_or_empty;
use super::names;
use super::pick;
use super::row_batch::RowBatch;
use super::small;
use super::time;
use crate::limits;
use crate::model::certificate::{
    AttemptStatus, Certificate, Renewal, RenewalInformation, RenewalPolicy, RenewalWindow,
};
use crate::model::delta::Delta;
use crate::model::id::Uid;
use crate::model::issuer::{Issuer, IssuerType};
use crate::model::kind::Kind;
use crate::model::request::{CertificateRequest, Refusal};
use crate::wire::kinds as wire;
use crate::wire::kinds::ConditionType;

impl Project for wire::Certificate {
    fn metadata(&self) -> Option<&wire::Meta> {
        self.metadata.as_ref()
    }

    fn upsert(self, projector: &mut Projector, into: &mut RowBatch) {
        if let Some(row) = projector.certificate(self) {
            into.put(Delta::Upsert(row));
        }
    }

    fn remove(uid: Uid, into: &mut RowBatch) {
        into.put(Delta::<Certificate>::Remove(uid));
    }
}

impl Project for wire::CertificateRequest {
    fn metadata(&self) -> Option<&wire::Meta> {
        self.metadata.as_ref()
    }

    fn upsert(self, projector: &mut Projector, into: &mut RowBatch) {
        if let Some(row) = projector.request(self) {
            into.put(Delta::Upsert(row));
        }
    }

    fn remove(uid: Uid, into: &mut RowBatch) {
        into.put(Delta::<CertificateRequest>::Remove(uid));
    }
}

impl Project for wire::Issuer {
    fn metadata(&self) -> Option<&wire::Meta> {
        self.metadata.as_ref()
    }

    fn upsert(self, projector: &mut Projector, into: &mut RowBatch) {
        if let Some(row) = projector.issuer(self) {
            into.put(Delta::Upsert(row));
        }
    }

    fn remove(uid: Uid, into: &mut RowBatch) {
        into.put(Delta::<Issuer>::Remove(uid));
    }
}

fn renewal_windows(windows: Option<Vec<wire::RenewalWindow>>) -> Box<[RenewalWindow]> {
    let text = |text| cleaned_or_empty(text, limits::NAME);
    let window = |window: wire::RenewalWindow| RenewalWindow {
        cron: text(window.cron),
        duration: text(window.duration),
        timezone: text(window.timezone),
    };
    windows.unwrap_or_default().into_iter().take(limits::RENEWAL_WINDOWS).map(window).collect()
}

fn renewal_information(ari: wire::RenewalInformation) -> RenewalInformation {
    let window = ari.suggested_window.unwrap_or_default();
    RenewalInformation {
        window: time(window.start).zip(time(window.end)),
        explanation: cleaned_or_empty(ari.explanation, limits::MESSAGE),
        last_checked: time(ari.last_checked),
        next_check: time(ari.next_check),
        last_error: cleaned_or_empty(ari.last_error, limits::MESSAGE),
    }
}

impl Projector {
    fn certificate(&mut self, wire: wire::Certificate) -> Option<Certificate> {
        let (spec, status) = (wire.spec.unwrap_or_default(), wire.status.unwrap_or_default());
        let meta = self.meta(Kind::Certificate, wire.metadata, &wire.odd)?;
        let [ready, issuing] = pick(status.conditions, [ConditionType::Ready, ConditionType::Issuing]);
        let attempt = AttemptStatus {
            issuing: issuing.map(|c| self.condition(c)),
            last_failure: time(status.last_failure_time),
            failed_attempts: small(status.failed_issuance_attempts),
            next_private_key_secret: status.next_private_key_secret_name.map(|n| cleaned(n, limits::NAME)),
        };
        let renewal = spec.renewal.unwrap_or_default();
        let policy = renewal.policy;
        let ari = status.acme.and_then(|acme| acme.ari).map(renewal_information);
        let plan = Renewal { windows: renewal_windows(renewal.windows), ari };
        Some(Certificate {
            meta,
            secret_name: cleaned_or_empty(spec.secret_name, limits::NAME),
            dns_names: names(spec.dns_names.filter(|n| !n.is_empty()).or_else(|| spec.common_name.map(|n| vec![n]))),
            issuer: self.issuer_ref(spec.issuer_ref),
            renewal_policy: if policy.as_deref() == Some("Disabled") {
                RenewalPolicy::Disabled
            } else {
                RenewalPolicy::Enabled
            },
            renewal: (plan != Renewal::default()).then(|| Box::new(plan)),
            revision: small(status.revision),
            not_after: time(status.not_after),
            not_before: time(status.not_before),
            renewal_time: time(status.renewal_time),
            ready: ready.map(|c| self.condition(c)),
            attempt: (attempt != AttemptStatus::default()).then(|| Box::new(attempt)),
        })
    }

    fn request(&mut self, wire: wire::CertificateRequest) -> Option<CertificateRequest> {
        let (spec, status) = (wire.spec.unwrap_or_default(), wire.status.unwrap_or_default());
        let certificate_name = Self::certificate_name(wire.metadata.as_ref());
        let revision = Self::revision(wire.metadata.as_ref());
        let meta = self.meta(Kind::CertificateRequest, wire.metadata, &wire.odd)?;
        let [ready, approved, denied, invalid] = pick(
            status.conditions,
            [ConditionType::Ready, ConditionType::Approved, ConditionType::Denied, ConditionType::InvalidRequest],
        );
        let refusal =
            Refusal { denied: denied.map(|c| self.condition(c)), invalid: invalid.map(|c| self.condition(c)) };
        Some(CertificateRequest {
            meta,
            certificate_name,
            revision,
            issuer: self.issuer_ref(spec.issuer_ref),
            ready: ready.map(|c| self.condition(c)),
            approved: approved.map(|c| self.condition(c)),
            refusal: (refusal != Refusal::default()).then(|| Box::new(refusal)),
            failed_at: time(status.failure_time),
        })
    }

    fn issuer(&mut self, wire: wire::Issuer) -> Option<Issuer> {
        let cluster = match wire.kind.as_deref() {
            Some(kind) => kind == "ClusterIssuer",
            // Items of a list bear no kind; a ClusterIssuer is the one without a namespace.
            None => wire.metadata.as_ref().is_none_or(|meta| meta.namespace.is_none()),
        };
        let kind = if cluster { Kind::ClusterIssuer } else { Kind::Issuer };
        let (spec, status) = (wire.spec.unwrap_or_default(), wire.status.unwrap_or_default());
        let meta = self.meta(kind, wire.metadata, &wire.odd)?;
        let [ready] = pick(status.conditions, [ConditionType::Ready]);
        let (issuer_type, backend, solvers) = match spec {
            wire::IssuerSpec { acme: Some(acme), .. } => {
                (IssuerType::Acme, acme.server, acme.solvers.unwrap_or_default())
            }
            wire::IssuerSpec { ca: Some(ca), .. } => (IssuerType::Ca, ca.secret_name, Vec::new()),
            wire::IssuerSpec { vault: Some(vault), .. } => (IssuerType::Vault, vault.server, Vec::new()),
            wire::IssuerSpec { venafi: Some(_), .. } => (IssuerType::Venafi, None, Vec::new()),
            wire::IssuerSpec { self_signed: Some(_), .. } => (IssuerType::SelfSigned, None, Vec::new()),
            _ => (IssuerType::Unknown, None, Vec::new()),
        };
        let solver_configs = self.solver_configs(&solvers);
        let solvers = solvers
            .iter()
            .take(limits::CHILDREN)
            .map(|solver| {
                let (kind, word) = super::acme::solver_word(solver);
                self.word(&format!("{} {word}", kind.as_str()))
            })
            .collect();
        Some(Issuer {
            meta,
            cluster,
            issuer_type,
            backend: cleaned_or_empty(backend, limits::MESSAGE),
            account: cleaned_or_empty(status.acme.and_then(|acme| acme.uri), limits::MESSAGE),
            solvers,
            solver_configs,
            ready: ready.map(|c| self.condition(c)),
        })
    }
}
