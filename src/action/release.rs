//! When a finalizer may be taken off by hand, and what is left behind then.

use chrono::TimeDelta;
use serde_json::Value;

use crate::limits;
use crate::model::Model;
use crate::model::challenge::{Challenge, ChallengeType};
use crate::model::kind::Kind;
use crate::model::meta::{Object as _, Time};
use crate::text::{clean, span};

/// How long a clean-up may take before somebody may help.
const PATIENCE: TimeDelta = TimeDelta::minutes(2);

/// What shows that cert-manager will not clean up; or why it should be left to it.
pub fn ground(model: &Model, challenge: &Challenge, now: Time) -> Result<String, String> {
    let Some(asked) = challenge.meta.deleted else {
        return Err("it is not being deleted: delete it first, and cert-manager cleans up".to_owned());
    };
    let since = span(now - asked);
    if model.events.last_with_reason(challenge.meta.uid, "CleanUpError").is_some()
        || challenge.reason.as_str().starts_with("Error cleaning up challenge")
    {
        return Ok(format!("its clean-up fails since {since}: {}", challenge.reason.as_str()));
    }
    let home = model.controllers.iter().map(|(_, row)| row.meta.namespace.as_str()).next().unwrap_or("cert-manager");
    match model.controller() {
        Some(controller) if controller.status.as_ref().is_some_and(|status| status.ready == 0) => {
            return Ok(format!("cert-manager does not run: {} has no ready replica", controller.key()));
        }
        None if model.feeds.sees(Kind::Deployment, home) && model.feeds.sees(Kind::Pod, home) => {
            return Ok("cert-manager is gone: there is no Deployment of it".to_owned());
        }
        _ => {}
    }
    if now - asked > PATIENCE {
        return Ok(format!("it has been waiting for its clean-up for {since}, and nobody does it"));
    }
    Err(format!("its clean-up began {since} ago and nothing shows that it fails: leave it to cert-manager"))
}

/// The objects that a Challenge put up and that still are there, by name.
pub fn solvers(model: &Model, challenge: &Challenge) -> Vec<String> {
    let owned = model.solvers.owned_by(challenge.meta.uid);
    let mut names: Vec<String> = owned.map(|(_, solver)| solver.key().to_string()).collect();
    names.sort();
    if challenge.challenge_type == ChallengeType::Http01 && names.is_empty() {
        names.push(
            "a path /.well-known/acme-challenge/… in an Ingress that was edited in place, if there is one".into(),
        );
    }
    names
}

/// The record that nobody will take away, from the Challenge as it was read. Its value is no secret: it was published.
pub fn record(fresh: &Value) -> Option<String> {
    let spec = &fresh["spec"];
    if spec["type"] != "DNS-01" {
        return None;
    }
    let name = clean(spec["dnsName"].as_str().unwrap_or_default(), limits::NAME);
    let value = clean(spec["key"].as_str().unwrap_or_default(), limits::NAME);
    let follows = spec["solver"]["dns01"]["cnameStrategy"] == "Follow";
    let place = if follows { ", or where its CNAME leads," } else { "" };
    Some(format!("TXT record _acme-challenge.{name}{place} with the value {value}"))
}
