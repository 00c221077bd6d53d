//! [`Place`]: where a text stands.

use serde::Deserialize;

/// Where a text stands. Patterns say in which places they may match: the same words mean different things elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Place {
    /// `Ready` of a Certificate.
    #[serde(rename = "certificate.ready")]
    CertificateReady,
    /// `Issuing` of a Certificate.
    #[serde(rename = "certificate.issuing")]
    CertificateIssuing,
    /// An Event about a Certificate.
    #[serde(rename = "certificate.event")]
    CertificateEvent,
    /// `Ready`, `Denied` or `InvalidRequest` of a CertificateRequest.
    #[serde(rename = "request.ready")]
    RequestReady,
    /// An Event about a CertificateRequest.
    #[serde(rename = "request.event")]
    RequestEvent,
    /// `status.reason` of an Order.
    #[serde(rename = "order.reason")]
    OrderReason,
    /// An Event about an Order.
    #[serde(rename = "order.event")]
    OrderEvent,
    /// `status.reason` of a Challenge.
    #[serde(rename = "challenge.reason")]
    ChallengeReason,
    /// An Event about a Challenge.
    #[serde(rename = "challenge.event")]
    ChallengeEvent,
    /// `Ready` of an Issuer or ClusterIssuer.
    #[serde(rename = "issuer.ready")]
    IssuerReady,
    /// An Event about an Issuer or ClusterIssuer.
    #[serde(rename = "issuer.event")]
    IssuerEvent,
    /// An Event about an Ingress or a Gateway.
    #[serde(rename = "ingress.event")]
    IngressEvent,
    /// A condition of a Namespace.
    #[serde(rename = "namespace")]
    Namespace,
    /// A line of a log of cert-manager.
    #[serde(rename = "log")]
    Log,
    /// An answer to `kubectl apply`, `helm` or `cmctl`.
    #[serde(rename = "apply")]
    Apply,
}

impl Place {
    /// As the tables name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CertificateReady => "certificate.ready",
            Self::CertificateIssuing => "certificate.issuing",
            Self::CertificateEvent => "certificate.event",
            Self::RequestReady => "request.ready",
            Self::RequestEvent => "request.event",
            Self::OrderReason => "order.reason",
            Self::OrderEvent => "order.event",
            Self::ChallengeReason => "challenge.reason",
            Self::ChallengeEvent => "challenge.event",
            Self::IssuerReady => "issuer.ready",
            Self::IssuerEvent => "issuer.event",
            Self::IngressEvent => "ingress.event",
            Self::Namespace => "namespace",
            Self::Log => "log",
            Self::Apply => "apply",
        }
    }
}
