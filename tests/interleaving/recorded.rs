//! The same properties on what a real cluster said.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use cmtop::model::Model;
use cmtop::recording::frame::{Content, Frame, Op};
use cmtop::recording::player::Player;
use cmtop::recording::reader::Reader;
use serde_json::Value;

use crate::dump::{difference, dump};
use crate::holds;

/// Every recording by its name.
fn recordings() -> impl Iterator<Item = (PathBuf, Vec<Frame>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|e| e == "jsonl")).map(|path| {
        let mut reader = Reader::open(BufReader::new(File::open(&path).unwrap())).unwrap();
        let frames = std::iter::from_fn(|| reader.next_frame().unwrap()).collect();
        (path, frames)
    })
}

fn play<'f>(frames: impl IntoIterator<Item = &'f Frame>) -> (Model, Player) {
    let (mut player, mut model) = (Player::default(), Model::default());
    for frame in frames {
        player.play(frame, &mut |batch| model.apply(batch));
    }
    (model, player)
}

/// The watch that a frame is of, and the object that it is about.
fn about(frame: &Frame) -> (String, Option<String>) {
    match &frame.content {
        Content::Object(_, raw) => {
            let object: Value = serde_json::from_str(raw.get()).unwrap();
            let version = object["apiVersion"].as_str().unwrap_or_default();
            let kind = object["kind"].as_str().unwrap_or_default();
            let resource = cmtop::model::kind::Kind::of(version, kind).map_or(String::new(), |kind| kind.resource());
            (resource, object["metadata"]["uid"].as_str().map(str::to_owned))
        }
        Content::Synced(resource) | Content::Error(resource, _) => {
            let kind = cmtop::model::kind::Kind::of_resource(resource);
            (kind.map_or(String::new(), |kind| kind.resource()), None)
        }
        Content::Log(..) | Content::Unknown => (String::new(), None),
    }
}

#[test]
fn a_recording_whose_watches_are_shuffled_gives_the_same_model() {
    for (path, frames) in recordings() {
        let (model, player) = play(&frames);
        let now = player.now().unwrap();
        let as_it_was = dump(&model, now);
        let mut watches: BTreeMap<String, Vec<&Frame>> = BTreeMap::new();
        for frame in &frames {
            watches.entry(about(frame).0).or_default().push(frame);
        }
        let one_by_one: Vec<&Frame> = watches.values().flatten().copied().collect();
        let backwards: Vec<&Frame> = watches.values().rev().flatten().copied().collect();
        let mut turns: Vec<_> = watches.values().map(|frames| frames.iter().copied()).collect();
        let mut in_turns = Vec::new();
        while in_turns.len() < frames.len() {
            in_turns.extend(turns.iter_mut().filter_map(Iterator::next));
        }
        for order in [one_by_one, backwards, in_turns] {
            let other = dump(&play(order).0, now);
            assert!(as_it_was == other, "{}: {:#?}", path.display(), difference(&as_it_was, &other));
        }
    }
}

#[test]
fn a_recording_ends_where_a_fresh_list_of_its_last_objects_begins() {
    for (path, frames) in recordings() {
        let (model, player) = play(&frames);
        let now = player.now().unwrap();
        let mut last: BTreeMap<(String, String), &Frame> = BTreeMap::new();
        for frame in &frames {
            let (resource, Some(uid)) = about(frame) else { continue };
            match frame.content {
                // The log of Events remembers the removed ones.
                Content::Object(Op::Delete, _) if resource != "events" => last.remove(&(resource, uid)),
                Content::Object(Op::Delete, _) => None,
                _ => last.insert((resource, uid), frame),
            };
        }
        let ends = frames.iter().filter(|frame| matches!(frame.content, Content::Synced(_)));
        let fresh = dump(&play(last.values().copied().chain(ends)).0, now);
        let model = dump(&model, now);
        let facts = |text: &str| -> String {
            // How the watches did is history, not what exists.
            text.lines().filter(|line| !line.starts_with("feed: ")).collect::<Vec<_>>().join("\n")
        };
        let difference = difference(&facts(&model), &facts(&fresh));
        assert!(difference.is_empty(), "{}: {difference:#?}", path.display());
    }
}

#[test]
fn a_diagnosis_of_a_recorded_moment_holds_until_it_says() {
    for (path, frames) in recordings() {
        let (mut player, mut model) = (Player::default(), Model::default());
        for (n, frame) in frames.iter().enumerate() {
            player.play(frame, &mut |batch| model.apply(batch));
            if n % 40 == 0 {
                let times = [(n as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835), n as u128];
                holds(&model, player.now().unwrap(), &times).map_err(|e| format!("{}: {e}", path.display())).unwrap();
            }
        }
    }
}
