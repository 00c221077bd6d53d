//! [`Issuer`]: who signs, and whether it can.

use super::condition::Condition;
use super::kind::Kind;
use super::meta::{Meta, Object};
use super::solver_config::SolverConfig;
use super::symbol::Symbol;

/// What an issuer is, by the part of its spec that is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum IssuerType {
    /// An ACME account.
    Acme,
    /// A key pair in a Secret.
    Ca,
    /// Every certificate signs itself.
    SelfSigned,
    /// HashiCorp Vault.
    Vault,
    /// CyberArk Certificate Manager, formerly Venafi.
    Venafi,
    /// None of these.
    #[default]
    Unknown,
}

impl IssuerType {
    /// As people write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acme => "ACME",
            Self::Ca => "CA",
            Self::SelfSigned => "self-signed",
            Self::Vault => "Vault",
            Self::Venafi => "Certificate Manager",
            Self::Unknown => "unknown",
        }
    }
}

/// An Issuer or a ClusterIssuer.
#[derive(Debug, Clone, PartialEq)]
pub struct Issuer {
    /// What every object has.
    pub meta: Meta,
    /// Whether it serves all namespaces.
    pub cluster: bool,
    /// What it is.
    pub issuer_type: IssuerType,
    /// The ACME directory, the Vault server, the CA's Secret.
    pub backend: Box<str>,
    /// The URL of its ACME account, once it is registered.
    pub account: Box<str>,
    /// Its solvers in short: `HTTP-01 ingress`, `DNS-01 route53` …
    pub solvers: Box<[Symbol]>,
    /// The same solvers: for which names, and with which settings.
    pub solver_configs: Box<[SolverConfig]>,
    /// `Ready`.
    pub ready: Option<Condition>,
}

impl Object for Issuer {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn kind(&self) -> Kind {
        if self.cluster { Kind::ClusterIssuer } else { Kind::Issuer }
    }
}
