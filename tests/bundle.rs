//! Nothing that must not leave the house is in a bundle: of every recording every token, key and account is looked for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

fn recordings() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    files
}

/// Every value that must not leave, found here by other code than the program's.
fn secrets(recording: &str) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    for line in recording.lines() {
        let frame: Value = serde_json::from_str(line).unwrap();
        let object = &frame["object"];
        let mut take =
            |value: &Value| secrets.extend(value.as_str().filter(|text| !text.is_empty()).map(str::to_owned));
        match object["kind"].as_str() {
            Some("Challenge") => {
                take(&object["spec"]["token"]);
                take(&object["spec"]["key"]);
            }
            Some("Issuer" | "ClusterIssuer") => {
                take(&object["status"]["acme"]["uri"]);
                take(&object["spec"]["acme"]["email"]);
                take(&object["status"]["acme"]["lastPrivateKeyHash"]);
            }
            Some("Secret") => {
                // A certificate is public: its request bears it too.
                let data = object["data"].as_object().into_iter().flatten();
                data.filter(|(name, _)| !matches!(name.as_str(), "tls.crt" | "ca.crt"))
                    .for_each(|(_, value)| take(value));
            }
            Some("Order") => {
                for authorization in object["status"]["authorizations"].as_array().into_iter().flatten() {
                    for challenge in authorization["challenges"].as_array().into_iter().flatten() {
                        take(&challenge["token"]);
                    }
                }
            }
            _ => {}
        }
    }
    secrets
}

#[test]
fn no_token_no_key_and_no_account_leaves() {
    let mut looked_for = 0;
    for file in recordings() {
        let out = tempfile::tempdir().unwrap();
        let directory = out.path().join("bundle");
        let output = Command::new(env!("CARGO_BIN_EXE_cmtop"))
            .args(["bundle", "--utc", "--last", "2h", "--from"])
            .arg(&file)
            .arg("--out")
            .arg(&directory)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let secrets = secrets(&fs::read_to_string(&file).unwrap());
        for name in ["ticket.md", "report.json", "recording.jsonl"] {
            let text = fs::read_to_string(directory.join(name)).unwrap();
            assert!(text.len() > 500, "{name} of {} says nothing", file.display());
            for secret in &secrets {
                assert!(!text.contains(secret.as_str()), "{name} of {} holds {secret}", file.display());
            }
        }
        looked_for += secrets.len();
        let ticket = fs::read_to_string(directory.join("ticket.md")).unwrap();
        assert!(ticket.contains("## What was taken out") && ticket.contains("### Timeline"), "{ticket}");
        replays(&directory, &file);
    }
    assert!(looked_for > 50, "only {looked_for} values were looked for");
}

