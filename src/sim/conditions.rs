//! Conditions, as controllers keep them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

/// A condition to be set.
#[derive(Clone, Debug)]
pub(crate) struct Condition<'a> {
    pub(crate) kind: &'a str,
    pub(crate) status: &'a str,
    pub(crate) reason: &'a str,
    /// Left out when empty.
    pub(crate) message: &'a str,
    /// Whether the condition names the generation it is about.
    pub(crate) observed: bool,
}

/// The condition of a type.
pub(crate) fn find<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    object["status"]["conditions"].as_array()?.iter().find(|condition| condition["type"] == kind)
}

/// Whether the condition of a type has this status.
pub(crate) fn is(object: &Value, kind: &str, status: &str) -> bool {
    find(object, kind).is_some_and(|condition| condition["status"] == status)
}

/// The reason of the condition of a type; empty when there is none.
pub(crate) fn reason<'a>(object: &'a Value, kind: &str) -> &'a str {
    find(object, kind).and_then(|condition| condition["reason"].as_str()).unwrap_or_default()
}

/// Sets a condition in its place, or as the last one; its transition time changes only with its status.
pub(crate) fn set(object: &mut Value, condition: &Condition<'_>, now: DateTime<Utc>) {
    let mut made = json!({"type": condition.kind, "status": condition.status, "reason": condition.reason});
    if !condition.message.is_empty() {
        made["message"] = json!(condition.message);
    }
    if condition.observed {
        made["observedGeneration"] = object["metadata"]["generation"].clone();
    }
    let known = find(object, condition.kind).filter(|known| known["status"] == condition.status);
    made["lastTransitionTime"] = known.map_or_else(|| stamp(now), |known| known["lastTransitionTime"].clone());
    if object["status"]["conditions"].is_null() {
        object["status"]["conditions"] = json!([]);
    }
    let Some(conditions) = object["status"]["conditions"].as_array_mut() else { return };
    match conditions.iter_mut().find(|known| known["type"] == condition.kind) {
        Some(known) => *known = made,
        None => conditions.push(made),
    }
}

/// Takes a condition away.
pub(crate) fn remove(object: &mut Value, kind: &str) {
    if let Some(conditions) = object["status"]["conditions"].as_array_mut() {
        conditions.retain(|condition| condition["type"] != kind);
    }
}

/// A moment as the API writes it: whole seconds.
pub(crate) fn stamp(now: DateTime<Utc>) -> Value {
    json!(now.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// A moment in an object.
pub(crate) fn moment(value: &Value) -> Option<DateTime<Utc>> {
    value.as_str()?.parse().ok()
}
