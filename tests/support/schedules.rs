//! Schedules of faults: the real feeds on the simulated API server, in virtual time, with objects that come, change and
//! go meanwhile. All chance comes from a seed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cmtop::cluster::{Cluster, Names, Now};
use cmtop::limits;
use cmtop::model::feed::FeedState;
use cmtop::model::id::Uid;
use cmtop::model::meta::{Object, Version};
use cmtop::model::{Batch, Model};
use cmtop::sim::{Clock, Cluster as Sim, Effect, Fault, FaultId};
use cmtop::watch::{self, Scope, Watches};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// The kinds that come and go, by the plural.
const KINDS: [&str; 10] = [
    "certificates",
    "certificaterequests",
    "orders",
    "challenges",
    "issuers",
    "clusterissuers",
    "secrets",
    "pods",
    "services",
    "ingresses",
];

/// Names of each kind: few, so that the same name is taken again by another object.
const NAMES: u64 = 8;

/// Rounds of a schedule: a write or a fault in each.
const ROUNDS: u64 = 60;

/// How long everything may take to be well again: silence is noticed, `Retry-After` obeyed, what is refused asked again.
pub const PEACE: Duration = Duration::from_mins(6);

/// A small seeded chance.
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// Chance that comes from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    /// A number from zero on, below an end.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one_of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// What a server's faults may hide from its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Honesty {
    /// A server that fails in every way, but never says what is not so.
    Broken,
    /// A server that says things twice, late and in the wrong order, but breaks no stream in the middle of it.
    Muddled,
    /// Everything, with bookmarks that name versions which were never sent, and streams that are cut in the middle of
    /// events in the wrong order: no client can tell that something is missing.
    Lying,
}

impl Honesty {
    /// Each seed has its kind of server.
    pub fn of(seed: u64) -> Self {
        [Self::Broken, Self::Muddled, Self::Lying][(seed % 3) as usize]
    }
}

/// The feeds of one dashboard, its model, and the cluster that they watch.
#[derive(Debug)]
pub struct Play {
    /// The cluster.
    pub sim: Sim,
    /// The client's side of it.
    pub cluster: Cluster,
    /// What the dashboard knows.
    pub model: Model,
    /// The feeds.
    pub watches: Watches,
    scope: Scope,
    batches: mpsc::Receiver<Batch>,
}

impl Play {
    /// A dashboard on a cluster. Must be called inside a runtime whose time is paused.
    pub fn new(sim: Sim, scope: Scope) -> Self {
        let names = Names { cluster: "sim".to_owned(), default_namespace: "n0".to_owned(), ..Names::default() };
        let clock = sim.clock().clone();
        let now: Now = Arc::new(move || clock.now());
        let cluster = Cluster::in_process(sim.service(), names, Arc::clone(&now));
        let (out, batches) = mpsc::channel(limits::QUEUE);
        let watches = watch::spawn(&cluster, &scope, &now, &out);
        Self { sim, cluster, model: Model::default(), watches, scope, batches }
    }

    /// Lets time pass, and takes in what arrives.
    pub async fn run(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Ok(Some(batch)) = tokio::time::timeout_at(end, self.batches.recv()).await {
            self.model.apply(batch);
        }
    }

    /// What the model does not know as it is: a line for each object.
    pub fn differences(&self) -> Vec<String> {
        let (known, there) = (known(&self.model), there(&self.sim, &self.scope));
        let keys = known.keys().chain(there.keys().filter(|key| !known.contains_key(*key)));
        keys.filter(|key| known.get(*key) != there.get(*key))
            .map(|key| format!("{key:?}\n  known {:?}\n  there {:?}", known.get(key), there.get(key)))
            .collect()
    }

    /// The feeds that do not work.
    pub fn troubled(&self) -> Vec<String> {
        let troubled = self.model.feeds.iter().filter(|(_, feed)| feed.state != FeedState::Live);
        // The simulated cluster has no Gateway API.
        let troubled =
            troubled.filter(|(key, feed)| !(key.kind.row().plural == "httproutes" && feed.state == FeedState::Absent));
        troubled.map(|(key, feed)| format!("{key}: {:?}", feed.state)).collect()
    }
}

/// Plays one schedule, and gives the feeds the time to be well again; what is wrong in the end is told. Where the
/// server lied, somebody lists everything again.
pub async fn play(seed: u64) -> Result<(), String> {
    let mut play = trouble(seed).await;
    if Honesty::of(seed) == Honesty::Lying {
        play.run(Duration::from_secs(1)).await;
        play.watches.resync();
    }
    play.run(PEACE).await;
    verdict(&play, &format!("seed {seed}, {:?}", Honesty::of(seed)))
}

