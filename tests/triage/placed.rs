//! Every text of the table at the place where cert-manager writes it, in a whole chain: a row that wins its samples is
//! worth nothing when no rule ever reads that place.

use cmtop::triage::findings;
use cmtop::triage::signature::{Place, Row};
use serde_json::{Value, json};

use crate::scenario::{Case, NOW, model};

/// The ways in which a text can stand at a place: what is laid over the chain, how far the chain reaches, and what is
/// there besides.
fn ways(place: Place, text: &str) -> Vec<Value> {
    let event = |kind: &str, name: &str, reason: &str| {
        let namespace = if kind == "ClusterIssuer" { "" } else { "shop" };
        let group =
            if matches!(kind, "Order" | "Challenge") { "acme.cert-manager.io/v1" } else { "cert-manager.io/v1" };
        json!({"apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": reason, "message": text,
            "metadata": {"name": "e", "namespace": "shop", "uid": "e", "creationTimestamp": "-50s"},
            "firstTimestamp": "-50s", "lastTimestamp": "-1s", "count": 3,
            "involvedObject": {"apiVersion": group, "kind": kind, "namespace": namespace, "name": name, "uid": name}})
    };
    let condition = |kind: &str, reason: &str| {
        json!({"type": kind, "status": if kind == "Ready" { "False" } else { "True" }, "reason": reason,
            "message": text, "lastTransitionTime": "-50s"})
    };
    let approved = json!({"type": "Approved", "status": "True", "lastTransitionTime": "-59s"});
    let unput = json!({"status": {"presented": false, "presentedAt": null}});
    match place {
        Place::CertificateReady => vec![
            json!({"upto": "issuer", "set": {"certificate": {"status": {"conditions": [condition("Ready", "Bad")]}}}}),
        ],
        Place::CertificateIssuing => vec![json!({"upto": "issuer", "set": {"certificate": {"status": {
            "lastFailureTime": "-50s", "failedIssuanceAttempts": 1, "conditions": [{"type": "Issuing",
                "status": "False", "reason": "Failed", "message": text, "lastTransitionTime": "-50s"}]}}}})],
        Place::CertificateEvent => vec![json!({"upto": "issuer", "more": [event("Certificate", "www", "Bad")]})],
        Place::RequestReady => ["Pending", "Failed", "Denied"]
            .into_iter()
            .map(|reason| {
                json!({"upto": "request", "set": {"request": {"status": {
                    "conditions": [approved, condition("Ready", reason)]}}}})
            })
            .chain(["Denied", "InvalidRequest"].into_iter().map(|kind| {
                json!({"upto": "request", "set": {"request": {"status": {"conditions": [condition(kind, "Bad"),
                    {"type": "Ready", "status": "False", "reason": "Failed", "lastTransitionTime": "-50s"}]}}}})
            }))
            .collect(),
        Place::RequestEvent => vec![
            json!({"upto": "request", "more": [event("CertificateRequest", "www-1", "Bad")]}),
            json!({"upto": "request", "set": {"request": {"status": {"conditions": []}}},
                "more": [event("CertificateRequest", "www-1", "WaitingForApproval")]}),
        ],
        Place::OrderReason => ["errored", "invalid", "pending"]
            .into_iter()
            .map(|state| json!({"upto": "order", "set": {"order": {"status": {"state": state, "reason": text}}}}))
            .collect(),
        Place::OrderEvent => vec![
            json!({"upto": "order", "more": [event("Order", "www-1-7", "Solver")]}),
            json!({"upto": "order", "set": {"order": {"status": null}}, "more": [event("Order", "www-1-7", "Bad")]}),
        ],
        Place::ChallengeReason => vec![
            json!({"set": {"challenge": {"status": {"reason": text}}}}),
            json!({"set": {"challenge": {"status": {"reason": text, "presented": false, "presentedAt": null}}}}),
            json!({"set": {"challenge": {"status": {"reason": text, "state": "invalid", "processing": false}}}}),
        ],
        Place::ChallengeEvent => vec![
            json!({"set": {"challenge": unput}, "more": [event("Challenge", "www-1-7-8", "PresentError")]}),
            json!({"set": {"challenge": {"status": {"state": "invalid"}}},
                "more": [event("Challenge", "www-1-7-8", "Failed")]}),
            json!({"set": {"challenge": {"metadata": {"deletionTimestamp": "-40s"}}},
                "more": [event("Challenge", "www-1-7-8", "CleanUpError")]}),
        ],
        Place::IssuerReady => {
            vec![json!({"upto": "request", "set": {"issuer": {"status": {"conditions": [condition("Ready", "Bad")]}}}})]
        }
        Place::IssuerEvent => vec![json!({"upto": "request",
            "set": {"issuer": {"status": {"conditions": [{"type": "Ready", "status": "False", "reason": "Bad",
                "lastTransitionTime": "-50s"}]}}},
            "more": [event("ClusterIssuer", "le", "Bad")]})],
        Place::IngressEvent | Place::Namespace | Place::Log | Place::Apply => Vec::new(),
    }
}

/// The issuer and the solver that a row is for.
fn fitted(row: &Row, mut way: Value) -> Value {
    if let Some(solver) = row.solvers.first().map(|solver| &**solver) {
        let http01 = matches!(solver, "ingress" | "gatewayHTTPRoute");
        let (kind, other) = if http01 { ("http01", "dns01") } else { ("dns01", "http01") };
        let spec = json!({"type": if http01 { "HTTP-01" } else { "DNS-01" },
            "solver": {kind: {solver: {}}, other: null}});
        if way["upto"].is_null() {
            way["set"]["challenge"]["spec"] = spec;
        }
    }
    if let Some(issuer) = row.issuers.first().map(|issuer| &**issuer).filter(|issuer| *issuer != "acme") {
        let issuer = if issuer == "selfsigned" { "selfSigned" } else { issuer };
        way["set"]["issuer"]["spec"] = json!({"acme": null, issuer: {}});
    }
    way
}

/// What is found when a text stands somewhere, in any of the ways in which it can.
fn found(row: &Row, place: Place, text: &str) -> Vec<&'static str> {
    let mut all = Vec::new();
    for way in ways(place, text) {
        let mut way = fitted(row, way);
        (way["case"], way["first"]) = (json!(row.id), json!(row.id));
        let case: Case = serde_json::from_value(way).unwrap();
        let model = model(&case);
        let now = NOW + row.settling() + chrono::TimeDelta::seconds(60);
        let (id, _) = model.certificate("shop", "www").unwrap();
        all.extend(findings(&model, id, now).iter().map(|finding| finding.id));
    }
    all
}

#[test]
fn every_text_is_found_where_it_is_written() {
    let mut lost = Vec::new();
    let table = crate::table();
    // A general row gives way to what it passes on, and a text that repeats another one is seen there.
    for row in table.rows().iter().filter(|row| row.pattern.is_some() && !row.general) {
        let within =
            |place: &&Place| !matches!(place, Place::IngressEvent | Place::Namespace | Place::Log | Place::Apply);
        let mut places = row.at.iter().filter(within).peekable();
        let is_found = |place: &Place| row.samples.iter().any(|sample| found(row, *place, sample).contains(&&*row.id));
        if places.peek().is_some() && !places.any(is_found) {
            lost.push(row.id.to_string());
        }
    }
    assert!(lost.is_empty(), "{} lost\n{}", lost.len(), lost.join("\n"));
}
