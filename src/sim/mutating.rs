//! The requests that write: create, update, patch, delete.

use serde_json::{Value, json};

use super::access::User;
use super::admission;
use super::cluster::Cluster;
use super::deletion::{Deleted, Deletion};
use super::object::meta;
use super::patch;
use super::refusal::{Cause, Refusal};
use super::route::{Query, Target};
use super::selector::Selector;
use super::writes::{Part, Write};

/// A write that a client asks for.
#[derive(Debug)]
pub(crate) struct Mutation<'a> {
    pub(crate) cluster: &'a Cluster,
    pub(crate) target: &'a Target,
    pub(crate) query: &'a Query,
    pub(crate) content_type: &'a str,
    pub(crate) body: &'a [u8],
    pub(crate) user: &'a User,
}

/// The HTTP status of a success, and its document.
type Done = Result<(u16, Value), Refusal>;

impl Mutation<'_> {
    pub(crate) fn create(&self) -> Done {
        let Target { resource, namespace, .. } = self.target;
        let value = self.object()?;
        let own = meta(&value, "namespace");
        let namespace = if namespace.is_empty() && resource.namespaced { own.to_owned() } else { namespace.clone() };
        let created = self.cluster.write(|store| store.create(resource, &namespace, value, self.how()))?;
        Ok((201, created.typed(resource)))
    }

    pub(crate) fn update(&self) -> Done {
        let resource = self.target.resource;
        let value = self.object()?;
        let name = &self.target.name;
        if meta(&value, "name") != name {
            let found = meta(&value, "name");
            let why = format!("the name of the object ({found}) does not match the name on the URL ({name})");
            return Err(Refusal::bad_request(why));
        }
        if resource.custom && meta(&value, "resourceVersion").is_empty() {
            let (field, message) =
                ("metadata.resourceVersion".to_owned(), "Invalid value: 0: must be specified for an update".to_owned());
            return Err(Refusal::invalid(resource, name, &[Cause { reason: "FieldValueInvalid", field, message }]));
        }
        let key = self.target.key();
        let updated = self.cluster.write(|store| {
            let uid = meta(&value, "uid");
            if let Some(stored) = store.get(resource, &key).filter(|stored| !uid.is_empty() && stored.uid() != uid) {
                let why =
                    format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {}", stored.uid());
                return Err(Refusal::precondition(resource, name, &why));
            }
            if let Some(stored) = store.get(resource, &key).filter(|_| self.part() == Part::Status) {
                admission::check(store, self.user, resource, &stored.typed(resource), &value)?;
            }
            store.update(resource, &key, value, self.part(), self.how())
        })?;
        Ok((200, updated.typed(resource)))
    }

    pub(crate) fn patch(&self) -> Done {
        let (resource, key) = (self.target.resource, self.target.key());
        let patched = self.cluster.write(|store| {
            let stored = store.get(resource, &key).ok_or_else(|| Refusal::not_found(resource, &self.target.name))?;
            let value = patch::apply(resource, &stored.typed(resource), self.content_type, self.body, self.part())?;
            if self.part() == Part::Status {
                admission::check(store, self.user, resource, &stored.typed(resource), &value)?;
            }
            store.update(resource, &key, value, self.part(), self.how())
        })?;
        Ok((200, patched.typed(resource)))
    }

    pub(crate) fn delete(&self) -> Done {
        let resource = self.target.resource;
        let options = self.options()?;
        let how = Write { dry_run: self.how().dry_run || options["dryRun"] == json!(["All"]), ..self.how() };
        let deletion = self.deletion(&options);
        let deleted = self.cluster.write(|store| store.delete(resource, &self.target.key(), &deletion, how))?;
        Ok((
            200,
            match deleted {
                Deleted::Marked(object) => object.typed(resource),
                Deleted::Gone(object) => {
                    let mut details = json!({"name": object.name(), "kind": resource.plural, "uid": object.uid()});
                    if !resource.group.is_empty() {
                        details["group"] = json!(resource.group);
                    }
                    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})
                }
            },
        ))
    }

    pub(crate) fn delete_collection(&self) -> Done {
        let resource = self.target.resource;
        let selector = Selector::parse(self.query.get("labelSelector"), self.query.get("fieldSelector"), resource)?;
        let deletion = Deletion { uid: None, version: None, ..self.deletion(&self.options()?) };
        let namespace = Some(self.target.namespace.as_str()).filter(|namespace| !namespace.is_empty());
        self.cluster.write(|store| {
            let found = store.range(resource, namespace, None).filter(|object| selector.matches(object));
            let keys: Vec<_> = found.map(|object| object.key().to_owned()).collect();
            keys.iter().try_for_each(|key| store.delete(resource, key, &deletion, self.how()).map(drop))
        })?;
        Ok((200, json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"})))
    }

    fn how(&self) -> Write {
        Write { now: self.cluster.clock().now(), dry_run: self.query.get("dryRun") == "All" }
    }

    fn part(&self) -> Part {
        if self.target.subresource == "status" { Part::Status } else { Part::Main }
    }

    fn object(&self) -> Result<Value, Refusal> {
        let resource = self.target.resource;
        let value = self.parse()?;
        let (version, kind) =
            (value["apiVersion"].as_str().unwrap_or_default(), value["kind"].as_str().unwrap_or_default());
        if version == resource.api_version() && kind == resource.kind {
            return Ok(value);
        }
        let why = format!("{kind} in version \"{version}\" cannot be handled as a {}", resource.kind);
        Err(Refusal::bad_request(why))
    }

    fn options(&self) -> Result<Value, Refusal> {
        if self.body.is_empty() { Ok(Value::Null) } else { self.parse() }
    }

    fn parse(&self) -> Result<Value, Refusal> {
        if self.content_type.contains("protobuf") {
            let why = "the simulated cluster reads application/json and application/yaml, not protobuf: write with `kubectl apply`";
            return Err(Refusal::new(415, "UnsupportedMediaType", why));
        }
        if self.content_type.contains("yaml") {
            return serde_yaml::from_slice(self.body).map_err(|error| Refusal::bad_request(error.to_string()));
        }
        serde_json::from_slice(self.body).map_err(|error| Refusal::bad_request(error.to_string()))
    }

    fn deletion(&self, options: &Value) -> Deletion {
        let mut options = options.clone();
        if options["propagationPolicy"].is_null() && !self.query.get("propagationPolicy").is_empty() {
            options["propagationPolicy"] = json!(self.query.get("propagationPolicy"));
        }
        Deletion::read(&options)
    }
}
