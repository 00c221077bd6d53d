//! The verdicts and phases, line by line: each case is a few manifests, a clock, and the one word that is true.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::model::Model;
use cmtop::model::delta::{Batch, News};
use cmtop::model::feed::FeedKey;
use cmtop::model::kind::Kind;
use cmtop::recording::frame::Frame;
use cmtop::recording::player::Player;
use cmtop::triage::horizon::{Section, horizon};
use cmtop::triage::ledger::Ledger;
use cmtop::triage::stage::Phase;
use cmtop::triage::verdict::Verdict;
use cmtop::triage::why::why;
use cmtop::triage::{Diagnosis, diagnose, findings, stage};
use serde_json::{Value, json};

const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_363_200, 0).unwrap();

/// A stamp so many seconds from now.
fn s(seconds: i64) -> String {
    (NOW + TimeDelta::seconds(seconds)).to_rfc3339()
}

fn meta(name: &str, created: i64, owner: Option<&str>) -> Value {
    let owners: Vec<Value> = owner.iter().map(|uid| json!({"uid": uid, "controller": true})).collect();
    json!({"name": name, "namespace": "n", "uid": name, "creationTimestamp": s(created), "ownerReferences": owners,
        "annotations": {"cert-manager.io/certificate-revision": "1"}})
}

fn object(kind: Kind, metadata: Value, spec: Value, status: Value) -> Value {
    json!({"apiVersion": kind.api_version(), "kind": kind.name(), "metadata": metadata, "spec": spec, "status": status})
}

fn certificate(status: Value) -> Value {
    let spec = json!({"secretName": "s", "issuerRef": {"name": "i"}});
    object(Kind::Certificate, meta("c", -9_000, None), spec, status)
}

fn issuing(since: i64) -> Value {
    json!({"conditions": [{"type": "Issuing", "status": "True", "lastTransitionTime": s(since)}]})
}

fn request(created: i64, conditions: Value) -> Value {
    let spec = json!({"issuerRef": {"name": "i"}});
    object(Kind::CertificateRequest, meta("r", created, Some("c")), spec, json!({"conditions": conditions}))
}

fn approved(created: i64) -> Value {
    request(created, json!([{"type": "Approved", "status": "True", "lastTransitionTime": s(created)}]))
}

fn order(created: i64, status: Value) -> Value {
    object(Kind::Order, meta("o", created, Some("r")), json!({}), status)
}

fn pending(authorizations: usize) -> Value {
    json!({"state": "pending", "authorizations": vec![json!({"initialState": "pending"}); authorizations]})
}

fn challenge(name: &str, created: i64, dns_name: &str, owner: &str, status: Value) -> Value {
    let spec = json!({"dnsName": dns_name, "type": "HTTP-01"});
    object(Kind::Challenge, meta(name, created, Some(owner)), spec, status)
}

fn acme() -> Value {
    object(Kind::Issuer, meta("i", -9_000, None), json!({"acme": {}}), json!({}))
}

/// The model of a cluster in which everything is seen, except for some kinds.
fn model(objects: &[Value], unseen: &[Kind]) -> Model {
    let (mut model, mut player) = (Model::default(), Player::default());
    for object in objects {
        let line = json!({"t": s(0), "op": "ADDED", "object": object}).to_string();
        player.play(&Frame::parse(&line).unwrap(), &mut |batch| model.apply(batch));
    }
    for kind in Kind::all().filter(|kind| !unseen.contains(kind)) {
        model.apply(Batch { at: NOW, feed: FeedKey::cluster(kind), news: News::ListEnded });
    }
    model
}

fn judge(objects: &[Value], unseen: &[Kind]) -> Diagnosis {
    let model = model(objects, unseen);
    diagnose(&model, model.certificate("n", "c").unwrap().0, NOW).unwrap()
}

