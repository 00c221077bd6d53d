//! The doctor's report: complete for programs, readable for people, and honest about what it ends with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "support/harness.rs"]
mod harness;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::process::Command;

use chrono::{DateTime, Utc};
use cmtop::app::message::Message;
use cmtop::model::Model;
use cmtop::model::delta::News;
use cmtop::model::kind::Kind;
use cmtop::model::meta::Object as _;
use cmtop::query::pick::Pick;
use cmtop::recording::frame::Frame;
use cmtop::recording::player::Player;
use cmtop::recording::reader::Reader;
use cmtop::report::doctor::Doctor;
use cmtop::report::exit::ExitStatus;
use cmtop::report::{Origin, Style};
use cmtop::triage::causes::{Causes, causes};
use cmtop::triage::finding::Severity;
use cmtop::triage::ledger::Ledger;
use serde_json::{Value, json};

const FILES: &[&str] = &[
    "approval",
    "backoff-stuck-and-mended",
    "dns01-split-horizon",
    "http01-wrong-status",
    "issuance-and-renewal",
    "issuer-missing",
    "order-rejected",
    "route53-missing-region",
];

fn replay(file: &str) -> (Model, DateTime<Utc>) {
    let (batches, now) = harness::news(&format!("{file}.jsonl"), None);
    let mut model = Model::default();
    batches.into_iter().for_each(|batch| model.apply(batch));
    (model, now)
}

