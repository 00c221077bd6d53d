//! Logs: what the containers of a cluster print is followed, and cut down to what a person looks at.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[path = "support/harness.rs"]
mod harness;
#[path = "support/shared.rs"]
mod shared;

use std::sync::Arc;
use std::time::Duration;

use cmtop::app::effect::Effect as Wish;
use cmtop::cluster::{Cluster, Names};
use cmtop::limits;
use cmtop::model::Model;
use cmtop::model::feed::{FeedKey, FeedState, Part};
use cmtop::model::kind::Kind;
use cmtop::model::logs::Voice;
use cmtop::recording::writer::Writer;
use cmtop::sim::{self, Fault, Options, Story};
use cmtop::watch::Scope;
use cmtop::watch::logs::Logs;
use cmtop::watch::record::record;
use harness::Harness;
use tokio::sync::mpsc;

const FILE: &str = "backoff-stuck-and-mended.jsonl";

#[test]
fn the_page_shows_the_lines_about_the_selected_object_and_what_belongs_to_it() {
    let mut harness = Harness::recording(FILE, None, 160, 45);
    let all = harness.app.model.logs.len();
    harness.keys("l");
    let own = harness.app.logs.len();
    assert!(own > 0 && own < all, "{own} of {all}");
    let name = harness.app.logs.about.clone().unwrap().name.to_string();
    for row in 0..own {
        let line = harness.app.logs.line(row, &harness.app.model.logs).unwrap();
        assert!(line.mentions.iter().any(|mention| mention.name.starts_with(&name)), "{}", line.text);
    }
    harness.keys("l");
    assert_eq!(harness.app.logs.len(), all);
    harness.keys("!");
    let trouble = harness.app.logs.len();
    assert!(trouble > 0 && trouble < all, "{trouble} of {all}");
    harness.keys("! /");
    harness.text("RE-ISSUED");
    harness.keys("enter");
    let found = harness.app.logs.len();
    assert!(found > 0 && found < all, "{found}");
    // Back takes the text away first, then leaves.
    harness.keys("esc");
    assert_eq!(harness.app.logs.len(), all);
    harness.keys("esc");
    assert!(harness.screen().contains("NAMESPACE"), "{}", harness.screen());
}

#[test]
fn lines_that_are_held_stay_and_the_newer_ones_are_counted() {
    let (batches, _) = harness::news(FILE, None);
    let mut harness = Harness::recording(FILE, Some("2026-11-22T17:33:00Z"), 160, 45);
    harness.keys("l l s");
    let before = harness.screen();
    let later = batches.into_iter().filter(|batch| batch.at > harness.now).collect::<Vec<_>>();
    for batch in later {
        harness.send(cmtop::app::message::Message::Batch(batch));
    }
    harness.settle();
    let rows = |screen: &str| screen.lines().skip(4).take(20).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(&before), rows(&harness.screen()));
    assert!(harness.screen().contains("held, "), "{}", harness.screen());
    harness.keys("s");
    assert_eq!(harness.app.logs.len(), harness.app.model.logs.len());
    assert_eq!(harness.app.logs.view.cursor + 1, harness.app.logs.len());
}

/// A dashboard asks for the logs of the controllers as soon as it knows them, and not again.
#[test]
fn the_logs_of_the_controllers_are_wanted_once() {
    let (batches, now) = harness::news(FILE, None);
    let mut harness = Harness::empty(120, 36, now);
    let mut wishes = Vec::new();
    for batch in batches {
        wishes.extend(harness.send(cmtop::app::message::Message::Batch(batch)));
    }
    let wanted: Vec<&Vec<Voice>> = wishes
        .iter()
        .filter_map(|wish| if let Wish::FollowLogs(wanted) = wish { Some(wanted) } else { None })
        .collect();
    assert_eq!(wanted.len(), 1, "{wanted:?}");
    assert!(wanted[0][0].pod.starts_with("cert-manager-"), "{wanted:?}");
}

/// A simulated cluster whose controller prints, and a model that is fed with it.
struct Yard {
    cluster: sim::Cluster,
    logs: Logs,
    model: Model,
    batches: mpsc::Receiver<cmtop::model::Batch>,
}

impl Yard {
    fn begin() -> Self {
        let world = sim::begin(&Story::named("busy-night").unwrap(), Options::default()).unwrap();
        let (cluster, clock) = (world.cluster().clone(), world.clock().clone());
        tokio::spawn(world.drive());
        let now: cmtop::cluster::Now = Arc::new(move || clock.now());
        let client = Cluster::in_process(cluster.service(), Names::default(), Arc::clone(&now));
        let (out, batches) = mpsc::channel(limits::QUEUE);
        Self { cluster, logs: Logs::new(client, now, out), model: Model::default(), batches }
    }

    async fn pass(&mut self, seconds: u64) {
        let until = tokio::time::Instant::now() + Duration::from_secs(seconds);
        while let Ok(Some(batch)) = tokio::time::timeout_at(until, self.batches.recv()).await {
            self.model.apply(batch);
        }
    }

    fn texts(&self) -> Vec<String> {
        self.model.logs.lines().map(|line| line.text.to_string()).collect()
    }