#[test]
fn the_first_line_that_holds_is_the_verdict() {
    let ready = |more: Value| {
        let mut status = json!({"revision": 1, "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": s(-9_000)}],
            "notBefore": s(-9_000), "notAfter": s(9_000), "renewalTime": s(3_000)});
        status.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        certificate(status)
    };
    let both = json!([{"type": "Ready", "status": "True"}, {"type": "Issuing", "status": "True", "lastTransitionTime": s(-10)}]);
    let failed = |ago: i64, attempts: u32| json!({"lastFailureTime": s(-ago), "failedIssuanceAttempts": attempts});
    let cases = [
        ("valid, and the renewal is ahead", ready(json!({})), Verdict::Ok),
        ("ended, whatever Ready says", ready(json!({"notAfter": s(-1)})), Verdict::Expired),
        ("ended, though a renewal runs", ready(json!({"notAfter": s(0), "conditions": both})), Verdict::Expired),
        ("a renewal runs", ready(json!({"conditions": both})), Verdict::Issuing),
        (
            "it runs, and the last failure counts no more",
            ready(json!({"conditions": both, "lastFailureTime": s(-90)})),
            Verdict::Issuing,
        ),
        ("failed an hour ago, less a second", ready(failed(3_599, 1)), Verdict::Backoff),
        ("the retry is late, within the grace", ready(failed(3_600 + 299, 1)), Verdict::Backoff),
        ("the retry is later than the grace", ready(failed(3_600 + 300, 1)), Verdict::Overdue),
        ("the fourth failure waits eight hours", ready(failed(8 * 3_600, 4)), Verdict::Backoff),
        (
            "a failure hides a late renewal",
            ready(json!({"lastFailureTime": s(-90), "renewalTime": s(-4_000)})),
            Verdict::Backoff,
        ),
        ("the renewal is late, within the grace", ready(json!({"renewalTime": s(-299)})), Verdict::Ok),
        ("the renewal is later than the grace", ready(json!({"renewalTime": s(-300)})), Verdict::Overdue),
        ("no renewal will come, the end is far", ready(json!({"renewalTime": null})), Verdict::Ok),
        (
            "no renewal will come, the end is near",
            ready(json!({"renewalTime": null, "notAfter": s(1_800)})),
            Verdict::Expiring,
        ),
        ("nothing was ever issued and nothing runs", certificate(json!({})), Verdict::Blocked),
    ];
    for (what, certificate, verdict) in cases {
        let found = judge(&[certificate], &[]);
        assert_eq!(found.verdict, verdict, "{what}: {found:?}");
    }
    let mut disabled = ready(json!({"notAfter": s(1_800), "renewalTime": s(-4_000)}));
    disabled["spec"]["renewal"] = json!({"policy": "Disabled"});
    assert_eq!(judge(&[disabled], &[]).verdict, Verdict::Expiring);
}

#[test]
fn absence_means_nothing_before_it_settled_or_where_it_is_unseen() {
    let blocked = certificate(json!({}));
    assert_eq!(judge(std::slice::from_ref(&blocked), &[Kind::CertificateRequest]).verdict, Verdict::Unknown);
    assert_eq!(judge(std::slice::from_ref(&blocked), &[Kind::Order, Kind::Secret]).verdict, Verdict::Blocked);
    let secret = |created| object(Kind::Secret, meta("s", created, None), json!({}), json!({}));
    let young = judge(&[blocked.clone(), secret(-14)], &[]);
    assert_eq!((young.verdict, young.valid_until), (Verdict::Ok, Some(NOW + TimeDelta::seconds(1))));
    assert_eq!(judge(&[blocked.clone(), secret(-15)], &[]).verdict, Verdict::Blocked);
    let note = json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e", "namespace": "n"},
        "involvedObject": {"apiVersion": "v1", "kind": "Secret", "uid": "s"}, "reason": "x", "lastTimestamp": s(-3)});
    assert_eq!(judge(&[blocked, secret(-90), note], &[]).verdict, Verdict::Ok);
}

