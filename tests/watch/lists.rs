//! How lists arrive: streamed or in pages, the first time and again.

use std::time::Duration;

use cmtop::model::feed::FeedState;
use cmtop::model::kind::Kind;

use cmtop::watch::Scope;

use crate::harness::{Harness, MINUTE, certificate, fill, filled};
use crate::server::{CERTIFICATES, Fault, Server};

#[tokio::test(start_paused = true)]
async fn a_streamed_list_becomes_live_and_changes_follow() {
    let mut h = Harness::start(filled(3));
    h.live().await;
    h.assert_same();
    assert_eq!(h.states, [FeedState::Connecting, FeedState::Listing { seen: 0, remaining: None }, FeedState::Live]);
    h.server.put(CERTIFICATES, "shop", "c0", certificate());
    h.server.put(CERTIFICATES, "shop", "new", certificate());
    h.server.delete(CERTIFICATES, "blog", "c1");
    h.run(Duration::from_secs(1)).await;
    h.assert_same();
    assert_eq!(h.server.asked(CERTIFICATES).len(), 1, "one request lists and watches");
}

#[tokio::test(start_paused = true)]
async fn where_lists_are_not_streamed_pages_are_asked_for() {
    let server = Server::without_streaming(2);
    fill(&server, 5);
    let mut h = Harness::start(server);
    h.live().await;
    h.assert_same();
    let asked = h.server.asked(CERTIFICATES);
    let queries: Vec<&str> = asked.iter().map(|asked| asked.query.as_str()).collect();
    assert!(asked[0].is_stream(), "{queries:?}");
    assert!(queries[1].contains("limit=500") && !queries[1].contains("continue="), "{queries:?}");
    assert!(queries[2].contains("continue=2") && queries[3].contains("continue=4"), "{queries:?}");
    h.server.put(CERTIFICATES, "shop", "new", certificate());
    h.run(MINUTE).await;
    h.assert_same();
    let asked = h.server.asked(CERTIFICATES);
    assert!(asked.len() == 5 && asked[4].is_watch() && !asked[4].is_stream(), "{asked:?}");
    assert_eq!(h.retries(), 0);
}

#[tokio::test(start_paused = true)]
async fn how_long_a_list_will_be_is_told_where_the_server_says_it() {
    let server = Server::without_streaming(500);
    fill(&server, 1_200);
    let mut h = Harness::start(server);
    h.until("expected", |h| matches!(h.state(Kind::Certificate), FeedState::Listing { remaining: Some(_), .. })).await;
    let FeedState::Listing { seen, remaining } = *h.state(Kind::Certificate) else { panic!("no list") };
    assert_eq!(seen + remaining.unwrap(), 1_200);
    assert_eq!(h.state(Kind::Certificate).progress().as_deref(), Some("0 of 1,200"));
    h.live().await;
    h.assert_same();
}

