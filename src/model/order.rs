//! [`Order`]: what was asked of an ACME server.

use super::certificate::IssuerRef;
use super::condition::Message;
use super::kind::Kind;
use super::meta::{Meta, Time, object};
use super::symbol::Symbol;

/// `status.state` of an Order or a Challenge (RFC 8555, with cert-manager's own `errored` and `expired`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum AcmeState {
    /// Nothing was written yet.
    #[default]
    Empty,
    /// Authorizations are being satisfied.
    Pending,
    /// All authorizations are valid.
    Ready,
    /// The authority is at work.
    Processing,
    /// Done.
    Valid,
    /// The authority refused.
    Invalid,
    /// Its time ran out.
    Expired,
    /// cert-manager gave up after a client error.
    Errored,
    /// A word that cmtop does not know.
    Other,
}

impl AcmeState {
    /// Reads the API's word.
    pub fn parse(text: &str) -> Self {
        match text {
            "" => Self::Empty,
            "pending" => Self::Pending,
            "ready" => Self::Ready,
            "processing" => Self::Processing,
            "valid" => Self::Valid,
            "invalid" => Self::Invalid,
            "expired" => Self::Expired,
            "errored" => Self::Errored,
            _ => Self::Other,
        }
    }

    /// The API's word; `new` where nothing was written yet.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "new",
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Processing => "processing",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Expired => "expired",
            Self::Errored => "errored",
            Self::Other => "other",
        }
    }

    /// Whether nothing more will come of it.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Invalid | Self::Expired | Self::Errored)
    }

    /// Whether it will not change any more.
    pub const fn is_final(self) -> bool {
        self.is_failure() || matches!(self, Self::Valid)
    }
}

/// An Order.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What every object has.
    pub meta: Meta,
    /// The Certificate it is for, by annotation: kept only where the owner reference is missing.
    pub certificate_name: Option<Symbol>,
    /// The revision that its request would become, by annotation.
    pub revision: Option<u32>,
    /// Whose ACME account it uses.
    pub issuer: IssuerRef,
    /// Where it stands.
    pub state: AcmeState,
    /// What the authority said; usually empty when `invalid`.
    pub reason: Message,
    /// Whether the authority gave it a URL: it was accepted.
    pub accepted: bool,
    /// How many authorizations it needs, and how many of them were valid from the start.
    pub authorizations: Authorizations,
    /// Whether the certificate was fetched.
    pub has_certificate: bool,
    /// When it failed.
    pub failed_at: Option<Time>,
}

/// The authorizations of an Order, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Authorizations {
    /// All of them.
    pub total: u16,
    /// Those that were valid before (they need no Challenge).
    pub reused: u16,
}

object!(Order, Kind::Order);