    fn state(&self) -> Option<FeedState> {
        let key = FeedKey { kind: Kind::Pod, namespace: "cert-manager".into(), part: Part::Logs };
        Some(self.model.feeds.get(&key)?.state.clone())
    }
}

fn controller() -> Voice {
    let container = "cert-manager-controller".into();
    Voice { namespace: "cert-manager".into(), pod: "cert-manager-6f9c7d5b8-x2kqp".into(), container }
}

#[tokio::test(start_paused = true)]
async fn a_log_is_followed_and_read_on_without_a_gap_when_it_is_wanted_again() {
    let mut yard = Yard::begin();
    yard.logs.follow(&[controller()]);
    yard.pass(120).await;
    let first = yard.texts();
    assert!(!first.is_empty());
    assert_eq!(yard.state(), Some(FeedState::Live));
    yard.logs.follow(&[]);
    yard.pass(120).await;
    assert_eq!(yard.texts(), first, "nobody wants it");
    yard.logs.follow(&[controller()]);
    yard.pass(600).await;
    // What a fresh reader finds in the end is what we have.
    let mut fresh = Yard { model: Model::default(), ..yard };
    let (out, batches) = mpsc::channel(limits::QUEUE);
    let had = std::mem::take(&mut fresh.model);
    drop(had);
    let now: cmtop::cluster::Now = Arc::new(|| "2026-11-22T17:00:00Z".parse().unwrap());
    let client = Cluster::in_process(fresh.cluster.service(), Names::default(), Arc::clone(&now));
    fresh.logs = Logs::new(client, now, out);
    fresh.batches = batches;
    fresh.logs.follow(&[controller()]);
    fresh.pass(1).await;
    assert!(fresh.texts().len() > first.len());
    assert_eq!(fresh.texts()[..first.len()], first);
}

#[tokio::test(start_paused = true)]
async fn a_right_that_is_missing_is_named_and_asked_for_again() {
    let mut yard = Yard::begin();
    let refusal = Fault::forbidden().verb("get").resource("pods").times(1);
    yard.cluster.faults().add(refusal);
    yard.logs.follow(&[controller()]);
    yard.pass(5).await;
    let right = "get pods/log in namespace cert-manager".into();
    assert_eq!(yard.state(), Some(FeedState::Forbidden { right }));
    yard.pass(120).await;
    assert_eq!(yard.state(), Some(FeedState::Live));
    assert!(!yard.texts().is_empty());
}

/// A recording holds what the controller printed while it was made, each line once, though the log was cut off again and
/// again; and nothing of it that a Challenge or an account proves itself by.
#[tokio::test(start_paused = true)]
async fn a_recording_holds_every_line_once_however_often_the_log_is_cut() {
    let world = sim::begin(&Story::named("busy-night").unwrap(), Options::default()).unwrap();
    let (yard, clock) = (world.cluster().clone(), world.clock().clone());
    tokio::spawn(world.drive());
    let now: cmtop::cluster::Now = Arc::new(move || clock.now());
    let client = Cluster::in_process(yard.service(), Names::default(), Arc::clone(&now));
    let cut = Fault::new(sim::Effect::CutBytes(3_000)).verb("get").resource("pods");
    yard.faults().add(cut);
    let (begun, file) = (now(), shared::Shared::default());
    let writer = Writer::begin(file.clone(), begun, "demo", "v1.36.0", &[]).unwrap();
    let until = tokio::time::sleep(Duration::from_mins(10));
    record(&client, &Scope::default(), &now, (writer, begun), until, |_, _| ()).await.unwrap();
    let text = String::from_utf8(file.0.lock().unwrap().clone()).unwrap();
    let frames: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said = |pod: &str| {
        let lines = frames.iter().filter(|frame| frame["op"] == "LOG" && frame["source"]["pod"] == pod);
        lines.map(|frame| frame["line"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let told = said(&controller().pod);
    let opened = yard.requests().iter().filter(|request| request.path.ends_with("/log")).count();
    assert!(opened > 5, "the log was cut off and read on: {opened}");
    // What somebody reads who comes when all is over.
    let batches = cmtop::watch::logs::tail(&client, vec![controller()], &now, Duration::from_secs(5)).await;
    let mut model = Model::default();
    batches.into_iter().for_each(|batch| model.apply(batch));
    let lines = model.logs.lines().filter(|line| line.at >= begun).map(|line| line.text.to_string());
    let printed: Vec<String> = lines.take(told.len()).collect();
    assert!(told.len() > 50, "{}", told.len());
    assert_eq!(told.len(), printed.len());
    for (told, printed) in told.iter().zip(&printed) {
        assert!(told == printed || told.contains("redacted-"), "{told}\n{printed}");
    }
    for frame in frames.iter().filter(|frame| frame["object"]["kind"] == "Challenge") {
        let token = frame["object"]["spec"]["token"].as_str().unwrap();
        let logs = frames.iter().filter(|frame| frame["op"] == "LOG");
        assert!(logs.clone().all(|line| !line["line"].as_str().unwrap().contains(token)), "{token}");
    }
}