#[tokio::test(start_paused = true)]
async fn a_list_whose_end_never_comes_is_asked_for_in_pages() {
    let server = filled(4);
    server.next(CERTIFICATES, [Fault::NoEnd]);
    let mut h = Harness::start(server);
    h.live().await;
    h.assert_same();
    let asked = h.server.asked(CERTIFICATES);
    assert!(asked[0].is_stream() && asked[1].query.contains("limit=500"), "{asked:?}");
    assert!(asked[1].at - asked[0].at < MINUTE / 2);
    assert_eq!(h.retries(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_version_that_is_too_old_is_listed_again_without_a_word() {
    let mut h = Harness::start(filled(4));
    h.live().await;
    h.server.silently(|server| {
        server.delete(CERTIFICATES, "blog", "c1");
        server.put(CERTIFICATES, "shop", "c0", certificate());
    });
    h.server.next(CERTIFICATES, [Fault::Recorded("watch-too-old")]);
    h.server.cut(CERTIFICATES);
    h.run(MINUTE).await;
    h.assert_same();
    assert_eq!((h.retries(), h.lists()), (0, 2));
    assert_eq!(h.fewest, 3, "a new list is no moment of emptiness");
}

#[tokio::test(start_paused = true)]
async fn a_version_that_is_always_too_old_is_no_hot_loop() {
    let mut h = Harness::start(filled(2));
    h.live().await;
    h.server.cut(CERTIFICATES);
    let before = h.server.asked(CERTIFICATES).len();
    h.server.always(CERTIFICATES, Some(Fault::Recorded("watch-too-old")));
    h.run(MINUTE).await;
    let asked = h.server.asked(CERTIFICATES).len() - before;
    assert!((2..=20).contains(&asked), "{asked}");
    h.server.always(CERTIFICATES, None);
    h.run(MINUTE).await;
    h.live().await;
    h.assert_same();
}

#[tokio::test(start_paused = true)]
async fn pages_that_expire_are_asked_for_from_the_first() {
    let server = Server::without_streaming(2);
    fill(&server, 5);
    let mut h = Harness::start(server);
    h.live().await;
    let expired = Fault::Status(410, "The provided continue parameter is too old");
    h.server.next(CERTIFICATES, [Fault::Nothing, expired]);
    h.watches.resync();
    h.run(MINUTE).await;
    h.live().await;
    h.assert_same();
    assert_eq!(h.retries(), 0);
    assert_eq!(h.fewest, 5);
}

#[tokio::test(start_paused = true)]
async fn resync_lists_again_and_sweeps_what_is_gone() {
    let mut h = Harness::start(filled(6));
    h.live().await;
    h.server.silently(|server| server.delete(CERTIFICATES, "blog", "c3"));
    h.run(MINUTE).await;
    assert_eq!(h.model.certificates.len(), 6);
    h.watches.resync();
    h.run(Duration::from_secs(5)).await;
    h.assert_same();
    assert_eq!(h.fewest, 5);
}

#[tokio::test(start_paused = true)]
async fn events_that_come_twice_change_nothing() {
    let mut h = Harness::start(filled(2));
    h.live().await;
    h.server.put(CERTIFICATES, "shop", "c0", certificate());
    let old = r#"{"type":"MODIFIED","object":{"metadata":{"name":"c0","namespace":"shop","uid":"00000000-0000-4000-8000-000000000101","resourceVersion":"101"}}}"#;
    h.server.say(CERTIFICATES, old);
    h.run(Duration::from_secs(1)).await;
    h.assert_same();
}

#[tokio::test(start_paused = true)]
async fn a_dashboard_that_does_not_read_slows_the_feeds_down_and_loses_nothing() {
    let mut h = Harness::start(filled(50_000));
    tokio::time::sleep(MINUTE).await;
    h.live().await;
    assert_eq!(h.model.certificates.len(), 50_000);
    h.assert_same();
    h.watches.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn what_a_real_server_says_is_read() {
    let server = Server::new();
    let path = |plural: &str| format!("/api/v1/namespaces/shop/{plural}");
    let certificates = "/apis/cert-manager.io/v1/namespaces/shop/certificates";
    server.next(certificates, [Fault::Recorded("watch-streaming-list")]);
    server.next(&path("secrets"), [Fault::Recorded("watch-streaming-list-bad"), Fault::Recorded("list-metadata-only")]);
    let orders = "/apis/acme.cert-manager.io/v1/namespaces/shop/orders";
    server.next(orders, [Fault::Recorded("watch-streaming-list-bad"), Fault::Recorded("list-bad-continue")]);
    let mut h =
        Harness::scoped(server, &Scope { namespaces: vec!["shop".into()], selector: None, annotations: Vec::new() });
    h.run(MINUTE).await;
    assert!(!h.model.feeds.any_listing() && h.model.anomalies.total() == 0);
    assert_eq!((h.model.certificates.len(), h.model.secrets.len()), (3, 2));
    let (_, www) = h.model.certificate("shop", "www").unwrap();
    assert_eq!(www.revision, Some(2));
    let resumed = &h.server.asked(certificates)[1];
    assert!(resumed.is_watch() && resumed.query.contains("resourceVersion=42669"), "{resumed:?}");
    assert_eq!(h.server.asked(orders).len(), 4, "a bad token is a list from the first page");
}

#[tokio::test(start_paused = true)]
async fn an_annotation_is_kept_from_the_moment_somebody_wants_it() {
    let server = filled(3);
    let mut wanted = certificate();
    wanted["metadata"] = serde_json::json!({"annotations": {"example.com/team": "platform", "noise": "loud"}});
    server.put(CERTIFICATES, "shop", "c0", wanted);
    let mut h = Harness::start(server);
    h.live().await;
    let of = |h: &Harness, key: &str| {
        let (_, row) = h.model.certificate("shop", "c0").unwrap();
        row.meta.labels.annotation(key).map(str::to_owned)
    };
    assert_eq!(of(&h, "example.com/team"), None, "nobody wanted it");
    let asked = h.server.asked("/apis/cert-manager.io/v1/certificates").len();
    h.watches.keep(&["example.com/team".to_owned()]);
    h.until("kept", |h| of(h, "example.com/team").as_deref() == Some("platform")).await;
    assert_eq!(of(&h, "noise"), None);
    assert!(h.server.asked("/apis/cert-manager.io/v1/certificates").len() > asked, "it is listed again");
    h.live().await;
    let asked = h.server.asked("/apis/cert-manager.io/v1/certificates").len();
    h.watches.keep(&[]);
    h.run(MINUTE).await;
    assert_eq!(h.server.asked("/apis/cert-manager.io/v1/certificates").len(), asked, "less needs no list");
    h.assert_same();
    h.watches.shutdown().await;
}
