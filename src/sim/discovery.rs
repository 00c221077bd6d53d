//! The documents that tell a client what is served.

use serde_json::{Value, json};

use super::resource::{RESOURCES, Resource};

/// Groups that are asked questions and store nothing.
const REVIEW_GROUPS: &[&str] = &["authentication.k8s.io", "authorization.k8s.io"];
const REVIEWS: &[(&str, &str, &str)] = &[
    ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
    ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
    ("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
];
const BUILTIN_VERBS: &[&str] = &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const CUSTOM_VERBS: &[&str] = &["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const SUBRESOURCE_VERBS: &[&str] = &["get", "patch", "update"];

/// The document at a path; `None` when there is none.
pub(crate) fn document(path: &str) -> Option<Value> {
    match path {
        "/api" => Some(json!({
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1:6443"}],
        })),
        "/api/v1" => Some(resources("", "v1")),
        "/apis" => {
            Some(json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups().map(group).collect::<Vec<_>>()}))
        }
        "/version" | "/version/" => Some(version()),
        path => {
            let path = path.strip_prefix("/apis/")?;
            let (name, version) = path.split_once('/').unwrap_or((path, ""));
            groups().find(|known| *known == name)?;
            match version {
                "" => {
                    let mut document = group(name);
                    document["kind"] = json!("APIGroup");
                    document["apiVersion"] = json!("v1");
                    Some(document)
                }
                "v1" => Some(resources(name, path)),
                _ => None,
            }
        }
    }
}

fn version() -> Value {
    json!({
        "major": "1", "minor": "36", "emulationMajor": "1", "emulationMinor": "36",
        "minCompatibilityMajor": "1", "minCompatibilityMinor": "35",
        "gitVersion": "v1.36.0+cmtop", "gitCommit": "", "gitTreeState": "",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "rustc", "platform": "cmtop/simulated",
    })
}

fn groups() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<_> = REVIEW_GROUPS.to_vec();
    for row in RESOURCES.iter().filter(|row| !row.group.is_empty()) {
        if !names.contains(&row.group) {
            names.push(row.group);
        }
    }
    names.into_iter()
}

fn group(name: &str) -> Value {
    let version = json!({"groupVersion": format!("{name}/v1"), "version": "v1"});
    json!({"name": name, "versions": [version], "preferredVersion": version})
}

fn resources(group: &str, group_version: &str) -> Value {
    let mut rows = Vec::new();
    for row in RESOURCES.iter().filter(|row| row.group == group) {
        rows.push(described(row));
        if row.status {
            rows.push(subresource(row, "status", SUBRESOURCE_VERBS));
        }
        if row.kind == "Pod" {
            rows.push(subresource(row, "log", &["get"]));
            rows.push(subresource(row, "portforward", &["create", "get"]));
        }
    }
    for (_, plural, kind) in REVIEWS.iter().filter(|(owner, ..)| *owner == group) {
        rows.push(json!({"name": plural, "singularName": "", "namespaced": false, "kind": kind, "verbs": ["create"]}));
    }
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": rows})
}

fn described(row: &Resource) -> Value {
    let mut verbs = if row.custom { CUSTOM_VERBS } else { BUILTIN_VERBS }.to_vec();
    if row.kind == "Namespace" {
        verbs.retain(|verb| *verb != "deletecollection");
    }
    let mut document = json!({
        "name": row.plural, "singularName": row.singular, "namespaced": row.namespaced, "kind": row.kind, "verbs": verbs,
    });
    if !row.short.is_empty() {
        document["shortNames"] = json!(row.short);
    }
    if !row.categories.is_empty() {
        document["categories"] = json!(row.categories);
    }
    document
}

fn subresource(row: &Resource, name: &str, verbs: &[&str]) -> Value {
    let name = format!("{}/{name}", row.plural);
    json!({"name": name, "singularName": "", "namespaced": row.namespaced, "kind": row.kind, "verbs": verbs})
}
