//! [`Certificate`]: what is wanted, what is there, and how the last attempt went.

use super::condition::Condition;
use super::kind::Kind;
use super::meta::{Meta, Time, object};
use super::symbol::Symbol;

/// Which Issuer or ClusterIssuer an object names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct IssuerRef {
    /// `Issuer` when it is not given; an external issuer has a kind of its own.
    pub kind: Symbol,
    /// Its name.
    pub name: Symbol,
    /// `cert-manager.io` when it is not given.
    pub group: Symbol,
}

impl IssuerRef {
    /// The kind in cert-manager's own group; `None` for an external issuer.
    pub fn known_kind(&self) -> Option<Kind> {
        let ours = self.group.is_empty() || &*self.group == "cert-manager.io";
        match (ours, self.kind.as_str()) {
            (true, "" | "Issuer") => Some(Kind::Issuer),
            (true, "ClusterIssuer") => Some(Kind::ClusterIssuer),
            _ => None,
        }
    }
}

/// DNS names in one allocation, joined by line feeds (which a DNS name cannot hold).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names(Box<str>);

impl Names {
    /// From joined names.
    pub fn of(joined: String) -> Self {
        Self(joined.into_boxed_str())
    }

    /// The names, in the order of the manifest.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split('\n').filter(|name| !name.is_empty())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them with line feeds between: for searching.
    pub fn haystack(&self) -> &str {
        &self.0
    }
}

/// `spec.renewal.policy` (since cert-manager 1.21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RenewalPolicy {
    /// Renewed by time.
    #[default]
    Enabled,
    /// Never renewed by time.
    Disabled,
}

/// What decides when a Certificate is renewed, besides its end (since cert-manager 1.21). cert-manager takes both into
/// account before it writes `status.renewalTime`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renewal {
    /// `spec.renewal.windows`: when a renewal may begin.
    pub windows: Box<[RenewalWindow]>,
    /// `status.acme.ari`: what the authority says (RFC 9773), where the controller asks it.
    pub ari: Option<RenewalInformation>,
}

/// A time of day or week in which a renewal may begin, as it is written in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RenewalWindow {
    /// When it begins, as cron has it.
    pub cron: Box<str>,
    /// How long it is.
    pub duration: Box<str>,
    /// Where that time is told; empty for UTC.
    pub timezone: Box<str>,
}

/// What the authority says of a renewal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RenewalInformation {
    /// From when to when it would like it: it knows its load, and what it will revoke.
    pub window: Option<(Time, Time)>,
    /// Where it says why.
    pub explanation: Box<str>,
    /// When it was asked last.
    pub last_checked: Option<Time>,
    /// When it will be asked next.
    pub next_check: Option<Time>,
    /// What went wrong when it was asked.
    pub last_error: Box<str>,
}

/// A Certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// What every object has.
    pub meta: Meta,
    /// The Secret it is stored in.
    pub secret_name: Box<str>,
    /// `spec.dnsNames`.
    pub dns_names: Names,
    /// Who signs it.
    pub issuer: IssuerRef,
    /// Whether time renews it.
    pub renewal_policy: RenewalPolicy,
    /// What else decides when it is renewed, where anything does.
    pub renewal: Option<Box<Renewal>>,
    /// `status.revision`: how often it was issued; `None` before the first time.
    pub revision: Option<u32>,
    /// The end of the certificate in the Secret, as the status says.
    pub not_after: Option<Time>,
    /// Its beginning.
    pub not_before: Option<Time>,
    /// When cert-manager means to renew it.
    pub renewal_time: Option<Time>,
    /// `Ready`.
    pub ready: Option<Condition>,
    /// What is only there while an issuance runs or after one failed.
    pub attempt: Option<Box<AttemptStatus>>,
}

/// What a Certificate's status says of an issuance that runs or failed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AttemptStatus {
    /// `Issuing`.
    pub issuing: Option<Condition>,
    /// When the last attempt failed; cleared by a success.
    pub last_failure: Option<Time>,
    /// How many attempts failed in a row.
    pub failed_attempts: Option<u32>,
    /// The Secret that holds the key of the issuance in flight.
    pub next_private_key_secret: Option<Box<str>>,
}

impl Certificate {
    /// The `Issuing` condition.
    pub fn issuing(&self) -> Option<&Condition> {
        self.attempt.as_ref()?.issuing.as_ref()
    }

    /// Whether `Issuing` is `True`.
    pub fn is_issuing(&self) -> bool {
        self.issuing().is_some_and(Condition::is_true)
    }

    /// Whether `Ready` is `True`. On its own this proves nothing: it stays `True` on an expired certificate.
    pub fn is_ready(&self) -> bool {
        self.ready.as_ref().is_some_and(Condition::is_true)
    }

    /// When the last attempt failed, if no success came after it.
    pub fn last_failure(&self) -> Option<Time> {
        self.attempt.as_ref()?.last_failure
    }

    /// How many attempts failed in a row.
    pub fn failed_attempts(&self) -> Option<u32> {
        self.attempt.as_ref()?.failed_attempts
    }

    /// The revision that the next issuance makes.
    pub fn next_revision(&self) -> u32 {
        self.revision.unwrap_or(0).saturating_add(1)
    }
}

object!(Certificate, Kind::Certificate);
