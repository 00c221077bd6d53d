//! The handle on a simulated cluster: its store, its clock, its faults and the record of what was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::clock::Clock;
use super::deletion::Deletion;
use super::fault::Faults;
use super::logs::Logs;
use super::object::{self, Object, meta};
use super::outside::Outside;
use super::refusal::Refusal;
use super::resource::{self, Resource};
use super::store::Store;
use super::writes::{Part, Write};

/// How many requests are remembered: far more than a test makes, and an end to what a day of `cmtop demo` keeps.
const REMEMBERED_REQUESTS: usize = 10_000;

/// A simulated Kubernetes cluster: an API server with a store. Cheap to clone; clones are the same cluster.
#[derive(Clone, Debug)]
pub struct Cluster(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    store: Mutex<Store>,
    changed: watch::Sender<u64>,
    faults: Faults,
    requests: Mutex<VecDeque<Recorded>>,
    logs: Logs,
    outside: Outside,
}

/// A request that the API server received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// `GET`, `PATCH` …
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, as it was sent.
    pub query: String,
    /// The body, as it was sent.
    pub body: Bytes,
}

impl Cluster {
    /// An empty cluster with this clock.
    pub fn new(clock: Clock) -> Self {
        Self::seeded(clock, 0)
    }

    /// An empty cluster whose uids and generated names come from a seed.
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        let (changed, _) = watch::channel(0);
        let (store, faults) = (Mutex::new(Store::new(seed)), Faults::new(seed));
        Self(Arc::new(Inner {
            clock,
            store,
            changed,
            faults,
            requests: Mutex::default(),
            logs: Logs::default(),
            outside: Outside::default(),
        }))
    }

    /// The clock of the cluster.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What goes wrong with the API server: add rules and take them back.
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// The logs of the Pods.
    pub(crate) fn logs(&self) -> &Logs {
        &self.0.logs
    }

    /// The world outside.
    pub(crate) fn outside(&self) -> &Outside {
        &self.0.outside
    }

    /// The requests that were received, oldest first.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.0.requests).iter().cloned().collect()
    }

    pub(super) fn record(&self, request: Recorded) {
        let mut requests = lock(&self.0.requests);
        if requests.len() == REMEMBERED_REQUESTS {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    /// Creates an object, or replaces it, status included; its namespace is made when there is none.
    pub fn apply(&self, object: &Value) -> Result<Value, Refusal> {
        self.apply_at(object, self.clock().now())
    }

    pub(super) fn apply_at(&self, object: &Value, now: DateTime<Utc>) -> Result<Value, Refusal> {
        let resource = of_manifest(object)?;
        let namespace = namespace_of(resource, object);
        let write = Write::at(now);
        self.write(|store| {
            ensure_namespace(store, &namespace, write)?;
            let key = object::key(&namespace, meta(object, "name"));
            let mut value = object.clone();
            object::strip_meta(&mut value, "resourceVersion");
            let stored = match store.get(resource, &key) {
                Some(_) => store.update(resource, &key, value, Part::Main, write)?,
                None => store.create(resource, &namespace, value, write)?,
            };
            let status = json!({"metadata": {}, "status": object["status"]});
            let has_status = resource.status && !object["status"].is_null();
            let done =
                if has_status { store.update(resource, stored.key(), status, Part::Status, write)? } else { stored };
            Ok(done.typed(resource))
        })
    }

    /// Puts an object in as it is, uid and stamps included, as if it had always been there. Watches do not see it:
    /// plant before anybody looks.
    pub fn plant(&self, object: &Value) -> Result<(), Refusal> {
        let resource = of_manifest(object)?;
        let namespace = namespace_of(resource, object);
        let write = Write::at(self.clock().start());
        self.write(|store| {
            ensure_namespace(store, &namespace, write)?;
            let mut value = object.clone();
            complete(store, resource, &namespace, &mut value, write);
            store.plant(resource, Object::new(value));
            store.compact();
            Ok(())
        })
    }

    /// Deletes an object, named the way kubectl names it (`certificate`, `cert`); its namespace is empty for one that
    /// has none.
    pub fn delete(&self, kind: &str, namespace: &str, name: &str) -> Result<(), Refusal> {
        let resource = of_name(kind)?;
        let write = Write::at(self.clock().now());
        self.write(|store| store.delete(resource, &object::key(namespace, name), &Deletion::default(), write).map(drop))
    }

    /// All objects of a resource (`certificates`), in the order of their names; empty when nothing is called that.
    pub fn objects(&self, resource: &str) -> Vec<Value> {
        let Some(resource) = resource::by_name(resource) else { return Vec::new() };
        self.read(|store| store.range(resource, None, None).map(|object| object.typed(resource)).collect())
    }

    /// One object.
    pub fn object(&self, kind: &str, namespace: &str, name: &str) -> Option<Value> {
        let resource = resource::by_name(kind)?;
        self.read(|store| store.get(resource, &object::key(namespace, name)).map(|object| object.typed(resource)))
    }

    /// How many objects of a resource there are.
    pub fn count(&self, resource: &str) -> usize {
        resource::by_name(resource).map_or(0, |resource| self.read(|store| store.count(resource)))
    }

    /// The version of the last write: it grows with every change, and with nothing else.
    pub fn version(&self) -> u64 {
        self.read(Store::version)
    }

    /// Throws the log of changes away: every watch that lies behind gets a 410.
    pub fn compact(&self) {
        self.write(Store::compact);
    }

    /// Reads the store.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Store) -> T) -> T {
        read(&lock(&self.0.store))
    }

    /// Writes to the store, and wakes whoever watches.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&mut Store) -> T) -> T {
        let mut store = lock(&self.0.store);
        let before = (store.version(), store.compacted());
        let result = write(&mut store);
        if before != (store.version(), store.compacted()) {
            self.0.changed.send_replace(store.version());
        }
        result
    }

    /// Wakes at every write from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn of_manifest(object: &Value) -> Result<&'static Resource, Refusal> {
    let text = |field: &str| object[field].as_str().unwrap_or_default();
    let found = resource::by_kind(text("apiVersion"), text("kind"));
    let unknown = || format!("no matches for kind \"{}\" in version \"{}\"", text("kind"), text("apiVersion"));
    found.ok_or_else(|| Refusal::bad_request(unknown()))
}

