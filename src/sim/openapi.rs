//! What `kubectl explain` and `kubectl apply` read: a description of each kind, with the fields that the simulated server checks.

use serde_json::{Map, Value, json};

use super::resource::{RESOURCES, Resource};
use super::schema;

/// The document at a path; `None` when there is none.
pub(crate) fn document(path: &str) -> Option<Value> {
    let path = path.strip_prefix("/openapi/v3")?;
    if path.is_empty() || path == "/" {
        let place = |row: &Resource| {
            let place = place(row);
            let url = json!({"serverRelativeURL": format!("/openapi/v3/{place}?hash=simulated")});
            (place, url)
        };
        let paths: Map<String, Value> = RESOURCES.iter().map(place).collect();
        return Some(json!({ "paths": paths }));
    }
    let wanted = path.trim_start_matches('/');
    let rows: Vec<&Resource> = RESOURCES.iter().filter(|row| place(row) == wanted).collect();
    let paths: Map<String, Value> =
        rows.iter().map(|row| (format!("/{wanted}/{}", row.plural), path_of(row))).collect();
    let schemas: Map<String, Value> = rows.iter().map(|row| (component(row), described(row))).collect();
    (!rows.is_empty()).then(|| {
        json!({
            "openapi": "3.0.0", "info": {"title": "cmtop simulate", "version": "v1.36.0"}, "paths": paths,
            "components": {"schemas": schemas},
        })
    })
}

/// `apis/cert-manager.io/v1`, or `api/v1` for the core group.
fn place(row: &Resource) -> String {
    format!("{}/{}", if row.group.is_empty() { "api" } else { "apis" }, row.api_version())
}

fn component(row: &Resource) -> String {
    let mut words: Vec<&str> = row.group.split('.').rev().filter(|word| !word.is_empty()).collect();
    words.extend([row.version, row.kind]);
    words.join(".")
}

/// What a resource is for whom only knows its path, and what a write of it may ask for: without `fieldValidation` there,
/// kubectl wants to check an object itself, and asks for a description in another form.
fn path_of(row: &Resource) -> Value {
    let kind = json!({"group": row.group, "version": row.version, "kind": row.kind});
    let asked = ["dryRun", "fieldValidation"].map(|name| json!({"name": name, "in": "query"}));
    json!({
        "get": {"x-kubernetes-group-version-kind": kind},
        "patch": {"x-kubernetes-group-version-kind": kind, "parameters": asked},
    })
}

fn described(row: &Resource) -> Value {
    let mut schema = of_rule(schema::of(row.kind));
    schema["type"] = json!("object");
    for (name, kind) in [("apiVersion", "string"), ("kind", "string"), ("metadata", "object")] {
        schema["properties"][name] = json!({"type": kind});
    }
    schema["x-kubernetes-group-version-kind"] = json!([{"group": row.group, "version": row.version, "kind": row.kind}]);
    schema
}

fn of_rule(rule: &Value) -> Value {
    let mut schema = json!({"type": rule["type"].as_str().unwrap_or("object")});
    let fields = rule["fields"].as_object().into_iter().flatten();
    let properties: Map<String, Value> = fields.map(|(name, rule)| (name.clone(), of_rule(rule))).collect();
    if !properties.is_empty() {
        schema["properties"] = Value::Object(properties);
    }
    for copied in ["enum", "required"] {
        if rule[copied].is_array() {
            schema[copied] = rule[copied].clone();
        }
    }
    if rule["type"] == "array" {
        schema["items"] = of_rule(&rule["items"]);
    }
    schema
}
