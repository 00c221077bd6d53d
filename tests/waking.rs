//! What wakes a diagnosis: a change of anything that it was made from, however far from its Certificate that is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, Utc};
use cmtop::model::Model;
use cmtop::model::delta::{Batch, News};
use cmtop::model::feed::{FeedKey, FeedState};
use cmtop::model::kind::Kind;
use cmtop::recording::frame::Frame;
use cmtop::recording::player::Player;
use cmtop::triage::ledger::Ledger;
use cmtop::triage::stage::Phase;
use cmtop::triage::verdict::Verdict;
use cmtop::triage::{Diagnosis, diagnose};
use serde_json::{Value, json};

const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_363_200, 0).unwrap();

/// An object, in a few words.
fn object(kind: Kind, uid: &str, owner: &str, more: Value) -> Value {
    let mut object = json!({"apiVersion": kind.api_version(), "kind": kind.name(), "metadata": {
        "name": uid, "namespace": "n", "uid": uid, "creationTimestamp": "2020-01-01T00:00:00Z",
        "ownerReferences": [{"uid": owner, "controller": true}]}});
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

/// A model that is kept up to date, and what is said of the Certificate `c`.
struct Desk {
    model: Model,
    player: Player,
    ledger: Ledger,
}

impl Desk {
    fn new(objects: &[Value]) -> Self {
        let mut desk = Self { model: Model::default(), player: Player::default(), ledger: Ledger::default() };
        objects.iter().for_each(|object| desk.say("ADDED", object));
        for kind in Kind::all() {
            desk.hear(kind, News::ListEnded);
        }
        desk
    }

    fn say(&mut self, op: &str, object: &Value) {
        let line = json!({"t": "2026-11-22T16:00:00Z", "op": op, "object": object}).to_string();
        self.player.play(&Frame::parse(&line).unwrap(), &mut |batch| self.model.apply(batch));
    }

    fn hear(&mut self, kind: Kind, news: News) {
        self.model.apply(Batch { at: NOW, feed: FeedKey::cluster(kind), news });
    }

    /// The diagnosis as it is kept; it must be the one that is made now.
    fn settle(&mut self) -> Diagnosis {
        let changes = self.model.take_changes();
        self.ledger.note(&self.model, &changes);
        self.ledger.settle(&self.model, NOW, usize::MAX);
        for (id, _) in self.model.certificates.iter() {
            assert_eq!(self.ledger.get(id).copied(), diagnose(&self.model, id, NOW));
        }
        let (id, _) = self.model.certificate("n", "c").unwrap();
        *self.ledger.get(id).unwrap()
    }
}

fn in_flight() -> Vec<Value> {
    let conditions = |kind| json!({"status": {"conditions": [{"type": kind, "status": "True"}]}});
    let mut request = object(Kind::CertificateRequest, "r", "c", conditions("Approved"));
    request["metadata"]["annotations"] = json!({"cert-manager.io/certificate-revision": "1"});
    vec![
        object(Kind::Certificate, "c", "", conditions("Issuing")),
        request,
        object(Kind::Order, "o", "r", json!({"status": {"state": "pending", "url": "https://ca.test/o"}})),
    ]
}

fn challenge(uid: &str, owner: &str, status: Value) -> Value {
    object(Kind::Challenge, uid, owner, json!({"spec": {"dnsName": "a.test", "type": "HTTP-01"}, "status": status}))
}

#[test]
fn a_challenge_for_the_same_name_wakes_the_one_that_waits_for_it() {
    let mut desk = Desk::new(&[in_flight(), vec![challenge("w", "o", json!({}))]].concat());
    assert_eq!(desk.settle().verdict, Verdict::Stuck);
    let mut other = challenge("elsewhere", "nobody", json!({"processing": true}));
    // A young one: one that has run for years would never make room.
    other["metadata"]["creationTimestamp"] = (NOW - chrono::TimeDelta::seconds(5)).to_rfc3339().into();
    desk.say("ADDED", &other);
    assert_eq!(desk.settle().verdict, Verdict::Issuing);
    other["status"]["processing"] = false.into();
    desk.say("MODIFIED", &other);
    assert_eq!(desk.settle().verdict, Verdict::Stuck);
    other["status"]["processing"] = true.into();
    desk.say("MODIFIED", &other);
    assert_eq!(desk.settle().verdict, Verdict::Issuing);
    other["spec"]["type"] = "DNS-01".into();
    desk.say("MODIFIED", &other);
    assert_eq!(desk.settle().verdict, Verdict::Stuck);
    other["spec"]["type"] = "HTTP-01".into();
    desk.say("MODIFIED", &other);
    assert_eq!(desk.settle().verdict, Verdict::Issuing);
    desk.say("DELETED", &other);
    assert_eq!(desk.settle().verdict, Verdict::Stuck);
}

#[test]
fn a_controller_with_other_bounds_wakes_what_backs_off() {
    let failed = json!({"status": {"lastFailureTime": "2026-11-22T15:30:00Z"}});
    let mut desk = Desk::new(&[object(Kind::Certificate, "c", "", failed)]);
    let usual = desk.settle().next_attempt;
    let flag = "--certificate-request-minimum-backoff-duration=50m";
    let mut controller =
        object(Kind::Deployment, "cm", "", json!({"spec": {"template": {"spec": {"containers": [{"args": [flag]}]}}}}));
    controller["metadata"]["labels"] = json!({"app": "cert-manager"});
    desk.say("ADDED", &controller);
    assert_eq!(usual.unwrap() - desk.settle().next_attempt.unwrap(), chrono::TimeDelta::minutes(10));
    controller["metadata"]["labels"] = json!({"app": "something-else"});
    desk.say("MODIFIED", &controller);
    assert_eq!(desk.settle().next_attempt, usual);
}

#[test]
fn an_event_of_a_secret_wakes_its_certificate() {
    let stored = object(Kind::Certificate, "c", "", json!({"spec": {"secretName": "s"}}));
    let mut desk = Desk::new(&[stored, object(Kind::Secret, "s", "", json!({}))]);
    assert_eq!(desk.settle().verdict, Verdict::Blocked);
    let mut note = object(
        Kind::Event,
        "e",
        "",
        json!({"lastTimestamp": NOW.to_rfc3339(),
        "involvedObject": {"apiVersion": "v1", "kind": "Secret", "uid": "s"}}),
    );
    desk.say("ADDED", &note);
    assert_eq!(desk.settle().verdict, Verdict::Ok);
    note["involvedObject"]["uid"] = "another".into();
    desk.say("MODIFIED", &note);
    assert_eq!(desk.settle().verdict, Verdict::Blocked);
}

#[test]
fn a_watch_that_is_refused_makes_its_kind_unseen() {
    let mut desk = Desk::new(&[object(Kind::Certificate, "c", "", json!({}))]);
    assert_eq!(desk.settle().verdict, Verdict::Blocked);
    for state in [FeedState::Forbidden { right: "list".into() }, FeedState::Absent] {
        desk.hear(Kind::CertificateRequest, News::Health(state));
        assert_eq!(desk.settle().verdict, Verdict::Unknown);
        desk.hear(Kind::CertificateRequest, News::ListBegan);
        assert_eq!(desk.settle().verdict, Verdict::Unknown);
        desk.hear(Kind::CertificateRequest, News::ListEnded);
        assert_eq!(desk.settle().verdict, Verdict::Blocked);
    }
    let cut = |attempt| News::Health(FeedState::Retrying { attempt, next: NOW, why: "cut".into() });
    desk.hear(Kind::CertificateRequest, cut(1));
    assert_eq!(desk.settle().verdict, Verdict::Blocked, "what was seen a moment ago still counts");
    desk.hear(Kind::CertificateRequest, cut(9));
    assert_eq!(desk.settle().verdict, Verdict::Unknown);
}

#[test]
fn a_request_without_an_owner_belongs_to_the_youngest_of_its_name() {
    let mut request = in_flight().remove(1);
    request["metadata"]["ownerReferences"] = json!([]);
    request["metadata"]["annotations"]["cert-manager.io/certificate-name"] = "c".into();
    let mut desk = Desk::new(&[object(Kind::Certificate, "c", "", json!({})), request]);
    assert_eq!(desk.settle().verdict, Verdict::Stuck);
    let (old, _) = desk.model.certificate("n", "c").unwrap();
    let mut younger = object(Kind::Certificate, "younger", "", json!({}));
    younger["metadata"]["name"] = "c".into();
    younger["metadata"]["creationTimestamp"] = "2021-01-01T00:00:00Z".into();
    desk.say("ADDED", &younger);
    assert_eq!(desk.settle().verdict, Verdict::Stuck);
    assert_eq!(desk.ledger.get(old).unwrap().verdict, Verdict::Blocked);
    desk.say("DELETED", &younger);
    desk.settle();
    assert_eq!(desk.ledger.get(old).unwrap().verdict, Verdict::Stuck);
}

#[test]
fn what_is_judged_out_of_turn_is_not_stale() {
    let young = json!({"status": {"conditions": [{"type": "Issuing", "status": "True", "lastTransitionTime": NOW.to_rfc3339()}]}});
    let mut desk = Desk::new(&[object(Kind::Certificate, "c", "", young)]);
    assert_eq!(desk.settle().verdict, Verdict::Issuing);
    let (id, _) = desk.model.certificate("n", "c").unwrap();
    let later = NOW + chrono::TimeDelta::minutes(5);
    desk.ledger.judge(&desk.model, id, later);
    assert_eq!(desk.ledger.get(id).unwrap().verdict, Verdict::Stuck);
    assert_eq!((desk.ledger.tally().of(Verdict::Stuck), desk.ledger.tally().total(), desk.ledger.pending()), (1, 1, 0));
}

#[test]
fn everybody_in_a_secret_is_woken_by_who_comes_and_who_goes() {
    let held = |name: &str, created: &str| {
        let mut certificate = object(Kind::Certificate, name, "", json!({"spec": {"secretName": "shared"}}));
        certificate["metadata"]["creationTimestamp"] = created.into();
        certificate
    };
    let mut desk = Desk::new(&[held("c", "2021-01-01T00:00:00Z")]);
    let is_woken = |desk: &mut Desk| {
        let id = desk.model.certificate("n", "c").unwrap().0;
        let changes = desk.model.take_changes();
        desk.ledger.note(&desk.model, &changes);
        let woken = changes.certificates().any(|woken| woken == id);
        desk.settle();
        woken
    };
    desk.settle();
    let others: Vec<Value> = (0..300).map(|n| held(&format!("o{n:03}"), "2022-01-01T00:00:00Z")).collect();
    others.iter().for_each(|other| desk.say("ADDED", other));
    assert!(is_woken(&mut desk), "it shares its Secret");
    let names = |desk: &Desk| {
        let stored = desk.model.certificates_of_secret("n", "shared").filter_map(|id| desk.model.certificates.get(id));
        stored.map(|certificate| certificate.meta.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!((names(&desk).len(), names(&desk)[0].as_str()), (301, "c"));
    let older = held("older", "2020-01-01T00:00:00Z");
    desk.say("ADDED", &older);
    assert!(is_woken(&mut desk));
    assert_eq!(names(&desk)[0], "older", "the Secret is that of the oldest");
    let mut elsewhere = older.clone();
    elsewhere["spec"]["secretName"] = "another".into();
    desk.say("MODIFIED", &elsewhere);
    assert!(is_woken(&mut desk), "who left concerns those who stay");
    others.iter().for_each(|other| desk.say("DELETED", other));
    assert!(is_woken(&mut desk));
    assert_eq!(names(&desk), ["c"]);
}

#[test]
fn what_may_no_longer_be_read_is_forgotten_and_not_passed_off_as_seen() {
    let mut objects = in_flight();
    objects[0]["spec"] = json!({"issuerRef": {"name": "i"}});
    objects.extend([object(Kind::Issuer, "i", "", json!({"spec": {"acme": {}}})), challenge("w", "o", json!({}))]);
    let mut desk = Desk::new(&objects);
    assert_eq!(desk.settle().phase, Some(Phase::Queued));
    let told = desk.model.journal.len();
    desk.hear(Kind::Order, News::Health(FeedState::Forbidden { right: "list orders".into() }));
    assert_eq!((desk.model.orders.len(), desk.model.challenges.len()), (0, 1));
    let blind = desk.settle();
    assert_eq!(blind.phase, None, "what would tell is unseen");
    desk.hear(Kind::Challenge, News::Health(FeedState::Absent));
    assert_eq!(desk.model.challenges.len(), 0);
    assert_eq!(desk.model.journal.len(), told, "nobody saw them go");
    desk.settle();
}
