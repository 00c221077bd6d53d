//! Scenarios: a few manifests, a clock, and what must be found. `scenarios/*.yaml`.
//!
//! A case starts from a chain in which all is well (an ACME issuer, a Challenge that was put up just now); it is cut at
//! `upto`, `set` changes its objects, `more` adds others. A text like `-90s` is a stamp, so long from now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::model::Model;
use cmtop::model::delta::{Batch, News};
use cmtop::model::feed::FeedKey;
use cmtop::model::kind::Kind;
use cmtop::recording::frame::Frame;
use cmtop::recording::player::Player;
use cmtop::triage::{causes, diagnose, findings, system, why};
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(crate) const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_363_200, 0).unwrap();

const CHAIN: [&str; 5] = ["certificate", "issuer", "request", "order", "challenge"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    #[serde(rename = "case")]
    what: String,
    #[serde(default = "challenge")]
    upto: String,
    #[serde(default)]
    set: BTreeMap<String, Value>,
    #[serde(default)]
    more: Vec<Value>,
    /// Lines of the controller's log.
    #[serde(default)]
    log: Vec<String>,
    #[serde(default)]
    unseen: Vec<String>,
    #[serde(default)]
    at: i64,
    #[serde(default)]
    verdict: Option<String>,
    /// The id of the first finding; `none` when there is none.
    first: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    severity: Option<String>,
    #[serde(default)]
    why: Option<String>,
    #[serde(default)]
    command: Option<String>,
    #[serde(default)]
    evidence: Option<String>,
    /// What no evidence may say.
    #[serde(default)]
    quiet: Option<String>,
    #[serde(default)]
    system: Vec<String>,
}

fn challenge() -> String {
    "challenge".to_owned()
}

fn chain() -> BTreeMap<&'static str, Value> {
    let meta = |name: &str, owner: &str, at: &str| {
        json!({"name": name, "namespace": "shop", "uid": name, "creationTimestamp": at,
            "ownerReferences": [{"uid": owner, "controller": true}],
            "annotations": {"cert-manager.io/certificate-revision": "1", "cert-manager.io/certificate-name": "www"}})
    };
    BTreeMap::from([
        (
            "certificate",
            json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate",
            "metadata": {"name": "www", "namespace": "shop", "uid": "www", "creationTimestamp": "-60s"},
            "spec": {"secretName": "www-tls", "dnsNames": ["www.shop.example"],
                "issuerRef": {"name": "le", "kind": "ClusterIssuer"}},
            "status": {"conditions": [
                {"type": "Issuing", "status": "True", "reason": "DoesNotExist", "lastTransitionTime": "-60s",
                    "message": "Issuing certificate as Secret does not exist"},
                {"type": "Ready", "status": "False", "reason": "DoesNotExist", "lastTransitionTime": "-60s",
                    "message": "Issuing certificate as Secret does not exist"}]}}),
        ),
        (
            "issuer",
            json!({"apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer",
            "metadata": {"name": "le", "uid": "le", "creationTimestamp": "-9000s"},
            "spec": {"acme": {"server": "https://acme.example/directory", "solvers": [{"http01": {"ingress": {}}}]}},
            "status": {"conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "-9000s"}]}}),
        ),
        (
            "request",
            json!({"apiVersion": "cert-manager.io/v1", "kind": "CertificateRequest",
            "metadata": meta("www-1", "www", "-59s"), "spec": {"issuerRef": {"name": "le", "kind": "ClusterIssuer"}},
            "status": {"conditions": [{"type": "Approved", "status": "True", "lastTransitionTime": "-59s"}]}}),
        ),
        (
            "order",
            json!({"apiVersion": "acme.cert-manager.io/v1", "kind": "Order",
            "metadata": meta("www-1-7", "www-1", "-58s"), "spec": {"issuerRef": {"name": "le", "kind": "ClusterIssuer"}},
            "status": {"state": "pending", "url": "https://acme.example/order/7",
                "authorizations": [{"initialState": "pending"}]}}),
        ),
        (
            "challenge",
            json!({"apiVersion": "acme.cert-manager.io/v1", "kind": "Challenge",
            "metadata": meta("www-1-7-8", "www-1-7", "-57s"),
            "spec": {"dnsName": "www.shop.example", "type": "HTTP-01", "solver": {"http01": {"ingress": {}}},
                "issuerRef": {"name": "le", "kind": "ClusterIssuer"}},
            "status": {"processing": true, "presented": true, "presentedAt": "-55s", "state": "pending"}}),
        ),
    ])
}

/// Lays one value over another: objects are merged, `null` takes away, anything else replaces.
fn lay(over: &Value, under: &mut Value) {
    match (over, under) {
        (Value::Object(over), Value::Object(under)) => {
            for (key, value) in over {
                if value.is_null() {
                    under.remove(key);
                } else {
                    lay(value, under.entry(key.clone()).or_insert(Value::Object(Map::new())));
                }
            }
        }
        (over, under) => *under = over.clone(),
    }
}

fn stamp(value: &mut Value) {
    match value {
        Value::Object(map) => map.values_mut().for_each(stamp),
        Value::Array(list) => list.iter_mut().for_each(stamp),
        Value::String(text) => {
            let seconds = text.strip_suffix('s').filter(|t| t.starts_with(['-', '+'])).and_then(|t| t.parse().ok());
            if let Some(seconds) = seconds {
                *text = (NOW + TimeDelta::seconds(seconds)).to_rfc3339();
            }
        }
        _ => {}
    }
}

