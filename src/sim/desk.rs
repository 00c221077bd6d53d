//! What a controller works with: the store at one moment, and what lies around it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::cluster::Cluster;
use super::conditions::stamp;
use super::deletion::Deletion;
use super::dice::Dice;
use super::object::{key, meta};
use super::outside::Outside;
use super::reference::{issuer_kind, key_of};
use super::refusal::Refusal;
use super::resource::{self, Resource};
use super::settings::Settings;
use super::store::Object;
use super::writes::{Part, Write};
use super::x509::Authority;

/// When a task is to be looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// When something about its object changes.
    Done,
    /// At a certain time, or when something changes.
    At(DateTime<Utc>),
    /// After a pause that doubles with every failure.
    Retry,
}

/// How long two equal Events fold into one; the recorder of a real controller forgets about as soon.
const FOLD: TimeDelta = TimeDelta::minutes(10);

/// The working place of the controllers.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) cluster: Cluster,
    /// The moment that the controllers live in; it goes on with the agenda.
    pub(crate) now: DateTime<Utc>,
    pub(crate) dice: Dice,
    pub(crate) outside: Outside,
    pub(crate) settings: Settings,
    /// The authority behind the ACME server.
    pub(crate) acme: Option<Authority>,
    /// Requests that are neither issued nor failed: their signers wait for issuers.
    pub(crate) open_requests: BTreeSet<Box<str>>,
    /// When the challenge that a worker sleeps on is accepted, by key.
    pub(crate) accepting: HashMap<Box<str>, DateTime<Utc>>,
    /// Authorizations that the ACME server still holds valid, by account and name.
    pub(crate) authorized: HashMap<String, DateTime<Utc>>,
    /// The thumbprint of the ACME account's key: the second half of every HTTP-01 answer.
    pub(crate) thumbprint: String,
    events: HashMap<String, Box<str>>,
}

/// Who and what an Event is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct News<'a> {
    /// The controller, without the prefix that all of them share.
    pub(crate) from: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) message: &'a str,
    pub(crate) warning: bool,
}

impl Desk {
    pub(crate) fn new(cluster: Cluster, now: DateTime<Utc>, seed: u64) -> Self {
        let mut dice = Dice::new(seed.wrapping_add(1));
        Self {
            outside: cluster.outside().clone(),
            cluster,
            now,
            thumbprint: dice.token(),
            dice,
            settings: Settings::default(),
            acme: None,
            open_requests: BTreeSet::new(),
            accepting: HashMap::new(),
            authorized: HashMap::new(),
            events: HashMap::new(),
        }
    }

    /// An object by its kind and key.
    pub(crate) fn get(&self, kind: &str, key: &str) -> Option<Value> {
        let resource = known(kind).ok()?;
        self.cluster.read(|store| store.get(resource, key).map(|object| object.typed(resource)))
    }

    /// The objects of a kind in a namespace, or everywhere.
    pub(crate) fn list(&self, kind: &str, namespace: Option<&str>) -> Vec<Value> {
        let Ok(resource) = known(kind) else { return Vec::new() };
        self.cluster.read(|store| store.range(resource, namespace, None).map(|object| object.typed(resource)).collect())
    }

    /// The objects of a kind that an object owns, by name.
    pub(crate) fn owned(&self, kind: &str, owner: &Value) -> Vec<Value> {
        let Ok(resource) = known(kind) else { return Vec::new() };
        self.cluster.read(|store| {
            let mut places = store.owned_by(meta(owner, "uid"));
            places.retain(|place| std::ptr::eq(place.resource, resource));
            places.sort_by(|left, right| left.key.cmp(&right.key));
            places
                .iter()
                .filter_map(|place| store.get(resource, &place.key))
                .map(|object| object.typed(resource))
                .collect()
        })
    }

    /// Creates an object.
    pub(crate) fn create(&mut self, kind: &str, value: Value) -> Result<Value, Refusal> {
        let resource = known(kind)?;
        let namespace = meta(&value, "namespace").to_owned();
        let write = Write::at(self.now);
        let created = self.cluster.write(|store| store.create(resource, &namespace, value, write))?;
        Ok(created.typed(resource))
    }

    /// Writes an object without its status.
    pub(crate) fn update(&mut self, value: Value) -> Result<Value, Refusal> {
        self.put(value, Part::Main)
    }

