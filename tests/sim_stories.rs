//! The stories that come with the program.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::sim::{Cluster, Options, Story, World, run};
use serde_json::Value;
use tokio::time::Instant;

fn begin(name: &str) -> World {
    run(&Story::named(name).unwrap(), Options::default()).unwrap()
}

fn condition<'a>(object: &'a Value, kind: &str) -> &'a Value {
    let conditions = object["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    conditions.iter().find(|condition| condition["type"] == kind).unwrap_or(&Value::Null)
}

fn moment(value: &Value) -> Option<DateTime<Utc>> {
    value.as_str()?.parse().ok()
}

/// A rough verdict, from the Certificate alone: enough to see that the story holds one of each.
fn verdict(certificate: &Value, now: DateTime<Utc>) -> &'static str {
    let status = &certificate["status"];
    let not_after = moment(&status["notAfter"]);
    let in_flight = condition(certificate, "Issuing")["status"] == "True";
    let since = moment(&condition(certificate, "Issuing")["lastTransitionTime"]);
    let late = |at: Option<DateTime<Utc>>, grace: TimeDelta| at.is_some_and(|at| now - at > grace);
    match () {
        () if late(not_after, TimeDelta::zero()) => "expired",
        () if in_flight && late(since, TimeDelta::minutes(4)) => "stuck",
        () if in_flight => "issuing",
        () if !status["lastFailureTime"].is_null() => "backoff",
        () if condition(certificate, "Ready")["status"] == "False" => "blocked",
        () if late(moment(&status["renewalTime"]), TimeDelta::minutes(5)) => "overdue",
        () if status["renewalTime"].is_null() && late(not_after, TimeDelta::days(-15)) => "expiring",
        () => "ok",
    }
}

fn verdicts(cluster: &Cluster, now: DateTime<Utc>) -> BTreeMap<&'static str, Vec<String>> {
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for certificate in cluster.objects("certificates") {
        let name = format!(
            "{}/{}",
            certificate["metadata"]["namespace"].as_str().unwrap(),
            certificate["metadata"]["name"].as_str().unwrap()
        );
        found.entry(verdict(&certificate, now)).or_default().push(name);
    }
    found
}

#[tokio::test(start_paused = true)]
async fn busy_night_has_one_of_everything() {
    let mut world = begin("busy-night");
    for second in [0, 30, 60] {
        let now = world.clock().start() + TimeDelta::seconds(second);
        world.work_until(now);
        let found = verdicts(world.cluster(), now);
        println!("+{second}s {found:#?}");
        for wanted in ["expired", "stuck", "issuing", "backoff", "blocked", "overdue", "expiring", "ok"] {
            assert!(found.contains_key(wanted), "nothing is {wanted} after {second} s: {found:#?}");
        }
        assert!(found.values().map(Vec::len).sum::<usize>() >= 24);
    }
    let namespaces: std::collections::BTreeSet<_> =
        world.cluster().objects("certificates").iter().map(|it| it["metadata"]["namespace"].to_string()).collect();
    assert!(namespaces.len() >= 6, "{namespaces:?}");
}

#[tokio::test(start_paused = true)]
async fn something_always_moves() {
    let world = begin("busy-night");
    let cluster = world.cluster().clone();
    let start = world.clock().start();
    tokio::spawn(world.drive());
    let mut last = cluster.requests().len() as u64;
    let mut newest = 0;
    for _ in 0..18 {
        tokio::time::sleep(Duration::from_secs(10)).await;
        let versions = cluster
            .objects("certificates")
            .into_iter()
            .chain(cluster.objects("challenges"))
            .chain(cluster.objects("events"));
        newest = versions
            .map(|it| it["metadata"]["resourceVersion"].as_str().unwrap().parse::<u64>().unwrap())
            .max()
            .unwrap();
        assert!(newest > last, "nothing moved for ten seconds after {}", cluster.clock().now() - start);
        last = newest;
    }
    assert!(newest > 0);
}

