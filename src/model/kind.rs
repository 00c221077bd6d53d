//! [`Kind`]: the Kubernetes kinds that cmtop watches, as a table.

use std::fmt;

/// A Kubernetes kind that cmtop knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `cert-manager.io` Certificate.
    Certificate,
    /// `cert-manager.io` CertificateRequest.
    CertificateRequest,
    /// `acme.cert-manager.io` Order.
    Order,
    /// `acme.cert-manager.io` Challenge.
    Challenge,
    /// `cert-manager.io` Issuer, of one namespace.
    Issuer,
    /// `cert-manager.io` ClusterIssuer.
    ClusterIssuer,
    /// Secret: metadata only.
    Secret,
    /// Event about an object of cert-manager.
    Event,
    /// Pod: HTTP-01 solvers and cert-manager's own.
    Pod,
    /// Service of an HTTP-01 solver.
    Service,
    /// Ingress of an HTTP-01 solver.
    Ingress,
    /// Gateway API route of an HTTP-01 solver.
    HttpRoute,
    /// Deployment of cert-manager.
    Deployment,
    /// Namespace: only its name.
    Namespace,
}

/// One row of the table of kinds.
#[derive(Debug)]
pub struct KindRow {
    /// The kind.
    pub kind: Kind,
    /// As `kind` in a manifest.
    pub name: &'static str,
    /// As in a URL.
    pub plural: &'static str,
    /// API group, empty for the core group.
    pub group: &'static str,
    /// API version.
    pub version: &'static str,
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
    /// Names that people type, kubectl's short names among them.
    pub aliases: &'static [&'static str],
}

const CM: &str = "cert-manager.io";
const ACME: &str = "acme.cert-manager.io";

#[rustfmt::skip]
static KINDS: [KindRow; 14] = [
    KindRow { kind: Kind::Certificate,        name: "Certificate",        plural: "certificates",        group: CM,   version: "v1", namespaced: true,  aliases: &["cert", "certs"] },
    KindRow { kind: Kind::CertificateRequest, name: "CertificateRequest", plural: "certificaterequests", group: CM,   version: "v1", namespaced: true,  aliases: &["cr", "crs"] },
    KindRow { kind: Kind::Order,              name: "Order",              plural: "orders",              group: ACME, version: "v1", namespaced: true,  aliases: &["ord"] },
    KindRow { kind: Kind::Challenge,          name: "Challenge",          plural: "challenges",          group: ACME, version: "v1", namespaced: true,  aliases: &["chal", "ch"] },
    KindRow { kind: Kind::Issuer,             name: "Issuer",             plural: "issuers",             group: CM,   version: "v1", namespaced: true,  aliases: &["iss"] },
    KindRow { kind: Kind::ClusterIssuer,      name: "ClusterIssuer",      plural: "clusterissuers",      group: CM,   version: "v1", namespaced: false, aliases: &["ciss"] },
    KindRow { kind: Kind::Secret,             name: "Secret",             plural: "secrets",             group: "",   version: "v1", namespaced: true,  aliases: &["sec"] },
    KindRow { kind: Kind::Event,              name: "Event",              plural: "events",              group: "",   version: "v1", namespaced: true,  aliases: &["ev"] },
    KindRow { kind: Kind::Pod,                name: "Pod",                plural: "pods",                group: "",   version: "v1", namespaced: true,  aliases: &["po"] },
    KindRow { kind: Kind::Service,            name: "Service",            plural: "services",            group: "",   version: "v1", namespaced: true,  aliases: &["svc"] },
    KindRow { kind: Kind::Ingress,            name: "Ingress",            plural: "ingresses",           group: "networking.k8s.io", version: "v1", namespaced: true, aliases: &["ing"] },
    KindRow { kind: Kind::HttpRoute,          name: "HTTPRoute",          plural: "httproutes",          group: "gateway.networking.k8s.io", version: "v1", namespaced: true, aliases: &[] },
    KindRow { kind: Kind::Deployment,         name: "Deployment",         plural: "deployments",         group: "apps", version: "v1", namespaced: true, aliases: &["deploy"] },
    KindRow { kind: Kind::Namespace,          name: "Namespace",          plural: "namespaces",          group: "",   version: "v1", namespaced: false, aliases: &["ns"] },
];

impl Kind {
    /// Every kind, in the order of the lifecycle.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|row| row.kind)
    }

    /// Its row in the table.
    pub fn row(self) -> &'static KindRow {
        &KINDS[self as usize]
    }

    /// As `kind` in a manifest: `CertificateRequest`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// As RBAC and `kubectl api-resources` name it: `orders.acme.cert-manager.io`, `secrets`.
    pub fn resource(self) -> String {
        let row = self.row();
        if row.group.is_empty() { row.plural.to_owned() } else { format!("{}.{}", row.plural, row.group) }
    }

    /// `cert-manager.io/v1`, `v1`.
    pub fn api_version(self) -> String {
        let row = self.row();
        if row.group.is_empty() { row.version.to_owned() } else { format!("{}/{}", row.group, row.version) }
    }

    /// The kind of a manifest, by its `kind` and the group of its `apiVersion`.
    pub fn of(api_version: &str, kind: &str) -> Option<Self> {
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        KINDS.iter().find(|row| row.name == kind && row.group == group).map(|row| row.kind)
    }

    /// The kind of a resource as recordings name it: `orders.acme.cert-manager.io/v1`, `secrets.v1`.
    pub fn of_resource(resource: &str) -> Option<Self> {
        let plain = resource.split_once('/').map_or(resource, |(plain, _)| plain);
        let (plural, group) = plain.split_once('.').unwrap_or((plain, ""));
        KINDS
            .iter()
            .find(|row| row.plural == plural && (row.group == group || row.group.is_empty() && group == row.version))
            .map(|row| row.kind)
    }

    /// The kind that a person means by a word: its name, plural, or short name, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        KINDS
            .iter()
            .find(|row| {
                row.name.to_ascii_lowercase() == word || row.plural == word || row.aliases.contains(&word.as_str())
            })
            .map(|row| row.kind)
    }

    /// Whether it is one of cert-manager's own kinds.
    pub fn is_cert_manager(self) -> bool {
        matches!(self.row().group, CM | ACME)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_its_own_row_and_is_found_by_each_of_its_names() {
        for (i, kind) in Kind::all().enumerate() {
            assert_eq!(kind as usize, i);
            assert_eq!(Kind::of(&kind.api_version(), kind.name()), Some(kind));
            assert_eq!(Kind::parse(kind.row().plural), Some(kind));
            for alias in kind.row().aliases {
                assert_eq!(Kind::parse(alias), Some(kind));
            }
        }
    }

    #[test]
    fn resources_of_recordings_are_found() {
        assert_eq!(Kind::of_resource("certificates.cert-manager.io/v1"), Some(Kind::Certificate));
        assert_eq!(Kind::of_resource("secrets.v1"), Some(Kind::Secret));
        assert_eq!(Kind::of_resource("ingresses.networking.k8s.io/v1"), Some(Kind::Ingress));
        assert_eq!(Kind::of_resource("nothings.example.org/v1"), None);
    }
}
