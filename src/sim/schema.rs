//! Whether an object is one that the API server would store.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::refusal::{Cause, Refusal};
use super::resource::Resource;

/// The rules, by kind; see `schemas.yaml`.
static SCHEMAS: LazyLock<Value> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("schemas.yaml")).unwrap_or_default());

/// The rules of a kind; null where it may be anything.
pub(crate) fn of(kind: &str) -> &'static Value {
    &SCHEMAS[kind]
}

/// Checks an object against the rules of its kind; a kind without rules may be anything.
pub(crate) fn check(resource: &Resource, name: &str, value: &Value) -> Result<(), Refusal> {
    let mut causes = Vec::new();
    inspect(of(resource.kind), "", value, &mut causes);
    if causes.is_empty() { Ok(()) } else { Err(Refusal::invalid(resource, name, &causes)) }
}

fn inspect(rule: &Value, path: &str, value: &Value, causes: &mut Vec<Cause>) {
    if let Some(wanted) = rule["type"].as_str()
        && wanted != type_of(value)
    {
        let actual = type_of(value);
        let message = format!("Invalid value: \"{actual}\": {path} in body must be of type {wanted}: \"{actual}\"");
        causes.push(Cause { reason: "FieldValueTypeInvalid", field: path.to_owned(), message });
        return;
    }
    if let Some(allowed) = rule["enum"].as_array()
        && !allowed.contains(value)
    {
        let choices = allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("Unsupported value: {value}: supported values: {choices}");
        causes.push(Cause { reason: "FieldValueNotSupported", field: path.to_owned(), message });
    }
    for name in rule["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value[name].is_null() {
            let (field, message) = (below(path, name), "Required value".to_owned());
            causes.push(Cause { reason: "FieldValueRequired", field, message });
        }
    }
    for (name, field) in rule["fields"].as_object().into_iter().flatten() {
        if !value[name].is_null() {
            inspect(field, &below(path, name), &value[name], causes);
        }
    }
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        inspect(&rule["items"], &format!("{path}[{number}]"), item, causes);
    }
    if let Some(key) = rule["key"].as_str() {
        find_duplicates(key, path, value, causes);
    }
}

fn find_duplicates(key: &str, path: &str, value: &Value, causes: &mut Vec<Cause>) {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    for (number, item) in items.iter().enumerate() {
        if items[..number].iter().any(|earlier| earlier[key] == item[key]) {
            let message = format!("Duplicate value: {}", json!({ key: item[key] }));
            causes.push(Cause { reason: "FieldValueDuplicate", field: format!("{path}[{number}]"), message });
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::resource;

    fn causes(value: &Value) -> Vec<String> {
        let certificate = resource::by_name("certificate").unwrap();
        let refusal = check(certificate, "www", value).err();
        let details = refusal.map(|refusal| refusal.details["causes"].clone()).unwrap_or_default();
        let rows = details.as_array().cloned().unwrap_or_default();
        rows.iter()
            .map(|cause| format!("{} {}", cause["field"].as_str().unwrap(), cause["reason"].as_str().unwrap()))
            .collect()
    }

    #[test]
    fn finds_what_is_missing_or_wrong() {
        let good = json!({"spec": {"secretName": "x", "issuerRef": {"name": "ca"}}});
        assert!(causes(&good).is_empty());
        let bad = json!({"spec": {"secretName": 1, "issuerRef": {}, "dnsNames": "a"}});
        let expected = [
            "spec.dnsNames FieldValueTypeInvalid",
            "spec.issuerRef.name FieldValueRequired",
            "spec.secretName FieldValueTypeInvalid",
        ];
        assert_eq!(causes(&bad), expected);
    }

    #[test]
    fn two_conditions_of_one_type_are_refused() {
        let twice = json!([{"type": "Ready", "status": "True"}, {"type": "Ready", "status": "False"}]);
        let value = json!({"spec": {"secretName": "x", "issuerRef": {"name": "ca"}}, "status": {"conditions": twice}});
        assert_eq!(causes(&value), ["status.conditions[1] FieldValueDuplicate"]);
    }
}
