//! Real objects, taken apart.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::sync::OnceLock;

use cmtop::model::Model;
use cmtop::recording::frame::Frame;
use cmtop::recording::player::Player;
use serde_json::Value;

/// The way to a value: keys and numbers.
pub(crate) type Path = Vec<String>;

/// Two objects of each kind: those in which the most is filled in.
pub(crate) fn objects() -> &'static [Value] {
    static OBJECTS: OnceLock<Vec<Value>> = OnceLock::new();
    OBJECTS.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
        let mut by_kind: BTreeMap<String, BTreeMap<usize, Value>> = BTreeMap::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "jsonl") {
                continue;
            }
            for line in BufReader::new(File::open(path).unwrap()).lines() {
                let mut frame: Value = serde_json::from_str(&line.unwrap()).unwrap();
                let object = frame["object"].take();
                if let Some(kind) = object["kind"].as_str().filter(|kind| *kind != "Status") {
                    by_kind.entry(kind.to_owned()).or_default().insert(paths(&object).len(), object);
                }
            }
        }
        let richest = |objects: BTreeMap<usize, Value>| objects.into_values().rev().take(2);
        by_kind.into_values().flat_map(richest).collect()
    })
}

/// The ways to all values in an object.
pub(crate) fn paths(value: &Value) -> Vec<Path> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(n, value)| (n.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    let below = |(key, value): (String, &Value)| {
        let deeper = paths(value).into_iter().map(|path| [vec![key.clone()], path].concat()).collect::<Vec<_>>();
        std::iter::once(vec![key]).chain(deeper).collect::<Vec<_>>()
    };
    children.into_iter().flat_map(below).collect()
}

pub(crate) fn at<'v>(value: &'v Value, path: &Path) -> &'v Value {
    path.iter().fold(value, |value, key| match value {
        Value::Array(list) => &list[key.parse::<usize>().unwrap()],
        other => &other[key],
    })
}

pub(crate) fn put(value: &mut Value, path: &Path, new: Value) {
    *path.iter().fold(value, |value, key| match value {
        Value::Array(list) => &mut list[key.parse::<usize>().unwrap()],
        other => &mut other[key],
    }) = new;
}

/// What a frame of a recording with an object does to a model.
pub(crate) fn play(model: &mut Model, op: &str, object: &str) {
    let line = format!(r#"{{"t":"2026-11-22T16:00:00Z","op":"{op}","object":{object}}}"#).replace('\n', " ");
    let frame = Frame::parse(&line).unwrap();
    Player::default().play(&frame, &mut |batch| {
        // A new player begins a new list each time; here they are one watch.
        if matches!(batch.news, cmtop::model::delta::News::ListBegan) && !model.certificates.is_empty() {
            return;
        }
        model.apply(batch);
    });
}

/// The model of some objects.
pub(crate) fn model_of(objects: &[Value]) -> Model {
    let mut model = Model::default();
    let mut player = Player::default();
    for object in objects {
        let line = format!(r#"{{"t":"2026-11-22T16:00:00Z","op":"ADDED","object":{object}}}"#);
        player.play(&Frame::parse(&line).unwrap(), &mut |batch| model.apply(batch));
    }
    model
}
