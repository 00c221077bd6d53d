//! Frames as plain JSON, and what they say of the stages of an issuance.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use cmtop::model::Model;
use cmtop::recording::player::Player;
use cmtop::recording::reader::Reader;
use serde_json::Value;

type Time = DateTime<Utc>;

/// One stage, as the table of phases defines it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stage {
    pub(crate) attempt: usize,
    pub(crate) revision: u32,
    pub(crate) phase: &'static str,
    pub(crate) object: String,
    pub(crate) begin: Time,
    pub(crate) end: Option<Time>,
}

/// The frames of objects, in their order.
pub(crate) struct Frames(Vec<(Time, String, Value)>);

fn uid(object: &Value) -> &str {
    object["metadata"]["uid"].as_str().unwrap()
}

fn owner(object: &Value) -> Option<&str> {
    object["metadata"]["ownerReferences"].as_array()?.iter().find(|o| o["controller"] == true)?["uid"].as_str()
}

fn name(object: &Value) -> String {
    let meta = &object["metadata"];
    format!(
        "{}/{}/{}",
        object["kind"].as_str().unwrap(),
        meta["namespace"].as_str().unwrap_or(""),
        meta["name"].as_str().unwrap()
    )
}

fn holds(object: &Value, condition: &str) -> Option<(bool, String)> {
    let conditions = object["status"]["conditions"].as_array()?;
    let found = conditions.iter().find(|c| c["type"] == condition)?;
    Some((found["status"] == "True", found["reason"].as_str().unwrap_or("").to_owned()))
}

fn is_true(object: &Value, condition: &str) -> bool {
    holds(object, condition).is_some_and(|(holds, _)| holds)
}

impl Frames {
    pub(crate) fn read(file: &str) -> Self {
        let text = std::fs::read_to_string(super::harness::recordings().join(file)).unwrap();
        let mut now = DateTime::<Utc>::MIN_UTC;
        let mut frames = Vec::new();
        for line in text.lines().skip(1) {
            let frame: Value = serde_json::from_str(line).unwrap();
            now = now.max(frame["t"].as_str().unwrap().parse().unwrap());
            if frame["object"]["metadata"]["uid"].is_string() {
                frames.push((now, frame["op"].as_str().unwrap().to_owned(), frame["object"].clone()));
            }
        }
        Self(frames)
    }

    fn of_kind(&self, kind: &str) -> impl Iterator<Item = (Time, &str, &Value)> {
        self.0.iter().filter(move |(_, _, o)| o["kind"] == kind).map(|(t, op, o)| (*t, op.as_str(), o))
    }

    /// When a state was first seen.
    fn first(&self, id: &str, state: impl Fn(&str, &Value) -> bool) -> Option<Time> {
        self.0.iter().find(|(_, op, o)| uid(o) == id && state(op, o)).map(|(t, ..)| *t)
    }

    fn noted(&self, id: &str, reason: &str) -> Option<Time> {
        let mut notes = self.of_kind("Event").filter(|(_, op, _)| *op != "DELETED");
        notes.find(|(_, _, o)| o["involvedObject"]["uid"] == id && o["reason"] == reason).map(|(t, ..)| t)
    }

    fn children(&self, kind: &str, parent: &str) -> Vec<&Value> {
        let added = self.of_kind(kind).filter(|(_, op, o)| *op == "ADDED" && owner(o) == Some(parent));
        added.map(|(_, _, o)| o).collect()
    }

    fn certificate(&self, namespace: &str, name: &str) -> &str {
        let found = self
            .of_kind("Certificate")
            .find(|(_, _, o)| o["metadata"]["name"] == name && o["metadata"]["namespace"] == namespace);
        uid(found.unwrap().2)
    }

    /// When `Issuing` became true, and when it ceased to be; the last may be open.
    fn issuings(&self, id: &str) -> Vec<(Time, Option<Time>)> {
        let mut issuings: Vec<(Time, Option<Time>)> = Vec::new();
        for (t, _, object) in self.of_kind("Certificate").filter(|(_, op, o)| uid(o) == id && *op != "DELETED") {
            let open = issuings.last().is_some_and(|(_, end)| end.is_none());
            match (open, is_true(object, "Issuing")) {
                (false, true) => issuings.push((t, None)),
                (true, false) => issuings.last_mut().unwrap().1 = Some(t),
                _ => {}
            }
        }
        issuings
    }

