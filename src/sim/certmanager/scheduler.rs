//! Decides which challenges are worked on: a limited number, and never two for the same name and type.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde_json::json;

use crate::sim::desk::{Desk, News, Outcome};
use crate::sim::object::{is_deleting, meta};

/// How many challenges one pass may start.
const PER_PASS: usize = 20;

pub(super) fn reconcile(desk: &mut Desk) -> Outcome {
    let challenges = desk.list("Challenge", None);
    let subject = |it: &serde_json::Value| (it["spec"]["dnsName"].to_string(), it["spec"]["type"].to_string());
    let is_final = |it: &serde_json::Value| {
        matches!(it["status"]["state"].as_str(), Some("valid" | "invalid" | "errored" | "expired"))
    };
    let running = challenges.iter().filter(|it| it["status"]["processing"] == true);
    let mut busy: Vec<_> = running.map(subject).collect();
    let mut waiting: Vec<_> =
        challenges.iter().filter(|it| it["status"]["processing"] != true && !is_final(it)).collect();
    waiting.retain(|it| !is_deleting(it));
    waiting.sort_by_key(|it| (meta(it, "creationTimestamp").to_owned(), meta(it, "uid").to_owned()));
    let mut started = 0;
    let before = waiting.len();
    for challenge in waiting {
        if started == PER_PASS || busy.len() >= desk.settings.max_concurrent_challenges {
            break;
        }
        if busy.contains(&subject(challenge)) {
            continue;
        }
        busy.push(subject(challenge));
        started += 1;
        let mut challenge = challenge.clone();
        challenge["status"]["presented"] = json!(false);
        challenge["status"]["processing"] = json!(true);
        if desk.update_status(challenge.clone()).is_ok() {
            let message = "Challenge scheduled for processing";
            desk.tell(&challenge, News { from: "challenges", reason: "Started", message, warning: false });
        }
    }
    // What could not be started waits until a challenge ends, which comes as a change.
    if started == PER_PASS && before > started { Outcome::At(next_pass(desk.now)) } else { Outcome::Done }
}

/// The scheduler looks once a second.
pub(crate) fn next_pass(now: DateTime<Utc>) -> DateTime<Utc> {
    let second = TimeDelta::seconds(1);
    now.duration_trunc(second).unwrap_or(now) + second
}
