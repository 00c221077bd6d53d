//! Create, update and delete, with the rules a real API server holds a client to.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::object::{self, Object, finalizers, is_deleting, meta};
use super::refusal::{Cause, Refusal};
use super::resource::{self, Resource};
use super::schema;
use super::store::Store;

/// When and how a write happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Write {
    pub(crate) now: DateTime<Utc>,
    /// Answer as if it were done, and do nothing.
    pub(crate) dry_run: bool,
}

impl Write {
    pub(crate) fn at(now: DateTime<Utc>) -> Self {
        Self { now, dry_run: false }
    }

    fn stamp(self) -> Value {
        json!(self.now.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// Which half of an object an update writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Main,
    Status,
}

impl Store {
    /// Creates an object; its metadata is completed as the server does.
    pub(crate) fn create(
        &mut self,
        resource: &'static Resource,
        namespace: &str,
        mut value: Value,
        write: Write,
    ) -> Result<Arc<Object>, Refusal> {
        if meta(&value, "name").is_empty() && !meta(&value, "generateName").is_empty() {
            value["metadata"]["name"] = json!(format!("{}{}", meta(&value, "generateName"), self.dice.suffix()));
        }
        let name = meta(&value, "name").to_owned();
        if name.is_empty() {
            let message = "Required value: name or generateName is required".to_owned();
            let cause = Cause { reason: "FieldValueRequired", field: "metadata.name".to_owned(), message };
            return Err(Refusal::invalid(resource, "", &[cause]));
        }
        self.admit_namespace(resource, namespace, &value)?;
        if resource.namespaced {
            value["metadata"]["namespace"] = json!(namespace);
        }
        if resource.status
            && let Some(map) = value.as_object_mut()
        {
            map.remove("status");
        }
        schema::check(resource, &name, &value)?;
        if self.get(resource, &object::key(namespace, &name)).is_some() {
            return Err(Refusal::exists(resource, &name));
        }
        for field in ["deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion", "managedFields"] {
            object::strip_meta(&mut value, field);
        }
        value["metadata"]["uid"] = json!(self.dice.uid());
        value["metadata"]["creationTimestamp"] = write.stamp();
        if resource.counts_generations() {
            value["metadata"]["generation"] = json!(1);
        }
        if resource.kind == "Namespace" {
            value["metadata"]["labels"]["kubernetes.io/metadata.name"] = json!(name);
            value["spec"]["finalizers"] = json!(["kubernetes"]);
            value["status"]["phase"] = json!("Active");
        }
        Ok(if write.dry_run { Arc::new(Object::new(value)) } else { self.put(resource, value) })
    }

    /// A namespaced object needs a namespace that is there, and one that is not going away.
    fn admit_namespace(&self, resource: &Resource, namespace: &str, value: &Value) -> Result<(), Refusal> {
        if !resource.namespaced {
            return Ok(());
        }
        let own = meta(value, "namespace");
        if !own.is_empty() && own != namespace {
            let why = "the namespace of the provided object does not match the namespace sent on the request";
            return Err(Refusal::bad_request(why));
        }
        let Some(namespaces) = resource::by_plural("", "namespaces") else { return Ok(()) };
        match self.get(namespaces, namespace) {
            None => Err(Refusal::not_found(namespaces, namespace)),
            Some(found) if is_deleting(&found.value()) => {
                let why =
                    format!("unable to create new content in namespace {namespace} because it is being terminated");
                Err(Refusal::forbidden(resource.plural, resource.group, meta(value, "name"), &why))
            }
            Some(_) => Ok(()),
        }
    }

    /// Replaces an object, or its status; an update that changes nothing is no write.
    pub(crate) fn update(
        &mut self,
        resource: &'static Resource,
        key: &str,
        mut value: Value,
        part: Part,
        write: Write,
    ) -> Result<Arc<Object>, Refusal> {
        let name = key.rsplit('/').next().unwrap_or(key);
        let stored = Arc::clone(self.get(resource, key).ok_or_else(|| Refusal::not_found(resource, name))?);
        let old = stored.value();
        let version = meta(&value, "resourceVersion");
        if !version.is_empty() && version != stored.version().to_string() {
            return Err(Refusal::modified(resource, name));
        }
        if part == Part::Status {
            let status = value["status"].take();
            value = old.clone();
            value["status"] = status;
        } else {
            keep_what_the_server_owns(resource, &mut value, &old);
        }
        schema::check(resource, name, &value)?;
        if resource.counts_generations() && part == Part::Main && specification(&value) != specification(&old) {
            value["metadata"]["generation"] = json!(old["metadata"]["generation"].as_u64().unwrap_or(0) + 1);
        }
        if write.dry_run {
            return Ok(Arc::new(Object::new(value)));
        }
        if is_deleting(&value) && finalizers(&value).is_empty() && part == Part::Main {
            return Ok(self.remove(resource, key, write).unwrap_or(stored));
        }
        object::stamp(&mut value, stored.version());
        Ok(if value == old { stored } else { self.put(resource, value) })
    }
}

/// What a client cannot change by sending it.
fn keep_what_the_server_owns(resource: &Resource, value: &mut Value, old: &Value) {
    if let Some(map) = value.as_object_mut() {
        map.remove("apiVersion");
        map.remove("kind");
        if resource.status {
            map.remove("status");
        }
    }
    if resource.status && !old["status"].is_null() {
        value["status"] = old["status"].clone();
    }
    object::strip_meta(value, "managedFields");
    for field in ["finalizers", "ownerReferences"] {
        if value["metadata"][field].as_array().is_some_and(Vec::is_empty) {
            object::strip_meta(value, field);
        }
    }
    for field in
        ["uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "namespace"]
    {
        match &old["metadata"][field] {
            Value::Null => object::strip_meta(value, field),
            kept => value["metadata"][field] = kept.clone(),
        }
    }
}

/// Everything but metadata and status: what `generation` counts.
fn specification(value: &Value) -> Vec<(&String, &Value)> {
    let fields = value.as_object().into_iter().flatten();
    fields.filter(|(name, _)| !matches!(name.as_str(), "metadata" | "status" | "apiVersion" | "kind")).collect()
}