/// The same up to where the faults end.
pub async fn trouble(seed: u64) -> Play {
    let (mut chance, honesty) = (Chance::new(seed), Honesty::of(seed));
    let sim = Sim::seeded(Clock::new(1.0), seed);
    for _ in 0..60 {
        write(&sim, &mut chance);
    }
    let scope = match chance.below(4) {
        0 => Scope { namespaces: vec!["n0".to_owned(), "n1".to_owned()], selector: None, annotations: Vec::new() },
        1 => Scope { namespaces: Vec::new(), selector: Some("team=a".to_owned()), annotations: Vec::new() },
        _ => Scope::default(),
    };
    // Half of the servers misbehave from the first request on.
    if chance.below(2) == 0 {
        for _ in 0..4 {
            sim.faults().add(fault(&mut chance, honesty));
        }
    }
    let mut play = Play::new(sim, scope);
    let mut refusing: Vec<FaultId> = Vec::new();
    for _ in 0..ROUNDS {
        match chance.below(12) {
            0..=2 if honesty == Honesty::Lying => lie(&play.sim, &mut chance),
            0..=2 => drop(play.sim.faults().add(fault(&mut chance, honesty))),
            3 => refusing.push(play.sim.faults().add(refusal(&mut chance))),
            4 => refusing.drain(..).for_each(|id| play.sim.faults().remove(id)),
            5 if chance.below(4) == 0 => play.watches.resync(),
            6 if chance.below(4) == 0 => play.sim.compact(),
            // Several writes in a moment reach a watch together.
            7 => (0..chance.below(12)).for_each(|_| write(&play.sim, &mut chance)),
            _ => write(&play.sim, &mut chance),
        }
        let pause = chance.one_of(&[0, 20, 900, 5_000, 40_000]);
        play.run(Duration::from_millis(chance.below(pause + 1))).await;
    }
    play.sim.faults().clear();
    play
}

/// Whether all is as it should be.
pub fn verdict(play: &Play, what: &str) -> Result<(), String> {
    let (differences, troubled) = (play.differences(), play.troubled());
    let offset = play.cluster.clock.get().map(|offset| offset.num_seconds());
    if differences.is_empty() && troubled.is_empty() && offset == Some(0) {
        return Ok(());
    }
    Err(format!("{what}, clock {offset:?}\n{}\n{}", troubled.join("\n"), differences.join("\n")))
}

/// A fault of a server of this honesty.
fn fault(chance: &mut Chance, honesty: Honesty) -> Fault {
    let events = chance.below(6) as usize;
    let breaking = |chance: &mut Chance| match chance.below(5) {
        0 => Effect::Cut { events },
        1 => Effect::CutBytes(1 + chance.below(6_000) as usize),
        2 => Effect::Silence { events },
        _ => Effect::End { events: if chance.below(2) == 0 { 0 } else { events } },
    };
    let muddling = |chance: &mut Chance| if chance.below(2) == 0 { Effect::Reorder } else { Effect::Duplicate };
    let lying = |chance: &mut Chance| Effect::Bookmark(1 + chance.below(20) as i64);
    let effect = match (chance.below(10), honesty) {
        (0..=2, Honesty::Broken) | (0, Honesty::Lying) => breaking(chance),
        (0..=2, Honesty::Muddled) | (1, Honesty::Lying) => muddling(chance),
        (2, Honesty::Lying) => lying(chance),
        (3, _) => Effect::Bookmark(-(chance.below(40) as i64)),
        (4, Honesty::Broken) => Effect::Duplicate,
        (4 | 5, _) => Effect::Compact,
        (6, _) => Effect::Delay(Duration::from_millis(chance.one_of(&[50, 3_000, 20_000, 150_000]))),
        (7, _) => Effect::NoStreamingLists,
        (8, _) => Effect::ClockOffset(chance.below(600) as i64 - 300),
        _ => {
            let (code, reason) = chance.one_of(&[
                (400, "BadRequest"),
                (404, "NotFound"),
                (409, "Conflict"),
                (410, "Expired"),
                (429, "TooManyRequests"),
                (500, "InternalError"),
                (502, "BadGateway"),
                (503, "ServiceUnavailable"),
                (504, "Timeout"),
            ]);
            let retry_after = (chance.below(2) == 0).then(|| chance.one_of(&[0, 1, 7, 100]));
            Effect::Refuse { code, reason: reason.to_owned(), retry_after }
        }
    };
    let fault = Fault::new(effect).times(1 + chance.below(4) as u32).probability(0.7);
    match chance.below(3) {
        0 => fault,
        1 => fault.verb(chance.one_of(&["list", "watch"])),
        _ => fault.resource(chance.one_of(&KINDS)),
    }
}

