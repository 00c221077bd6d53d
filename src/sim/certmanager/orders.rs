//! Orders: what the ACME server wants proven, and what it gives in the end.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::solvers;
use crate::sim::conditions::stamp;
use crate::sim::desk::{Desk, News, Outcome};
use crate::sim::names::{go_json, hashed};
use crate::sim::object::{key, meta};
use crate::sim::reference::{key_of, owned_by};
use crate::sim::x509::{self, Terms};

const FROM: &str = "orders";
/// How long the ACME server takes to finalize an order, in milliseconds.
const FINALIZING: u64 = 1_100;
const LIFETIME: TimeDelta = TimeDelta::days(90);

pub(super) fn reconcile(desk: &mut Desk, place: &str) -> Outcome {
    let Some(order) = desk.get("Order", place) else { return Outcome::Done };
    if desk.issuer(&order["spec"]["issuerRef"], meta(&order, "namespace")).is_none() {
        return Outcome::Retry;
    }
    let status = &order["status"];
    match status["state"].as_str().unwrap_or_default() {
        "invalid" | "errored" | "expired" => Outcome::Done,
        "" if status["url"].is_null() => submit(desk, order),
        _ if authorizations(&order).iter().any(|it| it["identifier"].is_null()) => fetch(desk, order),
        "valid" if status["certificate"].is_null() => download(desk, order),
        "valid" => {
            for challenge in desk.owned("Challenge", &order) {
                desk.delete("Challenge", &key_of(&challenge));
            }
            Outcome::Done
        }
        "ready" => finalize(desk, order),
        _ => prove(desk, order),
    }
}

