//! [`CertificateRequest`]: one attempt to have a certificate signed.

use super::certificate::IssuerRef;
use super::condition::Condition;
use super::kind::Kind;
use super::meta::{Meta, Time, object};
use super::symbol::Symbol;

/// A CertificateRequest.
#[derive(Debug, Clone, PartialEq)]
pub struct CertificateRequest {
    /// What every object has.
    pub meta: Meta,
    /// The Certificate it is for, by annotation: kept only where the owner reference is missing.
    pub certificate_name: Option<Symbol>,
    /// Which revision it would become; `None` when the annotation is missing or no number.
    pub revision: Option<u32>,
    /// Who is to sign it.
    pub issuer: IssuerRef,
    /// `Ready`.
    pub ready: Option<Condition>,
    /// `Approved`.
    pub approved: Option<Condition>,
    /// `Denied` and `InvalidRequest`: what ends a request before it is signed.
    pub refusal: Option<Box<Refusal>>,
    /// When it failed for good.
    pub failed_at: Option<Time>,
}

/// What ends a request before it is signed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Refusal {
    /// `Denied`, by an approver.
    pub denied: Option<Condition>,
    /// `InvalidRequest`, by an external issuer.
    pub invalid: Option<Condition>,
}

impl CertificateRequest {
    /// The `Approved` condition, when it is `True`.
    pub fn approval(&self) -> Option<&Condition> {
        self.approved.as_ref().filter(|c| c.is_true())
    }

    /// The `Denied` condition, when it is `True`.
    pub fn denial(&self) -> Option<&Condition> {
        self.refusal.as_ref()?.denied.as_ref().filter(|c| c.is_true())
    }

    /// The `InvalidRequest` condition, when it is `True`.
    pub fn invalidity(&self) -> Option<&Condition> {
        self.refusal.as_ref()?.invalid.as_ref().filter(|c| c.is_true())
    }

    /// Whether it is signed.
    pub fn is_ready(&self) -> bool {
        self.ready.as_ref().is_some_and(Condition::is_true)
    }

    /// Whether it failed, was denied or found invalid: nothing will come of it.
    pub fn is_over(&self) -> bool {
        self.denial().is_some()
            || self.invalidity().is_some()
            || self.failed_at.is_some()
            || self.ready.as_ref().is_some_and(|c| c.is_false() && matches!(&*c.reason, "Failed" | "Denied"))
    }
}

object!(CertificateRequest, Kind::CertificateRequest);