/// What is in flight, where it stands, and how long it may stand there.
#[test]
fn every_phase_begins_where_it_should_and_has_its_patience() {
    let flight = |more: Vec<Value>| [vec![certificate(issuing(-1_000)), acme()], more].concat();
    let proof = |status: Value| {
        flight(vec![approved(-900), order(-800, pending(1)), challenge("h", -700, "a.test", "o", status)])
    };
    let with = |condition: Value| flight(vec![request(-900, json!([condition]))]);
    let true_at = |kind: &str, at: i64| json!({"type": kind, "status": "True", "lastTransitionTime": s(at)});
    let mut leaving = proof(json!({"state": "valid"}));
    leaving[4]["metadata"]["deletionTimestamp"] = s(-50).into();
    let mut own_signer = with(true_at("Approved", -880));
    own_signer[1]["spec"] = json!({"ca": {}});
    let failed =
        |state: &str| flight(vec![approved(-900), order(-800, json!({"state": state, "failureTime": s(-20)}))]);
    let cases = [
        (flight(vec![]), Phase::Triggered, -1_000, Some(60)),
        (with(true_at("Other", -1)), Phase::AwaitingApproval, -900, Some(60)),
        (own_signer, Phase::Signing, -880, Some(60)),
        (with(true_at("Approved", -880)), Phase::Ordering, -880, Some(60)),
        (flight(vec![approved(-900), order(-800, pending(1))]), Phase::Ordering, -800, Some(60)),
        (proof(json!({"state": "pending"})), Phase::Queued, -700, Some(30)),
        (proof(json!({"state": "pending", "processing": true})), Phase::Presenting, -700, Some(180)),
        (proof(json!({"processing": true, "reason": "no such zone"})), Phase::Presenting, -700, Some(60)),
        (proof(json!({"presented": true, "presentedAt": s(-600)})), Phase::Propagating, -600, Some(180)),
        (proof(json!({"state": "processing", "presentedAt": s(-600)})), Phase::Validating, -600, Some(180)),
        (proof(json!({"state": "valid"})), Phase::Finalizing, -800, Some(60)),
        (with(json!(true_at("Ready", -40))), Phase::Storing, -40, Some(60)),
        // A refused name is no proven one: the Order has to notice.
        (proof(json!({"state": "invalid"})), Phase::Finalizing, -800, Some(60)),
        (failed("errored"), Phase::Finalizing, -20, Some(60)),
        (failed("invalid"), Phase::Finalizing, -20, Some(60)),
    ];
    for (objects, phase, since, patience) in cases {
        let model = model(&objects, &[]);
        let found = stage(&model, model.certificate("n", "c").unwrap().0).unwrap();
        let expected = (phase, NOW + TimeDelta::seconds(since), patience.map(TimeDelta::seconds));
        assert_eq!((found.phase, found.since, found.patience), expected, "{found:?}");
        let verdict = if patience.is_some_and(|p| since + p <= 0) { Verdict::Stuck } else { Verdict::Issuing };
        assert_eq!(judge(&objects, &[]).verdict, verdict, "{found:?}");
    }
    let model = model(&failed("errored"), &[]);
    let words = stage(&model, model.certificate("n", "c").unwrap().0).unwrap();
    assert!(words.waits_for.contains("failed Order"), "{words:?}");
    let mut proven = leaving.clone();
    proven[3]["status"]["authorizations"] = json!([]);
    assert_eq!(judge(&proven, &[]).phase, Some(Phase::CleaningUp));
}

#[test]
fn a_deletion_does_not_hang_before_its_time_whatever_came_of_the_attempt() {
    let leaving = |seconds: i64| {
        let mut leaving = challenge("h", -700, "a.test", "o", json!({"state": "pending", "processing": true}));
        leaving["metadata"]["deletionTimestamp"] = s(-seconds).into();
        leaving["metadata"]["finalizers"] = json!(["acme.cert-manager.io/finalizer"]);
        leaving
    };
    let runs = [certificate(issuing(-1_000)), acme(), approved(-900), order(-800, pending(1))];
    let refused = request(-900, json!([{"type": "Ready", "status": "False", "reason": "Failed"}]));
    let failed = certificate(json!({"lastFailureTime": s(-20), "failedIssuanceAttempts": 1}));
    let over = [failed, acme(), refused, order(-800, json!({"state": "invalid", "failureTime": s(-20)}))];
    for (seconds, hangs) in [(0, false), (119, false), (120, true)] {
        for base in [&runs, &over] {
            let model = model(&[base.to_vec(), vec![leaving(seconds)]].concat(), &[]);
            let id = model.certificate("n", "c").unwrap().0;
            let why = why(&model, id, &diagnose(&model, id, NOW).unwrap());
            let told = findings(&model, id, NOW).iter().any(|finding| finding.id == "challenge-finalizer-stuck");
            assert_eq!((told, why.contains("finalizer")), (hangs, hangs), "{seconds}: {why}");
        }
    }
}