fn doctor(model: &Model, now: DateTime<Utc>) -> Doctor<'_> {
    let everybody: Vec<_> = model.certificates.iter().map(|(id, _)| id).collect();
    Doctor::of(model, &everybody, Origin::default(), now)
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn named(names: &'static str) -> BTreeSet<&'static str> {
    names.split(' ').collect()
}

#[test]
fn no_field_is_ever_left_out() {
    for file in FILES {
        let (model, now) = replay(file);
        let document = serde_json::to_value(doctor(&model, now)).unwrap();
        assert_eq!(document["schema"], "cmtop.doctor/v1");
        assert_eq!(keys(&document), named("schema at cluster summary system causes certificates unseen"));
        assert_eq!(keys(&document["cluster"]), named("context server kubernetes certManager"));
        let verdicts = "expired stuck blocked overdue backoff expiring unknown issuing ok";
        assert_eq!(keys(&document["summary"]["verdicts"]), named(verdicts));
        let finding = "id family severity confidence title cause since evidence remedies docs";
        let certificate =
            "namespace name verdict phase since nextAttempt notAfter renewalTime revision issuer dnsNames findings";
        for one in document["certificates"].as_array().unwrap() {
            assert_eq!(keys(one), named(certificate));
            for one in one["findings"].as_array().unwrap() {
                assert_eq!(keys(one), named(finding));
                one["evidence"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .for_each(|e| assert_eq!(keys(e), named("object field value")));
                one["remedies"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .for_each(|r| assert_eq!(keys(r), named("text command action")));
            }
        }
        for one in document["causes"].as_array().unwrap() {
            assert_eq!(keys(one), named("id family severity title cause since firstOutage subjects remedies"));
        }
        for one in document["unseen"].as_array().unwrap() {
            assert_eq!(keys(one), named("resource why right"));
        }
    }
}

#[test]
fn what_it_ends_with_depends_on_what_was_found_and_on_what_was_asked() {
    let (model, now) = replay("http01-wrong-status");
    let report = doctor(&model, now);
    assert_eq!(report.outcome(Severity::Error), ExitStatus::Trouble);
    assert_eq!(report.outcome(Severity::Critical), ExitStatus::Good);
    assert_eq!(doctor(&Model::default(), now).outcome(Severity::Info), ExitStatus::Blind);
}

#[test]
fn the_text_names_the_cause_the_evidence_and_the_mend() {
    let (model, now) = replay("http01-wrong-status");
    let text = doctor(&model, now).text(&Style::default());
    for words in ["Causes, the most urgent first", "whom  ", "mend  1. ", "saw   Challenge/"] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
}

/// Certificates of one missing issuer, and one of another.
fn crowd() -> (Model, DateTime<Utc>) {
    let now: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
    let (mut model, mut player) = (Model::default(), Player::default());
    let mut say = |frame: Value| {
        player.play(&Frame::parse(&frame.to_string()).unwrap(), &mut |batch| model.apply(batch));
    };
    for n in 0..6 {
        let issuer = if n < 5 { "gone" } else { "lost" };
        let (name, born) = (format!("c{n}"), "2026-11-22T15:00:00Z");
        let issuing = json!([{"type": "Issuing", "status": "True", "lastTransitionTime": born}]);
        let end = json!(format!("2026-12-{:02}T00:00:00Z", 20 - n));
        say(json!({"t": now, "op": "ADDED", "object": {
            "apiVersion": "cert-manager.io/v1", "kind": "Certificate",
            "metadata": {"name": name, "namespace": "n", "uid": name, "creationTimestamp": born},
            "spec": {"secretName": name, "dnsNames": ["a.test"], "issuerRef": {"kind": "ClusterIssuer", "name": issuer}},
            "status": {"conditions": issuing, "notAfter": end}}}));
        say(json!({"t": now, "op": "ADDED", "object": {
            "apiVersion": "cert-manager.io/v1", "kind": "CertificateRequest",
            "metadata": {"name": format!("{name}-1"), "namespace": "n", "uid": format!("{name}-1"), "creationTimestamp": born,
                "annotations": {"cert-manager.io/certificate-revision": "1"},
                "ownerReferences": [{"kind": "Certificate", "name": name, "uid": name, "controller": true}]},
            "spec": {"issuerRef": {"kind": "ClusterIssuer", "name": issuer}},
            "status": {"conditions": [{"type": "Approved", "status": "True", "lastTransitionTime": born}]}}}));
    }
    for kind in Kind::all() {
        let resource = format!("{}/v1", kind.resource());
        say(json!({"t": now, "op": "SYNCED", "resource": resource}));
    }
    (model, now)
}

#[test]
fn certificates_that_share_a_cause_are_one_row_and_what_runs_out_first_comes_first() {
    let (model, now) = crowd();
    let document = serde_json::to_value(doctor(&model, now)).unwrap();
    let found: Vec<(&str, usize, &str)> = document["causes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cause| {
            let subjects = cause["subjects"].as_array().unwrap();
            (cause["id"].as_str().unwrap(), subjects.len(), subjects[0].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        found,
        [("issuer-not-found", 1, "Certificate/n/c5"), ("issuer-not-found", 5, "Certificate/n/c4")],
        "{document:#}"
    );
    assert_eq!(document["causes"][1]["firstOutage"], "2026-12-16T00:00:00Z");
}

#[test]
fn causes_that_are_kept_equal_those_that_are_made_from_nothing() {
    let mut compared = 0;
    for file in FILES {
        let (batches, _) = harness::news(&format!("{file}.jsonl"), None);
        let (mut model, mut ledger, mut kept) = (Model::default(), Ledger::default(), Causes::default());
        for (n, batch) in batches.into_iter().enumerate() {
            let now = batch.at;
            model.apply(batch);
            let changes = model.take_changes();
            ledger.note(&model, &changes);
            ledger.settle(&model, now, usize::MAX);
            kept.refresh(ledger.take_judged());
            if n % 50 == 0 {
                let fresh = causes(&model, model.certificates.iter().map(|(id, _)| id), now);
                assert_eq!(kept.most_urgent(&model, &BTreeSet::new(), usize::MAX, now), fresh, "{file} after {n}");
                compared += fresh.len();
            }
        }
    }
    assert!(compared > 20, "the recordings have few causes: {compared}");
}

#[test]
fn on_a_cluster_it_looks_around_and_reads_the_log_of_the_controller() {
    let output = Command::new(env!("CARGO_BIN_EXE_cmtop"))
        .args(["doctor", "--demo", "-o", "json", "blog/status", "edge/badkey"])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let said: Vec<String> = report["certificates"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|certificate| certificate["findings"][0]["evidence"].as_array().unwrap())
        .map(|evidence| format!("{} {}", evidence["object"].as_str().unwrap(), evidence["value"].as_str().unwrap()))
        .collect();
    for wanted in [
        "Ingress/blog/blog serves status.blog.example with it",
        "IngressClass/nginx is served by k8s.io/ingress-nginx",
        "Log/cert-manager/cert-manager-6f9c7d5b8-x2kqp re-queuing item due to error processing: DNS update failed",
    ] {
        assert!(said.iter().any(|line| line.starts_with(wanted)), "{wanted}: {said:#?}");
    }
    assert!(
        !said.iter().any(|line| line.starts_with("Service/")),
        "a Service of a solver has nothing to say: {said:#?}"
    );

    let served = |cause: &Value| {
        ["legacy/ftp", "shop/limited", "shop/flash-sale", "blog/blog", "blog/status"]
            .iter()
            .any(|name| cause["subjects"].as_array().unwrap().contains(&Value::from(format!("Certificate/{name}"))))
    };
    let causes: Vec<bool> = report["causes"].as_array().unwrap().iter().map(served).collect();
    assert_eq!(causes, [true, false], "what an Ingress serves with goes first");
}

/// One Certificate's Challenge is stuck, and another's, for the same name, waits for it. The second may come first.
fn two_for_one_name() -> (Model, DateTime<Utc>) {
    let now: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
    let (mut model, mut player) = (Model::default(), Player::default());
    let mut say = |frame: Value| {
        player.play(&Frame::parse(&frame.to_string()).unwrap(), &mut |batch| model.apply(batch));
    };
    for (name, at_work) in [("waits", false), ("works", true)] {
        let (born, stamp) = ("2026-11-22T15:00:00Z", json!("2026-11-22T15:00:00Z"));
        let meta = |name: String, owner: Option<String>| {
            let owners: Vec<Value> = owner.iter().map(|uid| json!({"uid": uid, "controller": true})).collect();
            json!({"name": name, "namespace": "n", "uid": name, "creationTimestamp": born, "ownerReferences": owners,
                "annotations": {"cert-manager.io/certificate-revision": "1"}})
        };
        let true_of = |condition: &str| json!([{"type": condition, "status": "True", "lastTransitionTime": stamp}]);
        let refers = json!({"kind": "ClusterIssuer", "name": "le"});
        let reason = "Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'";
        let checked =
            json!({"state": "pending", "processing": true, "presented": true, "presentedAt": stamp, "reason": reason});
        let status = if at_work { checked } else { json!({"state": "pending"}) };
        let (request, order) = (format!("{name}-1"), format!("{name}-1-2"));
        for (kind, metadata, spec, status) in [
            (
                "Certificate",
                meta(name.to_owned(), None),
                json!({"secretName": name, "issuerRef": refers}),
                json!({"conditions": true_of("Issuing")}),
            ),
            (
                "CertificateRequest",
                meta(request.clone(), Some(name.to_owned())),
                json!({"issuerRef": refers}),
                json!({"conditions": true_of("Approved")}),
            ),
            (
                "Order",
                meta(order.clone(), Some(request)),
                json!({}),
                json!({"state": "pending", "authorizations": [{"initialState": "pending"}]}),
            ),
            (
                "Challenge",
                meta(format!("{order}-3"), Some(order)),
                json!({"dnsName": "a.test", "type": "HTTP-01"}),
                status,
            ),
        ] {
            let group =
                if matches!(kind, "Order" | "Challenge") { "acme.cert-manager.io/v1" } else { "cert-manager.io/v1" };
            say(json!({"t": now, "op": "ADDED", "object": {
                "apiVersion": group, "kind": kind, "metadata": metadata, "spec": spec, "status": status}}));
        }
    }
    for kind in Kind::all() {
        say(json!({"t": now, "op": "SYNCED", "resource": format!("{}/v1", kind.resource())}));
    }
    (model, now)
}

#[test]
fn who_waits_for_another_belongs_to_what_that_one_suffers_from() {
    let (model, now) = two_for_one_name();
    let report = doctor(&model, now);
    let document = serde_json::to_value(&report).unwrap();
    let found = document["causes"].as_array().unwrap();
    assert_eq!(found.len(), 1, "{document:#}");
    assert_eq!(found[0]["id"], "http01-wrong-status");
    assert_eq!(found[0]["subjects"], json!(["Certificate/n/waits", "Certificate/n/works"]));
    let text = report.text(&Style::default());
    for words in [
        "hits 2 certificates, one of them waits behind the other",
        "none of them ever had a certificate",
        "whom  n/waits (behind n/works), n/works",
        "waits behind n/works, which is stuck",
        "kubectl describe challenge -n n works-1-2-3",
    ] {
        assert!(text.contains(words), "{words} in\n{text}");
    }

    // Nobody asked about the other one; still that is where the trouble lies.
    let waits = model.certificate("n", "waits").unwrap().0;
    let text = Doctor::of(&model, &[waits], Origin::default(), now).text(&Style::default());
    let causes = text.split("Certificates\n").next().unwrap();
    for words in
        ["1. self check gets 404", "hits 1 certificate, which waits behind another", "n/waits (behind n/works)"]
    {
        assert!(causes.contains(words), "{words} in\n{text}");
    }
}

/// What hangs in another namespace is somebody else's: it stands in no report that was asked for something else.
#[test]
fn what_nobody_asked_about_neither_stands_in_the_report_nor_counts() {
    let now: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
    let (mut model, mut player) = (Model::default(), Player::default());
    let meta = |name: &str, namespace: &str| json!({"name": name, "namespace": namespace, "uid": name});
    let mut hangs = meta("old-1", "legacy");
    hangs["deletionTimestamp"] = "2026-11-22T15:00:00Z".into();
    hangs["finalizers"] = json!(["acme.cert-manager.io/finalizer"]);
    for object in [
        json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": meta("www", "shop"),
            "spec": {"secretName": "www", "dnsNames": ["www.shop.example"]},
            "status": {"notAfter": "2027-01-01T00:00:00Z", "renewalTime": "2026-12-20T00:00:00Z", "revision": 1,
                "conditions": [{"type": "Ready", "status": "True"}]}}),
        json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": meta("old", "shop"),
            "spec": {"secretName": "old", "dnsNames": ["*.old.example"]},
            "status": {"notAfter": "2027-01-01T00:00:00Z", "renewalTime": "2026-12-20T00:00:00Z", "revision": 1,
                "conditions": [{"type": "Ready", "status": "True"}]}}),
        json!({"apiVersion": "acme.cert-manager.io/v1", "kind": "Challenge", "metadata": hangs,
            "spec": {"dnsName": "old.example", "type": "DNS-01"}, "status": {"state": "valid"}}),
    ] {
        let frame = json!({"t": now, "op": "ADDED", "object": object}).to_string();
        player.play(&Frame::parse(&frame).unwrap(), &mut |batch| model.apply(batch));
    }
    for resource in ["certificates.cert-manager.io", "challenges.acme.cert-manager.io"] {
        let frame = json!({"t": now, "op": "SYNCED", "resource": resource}).to_string();
        player.play(&Frame::parse(&frame).unwrap(), &mut |batch| model.apply(batch));
    }
    let name = |name: &str| vec![name.parse().unwrap()];
    for (names, namespaces, hangs) in [
        (vec![], vec![], true),
        (vec![], vec!["legacy".to_owned()], true),
        (vec![], vec!["shop".to_owned()], false),
        (name("shop/www"), vec![], false),
        // It proves the same name, and holds it up.
        (name("shop/old"), vec![], true),
    ] {
        let pick = Pick { names, namespaces, ..Pick::default() };
        let chosen = pick.choose(&model).unwrap();
        let report = Doctor::of(&model, &chosen, Origin::default(), now).about(&pick);
        assert_eq!(report.text(&Style::default()).contains("legacy/old-1"), hangs, "{pick:?}");
        let outcome = if hangs { ExitStatus::Trouble } else { ExitStatus::Good };
        assert_eq!(report.outcome(Severity::Error), outcome, "{pick:?}");
    }
}

