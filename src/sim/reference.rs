//! How one object means another: by its key, as its issuer, as its owner.

use serde_json::{Value, json};

use super::object::{key, meta};

/// A Secret that an issuer uses: of its own namespace, or of cert-manager's for a ClusterIssuer.
pub(crate) fn issuer_secret_key(issuer: &Value, name: &str) -> String {
    let namespace = Some(meta(issuer, "namespace")).filter(|namespace| !namespace.is_empty());
    key(namespace.unwrap_or("cert-manager"), name)
}

/// The kind that an issuer reference means.
pub(crate) fn issuer_kind(reference: &Value) -> &str {
    reference["kind"].as_str().filter(|kind| !kind.is_empty()).unwrap_or("Issuer")
}

/// The key of an object.
pub(crate) fn key_of(value: &Value) -> String {
    key(meta(value, "namespace"), meta(value, "name"))
}

/// The key and the kind of the controller that owns an object.
pub(crate) fn owner_key(value: &Value, kind: &str) -> Option<String> {
    let owners = value["metadata"]["ownerReferences"].as_array()?;
    let owner = owners.iter().find(|owner| owner["kind"] == kind && owner["controller"] == true)?;
    Some(key(meta(value, "namespace"), owner["name"].as_str()?))
}

/// A reference to an object as the controller of another.
pub(crate) fn owned_by(owner: &Value) -> Value {
    json!([{
        "apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": meta(owner, "name"), "uid": meta(owner, "uid"),
        "controller": true, "blockOwnerDeletion": true,
    }])
}