#[test]
fn a_challenge_that_waits_for_its_twin_does_not_hide_one_that_hangs() {
    let twin = challenge("t", -60, "a.test", "elsewhere", json!({"processing": true}));
    let hopeless = challenge("t", -900, "a.test", "elsewhere", json!({"processing": true}));
    let waits = challenge("w", -700, "a.test", "o", json!({"state": "pending"}));
    let hangs = challenge("h", -700, "b.test", "o", json!({"processing": true, "presented": true}));
    let base = vec![certificate(issuing(-1_000)), acme(), approved(-900), order(-800, pending(2))];
    let alone = judge(&[base.clone(), vec![waits.clone(), twin.clone()]].concat(), &[]);
    let room = NOW + TimeDelta::seconds(120);
    assert_eq!((alone.verdict, alone.phase), (Verdict::Issuing, Some(Phase::Queued)));
    assert!(alone.valid_until.is_some_and(|until| until <= room), "{alone:?}");
    let behind = judge(&[base.clone(), vec![waits.clone(), hopeless]].concat(), &[]);
    assert_eq!((behind.verdict, behind.phase), (Verdict::Stuck, Some(Phase::Queued)));
    let without = judge(&[base.clone(), vec![waits.clone()]].concat(), &[]);
    assert_eq!((without.verdict, without.phase), (Verdict::Stuck, Some(Phase::Queued)));
    let both = judge(&[base, vec![waits, twin, hangs]].concat(), &[]);
    assert_eq!((both.verdict, both.phase), (Verdict::Stuck, Some(Phase::Propagating)));
}

#[test]
fn the_request_in_flight_is_found_among_thousands_of_old_ones() {
    let old = |n: usize| {
        let mut old = approved(-9_000);
        old["metadata"]["name"] = format!("old-{n}").into();
        old["metadata"]["uid"] = format!("old-{n}").into();
        old["metadata"]["annotations"] = json!({"cert-manager.io/certificate-revision": (n + 2).to_string()});
        old
    };
    let objects: Vec<Value> =
        std::iter::once(certificate(issuing(-30))).chain((0..2_500).map(old)).chain([approved(-20)]).collect();
    assert_eq!(judge(&objects, &[]).phase, Some(Phase::Signing));
}

#[test]
fn a_request_that_is_over_is_not_in_flight() {
    for over in [
        json!([{"type": "Denied", "status": "True"}]),
        json!([{"type": "InvalidRequest", "status": "True"}]),
        json!([{"type": "Ready", "status": "False", "reason": "Failed"}]),
    ] {
        let found = judge(&[certificate(json!({})), request(-900, over.clone())], &[]);
        assert_eq!((found.verdict, found.phase), (Verdict::Blocked, None), "{over}");
    }
    let runs = judge(&[certificate(json!({})), approved(-20)], &[Kind::Issuer]);
    assert_eq!((runs.verdict, runs.phase), (Verdict::Issuing, Some(Phase::Signing)));
}

/// A mass renewal beyond the slots of the scheduler must not look stuck while the queue moves.
#[test]
fn a_challenge_waits_with_patience_while_the_queue_ahead_of_it_moves() {
    let waits = challenge("w", -700, "a.test", "o", json!({"state": "pending"}));
    let base = vec![certificate(issuing(-1_000)), acme(), approved(-900), order(-800, pending(1)), waits];
    let running = |many: usize, created: i64| -> Vec<Value> {
        let status = json!({"state": "pending", "processing": true, "presented": true, "presentedAt": s(created + 1)});
        (0..many)
            .map(|n| challenge(&format!("r{n}"), created, &format!("{n}.test"), "elsewhere", status.clone()))
            .collect()
    };
    let judged = |others: Vec<Value>| {
        let model = model(&[base.clone(), others].concat(), &[]);
        let id = model.certificate("n", "c").unwrap().0;
        let first = findings(&model, id, NOW).into_iter().next().unwrap();
        (diagnose(&model, id, NOW).unwrap(), stage(&model, id).unwrap(), first)
    };
    let (moves, stage, first) = judged(running(60, -20));
    assert_eq!((moves.verdict, moves.phase), (Verdict::Issuing, Some(Phase::Queued)));
    assert_eq!(stage.waits_for, "those ahead of it in the queue");
    assert_eq!(first.family, "challenge-queued");
    assert_eq!(first.severity, cmtop::triage::finding::Severity::Info);
    assert_eq!(moves.valid_until, Some(NOW + TimeDelta::seconds(20)), "those ahead move without a word to this one");
    // The youngest of those that run is within its three minutes: that is enough.
    let (mixed, ..) = judged([running(59, -9_000), vec![running(60, -100).remove(59)]].concat());
    assert_eq!(mixed.verdict, Verdict::Issuing);

    let (hopeless, _, first) = judged(running(60, -9_000));
    assert_eq!(hopeless.verdict, Verdict::Stuck, "nothing ahead will ever make room");
    assert_eq!((first.family, first.severity), ("challenge-queued", cmtop::triage::finding::Severity::Warning));
    let (free, ..) = judged(running(59, -20));
    assert_eq!(free.verdict, Verdict::Stuck, "a slot is free, it is its turn, and nobody takes it");
}