/// `-n` means the same of the demo and of a recording as of a cluster.
#[test]
fn the_demo_and_a_recording_are_narrowed_as_a_cluster_is() {
    let run = Command::new(env!("CARGO_BIN_EXE_cmtop")).args(["doctor", "-n", "preview", "--demo"]).output().unwrap();
    let text = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && !text.contains("legacy"), "{text}");

    let file = harness::recordings().join("backoff-stuck-and-mended.jsonl");
    let mut reader = Reader::open(BufReader::new(File::open(file).unwrap())).unwrap();
    let mut player = Player::of(reader.header()).within(&["backoff".to_owned()]);
    let mut model = Model::default();
    let (mut places, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    while let Some(frame) = reader.next_frame().unwrap() {
        player.play(&frame, &mut |batch| model.apply(batch));
        for key in
            model.certificates.iter().map(|(_, row)| row.key()).chain(model.orders.iter().map(|(_, row)| row.key()))
        {
            places.insert(key.namespace.to_string());
            kinds.insert(key.kind);
        }
    }
    assert_eq!(places, BTreeSet::from(["backoff".to_owned()]));
    assert_eq!(kinds.len(), 2, "{kinds:?}");
    assert!(model.feeds.sees(Kind::Certificate, "backoff") && !model.feeds.sees(Kind::Certificate, "mended"));
    assert!(model.feeds.sees(Kind::ClusterIssuer, "") && model.controllers.iter().next().is_some());
}

