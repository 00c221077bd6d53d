//! [`Challenge`]: the proof that a name is ours.

use super::certificate::IssuerRef;
use super::condition::Message;
use super::kind::Kind;
use super::meta::{Meta, Time, object};
use super::order::AcmeState;
use super::solver_config::Settings;
use super::symbol::Symbol;

/// The finalizers that cert-manager puts on Challenges: the one of now, and the one until 1.17.
pub const FINALIZERS: [&str; 2] = ["acme.cert-manager.io/finalizer", "finalizer.acme.cert-manager.io"];

/// How a name is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum ChallengeType {
    /// A file served over HTTP.
    #[default]
    Http01,
    /// A TXT record.
    Dns01,
}

impl ChallengeType {
    /// As people write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http01 => "HTTP-01",
            Self::Dns01 => "DNS-01",
        }
    }
}

/// A Challenge.
#[derive(Debug, Clone, PartialEq)]
pub struct Challenge {
    /// What every object has.
    pub meta: Meta,
    /// Whose ACME account it uses.
    pub issuer: IssuerRef,
    /// The name to prove, without `*.`.
    pub dns_name: Box<str>,
    /// Whether it stands for `*.` of that name.
    pub wildcard: bool,
    /// How it is proven.
    pub challenge_type: ChallengeType,
    /// The solver that is used, in one word: `ingress`, `gatewayHTTPRoute`, `route53`, `rfc2136` …
    pub solver: Symbol,
    /// Its settings, as they were when the Challenge was made.
    pub settings: Settings,
    /// What should be found: the value of the record, the body of the answer. It is public while it is presented.
    pub key: Box<str>,
    /// Under which token it should be found over HTTP.
    pub token: Box<str>,
    /// Whether the scheduler let it start.
    pub processing: bool,
    /// Whether the file or record was put up.
    pub presented: bool,
    /// When it was put up (since cert-manager 1.21).
    pub presented_at: Option<Time>,
    /// Where it stands.
    pub state: AcmeState,
    /// What cert-manager waits for or what went wrong.
    pub reason: Message,
    /// The finalizers that hold it.
    pub finalizers: Box<[Symbol]>,
}

object!(Challenge, Kind::Challenge);

impl Challenge {
    /// Whether its turn has come: the scheduler let it start, or it was put up already.
    pub const fn has_begun(&self) -> bool {
        self.processing || self.presented
    }
}