/// Of a queue longer than the free slots, only the first ones have their turn.
#[test]
fn only_as_many_have_their_turn_as_there_are_free_slots() {
    let waits = challenge("w", -700, "a.test", "o", json!({"state": "pending"}));
    let base = vec![certificate(issuing(-1_000)), acme(), approved(-900), order(-800, pending(1)), waits];
    let mut controller = object(
        Kind::Deployment,
        meta("cert-manager", -9_000, None),
        json!({"template": {"spec": {"containers": [{"args": ["--max-concurrent-challenges=2"]}]}}}),
        json!({}),
    );
    controller["metadata"]["labels"] = json!({"app": "cert-manager"});
    // Whether it is at work is not told.
    controller.as_object_mut().unwrap().remove("status");
    let runs = challenge("r", -60, "r.test", "elsewhere", json!({"processing": true}));
    let ahead = challenge("ahead", -800, "ahead.test", "elsewhere", json!({"state": "pending"}));
    let alone = judge(&[base.clone(), vec![controller.clone(), runs.clone()]].concat(), &[]);
    assert_eq!(alone.verdict, Verdict::Stuck);
    let second = judge(&[base, vec![controller, runs, ahead]].concat(), &[]);
    assert_eq!(second.verdict, Verdict::Issuing);
}

#[test]
fn the_horizon_has_the_words_of_the_verdicts() {
    let status = |more: Value| {
        let mut status = json!({"revision": 1, "notBefore": s(-9_000), "notAfter": s(90_000), "renewalTime": s(3_000)});
        status.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        status
    };
    let ready = json!([{"type": "Ready", "status": "True", "lastTransitionTime": s(-9_000)}]);
    let renews = json!([{"type": "Ready", "status": "True"}, {"type": "Issuing", "status": "True", "lastTransitionTime": s(-10)}]);
    let not_ready = json!([{"type": "Ready", "status": "False", "lastTransitionTime": s(-9_000)}]);
    for (more, verdict, what, week) in [
        (json!({"conditions": not_ready}), Verdict::Blocked, Some("is blocked"), 1),
        (json!({"conditions": ready, "renewalTime": s(-900)}), Verdict::Overdue, Some("is overdue"), 0),
        (json!({"conditions": ready}), Verdict::Ok, None, 1),
        // Its renewal is no longer ahead: it is at work.
        (json!({"conditions": renews, "renewalTime": s(-10)}), Verdict::Issuing, None, 1),
    ] {
        let mut model = model(&[certificate(status(more))], &[]);
        let mut ledger = Ledger::default();
        let changes = model.take_changes();
        ledger.note(&model, &changes);
        ledger.settle(&model, NOW, usize::MAX);
        assert_eq!(ledger.tally().of(verdict), 1, "{verdict}: {:?}", ledger.tally());
        let horizon = horizon(&model, &ledger, NOW, TimeDelta::zero());
        let risk = horizon.lines.iter().find(|line| line.section == Section::AtRisk).map(|line| line.what.as_str());
        assert_eq!(risk.map(|words| words.starts_with(what.unwrap_or("?"))), what.map(|_| true), "{verdict}: {risk:?}");
        let issuer = horizon.lines.iter().find(|line| line.section == Section::Issuer).unwrap();
        assert_eq!((issuer.count, issuer.week), (1, week), "{verdict}");
    }
}
