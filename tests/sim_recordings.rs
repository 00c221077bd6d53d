//! The simulated cert-manager against the recordings of the real one: the same objects go through the same states,
//! and the same Events are told about them.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

use std::collections::BTreeMap;
use std::fs;

use chrono::TimeDelta;
use cmtop::sim::{Options, Story, run};
use serde_json::{Value, json};

/// What happened to one object, in order: its conditions or its state whenever they changed.
type Course = Vec<String>;

/// The courses of objects and the reasons of Events, by the kind of object; names without their hashes.
#[derive(Debug, Default, PartialEq)]
struct Record {
    courses: BTreeMap<String, Course>,
    /// Who told what about an object, in the order in which it was told first.
    events: BTreeMap<String, Vec<String>>,
}

impl Record {
    fn see(&mut self, object: &Value, deleted: bool) {
        let kind = object["kind"].as_str().unwrap_or_default();
        match kind {
            "Event" => {
                let about = &object["involvedObject"];
                let subject = format!("{} {}", text(&about["kind"]), plain(text(&about["kind"]), text(&about["name"])));
                let told = format!("{} {}", text(&object["source"]["component"]), text(&object["reason"]));
                let waits = |told: &str| told.ends_with(" WaitingForApproval");
                let all = self.events.entry(subject).or_default();
                if !all.contains(&told) {
                    all.push(told);
                    // The controllers of five kinds of issuers say that they wait for approval, each when it gets there.
                    all.sort_by_key(|told| (!waits(told), waits(told).then(|| told.clone())));
                }
            }
            "Certificate" | "CertificateRequest" | "Order" | "Challenge" | "Pod" | "Service" | "Ingress" | "Secret" => {
                if !deleted && is_a_race(object) {
                    return;
                }
                let mut subject = format!("{kind} {}", plain(kind, text(&object["metadata"]["name"])));
                if kind == "Challenge" {
                    subject =
                        format!("{subject} for {} wildcard={}", object["spec"]["dnsName"], object["spec"]["wildcard"]);
                }
                let state = if deleted { "gone".to_owned() } else { state(object) };
                let course = self.courses.entry(subject).or_default();
                if course.last() != Some(&state) {
                    course.push(state);
                }
            }
            _ => {}
        }
    }
}

