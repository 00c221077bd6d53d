//! What the simulated API server serves: one row a resource.

use super::columns::{self, Column};

/// A kind of object that the simulated API server stores.
#[derive(Debug)]
pub struct Resource {
    /// The API group; empty for the core group.
    pub group: &'static str,
    /// The version, always one.
    pub version: &'static str,
    /// The name in URLs: `certificates`.
    pub plural: &'static str,
    /// The name of one: `certificate`.
    pub singular: &'static str,
    /// The name in manifests: `Certificate`.
    pub kind: &'static str,
    /// What kubectl also calls it: `cert`.
    pub short: &'static [&'static str],
    /// Groups of resources that kubectl can name at once.
    pub categories: &'static [&'static str],
    /// Whether objects live in a namespace.
    pub namespaced: bool,
    /// Whether `status` is a subresource, written on its own.
    pub status: bool,
    /// Whether the real server would serve it as a custom resource, with the small differences that makes.
    pub custom: bool,
    /// Fields other than name and namespace that a field selector may use.
    pub(super) fields: &'static [&'static str],
    /// The columns that `kubectl get` prints.
    pub(super) columns: &'static [Column],
}

impl Resource {
    /// `cert-manager.io/v1`, or `v1` for the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }

    /// `certificates.cert-manager.io`: how messages name the resource.
    pub fn qualified(&self) -> String {
        qualify(self.plural, self.group)
    }

    /// `Certificate.cert-manager.io`: how messages name the kind.
    pub fn qualified_kind(&self) -> String {
        qualify(self.kind, self.group)
    }

    /// Whether `metadata.generation` counts changes of the specification.
    pub(super) fn counts_generations(&self) -> bool {
        self.custom || matches!(self.kind, "Deployment" | "Ingress" | "Pod")
    }

    /// The place of this row in [`RESOURCES`], told from where it lies: this is asked at every read and write.
    pub(super) fn index(&self) -> usize {
        let offset = std::ptr::from_ref(self).addr().saturating_sub(RESOURCES.as_ptr().addr());
        offset / size_of::<Self>()
    }
}

fn qualify(name: &str, group: &str) -> String {
    if group.is_empty() { name.to_owned() } else { format!("{name}.{group}") }
}

/// The resource with this plural name in this API group.
pub(crate) fn by_plural(group: &str, plural: &str) -> Option<&'static Resource> {
    RESOURCES.iter().find(|row| row.group == group && row.plural == plural)
}

/// The resource of a manifest with this `apiVersion` and `kind`.
pub(crate) fn by_kind(api_version: &str, kind: &str) -> Option<&'static Resource> {
    RESOURCES.iter().find(|row| row.kind == kind && row.api_version() == api_version)
}

/// The resource that a person means: a plural, a singular, a kind or a short name.
pub(crate) fn by_name(name: &str) -> Option<&'static Resource> {
    let lower = name.to_ascii_lowercase();
    let named = |row: &&Resource| {
        row.plural == lower
            || row.singular == lower
            || row.kind == name
            || row.short.contains(&lower.as_str())
            || row.qualified() == lower
    };
    RESOURCES.iter().find(named)
}

const CM: &str = "cert-manager.io";
const ACME: &str = "acme.cert-manager.io";
const RBAC: &str = "rbac.authorization.k8s.io";

const fn builtin(
    group: &'static str,
    plural: &'static str,
    singular: &'static str,
    kind: &'static str,
    short: &'static [&'static str],
) -> Resource {
    Resource {
        group,
        version: "v1",
        plural,
        singular,
        kind,
        short,
        categories: &[],
        namespaced: true,
        status: false,
        custom: false,
        fields: &[],
        columns: columns::PLAIN,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "constants are built by handing them on")]
const fn cluster(row: Resource) -> Resource {
    Resource { namespaced: false, ..row }
}

#[expect(clippy::needless_pass_by_value, reason = "constants are built by handing them on")]
const fn with_status(row: Resource) -> Resource {
    Resource { status: true, ..row }
}

#[expect(clippy::needless_pass_by_value, reason = "constants are built by handing them on")]
const fn printed(row: Resource, columns: &'static [Column]) -> Resource {
    Resource { columns, ..row }
}

#[expect(clippy::needless_pass_by_value, reason = "constants are built by handing them on")]
const fn selected(row: Resource, fields: &'static [&'static str]) -> Resource {
    Resource { fields, ..row }
}

/// In a category: `kubectl get all` asks for everything of the category `all`.
#[expect(clippy::needless_pass_by_value, reason = "constants are built by handing them on")]
const fn among(row: Resource, categories: &'static [&'static str]) -> Resource {
    Resource { categories, ..row }
}

