//! The kinds of `cert-manager.io`; those of [`acme`](super::acme) and [`core`](super::core), and what is
//! [`common`](super::common) to them, can be named from here, too.

use super::lenient::Present;
use super::shape::shape;
use super::stamp::Stamp;

pub use super::acme::{
    AccountRef, Authorization, Challenge, ChallengeSpec, ChallengeStatus, Dns01, Http01, IngressSolver, KubernetesAuth,
    Order, OrderStatus, Route53, Route53Auth, Selector, Solver,
};
pub use super::common::{Condition, IssuerRef, Meta, Owner, RequestSpec};
pub use super::core::{Event, EventSource, Involved, Namespace, Secret, Series};
pub use super::known::{
    Annotations, CERTIFICATE_NAME, CERTIFICATE_REVISION, ConditionType, ISSUER_NAME, Labels, NEXT_PRIVATE_KEY,
};

shape! {
    /// A Certificate.
    Certificate: whole {
        /// Metadata.
        metadata: Meta = "metadata",
        /// What is wanted.
        spec: CertificateSpec = "spec",
        /// What is.
        status: CertificateStatus = "status",
    }

    /// `spec` of a Certificate.
    CertificateSpec {
        /// Where it is stored.
        secret_name: Box<str> = "secretName",
        /// The names.
        dns_names: Vec<Box<str>> = "dnsNames",
        /// The common name.
        common_name: Box<str> = "commonName",
        /// Who signs.
        issuer_ref: IssuerRef = "issuerRef",
        /// Since 1.21.
        renewal: Renewal = "renewal",
    }

    /// `spec.renewal` of a Certificate.
    Renewal {
        /// `Disabled` or nothing.
        policy: Box<str> = "policy",
        /// When renewals may begin.
        windows: Vec<RenewalWindow> = "windows",
    }

    /// A time of day or week in which renewals may begin.
    RenewalWindow {
        /// When it begins, as cron has it.
        cron: Box<str> = "cron",
        /// How long it is.
        duration: Box<str> = "windowDuration",
        /// Where that time is told.
        timezone: Box<str> = "timezone",
    }

    /// `status.acme` of a Certificate (since 1.21).
    CertificateAcme {
        /// What the authority says of its renewal.
        ari: RenewalInformation = "ari",
    }

    /// `status.acme.ari` of a Certificate: RFC 9773.
    RenewalInformation {
        /// When the authority would like it to be renewed.
        suggested_window: SuggestedWindow = "suggestedWindow",
        /// Where it says why.
        explanation: Box<str> = "explanationURL",
        /// When it was asked last.
        last_checked: Stamp = "lastChecked",
        /// When it will be asked next.
        next_check: Stamp = "nextCheck",
        /// What went wrong then.
        last_error: Box<str> = "lastError",
    }

    /// From when to when.
    SuggestedWindow {
        /// Its beginning.
        start: Stamp = "start",
        /// Its end.
        end: Stamp = "end",
    }

    /// `status` of a Certificate.
    CertificateStatus {
        /// Conditions.
        conditions: Vec<Condition> = "conditions",
        /// How often it was issued.
        revision: i64 = "revision",
        /// Its end.
        not_after: Stamp = "notAfter",
        /// Its beginning.
        not_before: Stamp = "notBefore",
        /// When it is to be renewed.
        renewal_time: Stamp = "renewalTime",
        /// When the last attempt failed.
        last_failure_time: Stamp = "lastFailureTime",
        /// How many failed in a row.
        failed_issuance_attempts: i64 = "failedIssuanceAttempts",
        /// The key of the issuance in flight.
        next_private_key_secret_name: Box<str> = "nextPrivateKeySecretName",
        /// Since 1.21.
        acme: CertificateAcme = "acme",
    }

    /// A CertificateRequest.
    CertificateRequest: whole {
        /// Metadata.
        metadata: Meta = "metadata",
        /// What is asked.
        spec: RequestSpec = "spec",
        /// What came of it.
        status: RequestStatus = "status",
    }

    /// `status` of a CertificateRequest, without the certificate.
    RequestStatus {
        /// Conditions.
        conditions: Vec<Condition> = "conditions",
        /// When it failed for good.
        failure_time: Stamp = "failureTime",
    }

    /// An Issuer or a ClusterIssuer.
    Issuer: whole {
        /// `Issuer` or `ClusterIssuer`.
        kind: Box<str> = "kind",
        /// Metadata.
        metadata: Meta = "metadata",
        /// What it is.
        spec: IssuerSpec = "spec",
        /// Whether it can sign.
        status: IssuerStatus = "status",
    }

    /// `spec` of an issuer: one part is filled in.
    IssuerSpec {
        /// ACME.
        acme: Acme = "acme",
        /// A key pair.
        ca: Ca = "ca",
        /// Self-signed.
        self_signed: Present = "selfSigned",
        /// Vault.
        vault: Vault = "vault",
        /// Certificate Manager, formerly Venafi.
        venafi: Present = "venafi",
    }

    /// `spec.acme`.
    Acme {
        /// The directory.
        server: Box<str> = "server",
        /// How names are proven.
        solvers: Vec<Solver> = "solvers",
    }

    /// `spec.ca`.
    Ca {
        /// Where the key pair is.
        secret_name: Box<str> = "secretName",
    }

    /// `spec.vault`.
    Vault {
        /// Where it is.
        server: Box<str> = "server",
    }

    /// `status` of an issuer.
    IssuerStatus {
        /// Conditions.
        conditions: Vec<Condition> = "conditions",
        /// The account.
        acme: AcmeStatus = "acme",
    }

    /// `status.acme` of an issuer.
    AcmeStatus {
        /// The account's URL.
        uri: Box<str> = "uri",
    }
}
