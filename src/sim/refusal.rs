//! What the API server says when it says no: a Kubernetes `Status`.

use serde_json::{Value, json};

use super::resource::Resource;

/// An answer of the API server that is not a success.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub code: u16,
    /// The machine-readable reason, `NotFound`; empty when the server gives none.
    pub reason: String,
    /// The sentence for people.
    pub message: String,
    /// `details` of the Status, or null.
    pub details: Value,
    /// Seconds for a `Retry-After` header.
    pub retry_after: Option<u32>,
    /// A `continue` token with which a list that expired can be gone on with all the same.
    pub resume: Option<String>,
}

/// One reason why an object is not valid.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cause {
    pub(crate) reason: &'static str,
    pub(crate) field: String,
    pub(crate) message: String,
}

impl Refusal {
    /// A refusal with a status, a reason and a sentence.
    pub fn new(code: u16, reason: &str, message: impl Into<String>) -> Self {
        let (reason, message) = (reason.to_owned(), message.into());
        Self { code, reason, message, details: Value::Null, retry_after: None, resume: None }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    pub(super) fn not_found(resource: &Resource, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", resource.qualified());
        Self::new(404, "NotFound", message).about(name, resource.group, resource.plural)
    }

    pub(super) fn exists(resource: &Resource, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", resource.qualified());
        Self::new(409, "AlreadyExists", message).about(name, resource.group, resource.plural)
    }

    /// Somebody else wrote the object in the meantime.
    pub(super) fn modified(resource: &Resource, name: &str) -> Self {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", resource.qualified());
        Self::new(409, "Conflict", message).about(name, resource.group, resource.plural)
    }

    /// A precondition of a deletion does not hold.
    pub(super) fn precondition(resource: &Resource, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", resource.qualified_kind());
        Self::new(409, "Conflict", message).about(name, resource.group, resource.kind)
    }

    pub(super) fn invalid(resource: &Resource, name: &str, causes: &[Cause]) -> Self {
        Self::invalid_kind(resource.kind, resource.group, name, causes)
    }

    pub(super) fn invalid_kind(kind: &str, group: &str, name: &str, causes: &[Cause]) -> Self {
        let mut sentences: Vec<_> = causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        sentences.dedup();
        let sentence = match sentences.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let qualified = if group.is_empty() { kind.to_owned() } else { format!("{kind}.{group}") };
        let mut refusal = Self::new(422, "Invalid", format!("{qualified} \"{name}\" is invalid: {sentence}"));
        refusal = refusal.about(name, group, kind);
        let rows = causes.iter().map(|it| json!({"reason": it.reason, "message": it.message, "field": it.field}));
        refusal.details["causes"] = rows.collect();
        refusal
    }

    pub(super) fn forbidden(resource: &str, group: &str, name: &str, why: &str) -> Self {
        let subject = if group.is_empty() { resource.to_owned() } else { format!("{resource}.{group}") };
        let named = if name.is_empty() { String::new() } else { format!(" \"{name}\"") };
        Self::new(403, "Forbidden", format!("{subject}{named} is forbidden: {why}")).about(name, group, resource)
    }

    pub(super) fn expired(message: impl Into<String>) -> Self {
        Self::new(410, "Expired", message)
    }

    fn about(mut self, name: &str, group: &str, kind: &str) -> Self {
        let mut details = serde_json::Map::new();
        for (key, value) in [("name", name), ("group", group), ("kind", kind)] {
            if !value.is_empty() {
                details.insert(key.to_owned(), json!(value));
            }
        }
        self.details = Value::Object(details);
        self
    }

    /// The `Status` object that says so.
    pub fn status(&self) -> Value {
        let metadata = self.resume.as_ref().map_or_else(|| json!({}), |token| json!({"continue": token}));
        let mut status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": metadata, "status": "Failure",
            "message": self.message, "code": self.code,
        });
        if !self.reason.is_empty() {
            status["reason"] = json!(self.reason);
        }
        if !self.details.is_null() {
            status["details"] = self.details.clone();
        }
        status
    }
}