/// What is the same setting of many, or the same silence of one issuer, is one cause; of a row that hits one alone the page
/// says which.
#[test]
fn one_setting_of_many_is_one_cause_and_a_row_says_whose_it_is() {
    let now: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
    let mut harness = harness::Harness::empty(120, 36, now);
    let mut player = Player::default();
    let mut say = |frame: Value| {
        player.play(&Frame::parse(&frame.to_string()).unwrap(), &mut |batch| {
            harness.send(Message::Batch(batch));
        });
    };
    for (name, issuer, ended) in [
        ("e1", "a", true),
        ("e2", "b", true),
        ("e3", "c", true),
        ("f1", "a", false),
        ("f2", "a", false),
        ("f3", "b", false),
    ] {
        let (policy, status) = if ended {
            ("Disabled", json!({"notAfter": "2026-11-21T00:00:00Z"}))
        } else {
            ("Enabled", json!({"lastFailureTime": "2026-11-22T15:50:00Z", "failedIssuanceAttempts": 1}))
        };
        say(json!({"t": now, "op": "ADDED", "object": {
            "apiVersion": "cert-manager.io/v1", "kind": "Certificate",
            "metadata": {"name": name, "namespace": "n", "uid": name, "creationTimestamp": "2026-11-01T00:00:00Z"},
            "spec": {"secretName": name, "dnsNames": [format!("{name}.test")], "renewal": {"policy": policy},
                "issuerRef": {"kind": "ClusterIssuer", "name": issuer}},
            "status": status}}));
    }
    for issuer in ["a", "b", "c"] {
        say(json!({"t": now, "op": "ADDED", "object": {
            "apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": {"name": issuer, "uid": issuer},
            "spec": {"selfSigned": {}}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}}));
    }
    for kind in Kind::all() {
        say(json!({"t": now, "op": "SYNCED", "resource": format!("{}/v1", kind.resource())}));
    }
    harness.settle();
    let everybody: Vec<_> = harness.app.model.certificates.iter().map(|(id, _)| id).collect();
    let found = causes(&harness.app.model, everybody, now);
    let told: Vec<(&str, usize, &str)> =
        found.iter().map(|cause| (cause.finding.id, cause.subjects.len(), cause.shared.as_str())).collect();
    assert_eq!(
        told,
        [("expired-renewal-disabled", 3, ""), ("issuance-backing-off", 2, "a"), ("issuance-backing-off", 1, "b")]
    );
    harness.keys("C");
    let screen = harness.screen();
    for words in
        ["renewal by time is switched off    ", "the last attempt failed  a ", "the last attempt failed  n/f3 "]
    {
        assert!(screen.contains(words), "{words} in\n{screen}");
    }
}

