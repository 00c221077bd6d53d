//! [`Excerpt`]: the last part of a recording, which still replays: how things were when it begins, then every frame.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::redact::Redactor;
use crate::model::meta::Time;
use crate::wire::stamp::Stamp;

/// The frames of a recording from a moment on.
#[derive(Debug)]
pub struct Excerpt {
    header: Value,
    from: Time,
    /// Lines of logs may be older.
    logs_from: Time,
    /// The objects that there were before, by uid.
    before: BTreeMap<String, Value>,
    /// The resources that were complete before, and those that were refused.
    synced: BTreeSet<String>,
    refused: BTreeMap<String, Value>,
    frames: Vec<Value>,
}

impl Excerpt {
    /// An excerpt that begins at a moment; `header` is the first line of the recording.
    pub fn new(header: Value, from: Time) -> Self {
        let (before, refused) = (BTreeMap::new(), BTreeMap::new());
        Self { header, from, logs_from: from, before, synced: BTreeSet::new(), refused, frames: Vec::new() }
    }

    /// The same, with lines of logs that were written before it begins: they come when it begins.
    #[must_use]
    pub const fn with_logs_from(mut self, from: Time) -> Self {
        self.logs_from = from;
        self
    }

    /// The same, of some namespaces alone: elsewhere nothing is to be seen.
    #[must_use]
    pub fn of_namespaces(mut self, namespaces: impl IntoIterator<Item = String>) -> Self {
        if let Some(fields) = self.header.as_object_mut() {
            fields.insert("namespaces".to_owned(), namespaces.into_iter().collect::<Vec<_>>().into());
        }
        self
    }

    /// Takes in the next frame.
    pub fn add(&mut self, frame: Value) {
        let t = frame.get("t").and_then(Value::as_str).and_then(Stamp::parse).map(|stamp| stamp.0);
        if t.is_none_or(|t| t >= self.from) {
            return self.frames.push(frame);
        }
        let text = |field: &str| frame.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        match text("op").as_str() {
            "LOG" if t.is_some_and(|t| t >= self.logs_from) => self.frames.push(frame),
            "SYNCED" => {
                self.refused.remove(&text("resource"));
                self.synced.insert(text("resource"));
            }
            "ERROR" => {
                self.synced.remove(&text("resource"));
                self.refused.insert(text("resource"), frame);
            }
            op @ ("ADDED" | "MODIFIED" | "DELETED") => {
                let Some(object) = frame.get("object") else { return };
                let uid = object.get("metadata").and_then(|meta| meta.get("uid")?.as_str()).unwrap_or_default();
                if op == "DELETED" {
                    self.before.remove(uid);
                } else {
                    self.before.insert(uid.to_owned(), object.clone());
                }
            }
            _ => {}
        }
    }

    /// The lines of the excerpt, without what must not leave.
    pub fn lines(self, redactor: &Redactor) -> impl Iterator<Item = String> {
        let t = self.from.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let mut header = self.header;
        if let Some(fields) = header.as_object_mut() {
            fields.insert("started".to_owned(), t.clone().into());
        }
        let at = t.clone();
        let objects = self.before.into_values().map(move |object| json!({"t": at, "op": "ADDED", "object": object}));
        let synced = self.synced.into_iter().map(move |resource| json!({"t": t, "op": "SYNCED", "resource": resource}));
        let frames = objects.chain(synced).chain(self.refused.into_values()).chain(self.frames);
        let frames = frames.map(|mut frame| {
            redactor.line(&mut frame);
            frame
        });
        std::iter::once(header).chain(frames).map(|line| line.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_before_it_begins_is_there_when_it_begins() {
        let header = json!({"format": "cmtop-recording", "version": 1, "started": "2026-01-01T00:00:00Z"});
        let mut excerpt = Excerpt::new(header, "2026-01-01T00:00:10Z".parse().unwrap());
        let object = |uid: &str, v: u32| json!({"kind": "Secret", "metadata": {"uid": uid}, "v": v});
        for (t, op, uid, v) in [
            (1, "ADDED", "a", 1),
            (2, "ADDED", "b", 1),
            (3, "MODIFIED", "a", 2),
            (4, "DELETED", "b", 1),
            (11, "MODIFIED", "a", 3),
        ] {
            excerpt.add(json!({"t": format!("2026-01-01T00:00:{t:02}Z"), "op": op, "object": object(uid, v)}));
        }
        let lines: Vec<Value> =
            excerpt.lines(&Redactor::default()).map(|line| serde_json::from_str(&line).unwrap()).collect();
        let told: Vec<_> =
            lines.iter().skip(1).map(|l| (l["op"].as_str().unwrap(), l["object"]["v"].as_u64().unwrap())).collect();
        assert_eq!(told, [("ADDED", 2), ("MODIFIED", 3)]);
    }
}