fn of_name(kind: &str) -> Result<&'static Resource, Refusal> {
    let unknown = || Refusal::bad_request(format!("the server doesn't have a resource type \"{kind}\""));
    resource::by_name(kind).ok_or_else(unknown)
}

fn namespace_of(resource: &Resource, object: &Value) -> String {
    match meta(object, "namespace") {
        _ if !resource.namespaced => String::new(),
        "" => "default".to_owned(),
        namespace => namespace.to_owned(),
    }
}

fn ensure_namespace(store: &mut Store, namespace: &str, write: Write) -> Result<(), Refusal> {
    let Some(namespaces) = resource::by_plural("", "namespaces") else { return Ok(()) };
    if !namespace.is_empty() && store.get(namespaces, namespace).is_none() {
        store.create(namespaces, "", json!({"metadata": {"name": namespace}}), write)?;
    }
    Ok(())
}

/// Gives a planted object the metadata that it lacks.
fn complete(store: &mut Store, resource: &Resource, namespace: &str, value: &mut Value, write: Write) {
    if resource.namespaced {
        value["metadata"]["namespace"] = json!(namespace);
    }
    if meta(value, "uid").is_empty() {
        value["metadata"]["uid"] = json!(store.dice.uid());
    }
    if meta(value, "creationTimestamp").is_empty() {
        value["metadata"]["creationTimestamp"] = json!(write.now.to_rfc3339_opts(SecondsFormat::Secs, true));
    }
    if meta(value, "resourceVersion").is_empty() {
        object::stamp(value, store.version() + 1);
    }
    if resource.counts_generations() && value["metadata"]["generation"].is_null() {
        value["metadata"]["generation"] = json!(1);
    }
}
