//! Every view with something on it, opened as a person opens it, with the answers that a rim would give.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test uses a part of it")]

use std::time::Duration;

use cmtop::app::effect::Effect;
use cmtop::app::fetch::{Fetched, Wanted};
use cmtop::app::fetch::{Version, Versions};
use cmtop::app::message::Message;
use cmtop::app::probes::seen::{ProbeNews, Seen};
use cmtop::model::id::ObjectKey;
use cmtop::model::kind::Kind;
use cmtop::probe::answer::{Outcome, Role, Row, Server};
use cmtop::probe::backing::{Entry, Facts, Ingress, Pod, Service, links};
use cmtop::probe::dns01::{Dns01, Plan};
use cmtop::probe::target::Target;
use cmtop::probe::web::{self, Visit, Web};
use cmtop::probe::web_judge::{judge, weigh};
use cmtop::wire::inspected::Inspected;
use cmtop::wire::masked::Masked;
use cmtop::x509::material::Material;

use crate::harness::{self, Harness};

/// A busy moment: two back off, one is issuing, one is stuck, and a CA renews.
pub const BUSY: (&str, Option<&str>) = ("backoff-stuck-and-mended.jsonl", Some("2026-11-22T17:33:00Z"));

/// An issuance and a renewal, with the Secret that came of them.
pub const ISSUED: &str = "issuance-and-renewal.jsonl";

/// Views by a name of their own: the recording, until when, and the keys that lead there.
pub const VIEWS: &[(&str, &str, Option<&str>, &str)] = &[
    ("home", BUSY.0, BUSY.1, "j"),
    ("tree", BUSY.0, BUSY.1, "j enter"),
    ("describe", BUSY.0, BUSY.1, "j d"),
    ("causes", BUSY.0, BUSY.1, "C j"),
    ("cause", BUSY.0, BUSY.1, "C enter"),
    ("happened", BUSY.0, BUSY.1, "E"),
    ("help", BUSY.0, BUSY.1, "?"),
    ("feeds", BUSY.0, BUSY.1, "F"),
    ("namespaces", BUSY.0, BUSY.1, "n"),
    ("filter", BUSY.0, BUSY.1, "/ i s s"),
    ("palette", BUSY.0, BUSY.1, ": t"),
    ("quit", BUSY.0, BUSY.1, "q"),
    ("panes", BUSY.0, BUSY.1, "tab j"),
    ("wide", BUSY.0, BUSY.1, "w"),
    ("faults", BUSY.0, BUSY.1, "!"),
    ("marks", BUSY.0, BUSY.1, "space j space"),
    ("action", BUSY.0, BUSY.1, "R"),
    ("actions", BUSY.0, BUSY.1, "@"),
    ("messages", BUSY.0, BUSY.1, "[ ] M"),
    ("timeline", BUSY.0, BUSY.1, "j t"),
    ("attempts", ISSUED, None, "/ w w w enter t"),
    ("horizon", BUSY.0, BUSY.1, "H"),
    ("logs", BUSY.0, BUSY.1, "j l"),
    ("all-logs", BUSY.0, BUSY.1, "l l ! !"),
    ("past", BUSY.0, BUSY.1, "b < <"),
    ("certificaterequests", BUSY.0, BUSY.1, ": c r enter"),
    ("orders", BUSY.0, BUSY.1, ": o r d enter"),
    ("challenges", BUSY.0, BUSY.1, ": c h a l enter"),
    ("issuers", BUSY.0, BUSY.1, ": i s s enter"),
    ("clusterissuers", BUSY.0, BUSY.1, ": c i s s enter"),
    ("secrets", BUSY.0, BUSY.1, ": s e c enter"),
    ("events", BUSY.0, BUSY.1, ": e v enter"),
    ("x509", ISSUED, None, "/ w w w enter x"),
    ("yaml", ISSUED, None, "/ w w w enter y"),
    ("difference", ISSUED, None, "/ w w w enter v v"),
    ("propagation", "dns01-split-horizon.jsonl", None, "p"),
    ("addresses", "http01-wrong-status.jsonl", None, "p"),
];

/// Opens a view; what it asks for is answered.
pub fn open(name: &str, width: u16, height: u16) -> Harness {
    let (_, file, until, _) = VIEWS.iter().find(|(known, ..)| *known == name).expect("a view");
    let harness = if name == "past" {
        watched(file, *until, width, height)
    } else {
        Harness::recording(file, *until, width, height)
    };
    open_in(harness, name)
}

/// Opens a view in a dashboard that has seen its recording.
pub fn open_in(mut harness: Harness, name: &str) -> Harness {
    let (_, file, _, keys) = VIEWS.iter().find(|(known, ..)| *known == name).expect("a view");
    for key in keys.split(' ') {
        for effect in harness.keys(key) {
            let answer = match effect {
                Effect::Fetch(_) => read(&[effect], file),
                Effect::Probe(target) if file.starts_with("dns01") => Message::Probe(Box::new(seen(&target))),
                Effect::Probe(target) => Message::Probe(Box::new(seen_on_the_web(&target))),
                _ => continue,
            };
            harness.send(answer);
            harness.settle();
        }
    }
    harness
}

