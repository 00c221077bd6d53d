//! From the changes that were kept, and a look at how things are now, to one recording.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::Recent;
use super::Turn;
use super::uid;
use crate::model::meta::Time;
use crate::recording::writer::moment;
use crate::wire::stamp::Stamp;

/// A recording, and from when on it is whole.
#[derive(Debug)]
pub struct Woven {
    /// Its text.
    pub text: String,
    /// Replaying shows every object as it was from here on. What comes before is how things came to be.
    pub whole_from: Time,
}

/// The frames of a recording in the making.
struct Loom {
    /// How things were when everything began.
    beginning: Vec<Value>,
    frames: Vec<Value>,
    began: Time,
    whole_from: Time,
}

impl Loom {
    fn begins_with(&mut self, object: &Value) {
        self.beginning.push(json!({"t": moment(self.began), "op": "ADDED", "object": object}));
    }

    fn happens(&mut self, t: Time, op: &str, object: &Value) {
        self.frames.push(json!({"t": moment(t), "op": op, "object": object}));
    }
}

impl Recent {
    /// The recording of the last minutes: how things were, what changed, and how they are now by a recording that was
    /// begun and ended just now. It is to be whole for what `concerns` somebody.
    pub fn woven(&self, present: &str, concerns: impl Fn(&Value) -> bool) -> Woven {
        let mut lines = present.lines();
        let mut header: Value = lines.next().and_then(parse).unwrap_or_default();
        if let Some(fields) = header.as_object_mut() {
            fields.insert("started".to_owned(), moment(self.began).into());
        }
        let (mut loom, mut known) = self.course(concerns);
        let mut stands = Vec::new();
        let mut now = self.began;
        for mut frame in lines.filter_map(parse) {
            let t = moment_of(&frame).unwrap_or(now);
            let op = frame.get("op").and_then(Value::as_str).unwrap_or_default();
            match (op, frame.get("object").and_then(|object| uid(object)).map(str::to_owned)) {
                ("LOG", _) => loom.frames.push(frame),
                ("ADDED" | "MODIFIED", Some(id)) => {
                    let Some(object) = frame.get("object") else { continue };
                    now = now.max(t);
                    match known.remove(&*id) {
                        None if created(object).is_some_and(|at| at > self.began) => loom.happens(t, "ADDED", object),
                        None => loom.begins_with(object),
                        Some(last) if version(&last) == version(object) => {}
                        Some(_) => loom.happens(t, "MODIFIED", object),
                    }
                }
                _ => {
                    if let Some(fields) = frame.as_object_mut() {
                        fields.insert("t".to_owned(), moment(self.began).into());
                    }
                    stands.push(frame);
                }
            }
        }
        // What nobody saw go is gone all the same.
        known.values().for_each(|object| loom.happens(now, "DELETED", object));
        // Lines of logs bear the moment when they were written.
        loom.frames.sort_by_key(moment_of);
        let frames = [header].into_iter().chain(loom.beginning).chain(stands).chain(loom.frames);
        let text = frames.map(|frame| frame.to_string() + "\n").collect();
        Woven { text, whole_from: loom.whole_from }
    }

    /// What was kept, and the last form of every object in it that is not gone.
    fn course(&self, concerns: impl Fn(&Value) -> bool) -> (Loom, HashMap<&str, Value>) {
        let (began, whole_from) = (self.began, self.gap.map_or(self.began, |gap| gap.max(self.began)));
        let mut loom = Loom { beginning: Vec::new(), frames: Vec::new(), began, whole_from };
        let concerns = |object: &Value| concerns(&json!({"op": "ADDED", "object": object}));
        let mut known: HashMap<&str, Value> = HashMap::new();
        let mut met: std::collections::HashSet<&str> = self.before.keys().map(|id| &**id).collect();
        for (id, form) in &self.before {
            let Some(object) = parse(&form.object) else { continue };
            if form.t > loom.whole_from && concerns(&object) {
                loom.whole_from = form.t;
            }
            loom.begins_with(&object);
            known.insert(id, object);
        }
        for change in &self.changes {
            let Some(object) = parse(&change.form.object) else { continue };
            let (is_first, t) = (met.insert(&change.uid), change.form.t);
            match change.turn {
                Turn::Added => loom.happens(t, "ADDED", &object),
                Turn::Modified => {
                    // How it was before is not known.
                    if is_first && t > loom.whole_from && concerns(&object) {
                        loom.whole_from = t;
                    }
                    loom.happens(t, "MODIFIED", &object);
                }
                Turn::Deleted => {
                    // It comes as it was.
                    if is_first {
                        loom.begins_with(&object);
                    }
                    loom.happens(t, "DELETED", &object);
                    known.remove(&*change.uid);
                    continue;
                }
            }
            known.insert(&change.uid, object);
        }
        (loom, known)
    }
}

fn parse(line: &str) -> Option<Value> {
    serde_json::from_str(line).ok()
}

fn moment_of(frame: &Value) -> Option<Time> {
    frame.get("t").and_then(Value::as_str).and_then(Stamp::parse).map(|stamp| stamp.0)
}

fn created(object: &Value) -> Option<Time> {
    let stamp = object.pointer("/metadata/creationTimestamp")?.as_str()?;
    Stamp::parse(stamp).map(|stamp| stamp.0)
}

fn version(object: &Value) -> Option<&str> {
    object.pointer("/metadata/resourceVersion")?.as_str()
}