/// The recording in the bundle shows the same Certificates as the one it was made from.
fn replays(directory: &std::path::Path, whole: &std::path::Path) {
    let status = |file: &std::path::Path| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_cmtop")).args(["status", "-o", "json", "--from"]).arg(file).output();
        let document: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
        let certificates = document["certificates"].as_array().unwrap().clone();
        certificates
            .iter()
            .map(|c| (c["name"].clone(), c["verdict"].clone(), c["revision"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(status(&directory.join("recording.jsonl")), status(whole), "{}", whole.display());
}

#[test]
fn a_bundle_of_named_certificates_holds_what_concerns_them_alone() {
    let file = recordings().into_iter().find(|file| file.ends_with("backoff-stuck-and-mended.jsonl")).unwrap();
    let out = tempfile::tempdir().unwrap();
    let directory = out.path().join("bundle");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
    let command =
        command.args(["bundle", "renew/api", "--last", "2h", "--from"]).arg(&file).arg("--out").arg(&directory);
    assert!(command.output().unwrap().status.success());
    let recording = fs::read_to_string(directory.join("recording.jsonl")).unwrap();
    let mut kept = 0;
    for line in recording.lines().skip(1) {
        let frame: Value = serde_json::from_str(line).unwrap();
        let object = &frame["object"];
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
        match object["kind"].as_str() {
            Some("Event") => assert_ne!(object["involvedObject"]["namespace"], "backoff", "{line}"),
            Some("Pod" | "Deployment") | None => {}
            Some(_) => assert!(matches!(namespace, "" | "renew"), "{line}"),
        }
        if let Some(line) = frame["line"].as_str() {
            assert!(!line.contains("backoff/") || line.contains("renew"), "{line}");
        }
        kept += 1;
    }
    let header: Value = serde_json::from_str(recording.lines().next().unwrap()).unwrap();
    assert_eq!(header["namespaces"], serde_json::json!(["renew"]));
    assert!(kept > 20, "{kept} frames");
    let status = Command::new(env!("CARGO_BIN_EXE_cmtop"))
        .args(["status", "renew/api", "-o", "json", "--from"])
        .arg(directory.join("recording.jsonl"))
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(document["certificates"][0]["verdict"], "ok", "{document}");
}

/// What probes of the open Challenges saw is in the ticket and in the document; what they looked for is not.
#[test]
fn a_bundle_with_probes_says_who_saw_the_proof() {
    let out = tempfile::tempdir().unwrap();
    let directory = out.path().join("bundle");
    let output = Command::new(env!("CARGO_BIN_EXE_cmtop"))
        .args(["bundle", "--demo", "--probe", "--out"])
        .arg(&directory)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| fs::read_to_string(directory.join(name)).unwrap();
    let (ticket, report) = (read("ticket.md"), read("report.json"));
    let document: Value = serde_json::from_str(&report).unwrap();
    let probes = document["probes"].as_array().unwrap();
    assert!(probes.len() > 2, "{probes:?}");
    for probe in probes {
        assert_eq!(probe["schema"], "cmtop.probe/v1", "{probe}");
    }
    assert!(ticket.contains("## Probes") && ticket.matches("Verdict  ").count() == probes.len(), "{ticket}");
    let recording = read("recording.jsonl");
    assert!(recording.contains("redacted-token-") && recording.contains("\"op\":\"LOG\""));
    // A mark stands for every proof that the demo's Challenges hold, so none of them is left in a probe.
    for line in recording.lines() {
        let frame: Value = serde_json::from_str(line).unwrap();
        if frame["object"]["kind"] == "Challenge" {
            assert!(frame["object"]["spec"]["key"].as_str().is_none_or(|key| key.starts_with("redacted-")), "{line}");
        }
    }
    let seen = ticket.split("## Probes").nth(1).unwrap();
    for path in seen.match_indices("/.well-known/acme-challenge/").map(|(at, found)| at + found.len()) {
        let rest = &seen[path..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).unwrap_or(rest.len());
        // Remedies speak of the path itself.
        assert!(rest.starts_with("redacted-") || end < 20, "{}", &rest[..end]);
    }
    let of_recording = Command::new(env!("CARGO_BIN_EXE_cmtop"))
        .args(["bundle", "--probe", "--from"])
        .arg(recordings().remove(0))
        .arg("--out")
        .arg(out.path().join("other"))
        .output()
        .unwrap();
    assert_eq!(of_recording.status.code(), Some(64));
}

#[test]
fn a_bundle_is_never_written_over_anything_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = |out: &std::path::Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
        command.args(["bundle", "--from"]).arg(&recordings()[0]).arg("--out").arg(out).output().unwrap()
    };
    let out = folder.path().join("ticket");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    assert!(bundle(&out).status.success(), "a directory that has something else is no hindrance");
    let before = fs::read_to_string(out.join("ticket.md")).unwrap();
    let again = bundle(&out);
    let said = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(64), "{said}");
    assert!(said.contains("ticket has a ticket.md") && said.contains("name another directory"), "{said}");
    assert_eq!(fs::read_to_string(out.join("ticket.md")).unwrap(), before);
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    let said = String::from_utf8(bundle(&file).stderr).unwrap();
    assert!(said.contains("file is a file") && !said.contains("os error"), "{said}");
}