    pub(crate) fn stages(&self, namespace: &str, name: &str) -> BTreeSet<Stage> {
        let certificate = self.certificate(namespace, name);
        let key = format!("Certificate/{namespace}/{name}");
        let issuings = self.issuings(certificate);
        let requests = self.children("CertificateRequest", certificate);
        let mut stages = BTreeSet::new();
        assert!(requests.len() <= issuings.len(), "{key}");
        for (i, (began, ended)) in issuings.iter().enumerate() {
            let revision = |o: &Value| {
                o["metadata"]["annotations"]["cert-manager.io/certificate-revision"].as_str().unwrap().parse().unwrap()
            };
            let request = requests.get(i);
            let next = request.map_or(1, |r| revision(r));
            let mut put = |phase, object: String, begin: Time, end: Option<Time>| {
                stages.insert(Stage {
                    attempt: i + 1,
                    revision: next,
                    phase,
                    object,
                    begin,
                    end: end.map(|end| end.max(begin)),
                });
            };
            let Some(request) = request else {
                put("triggered", key.clone(), *began, *ended);
                continue;
            };
            let created = self.first(uid(request), |_, _| true).unwrap();
            put("triggered", key.clone(), *began, Some(created));
            self.of_request(request, created, *ended, &mut put);
        }
        stages
    }

