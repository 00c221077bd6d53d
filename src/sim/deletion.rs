//! Deletion: preconditions, finalizers, and what goes with an owner.

use std::sync::Arc;

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::object::{self, Object, finalizers, is_deleting};
use super::refusal::Refusal;
use super::resource::{RESOURCES, Resource};
use super::store::{Place, Store};
use super::writes::Write;

const FOREGROUND: &str = "foregroundDeletion";

/// What a client asks of a deletion.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deletion {
    pub(crate) uid: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) propagation: Propagation,
}

/// What happens to the objects that the deleted one owns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Propagation {
    #[default]
    Background,
    Foreground,
    Orphan,
}

impl Deletion {
    /// Reads a `DeleteOptions`.
    pub(crate) fn read(options: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
        let propagation = match options["propagationPolicy"].as_str() {
            Some("Foreground") => Propagation::Foreground,
            Some("Orphan") => Propagation::Orphan,
            _ => Propagation::Background,
        };
        let preconditions = &options["preconditions"];
        Self { uid: text(&preconditions["uid"]), version: text(&preconditions["resourceVersion"]), propagation }
    }

    fn check(&self, resource: &Resource, stored: &Object) -> Result<(), Refusal> {
        if let Some(uid) = self.uid.as_deref().filter(|uid| *uid != stored.uid()) {
            let why = format!(
                "the UID in the precondition ({uid}) does not match the UID in record ({}). The object might have been \
                 deleted and then recreated",
                stored.uid()
            );
            return Err(Refusal::precondition(resource, stored.name(), &why));
        }
        let stored_version = stored.version().to_string();
        if let Some(version) = self.version.as_deref().filter(|version| *version != stored_version) {
            let why = format!(
                "the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record \
                 ({stored_version}). The object might have been modified"
            );
            return Err(Refusal::precondition(resource, stored.name(), &why));
        }
        Ok(())
    }
}

/// How a deletion went.
#[derive(Debug)]
pub(crate) enum Deleted {
    /// The object is gone.
    Gone(Arc<Object>),
    /// The object is marked, and waits for its finalizers.
    Marked(Arc<Object>),
}

impl Store {
    /// Deletes an object, or marks it when finalizers stand in the way.
    pub(crate) fn delete(
        &mut self,
        resource: &'static Resource,
        key: &str,
        deletion: &Deletion,
        write: Write,
    ) -> Result<Deleted, Refusal> {
        let name = key.rsplit('/').next().unwrap_or(key);
        let stored = Arc::clone(self.get(resource, key).ok_or_else(|| Refusal::not_found(resource, name))?);
        deletion.check(resource, &stored)?;
        if write.dry_run {
            return Ok(Deleted::Gone(stored));
        }
        if resource.kind == "Namespace" {
            return Ok(self.delete_namespace(resource, &stored, write));
        }
        let dependents = self.owned_by(stored.uid());
        if deletion.propagation == Propagation::Orphan {
            for place in &dependents {
                self.disown(place, stored.uid());
            }
        }
        let mut value = stored.value();
        if deletion.propagation == Propagation::Foreground && !dependents.is_empty() {
            let mut names: Vec<_> = finalizers(&value).into_iter().map(ToOwned::to_owned).collect();
            names.push(FOREGROUND.to_owned());
            value["metadata"]["finalizers"] = json!(names);
        }
        if finalizers(&value).is_empty() {
            return Ok(Deleted::Gone(self.remove(resource, key, write).unwrap_or(stored)));
        }
        if is_deleting(&value) {
            return Ok(Deleted::Marked(stored));
        }
        mark(&mut value, write);
        let marked = self.put(resource, value);
        if deletion.propagation == Propagation::Foreground {
            self.delete_all(dependents, write);
        }
        Ok(Deleted::Marked(self.get(resource, key).cloned().unwrap_or(marked)))
    }

    /// Takes an object out for good; what it alone owned goes too, and an owner that waited for that goes after it.
    pub(crate) fn remove(&mut self, resource: &'static Resource, key: &str, write: Write) -> Option<Arc<Object>> {
        let gone = self.take(resource, key)?;
        let orphans = self.owned_by(gone.uid()).into_iter().filter(|place| self.has_no_owner_left(place)).collect();
        self.delete_all(orphans, write);
        for place in self.waiting_owners(&gone) {
            self.finish_foreground(&place, write);
        }
        self.finish_namespace(gone.namespace(), write);
        Some(gone)
    }

