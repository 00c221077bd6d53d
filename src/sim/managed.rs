//! `managedFields`: who wrote which field. They are told of an object that is read alone: a list of a hundred thousand
//! would be twice as long with them.

use serde_json::{Map, Value, json};

use super::resource::Resource;

/// Writes who wrote what into an object.
pub(super) fn tell(resource: &Resource, value: &mut Value) {
    let created = value["metadata"]["creationTimestamp"].clone();
    let (writer, keeper) = writers(resource, value);
    let entry = |manager: &str, time: &Value, fields: Value| {
        json!({
            "manager": manager, "operation": "Update", "apiVersion": resource.api_version(), "time": time,
            "fieldsType": "FieldsV1", "fieldsV1": fields,
        })
    };
    let own = value.as_object().into_iter().flatten();
    let mut written: Map<String, Value> = own
        .filter(|(field, _)| !matches!(field.as_str(), "apiVersion" | "kind" | "metadata" | "status"))
        .map(|(field, value)| (format!("f:{field}"), fields(value)))
        .collect();
    let mut of_metadata = Map::new();
    for field in ["annotations", "labels", "ownerReferences", "finalizers"] {
        if !value["metadata"][field].is_null() {
            of_metadata.insert(format!("f:{field}"), fields(&value["metadata"][field]));
        }
    }
    if !of_metadata.is_empty() {
        written.insert("f:metadata".to_owned(), Value::Object(of_metadata));
    }
    let mut entries = vec![entry(writer, &created, Value::Object(written))];
    if resource.status && !value["status"].is_null() {
        let changed = value["status"]["conditions"].as_array().into_iter().flatten();
        let last = changed.filter_map(|condition| condition["lastTransitionTime"].as_str()).max();
        let mut status =
            entry(keeper, &last.map_or(created, Value::from), json!({"f:status": fields(&value["status"])}));
        status["subresource"] = json!("status");
        entries.push(status);
    }
    value["metadata"]["managedFields"] = Value::Array(entries);
}

/// Who writes an object of a kind, and who its status.
fn writers(resource: &Resource, value: &Value) -> (&'static str, &'static str) {
    match resource.kind {
        "Certificate" => ("kubectl-client-side-apply", "cert-manager-certificates-readiness"),
        "CertificateRequest" => {
            ("cert-manager-certificates-request-manager", "cert-manager-certificaterequests-issuer-acme")
        }
        "Order" => ("cert-manager-certificaterequests-issuer-acme", "cert-manager-orders"),
        "Challenge" => ("cert-manager-orders", "cert-manager-challenges"),
        "Issuer" => ("kubectl-client-side-apply", "cert-manager-issuers"),
        "ClusterIssuer" => ("kubectl-client-side-apply", "cert-manager-clusterissuers"),
        "Secret" if value["type"] == "kubernetes.io/tls" => ("cert-manager-certificates-issuing", ""),
        "Pod" | "Node" | "Lease" => ("kubelet", "kubelet"),
        _ => ("kubectl-client-side-apply", "kube-controller-manager"),
    }
}

/// The names of the fields of a value, as far as maps reach; conditions are known by their type.
fn fields(value: &Value) -> Value {
    let names = value.as_object().into_iter().flatten();
    let mut told: Map<String, Value> = names
        .map(|(name, value)| match (name.as_str(), value.as_array()) {
            ("conditions", Some(conditions)) => {
                let key = |condition: &Value| format!("k:{}", json!({"type": condition["type"]}));
                let keyed = conditions.iter().map(|condition| (key(condition), fields(condition)));
                ("f:conditions".to_owned(), Value::Object(keyed.chain([dot()]).collect()))
            }
            _ => (format!("f:{name}"), fields(value)),
        })
        .collect();
    if !told.is_empty() {
        told.extend([dot()]);
    }
    Value::Object(told)
}

/// The map itself.
fn dot() -> (String, Value) {
    (".".to_owned(), json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::resource;

    #[test]
    fn the_writers_of_a_certificate_and_of_its_status_are_told_apart() {
        let mut value = json!({
            "metadata": {"name": "a", "creationTimestamp": "2026-11-22T00:00:00Z", "labels": {"team": "x"}},
            "spec": {"secretName": "a-tls", "dnsNames": ["a.example"]},
            "status": {"revision": 1, "conditions": [{"type": "Ready", "lastTransitionTime": "2026-11-23T00:00:00Z"}]},
        });
        tell(resource::by_name("Certificate").unwrap(), &mut value);
        let [main, status] = value["metadata"]["managedFields"].as_array().unwrap().as_slice() else { panic!() };
        assert_eq!(main["fieldsV1"]["f:spec"], json!({".": {}, "f:secretName": {}, "f:dnsNames": {}}));
        assert_eq!(main["fieldsV1"]["f:metadata"], json!({"f:labels": {".": {}, "f:team": {}}}));
        assert_eq!((&status["subresource"], &status["time"]), (&json!("status"), &json!("2026-11-23T00:00:00Z")));
        assert!(status["fieldsV1"]["f:status"]["f:revision"].is_object() && main.get("subresource").is_none());
        assert!(status["fieldsV1"]["f:status"]["f:conditions"][r#"k:{"type":"Ready"}"#].is_object());
    }
}
