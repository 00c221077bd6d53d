//! Orders and Challenges.

use super::Project;
use super::Projector;
use super::cleaned_or_empty;
use super::row_batch::RowBatch;
use super::time;
use crate::limits;
use crate::model::challenge::{Challenge, ChallengeType};
use crate::model::delta::Delta;
use crate::model::id::Uid;
use crate::model::kind::Kind;
use crate::model::order::{AcmeState, Authorizations, Order};
use crate::wire::kinds as wire;

impl Project for wire::Order {
    fn metadata(&self) -> Option<&wire::Meta> {
        self.metadata.as_ref()
    }

    fn upsert(self, projector: &mut Projector, into: &mut RowBatch) {
        if let Some(row) = projector.order(self) {
            into.put(Delta::Upsert(row));
        }
    }

    fn remove(uid: Uid, into: &mut RowBatch) {
        into.put(Delta::<Order>::Remove(uid));
    }
}

impl Project for wire::Challenge {
    fn metadata(&self) -> Option<&wire::Meta> {
        self.metadata.as_ref()
    }

    fn upsert(self, projector: &mut Projector, into: &mut RowBatch) {
        if let Some(row) = projector.challenge(self) {
            into.put(Delta::Upsert(row));
        }
    }

    fn remove(uid: Uid, into: &mut RowBatch) {
        into.put(Delta::<Challenge>::Remove(uid));
    }
}

/// A solver's type and its provider in one word, as it is spelled in the manifest.
pub(super) fn solver_word(solver: &wire::Solver) -> (ChallengeType, &'static str) {
    let Some(dns) = &solver.dns01 else {
        let gateway = solver.http01.as_ref().is_some_and(|http| http.gateway.is_some());
        return (ChallengeType::Http01, if gateway { "gatewayHTTPRoute" } else { "ingress" });
    };
    let providers = [
        (dns.acme_dns.is_some(), "acmeDNS"),
        (dns.akamai.is_some(), "akamai"),
        (dns.azure_dns.is_some(), "azureDNS"),
        (dns.cloud_dns.is_some(), "cloudDNS"),
        (dns.cloudflare.is_some(), "cloudflare"),
        (dns.digitalocean.is_some(), "digitalocean"),
        (dns.rfc2136.is_some(), "rfc2136"),
        (dns.route53.is_some(), "route53"),
        (dns.webhook.is_some(), "webhook"),
    ];
    (ChallengeType::Dns01, providers.iter().find(|(there, _)| *there).map_or("unknown", |(_, word)| word))
}

impl Projector {
    fn order(&mut self, wire: wire::Order) -> Option<Order> {
        let (spec, status) = (wire.spec.unwrap_or_default(), wire.status.unwrap_or_default());
        let certificate_name = Self::certificate_name(wire.metadata.as_ref());
        let revision = Self::revision(wire.metadata.as_ref());
        let meta = self.meta(Kind::Order, wire.metadata, &wire.odd)?;
        let authorizations = status.authorizations.unwrap_or_default();
        let reused = authorizations.iter().filter(|a| a.initial_state == Some(AcmeState::Valid)).count();
        Some(Order {
            meta,
            certificate_name,
            revision,
            issuer: self.issuer_ref(spec.issuer_ref),
            state: status.state.unwrap_or_default(),
            reason: self.message(status.reason),
            accepted: status.url.is_some(),
            authorizations: Authorizations {
                total: authorizations.len().min(usize::from(u16::MAX)) as u16,
                reused: reused.min(usize::from(u16::MAX)) as u16,
            },
            has_certificate: status.certificate.is_some(),
            failed_at: time(status.failure_time),
        })
    }

    fn challenge(&mut self, wire: wire::Challenge) -> Option<Challenge> {
        let (spec, status) = (wire.spec.unwrap_or_default(), wire.status.unwrap_or_default());
        let finalizers = wire.metadata.as_ref().and_then(|meta| meta.finalizers.clone()).unwrap_or_default();
        let meta = self.meta(Kind::Challenge, wire.metadata, &wire.odd)?;
        let solver = spec.solver.unwrap_or_default();
        let (by_solver, word) = solver_word(&solver);
        Some(Challenge {
            meta,
            issuer: self.issuer_ref(spec.issuer_ref),
            dns_name: cleaned_or_empty(spec.dns_name, limits::NAME),
            wildcard: spec.wildcard.unwrap_or(false),
            challenge_type: match spec.kind.as_deref() {
                Some("DNS-01") => ChallengeType::Dns01,
                Some("HTTP-01") => ChallengeType::Http01,
                _ => by_solver,
            },
            solver: self.word(word),
            settings: self.settings(&solver),
            key: cleaned_or_empty(spec.key, limits::NAME),
            token: cleaned_or_empty(spec.token, limits::NAME),
            processing: status.processing.unwrap_or(false),
            presented: status.presented.unwrap_or(false),
            presented_at: time(status.presented_at),
            state: status.state.unwrap_or_default(),
            reason: self.message(status.reason),
            finalizers: finalizers.iter().take(limits::CHILDREN).map(|f| self.word(f)).collect(),
        })
    }
}
