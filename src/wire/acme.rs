//! The kinds of `acme.cert-manager.io`: Orders, Challenges, and how names are proven.

use super::common::{IssuerRef, Meta, RequestSpec};
use super::known::Labels;
use super::lenient::{Present, Strings};
use super::shape::shape;
use super::stamp::Stamp;
use crate::model::order::AcmeState;

shape! {
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
}
