//! cert-manager's own kinds, and Secrets, Events and Namespaces.

use std::borrow::Cow;

use super::lenient::{Present, Strings};
use super::shape::shape;
use super::stamp::Stamp;
use crate::model::condition::Status;
use crate::model::id::Uid;
use crate::model::order::AcmeState;

pub use super::known::{
    Annotations, CERTIFICATE_NAME, CERTIFICATE_REVISION, ConditionType, ISSUER_NAME, Labels, NEXT_PRIVATE_KEY,
};

shape! {
    /// `metadata`, without `managedFields`.
    Meta {
        /// Its uid.
        uid: Uid = "uid",
        /// Its name.
        name: Box<str> = "name",
        /// Its namespace.
        namespace: Box<str> = "namespace",
        /// The version that was read.
        resource_version: Box<str> = "resourceVersion",
        /// When it was created.
        created: Stamp = "creationTimestamp",
        /// When its deletion was asked for.
        deleted: Stamp = "deletionTimestamp",
        /// Its owners.
        owners: Vec<Owner> = "ownerReferences",
        /// Its labels.
        labels: Strings<Labels> = "labels",
        /// The annotations that cmtop reads.
        annotations: Strings<Annotations> = "annotations",
        /// What holds it back from deletion.
        finalizers: Vec<Box<str>> = "finalizers",
    }

    /// An owner reference.
    Owner {
        /// The owner's uid.
        uid: Uid = "uid",
        /// Whether it is the controller.
        controller: bool = "controller",
    }

    /// A condition.
    Condition {
        /// Which one.
        kind: ConditionType = "type",
        /// Whether it holds.
        status: Status = "status",
        /// One word.
        reason: Cow<'static, str> = "reason",
        /// One sentence.
        message: Box<str> = "message",
        /// When the status changed last.
        since: Stamp = "lastTransitionTime",
    }

    /// `issuerRef`.
    IssuerRef {
        /// `Issuer` by default.
        kind: Cow<'static, str> = "kind",
        /// Its name.
        name: Box<str> = "name",
        /// `cert-manager.io` by default.
        group: Cow<'static, str> = "group",
    }

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

    /// `spec` of a CertificateRequest, without the CSR.
    RequestSpec {
        /// Who is to sign.
        issuer_ref: IssuerRef = "issuerRef",
    }

    /// `status` of a CertificateRequest, without the certificate.
    RequestStatus {
        /// Conditions.
        conditions: Vec<Condition> = "conditions",
        /// When it failed for good.
        failure_time: Stamp = "failureTime",
    }

    /// An Order.
    Order: whole {
        /// Metadata.
        metadata: Meta = "metadata",
        /// What is asked.
        spec: RequestSpec = "spec",
        /// What came of it.
        status: OrderStatus = "status",
    }

    /// `status` of an Order.
    OrderStatus {
        /// Where it stands.
        state: AcmeState = "state",
        /// Why.
        reason: Box<str> = "reason",
        /// Where the authority keeps it.
        url: Present = "url",
        /// Whether the certificate was fetched.
        certificate: Present = "certificate",
        /// What has to be proven.
        authorizations: Vec<Authorization> = "authorizations",
        /// When it failed.
        failure_time: Stamp = "failureTime",
    }

    /// One name to prove.
    Authorization {
        /// Its state when the Order was made.
        initial_state: AcmeState = "initialState",
    }

    /// A Challenge.
    Challenge: whole {
        /// Metadata.
        metadata: Meta = "metadata",
        /// What is to be proven.
        spec: ChallengeSpec = "spec",
        /// How far it is.
        status: ChallengeStatus = "status",
    }

    /// `spec` of a Challenge.
    ChallengeSpec {
        /// The name.
        dns_name: Box<str> = "dnsName",
        /// What should be found.
        key: Box<str> = "key",
        /// Where it should be found over HTTP.
        token: Box<str> = "token",
        /// Whether it stands for `*.`.
        wildcard: bool = "wildcard",
        /// `HTTP-01` or `DNS-01`.
        kind: Box<str> = "type",
        /// Whose account.
        issuer_ref: IssuerRef = "issuerRef",
        /// How.
        solver: Solver = "solver",
    }

    /// A solver: one of its two parts is filled in.
    Solver {
        /// For which names.
        selector: Selector = "selector",
        /// HTTP-01.
        http01: Http01 = "http01",
        /// DNS-01.
        dns01: Dns01 = "dns01",
    }

    /// For which names a solver is: all parts must fit.
    Selector {
        /// These names.
        dns_names: Vec<Box<str>> = "dnsNames",
        /// Names of these zones.
        dns_zones: Vec<Box<str>> = "dnsZones",
        /// Certificates with these labels.
        match_labels: Strings<Labels> = "matchLabels",
    }

    /// HTTP-01 by what.
    Http01 {
        /// An Ingress.
        ingress: IngressSolver = "ingress",
        /// A Gateway API route.
        gateway: Present = "gatewayHTTPRoute",
    }

    /// HTTP-01 by an Ingress.
    IngressSolver {
        /// Its class.
        class_name: Box<str> = "ingressClassName",
        /// Its class, by annotation.
        class: Box<str> = "class",
        /// An Ingress that is there, and is edited.
        name: Box<str> = "name",
    }

    /// DNS-01 by which provider: one is filled in.
    Dns01 {
        /// Whether the CNAME of the record is followed: `Follow` or `None`.
        cname_strategy: Box<str> = "cnameStrategy",
        /// ACME DNS.
        acme_dns: Present = "acmeDNS",
        /// Akamai.
        akamai: Present = "akamai",
        /// Azure DNS.
        azure_dns: Present = "azureDNS",
        /// Google Cloud DNS.
        cloud_dns: Present = "cloudDNS",
        /// Cloudflare.
        cloudflare: Present = "cloudflare",
        /// DigitalOcean.
        digitalocean: Present = "digitalocean",
        /// RFC 2136.
        rfc2136: Present = "rfc2136",
        /// Amazon Route 53.
        route53: Route53 = "route53",
        /// A webhook.
        webhook: Present = "webhook",
    }

    /// DNS-01 by Route 53: of its credentials only that they are given.
    Route53 {
        /// The region.
        region: Box<str> = "region",
        /// The role to assume.
        role: Box<str> = "role",
        /// The zone, where it need not be looked up.
        zone: Box<str> = "hostedZoneID",
        /// The name of a key; not the key.
        key: Box<str> = "accessKeyID",
        /// Where the name of the key is.
        key_ref: Present = "accessKeyIDSecretRef",
        /// Where the key is.
        secret_ref: Present = "secretAccessKeySecretRef",
        /// Another way to log in.
        auth: Route53Auth = "auth",
    }

    /// `auth` of Route 53.
    Route53Auth {
        /// By a service account.
        kubernetes: KubernetesAuth = "kubernetes",
    }

    /// `auth.kubernetes` of Route 53.
    KubernetesAuth {
        /// Which.
        account: AccountRef = "serviceAccountRef",
    }

    /// A service account.
    AccountRef {
        /// Its name.
        name: Box<str> = "name",
    }

    /// `status` of a Challenge.
    ChallengeStatus {
        /// Whether it was let start.
        processing: bool = "processing",
        /// Whether it is put up.
        presented: bool = "presented",
        /// When (since 1.21).
        presented_at: Stamp = "presentedAt",
        /// Where it stands.
        state: AcmeState = "state",
        /// Why.
        reason: Box<str> = "reason",
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
    }

    /// A Secret: that it exists.
    Secret: whole {
        /// Metadata.
        metadata: Meta = "metadata",
    }

    /// A Namespace: that it exists.
    Namespace: whole {
        /// Metadata.
        metadata: Meta = "metadata",
    }

    /// A core/v1 Event.
    Event: whole {
        /// Metadata.
        metadata: Meta = "metadata",
        /// What it is about.
        involved: Involved = "involvedObject",
        /// One word.
        reason: Box<str> = "reason",
        /// One sentence.
        message: Box<str> = "message",
        /// `Normal` or `Warning`.
        kind: Box<str> = "type",
        /// First time.
        first: Stamp = "firstTimestamp",
        /// Last time.
        last: Stamp = "lastTimestamp",
        /// The newer API's only time.
        event_time: Stamp = "eventTime",
        /// The newer API's folding.
        series: Series = "series",
        /// How often.
        count: i64 = "count",
        /// Who.
        source: EventSource = "source",
        /// Who, in the newer API.
        reporting: Box<str> = "reportingComponent",
    }

    /// What an Event is about.
    Involved {
        /// `cert-manager.io/v1`.
        api_version: Box<str> = "apiVersion",
        /// Its kind.
        kind: Box<str> = "kind",
        /// Its namespace.
        namespace: Box<str> = "namespace",
        /// Its name.
        name: Box<str> = "name",
        /// Its uid.
        uid: Uid = "uid",
    }

    /// How the newer API folds Events.
    Series {
        /// How often.
        count: i64 = "count",
        /// Last time.
        last: Stamp = "lastObservedTime",
    }

    /// Who noted an Event.
    EventSource {
        /// The controller.
        component: Box<str> = "component",
    }
}