    fn of_request(
        &self,
        request: &Value,
        created: Time,
        ended: Option<Time>,
        put: &mut dyn FnMut(&'static str, String, Time, Option<Time>),
    ) {
        let id = uid(request);
        let approved = self.first(id, |_, o| is_true(o, "Approved"));
        let denied = self.first(id, |_, o| is_true(o, "Denied"));
        put("awaiting-approval", name(request), created, approved.or(denied));
        let Some(approved) = approved else { return };
        let ready = self.first(id, |_, o| is_true(o, "Ready"));
        let failed = self.first(id, |_, o| holds(o, "Ready").is_some_and(|(_, reason)| reason == "Failed"));
        let orders = self.children("Order", id);
        if orders.is_empty() {
            put("signing", name(request), approved, ready.or(failed));
        }
        for order in orders {
            self.of_order(order, approved, ready, put);
        }
        if let Some(ready) = ready {
            put("storing", name(request), ready, ended);
        }
    }

    fn of_order(
        &self,
        order: &Value,
        approved: Time,
        ready: Option<Time>,
        put: &mut dyn FnMut(&'static str, String, Time, Option<Time>),
    ) {
        let bad = |o: &Value| matches!(o["status"]["state"].as_str(), Some("invalid" | "errored" | "expired"));
        let failed = self.first(uid(order), |_, o| bad(o));
        let challenges = self.children("Challenge", uid(order));
        let created = |c: &&Value| self.first(uid(c), |_, _| true).unwrap();
        put("ordering", name(order), approved, challenges.iter().map(created).min().or(failed));
        let mut valid = Vec::new();
        for challenge in &challenges {
            let first = |state: &dyn Fn(&Value) -> bool| self.first(uid(challenge), |_, o| state(o));
            let text = |o: &Value| o["status"]["state"].as_str().unwrap_or("").to_owned();
            let settled = first(&|o| matches!(text(o).as_str(), "valid" | "invalid" | "errored" | "expired"));
            let accepted = first(&|o| matches!(text(o).as_str(), "processing" | "ready"));
            let earlier = |a: Option<Time>, b: Option<Time>| [a, b].into_iter().flatten().min();
            let processing =
                earlier(first(&|o| o["status"]["processing"] == true), self.noted(uid(challenge), "Started"));
            let presented =
                earlier(first(&|o| o["status"]["presented"] == true), self.noted(uid(challenge), "Presented"));
            let asked = first(&|o| o["metadata"]["deletionTimestamp"].is_string());
            let gone = self.first(uid(challenge), |op, _| op == "DELETED");
            let closed = [settled, asked, gone].into_iter().flatten().min();
            put("queued", name(challenge), created(challenge), processing);
            if let Some(processing) = processing {
                put("presenting", name(challenge), processing, presented.or(closed));
            }
            if let Some(presented) = presented {
                let verified = self.noted(uid(challenge), "DomainVerified");
                put(
                    "propagating",
                    name(challenge),
                    presented,
                    [accepted, verified, closed].into_iter().flatten().min(),
                );
            }
            if let Some(accepted) = accepted {
                put("validating", name(challenge), accepted, closed);
            }
            if let Some(asked) = asked.filter(|asked| Some(*asked) < gone || gone.is_none()) {
                put("cleaning-up", name(challenge), asked, gone);
            }
            valid.push(first(&|o| text(o) == "valid"));
        }
        if let Some(last) = valid.into_iter().collect::<Option<Vec<_>>>().and_then(|valid| valid.into_iter().max()) {
            let certified = |o: &Value| o["status"]["state"] == "valid" && o["status"]["certificate"].is_string();
            let fulfilled = self.first(uid(order), |_, o| certified(o));
            put("finalizing", name(order), last, fulfilled.zip(ready).map(|(a, b)| a.max(b)));
        }
    }

    /// The uids of everything below a Certificate, its own among them.
    fn family(&self, certificate: &str) -> BTreeSet<String> {
        let mut family = BTreeSet::from([certificate.to_owned()]);
        for _ in 0..5 {
            let below: Vec<String> = self
                .0
                .iter()
                .filter(|(_, _, o)| owner(o).is_some_and(|o| family.contains(o)))
                .map(|(_, _, o)| uid(o).to_owned())
                .collect();
            family.extend(below);
        }
        family
    }

    /// When what was added and deleted, of the Certificate and all below it.
    pub(crate) fn comings_and_goings(&self, namespace: &str, name_: &str) -> Vec<(Time, String, &'static str)> {
        let family = self.family(self.certificate(namespace, name_));
        let kinds = ["Certificate", "CertificateRequest", "Order", "Challenge", "Secret"];
        let own =
            self.0.iter().filter(|(_, _, o)| family.contains(uid(o)) && kinds.contains(&o["kind"].as_str().unwrap()));
        own.filter_map(|(t, op, o)| match op.as_str() {
            "ADDED" => Some((*t, name(o), "created")),
            "DELETED" => Some((*t, name(o), "deleted")),
            _ => None,
        })
        .collect()
    }

    /// How often each note was left about the Certificate and all below it.
    pub(crate) fn notes(&self, namespace: &str, name_: &str) -> BTreeMap<(String, String), u32> {
        let family = self.family(self.certificate(namespace, name_));
        let mut last: BTreeMap<&str, &Value> = BTreeMap::new();
        for (_, _, event) in self.of_kind("Event").filter(|(_, op, _)| *op != "DELETED") {
            if family.contains(event["involvedObject"]["uid"].as_str().unwrap_or("")) {
                last.insert(uid(event), event);
            }
        }
        let mut notes = BTreeMap::new();
        for event in last.values() {
            let about = &event["involvedObject"];
            let text = |v: &Value| v.as_str().unwrap_or("").to_owned();
            let object = format!("{}/{}/{}", text(&about["kind"]), text(&about["namespace"]), text(&about["name"]));
            let what = format!("{}: {}", text(&event["reason"]), text(&event["message"]));
            let count = event["count"].as_u64().unwrap_or(1) as u32;
            *notes.entry((object, what.replace(['\n', '\t'], " "))).or_default() += count;
        }
        notes
    }

    /// The model of somebody who lists everything after the last frame.
    pub(crate) fn listed_at_the_end(&self) -> Model {
        let mut last: BTreeMap<&str, (&str, &Value)> = BTreeMap::new();
        for (_, op, object) in &self.0 {
            last.insert(uid(object), (op, object));
        }
        let there = last.values().filter(|(op, _)| *op != "DELETED").map(|(_, object)| *object);
        listed(self.0.last().unwrap().0, there)
    }
}

/// What somebody knows who first sees these objects at a moment.
pub(crate) fn listed<'v>(at: Time, objects: impl Iterator<Item = &'v Value>) -> Model {
    let at = at.to_rfc3339();
    let mut text = format!("{{\"format\":\"cmtop-recording\",\"version\":1,\"started\":\"{at}\"}}\n");
    for object in objects {
        text += &serde_json::json!({"t": at, "op": "ADDED", "object": object}).to_string();
        text.push('\n');
    }
    let mut reader = Reader::open(std::io::Cursor::new(text)).unwrap();
    let (mut player, mut model) = (Player::default(), Model::default());
    while let Some(frame) = reader.next_frame().unwrap() {
        player.play(&frame, &mut |batch| model.apply(batch));
    }
    model
}