#[tokio::test]
async fn the_first_frame_comes_at_once() {
    let begun = Instant::now();
    drop(begin("busy-night"));
    println!("history took {:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(10));
}

/// Everything in the cluster but the bytes of keys and certificates.
fn facts(cluster: &Cluster) -> Vec<String> {
    let mut lines = Vec::new();
    for resource in cmtop::sim::RESOURCES {
        for mut object in cluster.objects(&resource.qualified()) {
            for (part, field) in [
                ("status", "certificate"),
                ("status", "ca"),
                ("spec", "request"),
                ("data", "tls.crt"),
                ("data", "tls.key"),
                ("data", "ca.crt"),
            ] {
                if let Some(map) = object[part].as_object_mut() {
                    map.remove(field);
                }
            }
            lines.push(object.to_string());
        }
    }
    lines
}

#[tokio::test(start_paused = true)]
async fn a_story_repeats_itself() {
    let play = || {
        let mut world = begin("busy-night");
        world.work_until(world.clock().start() + TimeDelta::seconds(90));
        facts(world.cluster())
    };
    let (one, other) = (play(), play());
    for (left, right) in one.iter().zip(&other) {
        assert_eq!(left, right);
    }
    assert_eq!(one.len(), other.len());
}

#[tokio::test(start_paused = true)]
async fn a_slow_driver_tells_the_same_story() {
    let mut in_steps = begin("busy-night");
    let start = in_steps.clock().start();
    for tenth in 0..600 {
        in_steps.work_until(start + TimeDelta::milliseconds(100 * tenth));
    }
    let mut at_once = begin("busy-night");
    at_once.work_until(start + TimeDelta::milliseconds(100 * 599));
    assert_eq!(facts(in_steps.cluster()), facts(at_once.cluster()));
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_lets_nobody_through_until_somebody_leaves() {
    let mut world = begin("full-queue");
    let start = world.clock().start();
    let waiting = |world: &World| {
        let challenges = world.cluster().objects("challenges");
        let is_running = |it: &&Value| it["status"]["processing"] == true;
        (challenges.iter().filter(is_running).count(), challenges.len())
    };
    world.work_until(start + TimeDelta::seconds(90));
    assert_eq!(waiting(&world), (60, 61));
    world.work_until(start + TimeDelta::minutes(4));
    let www = world.cluster().object("certificate", "shop", "www").unwrap();
    assert_eq!(condition(&www, "Ready")["status"], "True");
}

#[tokio::test(start_paused = true)]
async fn a_controller_that_comes_back_catches_up() {
    let mut world = begin("dead-controller");
    let start = world.clock().start();
    world.work_until(start + TimeDelta::seconds(40));
    let revisions = |world: &World| {
        world.cluster().objects("certificates").iter().filter(|it| it["status"]["revision"] == 2).count()
    };
    assert_eq!(revisions(&world), 0);
    assert_eq!(
        world.cluster().object("deployment", "cert-manager", "cert-manager").unwrap()["status"]["readyReplicas"],
        0
    );
    world.work_until(start + TimeDelta::minutes(6));
    assert_eq!(revisions(&world), 40);
}

/// As v1.21 does: a self check of HTTP-01 names what it found; why it failed stands in the status alone.
#[test]
fn a_self_check_is_in_the_log_and_a_window_of_the_authority_in_a_status() {
    let place = tempfile::tempdir().unwrap();
    let cmtop = |arguments: &[&str]| {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop")).args(arguments).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let out = place.path().join("bundle");
    cmtop(&["bundle", "--demo", "--out", out.to_str().unwrap(), "blog/blog", "shop/checkout"]);
    let recording = std::fs::read_to_string(out.join("recording.jsonl")).unwrap();
    let line = recording.lines().find(|line| line.contains("found one existing HTTP01 solver pod")).unwrap();
    for words in ["pod.go:83", "resource_kind=\\\"Challenge\\\"", "dnsName=\\\"blog.example\\\"", "\"op\":\"LOG\""] {
        assert!(line.contains(words), "{words}: {line}");
    }
    assert!(recording.contains("suggestedWindow"), "the authority says when it would be asked again");
}