/// The controller that is down is told once, with everybody who waits for it.
#[test]
fn what_is_down_and_hits_certificates_is_told_once() {
    let (mut model, now) = crowd();
    let down = json!({"t": now, "op": "ADDED", "object": {
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "cert-manager", "namespace": "cert-manager", "uid": "d", "labels": {"app": "cert-manager"}},
        "spec": {"replicas": 1}, "status": {"replicas": 1, "unavailableReplicas": 1}}});
    let mut batches = Vec::new();
    Player::default().play(&Frame::parse(&down.to_string()).unwrap(), &mut |batch| batches.push(batch));
    batches.into_iter().filter(|batch| matches!(batch.news, News::Objects(_))).for_each(|batch| model.apply(batch));
    let report = doctor(&model, now);
    let text = report.text(&Style::default());
    assert!(!text.contains("\nSystem\n"), "{text}");
    assert_eq!(text.matches("saw   Deployment/cert-manager/cert-manager").count(), 1, "{text}");
    assert_eq!(text.matches("]: cause 1").count(), 6, "{text}");
    let document = serde_json::to_value(&report).unwrap();
    assert_eq!(document["system"][0]["id"], "controller-down", "programs find it where it always was");

    let mut harness = harness::Harness::empty(120, 36, now);
    harness.app.model = model;
    harness.settle();
    harness.keys("C");
    assert_eq!(harness.app.causes_page.rows.len(), 1, "{}", harness.screen());
}
