use std::fs;
use std::io::BufReader;

use serde_json::json;

use super::*;
use crate::model::Model;
use crate::recording::player::Player;
use crate::recording::reader::Reader;

const HEADER: &str = r#"{"format":"cmtop-recording","version":1,"started":"2026-01-01T00:00:00Z","cluster":"x"}"#;

fn at(second: i64) -> Time {
    Time::UNIX_EPOCH + TimeDelta::seconds(second)
}

fn object(uid: &str, version: u32) -> Value {
    json!({
        "metadata": {"uid": uid, "name": uid, "namespace": "shop", "resourceVersion": version.to_string(),
            "creationTimestamp": "1970-01-01T00:00:00Z", "managedFields": [{"manager": "x"}]},
        "data": {"tls.key": "a2V5"}
    })
}

fn frames(text: &str) -> Vec<(i64, String, String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lines = text.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .map(|line| {
            let t: Time = word(&line["t"]).parse().unwrap();
            let meta = &line["object"]["metadata"];
            (t.timestamp(), word(&line["op"]), word(&meta["uid"]), word(&meta["resourceVersion"]))
        })
        .collect()
}

fn told(told: &[(i64, &str, &str, &str)]) -> Vec<(i64, String, String, String)> {
    told.iter().map(|(t, op, uid, v)| (*t, (*op).to_owned(), (*uid).to_owned(), (*v).to_owned())).collect()
}

/// How things are now, as a recording.
fn present(t: i64, objects: &[(&str, u32)]) -> String {
    let mut text = HEADER.to_owned() + "\n";
    for (uid, version) in objects {
        let mut object = object(uid, *version);
        redact(Kind::Secret, &mut object);
        text += &(json!({"t": at(t), "op": "ADDED", "object": object}).to_string() + "\n");
    }
    text + &json!({"t": at(t), "op": "SYNCED", "resource": "secrets.v1"}).to_string() + "\n"
}

#[test]
fn the_last_minutes_are_how_things_were_what_changed_and_how_they_are() {
    let mut recent = Recent::begin(at(0));
    recent.listed(at(0), Kind::Secret, object("a", 1));
    recent.listed(at(0), Kind::Secret, object("still", 1));
    recent.changed(at(10), Turn::Modified, Kind::Secret, object("a", 2));
    recent.changed(at(11), Turn::Added, Kind::Secret, object("b", 3));
    recent.changed(at(12), Turn::Deleted, Kind::Secret, object("c", 4));
    recent.changed(at(13), Turn::Deleted, Kind::Secret, object("b", 5));
    let woven = recent.woven(&present(20, &[("a", 9), ("still", 1), ("never told", 2)]), |_| true);
    let mut found = frames(&woven.text);
    found.get_mut(..4).unwrap().sort();
    assert_eq!(
        found,
        told(&[
            (0, "ADDED", "a", "1"),
            (0, "ADDED", "c", "4"),
            (0, "ADDED", "never told", "2"),
            (0, "ADDED", "still", "1"),
            (0, "SYNCED", "", ""),
            (10, "MODIFIED", "a", "2"),
            (11, "ADDED", "b", "3"),
            (12, "DELETED", "c", "4"),
            (13, "DELETED", "b", "5"),
            (20, "MODIFIED", "a", "9"),
        ])
    );
    assert_eq!(woven.whole_from, at(0));
    assert!(!woven.text.contains("a2V5") && !woven.text.contains("managedFields"), "{}", woven.text);
}

/// An object whose form before its first change is not known makes the recording begin with that change.
#[test]
fn what_is_not_known_whole_is_not_made_up() {
    let mut recent = Recent::begin(at(0));
    recent.changed(at(10), Turn::Modified, Kind::Secret, object("a", 2));
    recent.changed(at(30), Turn::Modified, Kind::Secret, object("b", 3));
    let now = present(40, &[("a", 2), ("b", 3)]);
    assert_eq!(recent.woven(&now, |_| true).whole_from, at(30));
    let of_a = |frame: &Value| frame["object"]["metadata"]["uid"] == "a";
    assert_eq!(recent.woven(&now, of_a).whole_from, at(10));
}

#[test]
fn a_list_that_does_not_fit_and_changes_without_end_take_no_more_room() {
    let mut recent = Recent::begin(at(0));
    let large = |uid: &str, version: u32| {
        let mut object = object(uid, version);
        object["status"] = "x".repeat(10_000).into();
        object
    };
    for n in 0..3_000 {
        recent.listed(at(0), Kind::Certificate, large(&n.to_string(), 1));
    }
    assert!(!recent.has_room() && recent.bytes_before < limits::RECENT_BEFORE + 20_000);
    for n in 0..6_000_u32 {
        recent.changed(at(i64::from(n / 100)), Turn::Modified, Kind::Certificate, large(&n.to_string(), 2));
    }
    assert!(recent.bytes() < limits::RECENT_BEFORE + limits::RECENT_CHANGES + 20_000, "{}", recent.bytes());
    let woven = recent.woven(&present(100, &[]), |_| true);
    assert!(woven.whole_from > at(0) && recent.gap.is_some(), "{:?}", recent.gap);
    // An hour later nothing is left of it but how things are.
    recent.changed(at(8_000), Turn::Added, Kind::Certificate, object("late", 3));
    assert_eq!((recent.changes.len(), recent.kept.len()), (1, 1));
}