    fn delete_all(&mut self, places: Vec<Place>, write: Write) {
        for Place { resource, key } in places {
            // It may have gone with something else by now: then there is nothing left to do.
            drop(self.delete(resource, &key, &Deletion::default(), write));
        }
    }

    fn has_no_owner_left(&self, place: &Place) -> bool {
        let Some(object) = self.get(place.resource, &place.key) else { return false };
        let value = object.value();
        let mut owners = value["metadata"]["ownerReferences"].as_array().into_iter().flatten();
        !owners.any(|owner| self.owner_of(object.namespace(), owner).is_some())
    }

    /// The object that an owner reference points to.
    fn owner_of(&self, namespace: &str, owner: &Value) -> Option<Place> {
        let text = |field: &str| owner[field].as_str().unwrap_or_default();
        let resource = super::resource::by_kind(text("apiVersion"), text("kind"))?;
        let key = object::key(if resource.namespaced { namespace } else { "" }, text("name"));
        let found = self.get(resource, &key)?;
        (found.uid() == text("uid")).then(|| Place { resource, key: key.into() })
    }

    fn disown(&mut self, place: &Place, uid: &str) {
        let Some(object) = self.get(place.resource, &place.key) else { return };
        let mut value = object.value();
        if let Some(owners) = value["metadata"]["ownerReferences"].as_array_mut() {
            owners.retain(|owner| owner["uid"] != uid);
        }
        self.put(place.resource, value);
    }

    fn waiting_owners(&self, gone: &Object) -> Vec<Place> {
        let value = gone.value();
        let owners = value["metadata"]["ownerReferences"].as_array().into_iter().flatten();
        owners.filter_map(|owner| self.owner_of(gone.namespace(), owner)).collect()
    }

    /// Lets an owner go that was deleted in the foreground, once it owns nothing any more.
    fn finish_foreground(&mut self, place: &Place, write: Write) {
        let Some(owner) = self.get(place.resource, &place.key) else { return };
        let mut value = owner.value();
        if !finalizers(&value).contains(&FOREGROUND) || !self.owned_by(owner.uid()).is_empty() {
            return;
        }
        let rest: Vec<_> = finalizers(&value).into_iter().filter(|name| *name != FOREGROUND).collect();
        let rest = json!(rest);
        value["metadata"]["finalizers"] = rest;
        if finalizers(&value).is_empty() {
            self.remove(place.resource, &place.key, write);
        } else {
            self.put(place.resource, value);
        }
    }

    fn delete_namespace(&mut self, resource: &'static Resource, stored: &Arc<Object>, write: Write) -> Deleted {
        let mut value = stored.value();
        if !is_deleting(&value) {
            mark(&mut value, write);
            value["status"]["phase"] = json!("Terminating");
            self.put(resource, value);
        }
        for inside in RESOURCES.iter().filter(|row| row.namespaced) {
            let places = self.range(inside, Some(stored.name()), None);
            let places = places.map(|object| Place { resource: inside, key: object.key().into() }).collect();
            self.delete_all(places, write);
        }
        self.finish_namespace(stored.name(), write);
        self.get(resource, stored.name())
            .map_or_else(|| Deleted::Gone(Arc::clone(stored)), |it| Deleted::Marked(Arc::clone(it)))
    }

    /// Lets a terminating namespace go once nothing is left in it.
    fn finish_namespace(&mut self, name: &str, write: Write) {
        let Some(resource) = super::resource::by_plural("", "namespaces") else { return };
        let terminating = self.get(resource, name).is_some_and(|namespace| is_deleting(&namespace.value()));
        let empty = || {
            RESOURCES.iter().filter(|row| row.namespaced).all(|row| self.range(row, Some(name), None).next().is_none())
        };
        if terminating && empty() {
            self.remove(resource, name, write);
        }
    }
}

fn mark(value: &mut Value, write: Write) {
    value["metadata"]["deletionTimestamp"] = json!(write.now.to_rfc3339_opts(SecondsFormat::Secs, true));
    value["metadata"]["deletionGracePeriodSeconds"] = json!(0);
    if let Some(generation) = value["metadata"]["generation"].as_u64() {
        value["metadata"]["generation"] = json!(generation + 1);
    }
}