/// States that the recordings show sometimes and sometimes not, because two controllers raced.
fn is_a_race(object: &Value) -> bool {
    let status = &object["status"];
    let conditions = status["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let has = |kind: &str, wanted: &str| conditions.iter().any(|it| it["type"] == kind && it["status"] == wanted);
    let issued_before = !status["revision"].is_null();
    match text(&object["kind"]) {
        // Which of the first two conditions comes first; and whether, once the Secret is there, it is said to be ready
        // before or after the issuance is said to be over.
        "Certificate" if !issued_before => conditions.len() == 1 || (has("Issuing", "True") && has("Ready", "True")),
        "Certificate" => conditions.len() == 1 && has("Ready", "False"),
        // Whether a request is looked at while its Order is still empty.
        "CertificateRequest" => conditions.iter().any(|condition| text(&condition["message"]).ends_with(": \"\"")),
        // Whether a Challenge comes to rest before the end of its Order takes it away.
        "Challenge" => status["state"] == "valid" && status["processing"] == false,
        _ => false,
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A name without what is random in it: hashes of Challenges depend on URLs, suffixes on chance.
fn plain(kind: &str, name: &str) -> String {
    match kind {
        "Challenge" => name.rsplit_once('-').map_or(name, |(order, _)| order).to_owned() + "-#",
        "Pod" | "Service" | "Ingress" => "cm-acme-http-solver-#".to_owned(),
        "Secret" if !name.ends_with("tls") && name.len() > 6 => {
            name.rsplit_once('-').map_or(name, |(head, _)| head).to_owned() + "-#"
        }
        _ => name.to_owned(),
    }
}

/// The state of an object as far as it is compared: conditions without times, states, reasons, who holds it up.
fn state(object: &Value) -> String {
    let status = &object["status"];
    let mut parts = Vec::new();
    if matches!(text(&object["kind"]), "Pod" | "Service" | "Ingress") {
        // Nobody ran them in the recordings.
        return String::new();
    }
    let mut conditions: Vec<_> = status["conditions"].as_array().into_iter().flatten().collect();
    if object["kind"] == "Certificate" {
        // Readiness and trigger race for the first place in the list; both orders are in the recordings.
        conditions.sort_by_key(|condition| text(&condition["type"]).to_owned());
    }
    for condition in conditions {
        let message = neutral(text(&condition["message"]));
        parts.push(format!(
            "{}={} {} {message:?}",
            text(&condition["type"]),
            text(&condition["status"]),
            text(&condition["reason"])
        ));
    }
    for field in ["state", "processing", "presented", "reason", "revision", "failedIssuanceAttempts"] {
        if !status[field].is_null() {
            parts.push(format!("{field}={}", neutral(&status[field].to_string())));
        }
    }
    if !status["nextPrivateKeySecretName"].is_null() {
        parts.push("next-key".to_owned());
    }
    if object["metadata"]["finalizers"].is_array() {
        parts.push(format!("finalizers={}", object["metadata"]["finalizers"]));
    }
    parts.join("; ")
}

/// A sentence without its moments.
fn neutral(sentence: &str) -> String {
    match sentence.split_once("renewal was scheduled at") {
        Some((head, _)) => format!("{head}renewal was scheduled at …"),
        None => sentence.to_owned(),
    }
}

fn real(file: &str, namespace: &str, until: &str) -> Record {
    let mut record = Record::default();
    let text = fs::read_to_string(format!("tests/recordings/{file}.jsonl")).unwrap();
    for line in text.lines().skip(1) {
        let frame: Value = serde_json::from_str(line).unwrap();
        let object = &frame["object"];
        if object["metadata"]["namespace"] == namespace
            && frame["op"] != "ERROR"
            && frame["t"].as_str().unwrap() < until
        {
            record.see(object, frame["op"] == "DELETED");
        }
    }
    record
}

/// Plays a story in virtual time, and writes down what a watch of everything would have seen.
fn simulated(story: &str, namespace: &str, seconds: i64) -> Record {
    let mut world = run(&Story::parse(story).unwrap(), Options::default()).unwrap();
    let mut record = Record::default();
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    let start = world.clock().start();
    let mut version = 0;
    for millisecond in 0..seconds * 1000 {
        world.work_until(start + TimeDelta::milliseconds(millisecond));
        if world.cluster().version() == version {
            continue;
        }
        version = world.cluster().version();
        let mut present = BTreeMap::new();
        for resource in [
            "certificates",
            "certificaterequests",
            "orders",
            "challenges",
            "pods",
            "services",
            "ingresses",
            "secrets",
            "events",
        ] {
            for object in
                world.cluster().objects(resource).into_iter().filter(|it| it["metadata"]["namespace"] == namespace)
            {
                present.insert(format!("{resource} {}", text(&object["metadata"]["uid"])), object);
            }
        }
        let changed = present.iter().filter(|(key, object)| known.get(*key) != Some(object));
        let mut changed: Vec<_> = changed.map(|(_, object)| object).collect();
        changed.sort_by_key(|object| text(&object["metadata"]["resourceVersion"]).parse::<u64>().unwrap());
        for (key, object) in &known {
            if !present.contains_key(key) {
                record.see(object, true);
            }
        }
        for object in changed {
            record.see(object, false);
        }
        known = present;
    }
    record
}

/// The differences, a line each; `-` is the real one, `+` the simulated one.
fn compare(real: &Record, simulated: &Record, interesting: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    let concerned = |subject: &&String| interesting.iter().any(|wanted| subject.starts_with(wanted));
    let mut diff = |what: &str, left: &BTreeMap<String, Vec<String>>, right: &BTreeMap<String, Vec<String>>| {
        for subject in left.keys().chain(right.keys().filter(|key| !left.contains_key(*key))).filter(concerned) {
            let (one, other) = (left.get(subject), right.get(subject));
            if one != other {
                lines.push(format!("{what} of {subject}:"));
                lines.extend(one.into_iter().flatten().map(|line| format!("  - {line}")));
                lines.extend(other.into_iter().flatten().map(|line| format!("  + {line}")));
            }
        }
    };
    diff("course", &real.courses, &simulated.courses);
    diff("events", &real.events, &simulated.events);
    lines
}

fn story(objects: &Value, certificate: &Value, steps: &Value, names: &Value) -> String {
    json!({"objects": objects, "certificates": [certificate], "steps": steps, "names": names}).to_string()
}

fn acme(name: &str, solver: &Value) -> Value {
    json!({
        "apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": {"name": name},
        "spec": {"acme": {
            "server": "https://127.0.0.1:14000/dir", "email": "ops@shop.test", "privateKeySecretRef": {"name": "account"},
            "solvers": [solver],
        }},
    })
}

fn http01() -> Value {
    acme("letsencrypt-http", &json!({"http01": {"ingress": {"ingressClassName": "nginx"}}}))
}

fn selfsigned() -> Value {
    json!({"apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": {"name": "selfsigned"}, "spec": {"selfSigned": {}}})
}

#[track_caller]
fn assert_alike(real: &Record, simulated: &Record, interesting: &[&str]) {
    let lines = compare(real, simulated, interesting);
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn http01_issuance() {
    let real = real("issuance-and-renewal", "shop", "2026-11-22T15:59:00");
    let certificate = json!({"name": "shop/www", "issuer": "ClusterIssuer/letsencrypt-http", "dnsNames": ["www.http.test", "shop.http.test"], "at": "0s"});
    let simulated = simulated(&story(&json!([http01()]), &certificate, &json!([]), &json!({})), "shop", 20);
    let interesting = [
        "Certificate www",
        "CertificateRequest www-1",
        "Order www-1",
        "Challenge www-1",
        "Secret www",
        "Pod",
        "Service",
        "Ingress",
    ];
    assert_alike(&real, &simulated, &interesting);
}

#[tokio::test(start_paused = true)]
async fn dns01_issuance_of_a_wildcard() {
    let real = real("issuance-and-renewal", "shop", "2026-11-22T16:01:00");
    let solver = json!({"dns01": {"cnameStrategy": "Follow", "rfc2136": {"nameserver": "127.0.0.1:5353", "tsigKeyName": "cm-key", "tsigAlgorithm": "HMACSHA256"}}});
    let certificate = json!({"name": "shop/wildcard", "issuer": "ClusterIssuer/letsencrypt-dns", "dnsNames": ["*.dns.test", "dns.test"], "at": "0s"});
    let simulated = simulated(
        &story(&json!([acme("letsencrypt-dns", &solver)]), &certificate, &json!([]), &json!({})),
        "shop",
        130,
    );
    let interesting = [
        "Certificate wildcard",
        "CertificateRequest wildcard-1",
        "Order wildcard-1",
        "Challenge wildcard-1",
        "Secret wildcard",
    ];
    assert_alike(&real, &simulated, &interesting);
}

#[tokio::test(start_paused = true)]
async fn ca_issuance_and_renewal() {
    let real = real("issuance-and-renewal", "platform", "2026-11-22T16:00:39");
    let ca = json!({"apiVersion": "cert-manager.io/v1", "kind": "Issuer", "metadata": {"name": "internal-ca", "namespace": "platform"}, "spec": {"ca": {"secretName": "root-ca"}}});
    let root = json!({
        "apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"name": "root-ca", "namespace": "platform"},
        "spec": {"isCA": true, "commonName": "root", "secretName": "root-ca", "issuerRef": {"name": "selfsigned", "kind": "ClusterIssuer", "group": "cert-manager.io"}},
    });
    let certificate = json!({"name": "platform/short", "issuer": "Issuer/internal-ca", "dnsNames": ["short.platform.svc"], "at": "0s", "spec": {"duration": "1h", "renewBefore": "58m"}});
    let simulated =
        simulated(&story(&json!([selfsigned(), ca, root]), &certificate, &json!([]), &json!({})), "platform", 125);
    assert_alike(&real, &simulated, &["Certificate short", "CertificateRequest short", "Secret short"]);
}

#[tokio::test(start_paused = true)]
async fn a_denied_request() {
    let real = real("approval", "approval", "2026-11-22T16:03:05");
    let certificate = json!({
        "name": "approval/denied", "issuer": "ClusterIssuer/selfsigned", "dnsNames": ["denied.approval.svc"], "at": "0s",
        "annotations": {"sim.cmtop.dev/deny": "dnsNames must end in .corp.test"},
    });
    let simulated = simulated(&story(&json!([selfsigned()]), &certificate, &json!([]), &json!({})), "approval", 12);
    assert_alike(&real, &simulated, &["Certificate denied", "CertificateRequest denied-1", "Secret denied"]);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_order() {
    let real = real("order-rejected", "legacy", "2026-11-22T15:58:00");
    let refusal = "400 urn:ietf:params:acme:error:rejectedIdentifier: Order included an identifier for which issuance is forbidden by policy: \
                   \"shop.blocked-domain.example\"; subproblems:\n\turn:ietf:params:acme:error:rejectedIdentifier: [dns: shop.blocked-domain.example] \
                   shop.blocked-domain.example is a forbidden domain";
    let certificate = json!({"name": "legacy/blocked", "issuer": "ClusterIssuer/letsencrypt-http", "dnsNames": ["shop.blocked-domain.example"], "at": "0s"});
    let names = json!({"shop.blocked-domain.example": {"order": refusal}});
    let simulated = simulated(&story(&json!([http01()]), &certificate, &json!([]), &names), "legacy", 5);
    assert_alike(
        &real,
        &simulated,
        &["Certificate blocked", "CertificateRequest blocked-1", "Order blocked-1", "Secret blocked"],
    );
}
