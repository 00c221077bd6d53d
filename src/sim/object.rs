//! One stored object: its JSON, and the few facts that are asked for all the time.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::resource::Resource;

/// Where an object is: its resource and its key, `namespace/name` or `name`.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) resource: &'static Resource,
    pub(crate) key: Box<str>,
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.resource, other.resource) && self.key == other.key
    }
}

/// A state of an object that never changes again; shared by the shelf, the log and every watch.
#[derive(Debug)]
pub(crate) struct Object {
    key: Box<str>,
    uid: Box<str>,
    version: u64,
    labels: Box<[(Box<str>, Box<str>)]>,
    owners: Box<[Box<str>]>,
    body: Body,
}

/// The JSON of an object, without `apiVersion` and `kind`: lists of built-in kinds do not repeat them.
enum Body {
    Written(Box<[u8]>),
    Drawn(Arc<dyn Draw>, u32),
}

/// Objects that are drawn when somebody reads them: what makes a world of 100,000 fit into memory.
pub(crate) trait Draw: Send + Sync {
    /// The object with this number, without `apiVersion` and `kind`.
    fn draw(&self, number: u32) -> Value;

    /// Its metadata alone, which is asked for more often and must cost little.
    fn metadata(&self, number: u32) -> Value;

    /// What every object is asked for all the time, and so is kept.
    fn facts(&self, number: u32) -> Facts;
}

/// The few facts of an object that are kept beside its JSON.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// `namespace/name`, or `name`.
    pub(crate) key: String,
    pub(crate) uid: String,
    pub(crate) version: u64,
    pub(crate) labels: Vec<(String, String)>,
    /// The uids of the owners.
    pub(crate) owners: Vec<String>,
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written(bytes) => write!(formatter, "{} bytes", bytes.len()),
            Self::Drawn(_, number) => write!(formatter, "drawn {number}"),
        }
    }
}

impl Facts {
    fn of(metadata: &Value) -> Self {
        let text = |field: &str| metadata[field].as_str().unwrap_or_default();
        let labels = metadata["labels"].as_object().into_iter().flatten();
        let owners = metadata["ownerReferences"].as_array().into_iter().flatten();
        Self {
            key: key(text("namespace"), text("name")),
            uid: text("uid").to_owned(),
            version: text("resourceVersion").parse().unwrap_or_default(),
            labels: labels.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect(),
            owners: owners.filter_map(|owner| owner["uid"].as_str()).map(ToOwned::to_owned).collect(),
        }
    }
}

impl Object {
    /// Takes an object as JSON; it must have a name.
    pub(crate) fn new(mut value: Value) -> Self {
        if let Some(map) = value.as_object_mut() {
            map.remove("apiVersion");
            map.remove("kind");
        }
        let body = Body::Written(serde_json::to_vec(&value).unwrap_or_default().into_boxed_slice());
        Self::with_body(Facts::of(&value["metadata"]), body)
    }

    /// An object that is drawn on demand.
    pub(crate) fn drawn(artist: Arc<dyn Draw>, number: u32) -> Self {
        Self::with_body(artist.facts(number), Body::Drawn(artist, number))
    }

    fn with_body(facts: Facts, body: Body) -> Self {
        let Facts { key, uid, version, labels, owners } = facts;
        Self {
            key: key.into(),
            uid: uid.into(),
            version,
            labels: labels.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            owners: owners.into_iter().map(Into::into).collect(),
            body,
        }
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn name(&self) -> &str {
        self.key.rsplit_once('/').map_or(&*self.key, |(_, name)| name)
    }

    pub(crate) fn namespace(&self) -> &str {
        self.key.split_once('/').map_or("", |(namespace, _)| namespace)
    }

    pub(crate) fn uid(&self) -> &str {
        &self.uid
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn owners(&self) -> &[Box<str>] {
        &self.owners
    }

    pub(crate) fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(key, _)| &**key == name).map(|(_, value)| &**value)
    }

    /// The object as JSON, without `apiVersion` and `kind`.
    pub(crate) fn value(&self) -> Value {
        match &self.body {
            Body::Written(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
            Body::Drawn(artist, number) => artist.draw(*number),
        }
    }

    /// The object as JSON, with `apiVersion` and `kind`.
    pub(crate) fn typed(&self, resource: &Resource) -> Value {
        let mut value = self.value();
        value["apiVersion"] = json!(resource.api_version());
        value["kind"] = json!(resource.kind);
        value
    }

    fn bytes(&self) -> Cow<'_, [u8]> {
        match &self.body {
            Body::Written(bytes) => Cow::Borrowed(bytes),
            Body::Drawn(artist, number) => Cow::Owned(serde_json::to_vec(&artist.draw(*number)).unwrap_or_default()),
        }
    }

    /// Writes the object without `apiVersion` and `kind`.
    pub(crate) fn write_bare(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bytes());
    }

    /// Writes the object with `apiVersion` and `kind` in front.
    pub(crate) fn write_typed(&self, resource: &Resource, out: &mut Vec<u8>) {
        let head = format!("{{\"apiVersion\":\"{}\",\"kind\":\"{}\",", resource.api_version(), resource.kind);
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(self.bytes().get(1..).unwrap_or_default());
    }

    /// Writes what a client sees who asked for metadata only.
    pub(crate) fn write_metadata(&self, out: &mut Vec<u8>) {
        #[derive(Deserialize)]
        struct Outline<'a> {
            #[serde(borrow)]
            metadata: &'a RawValue,
        }
        out.extend_from_slice(br#"{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":"#);
        match &self.body {
            Body::Written(bytes) => {
                let outline = serde_json::from_slice::<Outline<'_>>(bytes);
                out.extend_from_slice(outline.map_or("{}", |outline| outline.metadata.get()).as_bytes());
            }
            Body::Drawn(artist, number) => out.extend_from_slice(artist.metadata(*number).to_string().as_bytes()),
        }
        out.push(b'}');
    }
}

/// The key of an object: `namespace/name`, or `name` of one that has no namespace.
pub(crate) fn key(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") }
}

/// Writes a version into an object.
pub(crate) fn stamp(value: &mut Value, version: u64) {
    value["metadata"]["resourceVersion"] = json!(version.to_string());
}

/// A field of `metadata` that is text; empty when it is not there.
pub(crate) fn meta<'a>(value: &'a Value, field: &str) -> &'a str {
    value["metadata"][field].as_str().unwrap_or_default()
}

/// Whether the object waits for its finalizers.
pub(crate) fn is_deleting(value: &Value) -> bool {
    value["metadata"]["deletionTimestamp"].is_string()
}

/// The finalizers of an object.
pub(crate) fn finalizers(value: &Value) -> Vec<&str> {
    value["metadata"]["finalizers"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Takes a field out of `metadata`.
pub(crate) fn strip_meta(value: &mut Value, field: &str) {
    if let Some(metadata) = value["metadata"].as_object_mut() {
        metadata.remove(field);
    }
}