/// A fault as any, or a lie with what makes it tell: a watch that is resumed where the lie said.
fn lie(sim: &Sim, chance: &mut Chance) {
    if chance.below(2) == 0 {
        sim.faults().add(fault(chance, Honesty::Lying));
        return;
    }
    let plural = chance.one_of(&KINDS);
    let effects = [Effect::Bookmark(1 + chance.below(60) as i64), Effect::End { events: 1 + chance.below(3) as usize }];
    for effect in effects {
        sim.faults().add(Fault::new(effect).verb("watch").resource(plural).times(5));
    }
}

/// Rights or credentials that are missing until they are given back.
fn refusal(chance: &mut Chance) -> Fault {
    let fault = if chance.below(2) == 0 { Fault::forbidden() } else { Fault::unauthorized() };
    match chance.below(3) {
        0 => fault,
        1 => fault.verb(chance.one_of(&["list", "watch"])),
        _ => fault.resource(chance.one_of(&KINDS)).namespace(chance.one_of(&["n0", "n1", ""])),
    }
}

/// Creates, changes or deletes some object.
fn write(sim: &Sim, chance: &mut Chance) {
    let (plural, number, namespace) = (chance.one_of(&KINDS), chance.below(NAMES), chance.one_of(&["n0", "n1", "n2"]));
    let object = object(plural, namespace, number, chance);
    if chance.below(4) > 0 {
        // A write that the server refuses is no write.
        drop(sim.apply(&object));
    } else {
        let namespace = if plural == "clusterissuers" { "" } else { namespace };
        drop(sim.delete(plural, namespace, &format!("o{number}")));
    }
}

fn object(plural: &str, namespace: &str, number: u64, chance: &mut Chance) -> Value {
    let (word, round) = (chance.one_of(&["True", "False", "Unknown"]), chance.below(1_000));
    let owner = json!({"cert-manager.io/certificate-name": format!("o{}", chance.below(NAMES))});
    let ready = json!({"conditions": [{"type": "Ready", "status": word, "reason": "Told", "message": format!("at {round}"), "lastTransitionTime": "2026-11-23T01:00:00Z"}]});
    let issuer = json!({"name": format!("i{}", chance.below(4)), "kind": "Issuer", "group": "cert-manager.io"});
    let state = chance.one_of(&["pending", "ready", "valid", "invalid", "errored"]);
    let team = json!({"team": chance.one_of(&["a", "b"])});
    // What is a solver now may be none later: then it leaves the selection of our watch.
    let solver = json!({"acme.cert-manager.io/http01-solver": chance.one_of(&["true", "true", "false"])});
    let acme = ("acme.cert-manager.io/v1", &owner);
    let cm = ("cert-manager.io/v1", &owner);
    let none = Value::Null;
    let ((version, annotations), kind, labels, rest) = match plural {
        "certificates" => (
            cm,
            "Certificate",
            &team,
            json!({"spec": {"secretName": format!("s{round}"), "dnsNames": [format!("{round}.test")], "issuerRef": issuer}, "status": ready}),
        ),
        "certificaterequests" => {
            (cm, "CertificateRequest", &none, json!({"spec": {"request": "", "issuerRef": issuer}, "status": ready}))
        }
        "orders" => {
            (acme, "Order", &none, json!({"spec": {"request": "", "issuerRef": issuer}, "status": {"state": state}}))
        }
        "challenges" => (
            acme,
            "Challenge",
            &none,
            json!({
                "spec": {"authorizationURL": "https://acme.test/a", "dnsName": format!("{round}.test"), "issuerRef": issuer, "key": "k", "solver": {"http01": {"ingress": {}}}, "token": "t", "type": "HTTP-01", "url": "https://acme.test/c"},
                "status": {"state": state, "processing": round % 2 == 0},
            }),
        ),
        "issuers" => {
            (cm, "Issuer", &none, json!({"spec": {"ca": {"secretName": format!("s{round}")}}, "status": ready}))
        }
        "clusterissuers" => {
            (cm, "ClusterIssuer", &none, json!({"spec": {"ca": {"secretName": format!("s{round}")}}, "status": ready}))
        }
        "secrets" => (("v1", &owner), "Secret", &team, json!({"data": {"tls.key": "c2VjcmV0"}})),
        "pods" => (
            ("v1", &none),
            "Pod",
            &solver,
            json!({"spec": {"containers": [{"name": "c", "image": "i"}]}, "status": {"phase": "Pending"}}),
        ),
        "services" => (("v1", &none), "Service", &solver, json!({"spec": {"ports": [{"port": 8089}]}})),
        _ => (
            ("networking.k8s.io/v1", &none),
            "Ingress",
            &solver,
            json!({"spec": {"ingressClassName": format!("c{}", round % 9)}}),
        ),
    };
    let mut object = rest;
    object["apiVersion"] = json!(version);
    object["kind"] = json!(kind);
    object["metadata"] = json!({"name": format!("o{number}"), "labels": labels, "annotations": annotations});
    if kind != "ClusterIssuer" {
        object["metadata"]["namespace"] = json!(namespace);
    }
    object
}

