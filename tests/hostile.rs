//! Whatever arrives, something sensible comes out: never an error, never a panic, never a byte that moves a cursor.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "interleaving/dump.rs"]
#[allow(dead_code, reason = "the difference is asked for elsewhere")]
mod dump;
#[path = "hostile/files.rs"]
mod files;
#[path = "hostile/moments.rs"]
mod moments;
#[path = "hostile/real.rs"]
mod real;
#[path = "hostile/said.rs"]
mod said;

use chrono::DateTime;
use cmtop::limits;
use cmtop::model::Model;
use serde_json::{Value, json};

use dump::dump;
use real::{Path, at, model_of, objects, paths, put};

/// Escape sequences, directions, things that cannot be seen, and line breaks.
const HOSTILE: &str =
    "\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}31m\u{202e}evil\u{2066}\u{200b}\u{feff}\u{e0041}\r\n\t\u{2028}\u{0}";

/// Every text of an object becomes another one; what names its kind stays.
fn with_texts(object: &Value, text: &dyn Fn(&str) -> String) -> Value {
    let mut object = object.clone();
    for path in paths(&object) {
        let named = matches!(path.as_slice(), [key] if key == "kind" || key == "apiVersion");
        if let Some(old) = at(&object, &path).as_str().filter(|_| !named).map(str::to_owned) {
            put(&mut object, &path, text(&old).into());
        }
    }
    object
}

#[test]
fn no_text_reaches_the_model_that_could_reach_a_terminal() {
    let hostile: Vec<Value> =
        objects().iter().map(|object| with_texts(object, &|old| format!("{old}{HOSTILE}"))).collect();
    let held = dump(&model_of(&hostile), DateTime::UNIX_EPOCH);
    assert!(held.contains('\u{fffd}'), "the texts did arrive");
    // `Debug` writes whatever cannot be printed as an escape.
    for escape in ["\\u{", "\\r", "\\t", "\\0"] {
        let line = held.lines().find(|line| line.contains(escape));
        assert!(line.is_none(), "{escape} in {line:?}");
    }
    let anomalies = model_of(&hostile).anomalies;
    for anomaly in anomalies.kept() {
        let text = format!("{:?} {}", anomaly.object, anomaly.what);
        assert!(!text.contains("\\u{") && !text.chars().any(cmtop::text::is_hostile), "{text:?}");
    }
}

#[test]
fn what_is_huge_is_bounded_in_its_row() {
    const LIMIT: usize = 8 * limits::MESSAGE;
    for object in objects() {
        let huge = with_texts(object, &|old| format!("{old}{}", "\u{1b}x".repeat(limits::MESSAGE * 4)));
        let held = dump(&model_of(&[huge]), DateTime::UNIX_EPOCH);
        for line in held.lines() {
            assert!(line.len() <= LIMIT, "{} bytes of {}…", line.len(), &line[..200]);
        }
    }
    let condition = json!({"type": "Ready", "status": "False", "message": "m".repeat(1 << 20)});
    let mut certificate = json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate",
        "metadata": {"name": "a", "namespace": "b", "labels": {}, "finalizers": vec!["f"; 100_000]},
        "spec": {"dnsNames": vec!["n".repeat(300); 100_000]},
        "status": {"conditions": vec![condition; 8]}});
    for n in 0..10_000 {
        certificate["metadata"]["labels"][format!("label-{n}")] = "value".into();
    }
    let model = model_of(&[certificate]);
    let (_, row) = model.certificate("b", "a").unwrap();
    assert_eq!(row.dns_names.len(), limits::DNS_NAMES);
    assert!(row.ready.as_ref().unwrap().message.as_str().len() <= limits::MESSAGE + 3);
    assert!(row.meta.labels.iter().map(|(k, v)| k.len() + v.len()).sum::<usize>() <= limits::LABELS);
}

/// One value of each JSON type, and some that are worse.
fn values() -> Vec<Value> {
    let deep = |wrap: &dyn Fn(Value) -> Value| (0..90).fold(Value::Null, |inner, _| wrap(inner));
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(1.5),
        json!(1e300),
        json!(""),
        json!("text"),
        json!([]),
        json!([null, 1, "x", [], {}]),
        json!({}),
        json!({"a": {"b": []}}),
        deep(&|inner| json!([inner])),
        deep(&|inner| json!({"a": inner})),
    ]
}