fn authorizations(order: &Value) -> &[Value] {
    order["status"]["authorizations"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn write(desk: &mut Desk, order: Value) -> Outcome {
    if desk.update_status(order).is_err() { Outcome::Retry } else { Outcome::Done }
}

/// The names of an order, in the order of the ACME request.
fn identifiers(order: &Value) -> Vec<String> {
    let names = order["spec"]["dnsNames"].as_array().into_iter().flatten().chain([&order["spec"]["commonName"]]);
    let mut names: Vec<_> = names.filter_map(Value::as_str).map(ToOwned::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

fn acme_host(desk: &Desk, order: &Value) -> String {
    let issuer = desk.issuer(&order["spec"]["issuerRef"], meta(order, "namespace")).unwrap_or_default();
    let server = issuer["spec"]["acme"]["server"].as_str().unwrap_or_default();
    server.trim_start_matches("https://").split('/').next().unwrap_or_default().to_owned()
}

fn submit(desk: &mut Desk, mut order: Value) -> Outcome {
    let names = identifiers(&order);
    if let Some(error) = names.iter().find_map(|name| desk.outside.of(name).order) {
        order["status"]["state"] = json!("errored");
        order["status"]["reason"] = json!(format!("Failed to create Order: {error}"));
        order["status"]["failureTime"] = stamp(desk.now);
        return write(desk, order);
    }
    let host = acme_host(desk, &order);
    let token = desk.dice.token();
    order["status"] = json!({
        "state": "pending", "url": format!("https://{host}/acme/order/{token}"),
        "finalizeURL": format!("https://{host}/acme/finalize/{token}"),
        "authorizations": names.iter().map(|_| json!({"url": format!("https://{host}/acme/authz/{}", desk.dice.token())})).collect::<Vec<_>>(),
    });
    write(desk, order)
}

fn fetch(desk: &mut Desk, mut order: Value) -> Outcome {
    let host = acme_host(desk, &order);
    let account = order["spec"]["issuerRef"]["name"].to_string();
    for (number, name) in identifiers(&order).iter().enumerate() {
        let wildcard = name.starts_with("*.");
        let known = desk.authorized.get(&format!("{account}{name}")).is_some_and(|until| *until > desk.now);
        let kinds: &[&str] = if wildcard { &["dns-01"] } else { &["http-01", "dns-01", "tls-alpn-01"] };
        let challenges: Vec<_> = kinds
            .iter()
            .map(|kind| json!({"type": kind, "token": desk.dice.token(), "url": format!("https://{host}/acme/chall/{}", desk.dice.token())}))
            .collect();
        let authorization = &mut order["status"]["authorizations"][number];
        authorization["identifier"] = json!(name.trim_start_matches("*."));
        authorization["wildcard"] = json!(wildcard);
        authorization["initialState"] = json!(if known { "valid" } else { "pending" });
        authorization["challenges"] = json!(challenges);
    }
    write(desk, order)
}

/// Sees to it that every authorization has its Challenge, and looks what became of them.
fn prove(desk: &mut Desk, mut order: Value) -> Outcome {
    let issuer = desk.issuer(&order["spec"]["issuerRef"], meta(&order, "namespace")).unwrap_or_default();
    let mut wanted = Vec::new();
    for authorization in authorizations(&order).iter().filter(|it| it["initialState"] != "valid") {
        let Some(challenge) = partial_challenge(&order, &issuer, authorization) else {
            let why = "no configured challenge solvers can be used for this challenge";
            let message =
                format!("Failed to determine a valid solver configuration for the set of domains on the Order: {why}");
            desk.tell(&order, News { from: FROM, reason: "Solver", message: &message, warning: true });
            return Outcome::Done;
        };
        wanted.push(challenge);
    }
    let challenges = desk.owned("Challenge", &order);
    let is_there = |name: &str| challenges.iter().any(|challenge| meta(challenge, "name") == name);
    let missing: Vec<_> = wanted.iter().filter(|(name, _)| !is_there(name)).cloned().collect();
    for (name, mut spec) in missing.iter().cloned() {
        spec["key"] = json!(match spec["type"].as_str() {
            Some("HTTP-01") => format!("{}.{}", spec["token"].as_str().unwrap_or_default(), desk.thumbprint),
            _ => desk.dice.token(),
        });
        let metadata =
            json!({"name": name, "namespace": meta(&order, "namespace"), "ownerReferences": owned_by(&order)});
        let domain = spec["dnsName"].as_str().unwrap_or_default().to_owned();
        if desk.create("Challenge", json!({"metadata": metadata, "spec": spec})).is_err() {
            return Outcome::Retry;
        }
        let message = format!("Created Challenge resource \"{name}\" for domain \"{domain}\"");
        desk.tell(&order, News { from: FROM, reason: "Created", message: &message, warning: false });
    }
    if !missing.is_empty() {
        return Outcome::Done;
    }
    for leftover in challenges.iter().filter(|it| !wanted.iter().any(|(name, _)| name == meta(it, "name"))) {
        desk.delete("Challenge", &key_of(leftover));
    }
    let states: Vec<_> = challenges.iter().map(|it| it["status"]["state"].as_str().unwrap_or_default()).collect();
    if states.iter().any(|state| matches!(*state, "invalid" | "errored" | "expired")) {
        order["status"]["state"] = json!("invalid");
        order["status"]["failureTime"] = stamp(desk.now);
        return write(desk, order);
    }
    if states.iter().all(|state| *state == "valid") {
        order["status"]["state"] = json!("ready");
        return write(desk, order);
    }
    Outcome::Done
}

/// The name and the specification of the Challenge for an authorization, but for its key.
fn partial_challenge(order: &Value, issuer: &Value, authorization: &Value) -> Option<(String, Value)> {
    let (solver, kind) = solvers::pick(order, issuer, authorization)?;
    let mut challenges = authorization["challenges"].as_array()?.iter();
    let offered = challenges.find(|challenge| challenge["type"] == kind)?;
    let mut spec = json!({
        "url": offered["url"], "authorizationURL": authorization["url"], "dnsName": authorization["identifier"],
        "wildcard": authorization["wildcard"], "type": kind.to_ascii_uppercase(), "token": offered["token"], "key": "",
        "solver": solver, "issuerRef": order["spec"]["issuerRef"],
    });
    let name = hashed(meta(order, "name"), &go_json(&spec));
    spec["key"] = Value::Null;
    Some((name, spec))
}

fn finalize(desk: &mut Desk, mut order: Value) -> Outcome {
    let place = key_of(&order);
    let due =
        *desk.accepting.entry(place.as_str().into()).or_insert(desk.now + TimeDelta::milliseconds(FINALIZING as i64));
    if desk.now < due {
        return Outcome::At(due);
    }
    desk.accepting.remove(place.as_str());
    order["status"]["state"] = json!("valid");
    write(desk, order)
}

fn download(desk: &mut Desk, mut order: Value) -> Outcome {
    let terms = Terms { not_before: desk.now, not_after: desk.now + LIFETIME - TimeDelta::seconds(1), is_ca: false };
    let request = x509::decode(&order["spec"]["request"]);
    let alone = identifiers(&order).iter().any(|name| desk.outside.of(name).alone);
    let signed = desk.acme.as_ref().ok_or_else(String::new).and_then(|authority| {
        let leaf = authority.sign_in_public(&request, terms)?;
        Ok(if alone { leaf } else { format!("{leaf}{}", authority.certificate) })
    });
    let Ok(chain) = signed else { return Outcome::Retry };
    desk.tell(&order, News { from: FROM, reason: "Complete", message: "Order completed successfully", warning: false });
    let account = order["spec"]["issuerRef"]["name"].to_string();
    for name in identifiers(&order) {
        desk.authorized.insert(format!("{account}{name}"), desk.now + TimeDelta::minutes(10));
    }
    order["status"]["certificate"] = json!(x509::encode(&chain));
    let place = key(meta(&order, "namespace"), meta(&order, "name"));
    desk.log('I', "sync.go:412", &format!("\"Order completed\" key=\"{place}\""));
    write(desk, order)
}
