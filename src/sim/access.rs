//! Who may do what: Roles and bindings, read from the store at every question.

use serde_json::{Value, json};

use super::object::Object;
use super::refusal::Refusal;
use super::resource;
use super::store::Store;

/// The user that a request comes from; without impersonation, one who may do everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct User {
    /// Empty for the administrator.
    pub(crate) name: String,
    pub(crate) groups: Vec<String>,
}

/// Something that somebody wants to do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempt {
    pub(crate) verb: String,
    pub(crate) group: String,
    /// With its subresource: `certificates/status`.
    pub(crate) resource: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl Attempt {
    /// Reads the `resourceAttributes` of a review.
    fn read(attributes: &Value) -> Self {
        let text = |field: &str| attributes[field].as_str().unwrap_or_default().to_owned();
        let subresource = text("subresource");
        let resource =
            if subresource.is_empty() { text("resource") } else { format!("{}/{subresource}", text("resource")) };
        Self { verb: text("verb"), group: text("group"), resource, namespace: text("namespace"), name: text("name") }
    }
}

/// Whether a user may do something.
pub(crate) fn allowed(store: &Store, user: &User, attempt: &Attempt) -> bool {
    user.name.is_empty()
        || user.groups.iter().any(|group| group == "system:masters")
        || rules(store, user, &attempt.namespace).iter().any(|rule| permits(rule, attempt))
}

/// Refuses what a user may not do.
pub(crate) fn check(store: &Store, user: &User, attempt: &Attempt) -> Result<(), Refusal> {
    if allowed(store, user, attempt) {
        return Ok(());
    }
    let Attempt { verb, group, resource, namespace, name } = attempt;
    let place = if namespace.is_empty() {
        "at the cluster scope".to_owned()
    } else {
        format!("in the namespace \"{namespace}\"")
    };
    let who = &user.name;
    let why = format!("User \"{who}\" cannot {verb} resource \"{resource}\" in API group \"{group}\" {place}");
    let plural = resource.split('/').next().unwrap_or(resource);
    Err(Refusal::forbidden(plural, group, name, &why))
}

/// Answers a review of one's own rights; `None` when nothing of that name is served.
pub(crate) fn review(store: &Store, user: &User, plural: &str, asked: &Value) -> Option<Value> {
    let mut answer =
        json!({"apiVersion": asked["apiVersion"], "kind": asked["kind"], "metadata": {}, "spec": asked["spec"]});
    match plural {
        "selfsubjectaccessreviews" => {
            let attributes = &asked["spec"]["resourceAttributes"];
            let may = if attributes.is_null() {
                user.name.is_empty()
            } else {
                allowed(store, user, &Attempt::read(attributes))
            };
            answer["status"] =
                if may { json!({"allowed": true, "reason": "access granted"}) } else { json!({"allowed": false}) };
        }
        "selfsubjectrulesreviews" => {
            let all = json!([{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]);
            let namespace = asked["spec"]["namespace"].as_str().unwrap_or_default();
            let resource_rules = if user.name.is_empty() { all } else { Value::Array(rules(store, user, namespace)) };
            answer["spec"] = json!({});
            answer["status"] = json!({"resourceRules": resource_rules, "nonResourceRules": [], "incomplete": false});
        }
        "selfsubjectreviews" => {
            let name = if user.name.is_empty() { "cmtop" } else { &user.name };
            answer["status"] = json!({"userInfo": {"username": name, "groups": user.groups}});
        }
        _ => return None,
    }
    Some(answer)
}

/// Every rule that a user has in a namespace, or in the whole cluster.
fn rules(store: &Store, user: &User, namespace: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for (plural, scope) in [("clusterrolebindings", None), ("rolebindings", Some(namespace))] {
        let Some(bindings) = resource::by_plural("rbac.authorization.k8s.io", plural) else { continue };
        if scope == Some("") {
            continue;
        }
        for binding in store.range(bindings, scope, None) {
            let value = binding.value();
            let mut subjects = value["subjects"].as_array().into_iter().flatten();
            if subjects.any(|subject| is_meant(subject, user)) {
                found.extend(role_rules(store, &value["roleRef"], binding));
            }
        }
    }
    found
}

fn is_meant(subject: &Value, user: &User) -> bool {
    let name = subject["name"].as_str().unwrap_or_default();
    match subject["kind"].as_str() {
        Some("User") => name == user.name,
        Some("Group") => name == "system:authenticated" || user.groups.iter().any(|group| group == name),
        Some("ServiceAccount") => {
            user.name == format!("system:serviceaccount:{}:{name}", subject["namespace"].as_str().unwrap_or_default())
        }
        _ => false,
    }
}

fn role_rules(store: &Store, reference: &Value, binding: &Object) -> Vec<Value> {
    let name = reference["name"].as_str().unwrap_or_default();
    let (plural, namespace) = match reference["kind"].as_str() {
        Some("ClusterRole") => ("clusterroles", ""),
        _ => ("roles", binding.namespace()),
    };
    let role = resource::by_plural("rbac.authorization.k8s.io", plural);
    let role = role.and_then(|roles| store.get(roles, &super::object::key(namespace, name)));
    role.and_then(|role| role.value()["rules"].as_array().cloned()).unwrap_or_default()
}

fn permits(rule: &Value, attempt: &Attempt) -> bool {
    let has = |field: &str, wanted: &str| {
        let mut values = rule[field].as_array().into_iter().flatten().filter_map(Value::as_str);
        values.any(|value| value == "*" || value == wanted || is_any_of_subresource(value, wanted))
    };
    let named =
        rule["resourceNames"].as_array().is_none_or(|names| names.is_empty() || names.contains(&json!(attempt.name)));
    has("verbs", &attempt.verb) && has("apiGroups", &attempt.group) && has("resources", &attempt.resource) && named
}

/// `*/status` in a rule means the status of everything.
fn is_any_of_subresource(value: &str, wanted: &str) -> bool {
    value
        .strip_prefix("*/")
        .is_some_and(|subresource| wanted.split_once('/').is_some_and(|(_, actual)| actual == subresource))
}
