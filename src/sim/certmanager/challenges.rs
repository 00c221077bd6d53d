//! Challenges: present, check, accept, clean up.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::solvers;
use crate::sim::conditions::{moment, stamp};
use crate::sim::desk::{Desk, News, Outcome};
use crate::sim::object::{finalizers, is_deleting};

const FROM: &str = "challenges";
const FINALIZER: &str = "acme.cert-manager.io/finalizer";
const LEGACY_FINALIZER: &str = "finalizer.acme.cert-manager.io";
/// Five self checks of HTTP-01 in a row, two seconds apart, and the ACME server's own.
const HTTP01_PASSES: TimeDelta = TimeDelta::milliseconds(9_200);

pub(super) fn reconcile(desk: &mut Desk, place: &str) -> Outcome {
    let Some(mut challenge) = desk.get("Challenge", place) else {
        desk.accepting.remove(place);
        return Outcome::Done;
    };
    let state = challenge["status"]["state"].as_str().unwrap_or_default().to_owned();
    if is_deleting(&challenge) || matches!(state.as_str(), "valid" | "invalid" | "errored" | "expired") {
        return finish(desk, challenge, place);
    }
    if challenge["status"]["processing"] != true {
        return Outcome::Done;
    }
    if !finalizers(&challenge).contains(&FINALIZER) {
        challenge["metadata"]["finalizers"] = json!([FINALIZER]);
        return done(desk.update(challenge).is_ok());
    }
    if desk.issuer(&challenge["spec"]["issuerRef"], place.split('/').next().unwrap_or_default()).is_none() {
        return Outcome::Retry;
    }
    if state.is_empty() {
        challenge["status"]["state"] = json!("pending");
        return done(desk.update_status(challenge).is_ok());
    }
    if let Some(accepted) = desk.accepting.get(place).copied() {
        return if desk.now < accepted { Outcome::At(accepted) } else { accept(desk, challenge, place) };
    }
    work(desk, challenge, place)
}

fn done(well: bool) -> Outcome {
    if well { Outcome::Done } else { Outcome::Retry }
}

/// Presents the challenge where that is to do, and checks it.
fn work(desk: &mut Desk, mut challenge: Value, place: &str) -> Outcome {
    let name = challenge["spec"]["dnsName"].as_str().unwrap_or_default().to_owned();
    let kind = challenge["spec"]["type"].as_str().unwrap_or_default().to_owned();
    let behaviour = desk.outside.of(&name);
    if challenge["status"]["presented"] != true {
        let error = behaviour.present.clone().or_else(|| solvers::missing_secret(desk, &challenge));
        if let Some(error) = error.or_else(|| solvers::present(desk, &challenge).err()) {
            let message = format!("Error presenting challenge: {error}");
            desk.tell(&challenge, News { from: FROM, reason: "PresentError", message: &message, warning: true });
            desk.log(
                'E',
                "controller.go:162",
                &format!("\"re-queuing item due to error processing\" err={error:?} key=\"{place}\""),
            );
            challenge["status"]["reason"] = json!(error);
            drop(desk.update_status(challenge));
            return Outcome::Retry;
        }
        challenge["status"]["presented"] = json!(true);
        challenge["status"]["presentedAt"] = stamp(desk.now);
        let message = format!("Presented challenge using {kind} challenge mechanism");
        desk.tell(&challenge, News { from: FROM, reason: "Presented", message: &message, warning: false });
    } else if kind == "HTTP-01" {
        solvers::note(desk, &challenge);
    }
    let presented = moment(&challenge["status"]["presentedAt"]).unwrap_or(desk.now);
    let too_early = desk.now < presented + TimeDelta::seconds(i64::from(behaviour.after));
    let not_yet = match kind.as_str() {
        "HTTP-01" => "wrong status code '404', expected '200'".to_owned(),
        _ => format!("DNS record for \"{name}\" not yet propagated"),
    };
    let error =
        behaviour.self_check.clone().or_else(|| (too_early || behaviour.split && kind == "DNS-01").then_some(not_yet));
    if let Some(error) = error {
        challenge["status"]["reason"] = json!(format!("Waiting for {kind} challenge propagation: {error}"));
        let again = desk.now + TimeDelta::seconds(i64::from(desk.settings.check_period));
        return if desk.update_status(challenge).is_ok() { Outcome::At(again) } else { Outcome::Retry };
    }
    // The status is written once, at the end: until then the object shows what it showed before.
    let sleep = TimeDelta::seconds(i64::from(desk.settings.dns01_sleep));
    let accepted = desk.now + if kind == "HTTP-01" { HTTP01_PASSES } else { sleep };
    desk.accepting.insert(place.into(), accepted);
    Outcome::At(accepted)
}

fn accept(desk: &mut Desk, mut challenge: Value, place: &str) -> Outcome {
    let accepted = desk.accepting.remove(place).unwrap_or(desk.now);
    let name = challenge["spec"]["dnsName"].as_str().unwrap_or_default().to_owned();
    let kind = challenge["spec"]["type"].as_str().unwrap_or_default().to_owned();
    if challenge["status"]["presentedAt"].is_null() {
        let slept =
            if kind == "HTTP-01" { HTTP01_PASSES } else { TimeDelta::seconds(i64::from(desk.settings.dns01_sleep)) };
        challenge["status"]["presentedAt"] = stamp(accepted - slept);
    }
    challenge["status"]["presented"] = json!(true);
    match desk.outside.of(&name).authorization {
        None => {
            challenge["status"]["state"] = json!("valid");
            challenge["status"]["reason"] = json!("Successfully authorized domain");
            let message = format!("Domain \"{name}\" verified with \"{kind}\" validation");
            desk.tell(&challenge, News { from: FROM, reason: "DomainVerified", message: &message, warning: false });
        }
        Some(error) => {
            let error = format!("acme: authorization error for {name}: {error}");
            challenge["status"]["state"] = json!("invalid");
            challenge["status"]["reason"] = json!(format!("Error accepting authorization: {error}"));
            let message = format!("Accepting challenge authorization failed: {error}");
            desk.tell(&challenge, News { from: FROM, reason: "Failed", message: &message, warning: true });
        }
    }
    done(desk.update_status(challenge).is_ok())
}

/// Cleans up after a challenge that is over, and lets it go.
fn finish(desk: &mut Desk, mut challenge: Value, place: &str) -> Outcome {
    desk.accepting.remove(place);
    let ours = |name: &&str| matches!(*name, FINALIZER | LEGACY_FINALIZER);
    if finalizers(&challenge).iter().any(ours) {
        let name = challenge["spec"]["dnsName"].as_str().unwrap_or_default();
        if let Some(error) = desk.outside.of(name).cleanup {
            let message = format!("Error cleaning up challenge: {error}");
            desk.tell(&challenge, News { from: FROM, reason: "CleanUpError", message: &message, warning: true });
            challenge["status"]["reason"] = json!(message);
            drop(desk.update_status(challenge));
            return Outcome::Retry;
        }
        solvers::clean_up(desk, &challenge);
        let rest: Vec<_> =
            finalizers(&challenge).into_iter().filter(|name| !ours(name)).map(ToOwned::to_owned).collect();
        challenge["metadata"]["finalizers"] = json!(rest);
        return done(desk.update(challenge).is_ok());
    }
    if is_deleting(&challenge) {
        return Outcome::Done;
    }
    challenge["status"]["presented"] = json!(false);
    challenge["status"]["processing"] = json!(false);
    done(desk.update_status(challenge).is_ok())
}