#[test]
fn the_forms_of_one_object_are_told_and_what_is_not_kept_any_more_is_not_denied() {
    let key = |name: &str| ObjectKey { kind: Kind::Secret, namespace: "shop".into(), name: name.into() };
    let told = |recent: &Recent, name: &str| {
        let forms = recent.forms(&key(name), at(1_000_000));
        assert!(forms.seen.iter().all(|(_, object)| !object.contains("a2V5")), "{:?}", forms.seen);
        (forms.seen.iter().map(|(t, _)| t.timestamp()).collect::<Vec<_>>(), forms.whole)
    };
    let mut recent = Recent::begin(at(0));
    recent.listed(at(1), Kind::Secret, object("a", 1));
    recent.listed(at(1), Kind::Certificate, object("a", 1));
    recent.changed(at(10), Turn::Modified, Kind::Secret, object("a", 2));
    recent.changed(at(11), Turn::Modified, Kind::Secret, object("ab", 3));
    recent.changed(at(12), Turn::Added, Kind::Secret, object("made", 4));
    recent.changed(at(13), Turn::Deleted, Kind::Secret, object("made", 5));
    assert_eq!(told(&recent, "a"), (vec![1, 10], true));
    assert_eq!(told(&recent, "ab"), (vec![11], false), "how it was before is not known");
    assert_eq!(told(&recent, "made"), (vec![12], true), "what it was when it went is no new form");
    assert_eq!(told(&recent, "unseen"), (vec![], true));
    // An hour later the first form is not kept any more.
    recent.changed(at(3_700), Turn::Modified, Kind::Secret, object("a", 6));
    assert_eq!(told(&recent, "a"), (vec![10, 3_700], false));
    // Of very many, those around the moment that is shown.
    let mut busy = Recent::begin(at(0));
    let many = limits::VERSIONS_TOLD as u32 * 3;
    (0..many).for_each(|n| busy.changed(at(i64::from(n)), Turn::Modified, Kind::Secret, object("a", n)));
    let forms = busy.forms(&key("a"), at(i64::from(many / 2)));
    let ends = [forms.seen.front(), forms.seen.back()].map(|form| form.unwrap().0.timestamp());
    let (middle, told) = (i64::from(many / 2), limits::VERSIONS_TOLD as i64);
    assert_eq!(ends, [middle - told + 1, middle + told]);
}

/// Of a real recording: the objects that a dashboard was told of lead to the same rows as the recording itself.
#[test]
fn a_woven_recording_ends_where_the_real_one_ends() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings/issuance-and-renewal.jsonl");
    let text = fs::read_to_string(file).unwrap();
    let (mut recent, mut present) = (None, HashMap::new());
    let mut listed = Vec::new();
    for line in text.lines().skip(1) {
        let frame: Value = serde_json::from_str(line).unwrap();
        let t: Time = frame["t"].as_str().unwrap().parse().unwrap();
        let object = frame["object"].clone();
        let recent = recent.get_or_insert_with(|| Recent::begin(t));
        if frame["op"] == "SYNCED" {
            listed.push(frame["resource"].as_str().and_then(Kind::of_resource));
            present.insert(frame["resource"].to_string(), frame);
            continue;
        }
        let word = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
        let Some(kind) = Kind::of(&word("apiVersion"), &word("kind")) else { continue };
        let id = uid(&object).unwrap().to_owned();
        let turn = match frame["op"].as_str().unwrap() {
            "ADDED" => Turn::Added,
            "DELETED" => Turn::Deleted,
            _ => Turn::Modified,
        };
        if listed.contains(&Some(kind)) {
            recent.changed(t, turn, kind, object);
        } else {
            recent.listed(t, kind, object);
        }
        if turn == Turn::Deleted {
            present.remove(&id)
        } else {
            present.insert(id, frame)
        };
    }
    let now: String = present.values().map(|frame| frame.to_string().replace("MODIFIED", "ADDED") + "\n").collect();
    let woven = recent.unwrap().woven(&(HEADER.to_owned() + "\n" + &now), |_| true);
    let replayed = |text: &str| {
        let mut reader = Reader::open(BufReader::new(text.as_bytes())).unwrap();
        let (mut player, mut model) = (Player::of(reader.header()), Model::default());
        while let Some(frame) = reader.next_frame().unwrap() {
            player.play(&frame, &mut |batch| model.apply(batch));
        }
        let mut rows: Vec<String> = model.certificates.iter().map(|(_, row)| format!("{row:?}")).collect();
        rows.extend(model.requests.iter().map(|(_, row)| format!("{row:?}")));
        rows.extend(model.challenges.iter().map(|(_, row)| format!("{row:?}")));
        rows.sort();
        let mut seen: Vec<String> = model.journal.recent().map(|transition| format!("{transition:?}")).collect();
        seen.sort();
        (rows, seen.len())
    };
    let (rows, seen) = replayed(&woven.text);
    let (expected, transitions) = replayed(&text);
    assert_eq!(rows, expected);
    assert!(seen >= transitions - 5 && seen <= transitions + 5, "{seen} of {transitions} changes");
}