#[expect(clippy::needless_pass_by_value, reason = "constants are built by handing them on")]
const fn custom(row: Resource, categories: &'static [&'static str], columns: &'static [Column]) -> Resource {
    Resource { categories, columns, status: true, custom: true, ..row }
}

/// Every resource, in the order of discovery.
pub static RESOURCES: &[Resource] = &[
    builtin("", "configmaps", "configmap", "ConfigMap", &["cm"]),
    builtin("", "endpoints", "endpoints", "Endpoints", &["ep"]),
    selected(printed(builtin("", "events", "event", "Event", &["ev"]), columns::EVENT), columns::EVENT_FIELDS),
    cluster(with_status(selected(
        printed(builtin("", "namespaces", "namespace", "Namespace", &["ns"]), columns::NAMESPACE),
        &["status.phase"],
    ))),
    cluster(with_status(builtin("", "nodes", "node", "Node", &["no"]))),
    among(
        with_status(selected(
            printed(builtin("", "pods", "pod", "Pod", &["po"]), columns::POD),
            &["status.phase", "spec.nodeName", "spec.serviceAccountName", "status.podIP"],
        )),
        &["all"],
    ),
    selected(printed(builtin("", "secrets", "secret", "Secret", &[]), columns::SECRET), &["type"]),
    builtin("", "serviceaccounts", "serviceaccount", "ServiceAccount", &["sa"]),
    among(with_status(printed(builtin("", "services", "service", "Service", &["svc"]), columns::SERVICE)), &["all"]),
    cluster(builtin(
        "admissionregistration.k8s.io",
        "mutatingwebhookconfigurations",
        "mutatingwebhookconfiguration",
        "MutatingWebhookConfiguration",
        &[],
    )),
    cluster(builtin(
        "admissionregistration.k8s.io",
        "validatingwebhookconfigurations",
        "validatingwebhookconfiguration",
        "ValidatingWebhookConfiguration",
        &[],
    )),
    cluster(with_status(builtin(
        "apiextensions.k8s.io",
        "customresourcedefinitions",
        "customresourcedefinition",
        "CustomResourceDefinition",
        &["crd", "crds"],
    ))),
    cluster(with_status(builtin("apiregistration.k8s.io", "apiservices", "apiservice", "APIService", &[]))),
    among(
        with_status(printed(
            builtin("apps", "deployments", "deployment", "Deployment", &["deploy"]),
            columns::DEPLOYMENT,
        )),
        &["all"],
    ),
    builtin("coordination.k8s.io", "leases", "lease", "Lease", &[]),
    cluster(builtin("networking.k8s.io", "ingressclasses", "ingressclass", "IngressClass", &[])),
    with_status(printed(builtin("networking.k8s.io", "ingresses", "ingress", "Ingress", &["ing"]), columns::INGRESS)),
    cluster(builtin(RBAC, "clusterrolebindings", "clusterrolebinding", "ClusterRoleBinding", &[])),
    cluster(builtin(RBAC, "clusterroles", "clusterrole", "ClusterRole", &[])),
    builtin(RBAC, "rolebindings", "rolebinding", "RoleBinding", &[]),
    builtin(RBAC, "roles", "role", "Role", &[]),
    custom(
        builtin(ACME, "challenges", "challenge", "Challenge", &[]),
        &["cert-manager", "cert-manager-acme"],
        columns::CHALLENGE,
    ),
    custom(builtin(ACME, "orders", "order", "Order", &[]), &["cert-manager", "cert-manager-acme"], columns::ORDER),
    custom(
        builtin(CM, "certificaterequests", "certificaterequest", "CertificateRequest", &["cr", "crs"]),
        &["cert-manager"],
        columns::REQUEST,
    ),
    custom(
        builtin(CM, "certificates", "certificate", "Certificate", &["cert", "certs"]),
        &["cert-manager"],
        columns::CERTIFICATE,
    ),
    cluster(custom(
        builtin(CM, "clusterissuers", "clusterissuer", "ClusterIssuer", &["ciss"]),
        &["cert-manager"],
        columns::ISSUER,
    )),
    custom(builtin(CM, "issuers", "issuer", "Issuer", &["iss"]), &["cert-manager"], columns::ISSUER),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_find_what_they_mean() {
        for name in ["cert", "certs", "certificates", "Certificate", "certificates.cert-manager.io"] {
            assert_eq!(by_name(name).map(|row| row.kind), Some("Certificate"), "{name}");
        }
        assert!(by_name("nothings").is_none());
    }

    #[test]
    fn every_row_knows_its_place() {
        for (index, row) in RESOURCES.iter().enumerate() {
            assert_eq!(row.index(), index);
        }
    }
}