/// A dashboard that saw everything come when it came.
fn watched(file: &str, until: Option<&str>, width: u16, height: u16) -> Harness {
    let (batches, now) = harness::news(file, until);
    let mut harness = Harness::empty(width, height, batches[0].at);
    for batch in batches {
        harness.now = harness.now.max(batch.at);
        harness.send(Message::Batch(batch));
        harness.settle();
    }
    harness.now = now;
    harness.settle();
    harness
}

/// What two servers see of the record that a Challenge wants, as a probe tells it.
pub fn seen(target: &Target) -> ProbeNews {
    let servers = vec![
        Server::new("203.0.113.7:53".parse().unwrap(), Role::Authority).named("ns1.example.net"),
        Server { inside: true, ..Server::new("10.43.0.10:53".parse().unwrap(), Role::Cluster).named("coredns") },
    ];
    let plan = Plan {
        subject: target.subject.clone(),
        expected: target.expected.clone(),
        servers,
        guides: Vec::new(),
        checker: target.checker.clone(),
    };
    let mut report = Dns01::begin(&plan);
    let (took, ttl) = (Some(Duration::from_millis(14)), Some(60));
    report.rows[0] = Row { outcome: Some(Outcome::Match), took, ttl, ..report.rows[0].clone() };
    report.rows[0].values.extend(target.expected.clone());
    report.rows[1] = Row { outcome: Some(Outcome::NxDomain), took, authoritative: true, ..report.rows[1].clone() };
    ProbeNews { object: target.object.clone(), seen: Seen::Dns01(Box::new(report)), whole: true }
}

/// What an address answers, and what stands behind it, link by link: what may not be read is open.
pub fn seen_on_the_web(target: &Target) -> ProbeNews {
    let plan = web::Plan {
        subject: target.subject.clone(),
        token: target.token.clone(),
        expected: target.expected.clone(),
        addresses: Vec::new(),
        guides: Vec::new(),
        reason: target.reason.clone(),
    };
    let mut web = Web::begin(&plan);
    let (status, took) = (Some(404), Some(Duration::from_millis(31)));
    let address = Some("203.0.113.10:80".parse().unwrap());
    let body = "default backend - 404".to_owned();
    web.visits = vec![Visit { found: Some(web::Found::Status), status, took, body, ..Visit::waiting(address) }];
    let refused = || "the right that is missing: list ingressclasses".to_owned();
    let ingress = Ingress {
        name: "cm-acme-http-solver-4xk2p".to_owned(),
        class: Some("nginx".to_owned()),
        annotated: false,
        address: None,
    };
    web.backing = links(&Facts {
        namespace: "blog".to_owned(),
        entry: Entry::Ingress,
        ingresses: Ok(vec![ingress]),
        classes: Err(refused()),
        routes: Ok(Vec::new()),
        services: Ok(vec![Service { name: "cm-acme-http-solver-9jw8c".to_owned(), endpoints: Ok((1, 0)) }]),
        pods: Ok(vec![Pod { name: "cm-acme-http-solver-h7x5d".to_owned(), word: "Running".to_owned(), ready: true }]),
    });
    web.visits.iter_mut().for_each(|visit| weigh(visit, target.expected.as_deref()));
    judge(&mut web);
    ProbeNews { object: target.object.clone(), seen: Seen::Http01(Box::new(web)), whole: true }
}

/// What a rim would read for a page, from the recording itself.
pub fn read(effects: &[Effect], name: &str) -> Message {
    let [Effect::Fetch(fetch)] = effects else { panic!("{effects:?}") };
    let open = || {
        let file = std::fs::File::open(harness::recordings().join(name)).unwrap();
        cmtop::recording::reader::Reader::open(std::io::BufReader::new(file)).unwrap()
    };
    let mut reader = open();
    let frames = cmtop::recording::lookup::last(&mut reader, Some(fetch.at), |_| true).unwrap();
    let fetched = match fetch.wanted {
        Wanted::X509 | Wanted::Revocation => {
            let mut material = Material { subject: fetch.object.to_string(), ..Material::default() };
            let of = |kind: Kind, name: &str| {
                let key = ObjectKey { kind, name: name.into(), ..fetch.object.clone() };
                (key.to_string(), serde_json::from_str::<Inspected>(frames[&key].get()).unwrap())
            };
            let (secret, object) = of(Kind::Secret, "www-tls");
            material.secret(&secret, &object);
            let (certificate, object) = of(Kind::Certificate, "www");
            material.certificate(&certificate, &object);
            Fetched::X509(fetch.object.clone(), Ok(Box::new(material)))
        }
        Wanted::Yaml => {
            let masked: Masked = serde_json::from_str(frames[&fetch.object].get()).unwrap();
            Fetched::Yaml(fetch.object.clone(), Ok(serde_yaml::to_string(&masked.0).unwrap()))
        }
        Wanted::Versions => {
            let forms = cmtop::recording::lookup::forms(&mut open(), &fetch.object, fetch.at).unwrap();
            let version = |(at, object): &(chrono::DateTime<chrono::Utc>, Box<str>)| {
                let masked: Masked = serde_json::from_str(object).unwrap();
                Version { at: *at, yaml: serde_yaml::to_string(&masked.0).unwrap() }
            };
            let seen = forms.seen.iter().map(version).collect();
            Fetched::Versions(fetch.object.clone(), Ok(Versions { seen, since: forms.since, whole: forms.whole }))
        }
    };
    Message::Fetched(Box::new(fetched))
}
