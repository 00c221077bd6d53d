//! A recording of a live cluster replays to the model that watching it gives.

use std::time::Duration;

use cmtop::model::Model;
use cmtop::model::feed::FeedState;
use cmtop::model::kind::Kind;
use cmtop::recording::player::Player;
use cmtop::recording::reader::Reader;
use cmtop::recording::writer::Writer;
use cmtop::watch::Scope;
use cmtop::watch::record::record;
use serde_json::json;

use crate::harness::{Harness, clock, cluster, fill};
use crate::server::{CERTIFICATES, Fault, ORDERS, Server};
use crate::shared::Shared;

const CHALLENGES: &str = "/apis/acme.cert-manager.io/v1/challenges";
const PODS: &str = "/api/v1/pods";

fn replay(text: &str) -> Model {
    let mut reader = Reader::open(text.as_bytes()).unwrap();
    let (mut player, mut model) = (Player::default(), Model::default());
    while let Some(frame) = reader.next_frame().unwrap() {
        player.play(&frame, &mut |batch| model.apply(batch));
    }
    assert_eq!(reader.skipped(), &cmtop::recording::reader::Skipped::default());
    model
}

/// What happens while both watch: changes, a relist that has to sweep, and a right that is taken away.
async fn happenings(server: &Server) {
    tokio::time::sleep(Duration::from_secs(5)).await;
    server.put(CERTIFICATES, "shop", "c0", json!({"spec": {"secretName": "other"}, "status": {"revision": 2}}));
    server.put(CERTIFICATES, "shop", "late", json!({"spec": {"secretName": "late"}}));
    server.delete(ORDERS, "shop", "c0-1-1");
    tokio::time::sleep(Duration::from_secs(5)).await;
    server.silently(|server| server.delete(CERTIFICATES, "blog", "c1"));
    server.next(CERTIFICATES, [Fault::Recorded("watch-too-old"), Fault::Recorded("watch-too-old")]);
    server.cut(CERTIFICATES);
    tokio::time::sleep(Duration::from_mins(1)).await;
}

#[tokio::test(start_paused = true)]
async fn record_and_replay_give_the_same_model() {
    let server = Server::new();
    fill(&server, 4);
    server.always(CHALLENGES, Some(Fault::Status(403, "forbidden")));
    let labels = |label: &str| json!({"metadata": {"labels": {label: "true"}}, "status": {"phase": "Running"}});
    server.put(PODS, "shop", "cm-acme-http-solver-1", labels("acme.cert-manager.io/http01-solver"));
    let (cluster, now, file) = (cluster(&server), clock(), Shared::default());
    let writer = Writer::begin(file.clone(), now(), "test", "v1.36.0", &[]).unwrap();
    let scope = Scope::default();
    let frames = record(&cluster, &scope, &now, (writer, now()), happenings(&server), |_, _| {}).await.unwrap();

    let text = String::from_utf8(file.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.lines().count(), frames + 1);
    assert!(!text.contains("managedFields") && !text.contains("c2VjcmV0"), "{text}");
    assert!(text.contains(r#""op":"ERROR""#) && text.contains(r#""resource":"secrets.v1""#), "{text}");
    let model = replay(&text);

    let mut live = Harness::start(server);
    live.run(Duration::from_secs(30)).await;
    live.assert_same();
    assert_eq!(model.solvers.len(), 1);
    assert_eq!(model.feeds.sees(Kind::Challenge, "shop"), live.model.feeds.sees(Kind::Challenge, "shop"));
    for kind in [Kind::Certificate, Kind::Order, Kind::Secret, Kind::Event, Kind::Pod] {
        let states: Vec<_> = model.feeds.iter().filter(|(key, _)| key.kind == kind).map(|(_, f)| &f.state).collect();
        assert_eq!(states, [&FeedState::Live], "{kind}");
    }
    live.model = model;
    live.assert_same();
}