fn kind_of(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

/// Fields of which only the presence is read: whatever text, list or object is there is as good as another.
fn only_presence(path: &Path) -> bool {
    const PRESENT: [&str; 7] = ["selfSigned", "ingress", "rfc2136", "route53", "url", "certificate", "webhook"];
    path.last().is_some_and(|last| PRESENT.contains(&last.as_str()))
        && path.first().is_some_and(|key| key != "metadata")
}

#[test]
fn a_value_of_any_type_is_read_anywhere_and_a_wrong_one_is_noted() {
    let facts = |object: &Value| {
        let model = model_of(std::slice::from_ref(object));
        (dump(&model, DateTime::UNIX_EPOCH), model.anomalies)
    };
    let mut noted = 0;
    for object in objects() {
        let (whole, _) = facts(object);
        for path in paths(object) {
            if matches!(path.as_slice(), [key] if key == "kind" || key == "apiVersion") {
                continue;
            }
            let old = at(object, &path).clone();
            let mut changed = object.clone();
            put(&mut changed, &path, Value::Null);
            let is_read = facts(&changed).0 != whole;
            for value in values() {
                put(&mut changed, &path, value.clone());
                let (_, anomalies) = facts(&changed);
                let words: Vec<&str> = anomalies.kept().iter().map(|anomaly| &*anomaly.what).collect();
                assert!(!words.iter().any(|what| what.contains("cannot be read")), "{path:?} = {value}: {words:?}");
                let wrong = kind_of(&value) != kind_of(&old) && value != Value::Null;
                if is_read && wrong && !only_presence(&path) {
                    assert!(anomalies.total() > 0, "{} {path:?} = {value} was not noted", object["kind"]);
                    noted += 1;
                }
            }
        }
    }
    assert!(noted > 1_000, "{noted} wrong values noted");
}

#[test]
fn an_object_without_any_one_field_is_read() {
    for object in objects() {
        for path in paths(object) {
            let mut changed = object.clone();
            let (last, parents) = path.split_last().unwrap();
            match pointer(&mut changed, parents) {
                Value::Object(map) => drop(map.remove(last)),
                Value::Array(list) => drop(list.remove(last.parse().unwrap())),
                _ => {}
            }
            dump(&model_of(&[changed]), DateTime::UNIX_EPOCH);
        }
    }
}

fn pointer<'v>(value: &'v mut Value, path: &[String]) -> &'v mut Value {
    path.iter().fold(value, |value, key| match value {
        Value::Array(list) => &mut list[key.parse::<usize>().unwrap()],
        other => &mut other[key],
    })
}

#[test]
fn of_a_repeated_key_the_last_one_counts() {
    let mut model = Model::default();
    real::play(
        &mut model,
        "ADDED",
        r#"{"apiVersion":"cert-manager.io/v1","kind":"Certificate","metadata":{"name":"first"},
            "metadata":{"name":"a","name":"b","namespace":"n","labels":{"x":"1","x":"2"}},
            "spec":{"secretName":"one"},"spec":{"secretName":"two"},
            "status":{"conditions":[{"type":"Ready","status":"True"},{"type":"Ready","status":"False"}]}}"#,
    );
    let (_, row) = model.certificate("n", "b").unwrap();
    assert_eq!((&*row.secret_name, row.meta.labels.get("x")), ("two", Some("2")));
    assert!(row.ready.as_ref().unwrap().is_false());
}

#[test]
fn an_object_without_uid_or_version_changes_and_goes() {
    let mut model = Model::default();
    let of = |revision: u32| {
        json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate",
            "metadata": {"name": "a\u{202e}", "namespace": "b\u{1b}"}, "status": {"revision": revision}})
        .to_string()
    };
    real::play(&mut model, "ADDED", &of(1));
    real::play(&mut model, "MODIFIED", &of(2));
    assert_eq!(model.certificates.iter().map(|(_, row)| row.revision).collect::<Vec<_>>(), [Some(2)]);
    real::play(&mut model, "DELETED", &of(2));
    assert!(model.certificates.is_empty());
}

/// Not even JSON, strictly: no machine holds the number, and half of a pair is no character.
#[test]
fn a_number_without_bounds_and_half_a_character_cost_one_field() {
    let line = r#"{"t":"2026-11-22T16:00:00Z","op":"ADDED","object":{"apiVersion":"cert-manager.io/v1","kind":"Certificate","metadata":{"name":"c","namespace":"n","uid":"u"},"spec":{"secretName":"a\ud800b"},"status":{"revision":1e999}}}"#;
    let (mut model, mut player) = (Model::default(), cmtop::recording::player::Player::default());
    let frame = cmtop::recording::frame::Frame::parse(line).unwrap();
    player.play(&frame, &mut |batch| model.apply(batch));
    let (_, certificate) = model.certificate("n", "c").expect("the object is there");
    assert_eq!((&*certificate.secret_name, certificate.revision), ("a\u{fffd}b", None));
}
