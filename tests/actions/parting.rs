//! The end of a dashboard while something is under way: what was begun is ended and noted, and nothing more is begun.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cmtop::action::Action;
use cmtop::action::errand::{ActionNews, Errand};
use cmtop::action::plan::Plan;
use cmtop::app::effect::Effect;
use cmtop::app::message::{Message, RecorderNews, SourceNews};
use cmtop::cluster::{Cluster, Names};
use cmtop::keymap::chord::{Chord, Key};
use cmtop::limits;
use cmtop::report::moment::Zone;
use cmtop::runtime::service::action_log::ActionLog;
use cmtop::runtime::service::bundle::BundleRequest;
use cmtop::runtime::service::errands::Errands;
use cmtop::runtime::service::request::Request;
use cmtop::sim::ApiBody;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::desk::Desk;
use crate::source::Source;
use crate::yard::{Yard, certificate};

fn noted(state: &Path) -> Vec<Value> {
    let text = fs::read_to_string(state.join("actions.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn plans(yard: &Yard) -> Vec<Plan> {
    let retry = yard.plan(Action::Retry, &certificate("payments", "denied")).unwrap().in_any_state();
    let renew = yard.plan(Action::Renew, &certificate("shop", "checkout")).unwrap().in_any_state();
    assert_eq!(retry.steps.len(), 2);
    vec![retry, renew]
}

#[tokio::test(start_paused = true)]
async fn who_leaves_between_two_steps_leaves_no_half_of_an_action() {
    let (yard, state) = (Yard::busy().await, tempfile::tempdir().unwrap());
    let Source { running, requests, batches, messages } = Source::begin(&yard, yard.cluster(), state.path());
    requests.send(Request::Action(Errand::Perform(1, plans(&yard)))).await.unwrap();
    let asked = yard.asked();
    // The dashboard is gone when the first write arrives.
    *yard.wire.before_write.lock().unwrap() = Some(Box::new(move || drop((requests, batches, messages))));
    running.await.unwrap();
    let noted = noted(state.path());
    let [only] = noted.as_slice() else { panic!("the second one was not begun: {noted:?}") };
    assert_eq!((&only["action"], &only["outcome"]), (&"retry".into(), &"done".into()), "{only}");
    assert_eq!(only["requests"].as_array().unwrap().len(), 2, "{only}");
    assert_eq!(yard.writes(asked).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_was_agreed_to_just_before_the_end_is_done() {
    let (yard, state) = (Yard::busy().await, tempfile::tempdir().unwrap());
    let Source { running, requests, batches, mut messages } = Source::begin(&yard, yard.cluster(), state.path());
    assert!(matches!(messages.recv().await, Some(Message::Source(SourceNews::Session(_)))));
    requests.send(Request::Action(Errand::Perform(1, plans(&yard)))).await.unwrap();
    drop((requests, batches, messages));
    running.await.unwrap();
    let outcomes: Vec<Value> = noted(state.path()).iter().map(|it| it["outcome"].clone()).collect();
    assert_eq!(outcomes, ["done"]);
}

#[tokio::test(start_paused = true)]
async fn a_recording_and_a_bundle_are_ended_too() {
    let (yard, state) = (Yard::busy().await, tempfile::tempdir().unwrap());
    let Source { running, requests, batches, mut messages } = Source::begin(&yard, yard.cluster(), state.path());
    requests.send(Request::Record).await.unwrap();
    while !matches!(messages.recv().await, Some(Message::Recorder(RecorderNews::Began(_)))) {}
    let (id, _) = yard.model.certificates.iter().next().unwrap();
    let wish = BundleRequest {
        model: Arc::new(yard.model.clone()),
        certificate: id,
        probes: Vec::new(),
        directory: state.path().join("bundles"),
        zone: Zone::Utc,
    };
    requests.send(Request::Bundle(wish)).await.unwrap();
    drop((requests, batches));
    running.await.unwrap();
    let (mut recorded, mut bundled) = (None, None);
    while let Some(message) = messages.recv().await {
        match message {
            Message::Recorder(RecorderNews::Ended(told)) => recorded = Some(told),
            Message::Bundled(told) => bundled = Some(told),
            _ => {}
        }
    }
    assert!(recorded.as_ref().is_some_and(Result::is_ok), "{recorded:?}");
    assert!(bundled.as_ref().is_some_and(Result::is_ok), "{bundled:?}");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever_for_a_cluster_that_is_silent() {
    let (yard, state) = (Yard::busy().await, tempfile::tempdir().unwrap());
    let log = ActionLog { file: Some(state.path().join("actions.jsonl")), context: "yard".to_owned() };
    let silent = tower::service_fn(|_: http::Request<kube::client::Body>| {
        std::future::pending::<Result<http::Response<ApiBody>, std::convert::Infallible>>()
    });
    let cluster = Cluster::in_process(silent, Names::default(), yard.now());
    let (out, mut news) = mpsc::channel(8);
    let mut errands = Errands::new(cluster, yard.now(), log, out);
    errands.begin(Errand::Perform(1, plans(&yard)));
    errands.begin(Errand::Rights(String::new()));
    let began = Instant::now();
    errands.finish().await;
    assert!(began.elapsed() < limits::LAST_WORK + Duration::from_secs(1), "{:?}", began.elapsed());
    let noted = noted(state.path());
    let [only] = noted.as_slice() else { panic!("{noted:?}") };
    assert_eq!((&only["action"], &only["outcome"]), (&"retry".into(), &"unknown".into()), "{only}");
    assert!(matches!(news.recv().await, Some(Message::Action(ActionNews::Reported(1, _)))));
    assert!(matches!(news.recv().await, Some(Message::Action(ActionNews::Ended(1)))));
}

#[tokio::test(start_paused = true)]
async fn who_quits_is_told_what_ends_first() {
    let mut desk = Desk::of(Yard::busy().await, "name:^checkout$").await;
    desk.keys("q").await;
    assert!(!desk.screen().contains("ends first"), "{}", desk.screen());
    desk.keys("n R").await;
    // It is sent, and its end is not heard yet.
    let sent = desk.harness.send(Message::Key(Chord::plain(Key::Enter)));
    assert!(matches!(sent.as_slice(), [Effect::Action(Errand::Perform(..))]), "{sent:?}");
    desk.harness.send(Message::Recorder(RecorderNews::Began("a.jsonl".to_owned())));
    desk.keys("esc").await;
    assert_eq!(desk.harness.send(Message::Key(Chord::parse("ctrl-c").unwrap())), [], "it asks");
    assert!(desk.screen().contains("ends first: renew checkout, the recording"), "{}", desk.screen());
    desk.keys("n").await;
    desk.fulfil(sent).await;
    desk.harness.send(Message::Recorder(RecorderNews::Ended(Ok(String::new()))));
    desk.keys("q").await;
    assert!(!desk.screen().contains("ends first"), "{}", desk.screen());
}