type Facts = BTreeMap<(String, String, String, Option<Uid>), String>;

/// Everything that the model knows, object by object.
fn known(model: &Model) -> Facts {
    fn add<T: Object>(facts: &mut Facts, row: &T, fact: String) {
        let meta = row.meta();
        let key = (row.kind().name().to_owned(), meta.namespace.to_string(), meta.name.to_string(), Some(meta.uid));
        facts.insert(key, format!("{:?} {fact}", meta.version));
    }
    let mut facts = Facts::new();
    for (_, row) in model.certificates.iter() {
        let names: Vec<&str> = row.dns_names.iter().collect();
        let ready = row.ready.as_ref().map_or("", |ready| ready.status.as_str());
        let fact = format!("{} {} {} {ready}", row.secret_name, names.join(","), row.issuer.name);
        add(&mut facts, row, fact);
    }
    for (_, row) in model.requests.iter() {
        let owner = row.certificate_name.as_ref().map(ToString::to_string).unwrap_or_default();
        add(&mut facts, row, format!("{owner} {}", row.ready.as_ref().map_or("", |ready| ready.message.as_str())));
    }
    for (_, row) in model.orders.iter() {
        let owner = row.certificate_name.as_ref().map(ToString::to_string).unwrap_or_default();
        add(&mut facts, row, format!("{owner} {}", row.state.as_str()));
    }
    for (_, row) in model.challenges.iter() {
        add(&mut facts, row, format!("{} {} {}", row.dns_name, row.state.as_str(), row.processing));
    }
    for (_, row) in model.issuers.iter() {
        add(
            &mut facts,
            row,
            format!("{} {}", row.backend, row.ready.as_ref().map_or("", |ready| ready.message.as_str())),
        );
    }
    for (_, row) in model.secrets.iter() {
        let owner = row.certificate_name.as_ref().map(ToString::to_string).unwrap_or_default();
        add(&mut facts, row, owner);
    }
    for (_, row) in model.solvers.iter() {
        let class = if row.kind().name() == "Ingress" { row.class.as_ref().map(ToString::to_string) } else { None };
        add(&mut facts, row, class.unwrap_or_default());
    }
    facts
}

/// The same, of what the simulated cluster stores and the scope covers.
fn there(sim: &Sim, scope: &Scope) -> Facts {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut facts = Facts::new();
    for plural in KINDS {
        for object in sim.objects(plural) {
            let (meta, spec, status) = (&object["metadata"], &object["spec"], &object["status"]);
            let (namespace, labels) = (text(&meta["namespace"]), &meta["labels"]);
            let solver = labels["acme.cert-manager.io/http01-solver"] == "true";
            let selected = match plural {
                "certificates" => scope.selector.is_none() || labels["team"] == "a",
                "pods" | "services" | "ingresses" => solver,
                _ => true,
            };
            let covered = namespace.is_empty() || scope.namespaces.is_empty() || scope.namespaces.contains(&namespace);
            if !selected || !covered {
                continue;
            }
            let owner = text(&meta["annotations"]["cert-manager.io/certificate-name"]);
            let ready = &status["conditions"][0];
            let fact = match plural {
                "certificates" => format!(
                    "{} {} {} {}",
                    text(&spec["secretName"]),
                    text(&spec["dnsNames"][0]),
                    text(&spec["issuerRef"]["name"]),
                    text(&ready["status"])
                ),
                "certificaterequests" => format!("{owner} {}", text(&ready["message"])),
                "orders" => format!("{owner} {}", text(&status["state"])),
                "challenges" => {
                    format!("{} {} {}", text(&spec["dnsName"]), text(&status["state"]), status["processing"])
                }
                "issuers" | "clusterissuers" => {
                    format!("{} {}", text(&spec["ca"]["secretName"]), text(&ready["message"]))
                }
                "secrets" => owner,
                "ingresses" => text(&spec["ingressClassName"]),
                _ => String::new(),
            };
            let key = (text(&object["kind"]), namespace, text(&meta["name"]), Uid::parse(&text(&meta["uid"])));
            facts.insert(key, format!("{:?} {fact}", Version::parse(&text(&meta["resourceVersion"]))));
        }
    }
    facts
}
