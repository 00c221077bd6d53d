//! `cmtop watch` and `cmtop wait` on recordings: every change of a verdict, in its order, and an end that scripts can
//! rely on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

use std::process::{Command, Output};

use serde_json::Value;

fn cmtop(arguments: &str, file: &str) -> Output {
    let path = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(file);
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
    command.args(arguments.split(' ')).arg("--from").arg(path).output().unwrap()
}

#[test]
fn each_change_of_a_verdict_is_a_line() {
    let output = cmtop("watch -o json", "backoff-stuck-and-mended.jsonl");
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut last: std::collections::BTreeMap<String, Value> = std::collections::BTreeMap::new();
    for line in &lines {
        assert_eq!(line["schema"], "cmtop.change/v1");
        let certificate = line["certificate"].as_str().unwrap().to_owned();
        let before = last.insert(certificate, line["to"].clone()).unwrap_or(Value::Null);
        assert_eq!(line["from"], before, "{line}");
        assert_ne!(line["from"], line["to"], "{line}");
    }
    assert!(
        lines.is_sorted_by_key(|line| line["t"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap())
    );
    let of = |name: &str| {
        let own = lines.iter().filter(|line| line["certificate"] == name);
        own.map(|line| line["to"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let conn = of("Certificate/backoff/conn");
    assert_eq!(conn.iter().filter(|to| *to == "backoff").count(), 5, "{conn:?}");
    let later = of("Certificate/mended/later");
    assert!(later.contains(&"stuck".to_owned()) && later.last().is_some_and(|to| to == "ok"), "{later:?}");
}

#[test]
fn a_wait_ends_with_what_it_found() {
    for (arguments, status) in [
        ("wait mended/later --timeout 1h --quiet", 0),
        ("wait mended/later --for stuck --timeout 1h", 0),
        ("wait mended/later --timeout 30s", 1),
        ("wait backoff/conn --timeout 1h", 1),
        ("wait backoff/conn --for backoff --timeout 1h", 0),
        ("wait backoff/none --timeout 1h", 3),
        ("wait backoff/conn --for well", 64),
    ] {
        let output = cmtop(arguments, "backoff-stuck-and-mended.jsonl");
        assert_eq!(output.status.code(), Some(status), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_demo_repeats_itself_and_calls_nothing_well_that_has_no_certificate() {
    let watch = || {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cmtop"))
            .args(["watch", "--demo", "-o", "json"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let out = std::io::BufReader::new(child.stdout.take().unwrap());
        let lines: Vec<String> = std::io::BufRead::lines(out).take(4).map(Result::unwrap).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        lines
    };
    let other = std::thread::spawn(watch);
    let lines = watch();
    assert_eq!(lines, other.join().unwrap());
    let new: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let new = new.iter().find(|line| line["from"].is_null()).unwrap();
    assert_eq!((&new["certificate"], &new["to"]), (&"Certificate/preview/pr-1".into(), &"issuing".into()), "{lines:?}");
    assert_eq!(new["finding"], Value::Null);
}