    /// Writes the status of an object.
    pub(crate) fn update_status(&mut self, value: Value) -> Result<Value, Refusal> {
        self.put(value, Part::Status)
    }

    fn put(&mut self, value: Value, part: Part) -> Result<Value, Refusal> {
        let resource = known(value["kind"].as_str().unwrap_or_default())?;
        let write = Write::at(self.now);
        let place = key_of(&value);
        let updated: Arc<Object> = self.cluster.write(|store| store.update(resource, &place, value, part, write))?;
        Ok(updated.typed(resource))
    }

    /// Creates an object or replaces it, status included; what the server refuses is left out of the story.
    pub(crate) fn apply(&mut self, manifest: &Value) {
        let now = self.now;
        drop(self.cluster.apply_at(manifest, now));
    }

    /// Deletes an object; that it is gone already is just as well.
    pub(crate) fn delete(&mut self, kind: &str, key: &str) {
        if let Ok(resource) = known(kind) {
            let write = Write::at(self.now);
            drop(self.cluster.write(|store| store.delete(resource, key, &Deletion::default(), write)));
        }
    }

    /// Tells people what happened to an object: a new Event, or one more of an old one.
    pub(crate) fn tell(&mut self, about: &Value, news: News<'_>) {
        let News { from, reason, message, warning } = news;
        let component = format!("cert-manager-{from}");
        let fold = [meta(about, "uid"), &component, reason, message].join("\n");
        if let Some(known) = self.events.get(&fold).cloned()
            && self.count_again(&known)
        {
            return;
        }
        // Events of what has no namespace stand in the default one.
        let namespace = Some(meta(about, "namespace")).filter(|namespace| !namespace.is_empty()).unwrap_or("default");
        let nanos = self.now.timestamp_nanos_opt().unwrap_or_default() as u64 + self.dice.below(999_999);
        let name = format!("{}.{nanos:x}", meta(about, "name"));
        let now = stamp(self.now);
        let event = json!({
            "apiVersion": "v1", "kind": "Event", "metadata": {"name": name, "namespace": namespace},
            "involvedObject": {
                "apiVersion": about["apiVersion"], "kind": about["kind"], "namespace": about["metadata"]["namespace"],
                "name": meta(about, "name"), "uid": meta(about, "uid"), "resourceVersion": meta(about, "resourceVersion"),
            },
            "reason": reason, "message": message, "source": {"component": component}, "firstTimestamp": now,
            "lastTimestamp": now, "count": 1, "type": if warning { "Warning" } else { "Normal" }, "eventTime": null,
            "reportingComponent": component, "reportingInstance": "",
        });
        self.events.insert(fold, key(namespace, &name).into());
        drop(self.create("Event", event));
    }

    fn count_again(&mut self, place: &str) -> bool {
        let Some(mut event) = self.get("Event", place) else { return false };
        let last = super::conditions::moment(&event["lastTimestamp"]);
        if last.is_none_or(|last| self.now - last > FOLD) {
            return false;
        }
        event["count"] = json!(event["count"].as_u64().unwrap_or(1) + 1);
        event["lastTimestamp"] = stamp(self.now);
        self.update(event).is_ok()
    }

    /// Prints a line to the controller's log, in the form of klog.
    pub(crate) fn log(&self, level: char, place: &str, text: &str) {
        let line = format!("{level}{}       1 {place}] {text}", self.now.format("%m%d %H:%M:%S%.6f"));
        self.cluster.logs().print(&self.settings.controller_pod, self.now, line);
    }

    /// A moment from now, in milliseconds.
    pub(crate) fn after(&self, milliseconds: u64) -> DateTime<Utc> {
        self.now + TimeDelta::milliseconds(milliseconds as i64)
    }

    /// The issuer that a reference in a namespace means.
    pub(crate) fn issuer(&self, reference: &Value, namespace: &str) -> Option<Value> {
        let name = reference["name"].as_str()?;
        match issuer_kind(reference) {
            "ClusterIssuer" => self.get("ClusterIssuer", name),
            _ => self.get("Issuer", &key(namespace, name)),
        }
    }
}

fn known(kind: &str) -> Result<&'static Resource, Refusal> {
    resource::by_name(kind).ok_or_else(|| Refusal::bad_request(format!("no such kind: {kind}")))
}