pub(crate) fn model(case: &Case) -> Model {
    let end = CHAIN.iter().position(|part| *part == case.upto).unwrap();
    let mut objects: Vec<Value> = Vec::new();
    let mut chain = chain();
    for part in &CHAIN[..=end] {
        let mut object = chain.remove(part).unwrap();
        match case.set.get(*part) {
            Some(Value::Null) => continue,
            Some(over) => lay(over, &mut object),
            None => {}
        }
        objects.push(object);
    }
    for part in case.set.keys() {
        assert!(CHAIN[..=end].contains(&part.as_str()), "{}: {part} is not in the chain", case.what);
    }
    objects.extend(case.more.iter().cloned());
    let (mut model, mut player) = (Model::default(), Player::default());
    for mut object in objects {
        stamp(&mut object);
        let line = json!({"t": NOW.to_rfc3339(), "op": "ADDED", "object": object}).to_string();
        player.play(&Frame::parse(&line).unwrap(), &mut |batch| model.apply(batch));
    }
    for text in &case.log {
        let line = json!({"t": NOW.to_rfc3339(), "op": "LOG", "line": text, "source": {
            "namespace": "cert-manager", "pod": "cert-manager-0", "container": "cert-manager-controller"}})
        .to_string();
        player.play(&Frame::parse(&line).unwrap(), &mut |batch| model.apply(batch));
    }
    for kind in Kind::all().filter(|kind| !case.unseen.iter().any(|unseen| unseen == kind.name())) {
        model.apply(Batch { at: NOW, feed: FeedKey::cluster(kind), news: News::ListEnded });
    }
    assert!(model.anomalies.kept().is_empty(), "{}: {:?}", case.what, model.anomalies);
    model
}

fn cases() -> Vec<(String, Case)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let cases: Vec<Case> = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{stem}: {error}"));
        all.extend(cases.into_iter().map(|case| (stem.clone(), case)));
    }
    all
}

#[test]
fn every_scenario_finds_what_it_should_and_nothing_else() {
    let mut wrong = Vec::new();
    let mut matrix = String::new();
    for (file, case) in cases() {
        let model = model(&case);
        let now = NOW + TimeDelta::seconds(case.at);
        let (id, _) = model.certificate("shop", "www").unwrap();
        let diagnosis = diagnose(&model, id, now).unwrap();
        let found = findings(&model, id, now);
        let names: Vec<&str> = found.iter().map(|f| f.id).collect();
        let name = format!("{file}: {}", case.what);
        let _ = writeln!(matrix, "{name}\n  {} {}", diagnosis.verdict, names.join(", "));
        let mut complain = |what: String| wrong.push(format!("{name}: {what}\n{found:#?}"));
        if names.first().copied().unwrap_or("none") != case.first {
            complain(format!("first is not {} ({:?})", case.first, diagnosis.verdict));
        }
        for also in case.also.iter().filter(|also| !names.contains(&also.as_str())) {
            complain(format!("{also} is missing"));
        }
        if case.verdict.as_ref().is_some_and(|verdict| *verdict != diagnosis.verdict.to_string()) {
            complain(format!("the verdict is {:?}", diagnosis.verdict));
        }
        if case.severity.as_ref().is_some_and(|severity| found.first().map(|f| f.severity.as_str()) != Some(severity)) {
            complain(format!("the severity is {:?}", found.first().map(|f| f.severity)));
        }
        let said = why::why(&model, id, &diagnosis);
        if case.why.as_ref().is_some_and(|why| *why != said) {
            complain(format!("why says {said:?}"));
        }
        let commands = || found.iter().flat_map(|f| &f.remedies).filter_map(|r| r.command.as_deref());
        if case.command.as_ref().is_some_and(|command| !commands().any(|c| c == command)) {
            complain(format!("no such command among {:#?}", commands().collect::<Vec<_>>()));
        }
        let seen = || found.iter().flat_map(|f| &f.evidence).map(|e| format!("{} {} {}", e.object, e.field, e.value));
        if case.evidence.as_ref().is_some_and(|text| !seen().any(|line| line.contains(text.as_str()))) {
            complain(format!("no such evidence among {:#?}", seen().collect::<Vec<_>>()));
        }
        if case.quiet.as_ref().is_some_and(|text| seen().any(|line| line.contains(text.as_str()))) {
            complain(format!("there is such evidence among {:#?}", seen().collect::<Vec<_>>()));
        }
        for finding in &found {
            for text in
                finding.remedies.iter().filter_map(|r| r.command.as_ref()).chain([&finding.title, &finding.cause])
            {
                if text.contains('<') {
                    complain(format!("a placeholder is left in {text:?}"));
                }
            }
        }
        let of_system: BTreeSet<&str> = system(&model, now).iter().map(|f| f.id).collect();
        if of_system != case.system.iter().map(String::as_str).collect() {
            complain(format!("the system has {of_system:?}"));
        }
        same_until_it_says_so(&model, id, now, &mut |what| complain(what));
        let needs = found.first().is_some_and(|f| f.severity > cmtop::triage::finding::Severity::Info);
        assert_eq!(causes::causes(&model, [id], now).len(), usize::from(needs), "{name}");
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    insta::assert_snapshot!("matrix", matrix);
}

/// A diagnosis holds until the moment that it names.
fn same_until_it_says_so(
    model: &Model,
    id: cmtop::model::id::Id<cmtop::model::certificate::Certificate>,
    now: DateTime<Utc>,
    complain: &mut dyn FnMut(String),
) {
    let first = diagnose(model, id, now).unwrap();
    let end = first.valid_until.unwrap_or(now + TimeDelta::days(400));
    for part in 1..=4 {
        let at = now + (end - now - TimeDelta::milliseconds(1)) * part / 4;
        let later = diagnose(model, id, at).unwrap();
        if later != first {
            complain(format!("{first:?} became {later:?} at {at}"));
        }
    }
}
