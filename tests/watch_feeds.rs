//! Feeds against an API server that does what API servers do on bad days. Time is virtual.

#[path = "watch/harness.rs"]
mod harness;
#[path = "watch/server.rs"]
mod server;

use std::time::Duration;

use cmtop::model::feed::{FeedKey, FeedState};
use cmtop::model::kind::Kind;
use cmtop::watch::Scope;
use cmtop::watch::discover::{Wish, choose};
use serde_json::json;

use harness::{Harness, cluster, fill};
use server::{CERTIFICATES, Fault, ORDERS, SECRETS, Server, status_text};

const MINUTE: Duration = Duration::from_secs(60);

fn filled(certificates: usize) -> Server {
    let server = Server::new();
    fill(&server, certificates);
    server
}

fn certificate() -> serde_json::Value {
    json!({"spec": {"secretName": "tls", "dnsNames": ["b.test"], "issuerRef": {"name": "le"}}})
}

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
async fn refused_credentials_are_told_and_tried_again() {
    let server = filled(2);
    server.next(CERTIFICATES, [Fault::Status(401, "Unauthorized"), Fault::Status(401, "Unauthorized")]);
    let mut h = Harness::start(server);
    h.live().await;
    h.assert_same();
    assert_eq!(h.retries(), 2);
    let FeedState::Retrying { attempt: 1, why, .. } = &h.states[1] else { panic!("{:?}", h.states) };
    assert!(why.starts_with("the credentials were refused (401)"), "{why}");
}

#[tokio::test(start_paused = true)]
async fn a_missing_right_is_named_and_noticed_when_it_is_granted() {
    let server = filled(2);
    let denied = Fault::Status(403, "orders.acme.cert-manager.io is forbidden");
    server.always(ORDERS, Some(denied));
    server.always("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", Some(Fault::Status(403, "no")));
    let mut h = Harness::start(server);
    h.run(5 * MINUTE).await;
    let right = "list orders.acme.cert-manager.io in all namespaces";
    assert_eq!(h.state(Kind::Order), &FeedState::Forbidden { right: right.into() });
    assert!(!h.model.feeds.sees(Kind::Order, "shop"));
    assert_eq!(h.state(Kind::Certificate), &FeedState::Live);
    assert!(h.server.asked(ORDERS).len() <= 6, "asked once a minute");
    h.server.always(ORDERS, None);
    h.run(2 * MINUTE).await;
    assert_eq!(h.state(Kind::Order), &FeedState::Live);
    h.assert_same();
}

#[tokio::test(start_paused = true)]
async fn who_may_list_but_not_watch_is_told_so() {
    let server = filled(1);
    server.always(ORDERS, Some(Fault::Status(403, "cannot watch")));
    let mut h = Harness::start(server);
    h.run(MINUTE / 2).await;
    let right = "watch orders.acme.cert-manager.io in all namespaces";
    assert_eq!(h.state(Kind::Order), &FeedState::Forbidden { right: right.into() });
}

#[tokio::test(start_paused = true)]
async fn named_namespaces_work_where_the_cluster_may_not_be_listed() {
    let server = filled(4);
    for path in ["/apis/apps/v1/deployments", "/api/v1/pods", "/api/v1/namespaces"] {
        server.always(path, Some(Fault::Status(403, "forbidden")));
    }
    let blog = "/apis/acme.cert-manager.io/v1/namespaces/blog/orders";
    server.always(blog, Some(Fault::Status(403, "forbidden")));
    server.always("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", Some(Fault::Status(500, "no")));
    let scope = Scope { namespaces: vec!["shop".into(), "blog".into()], selector: None };
    let mut h = Harness::scoped(server, &scope);
    h.run(MINUTE / 2).await;
    assert_eq!(h.model.certificates.len(), 4);
    assert_eq!(h.model.orders.len(), 1);
    let orders = |namespace: &str| {
        let key = FeedKey { namespace: namespace.into(), ..FeedKey::cluster(Kind::Order) };
        h.model.feeds.get(&key).unwrap().state.clone()
    };
    assert_eq!(orders("shop"), FeedState::Live);
    let right = "list orders.acme.cert-manager.io in namespace blog";
    assert_eq!(orders("blog"), FeedState::Forbidden { right: right.into() });
    assert!(h.server.asked(CERTIFICATES).is_empty(), "only the named namespaces are asked for");
    // cert-manager's own objects are looked for where it usually lives.
    assert!(!h.server.asked("/apis/apps/v1/namespaces/cert-manager/deployments").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_not_served_is_noticed_when_it_is() {
    let server = filled(2);
    server.always(CERTIFICATES, Some(Fault::Recorded("list-unknown-kind")));
    let mut h = Harness::start(server);
    h.run(2 * MINUTE).await;
    assert_eq!(h.state(Kind::Certificate), &FeedState::Absent);
    assert!((8..=10).contains(&h.server.asked(CERTIFICATES).len()));
    h.server.always(CERTIFICATES, None);
    h.run(Duration::from_secs(20)).await;
    assert_eq!(h.state(Kind::Certificate), &FeedState::Live);
    h.assert_same();
}

#[tokio::test(start_paused = true)]
async fn a_busy_server_is_left_alone_for_as_long_as_it_asks() {
    let server = filled(2);
    server.next(CERTIFICATES, [Fault::Busy(17)]);
    let mut h = Harness::start(server);
    h.live().await;
    h.assert_same();
    let asked = h.server.asked(CERTIFICATES);
    assert!(asked[1].at - asked[0].at >= Duration::from_secs(17), "{asked:?}");
    assert_eq!(h.retries(), 1);
}

#[tokio::test(start_paused = true)]
async fn errors_of_the_server_are_waited_out() {
    let server = filled(2);
    server.next(CERTIFICATES, [500, 503, 504].map(|code| Fault::Status(code, "etcdserver: request timed out")));
    let mut h = Harness::start(server);
    h.live().await;
    h.assert_same();
    let attempts: Vec<u32> = h
        .states
        .iter()
        .filter_map(|state| match state {
            FeedState::Retrying { attempt, .. } => Some(*attempt),
            _ => None,
        })
        .collect();
    assert_eq!(attempts, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_was_cut_off_is_resumed_and_counts_as_live_again() {
    let mut h = Harness::start(filled(3));
    h.live().await;
    h.server.next(CERTIFICATES, [Fault::Status(500, "restarting"), Fault::Status(500, "restarting")]);
    h.server.cut(CERTIFICATES);
    h.server.put(CERTIFICATES, "shop", "missed", certificate());
    h.until("cut off", |h| h.retries() == 2).await;
    h.run(MINUTE).await;
    h.assert_same();
    assert_eq!(h.states.last(), Some(&FeedState::Live));

    // The same with nothing to tell after it is resumed: no object comes, and yet it is live.
    h.server.next(CERTIFICATES, [Fault::Status(500, "restarting")]);
    h.server.cut(CERTIFICATES);
    h.until("cut off", |h| h.retries() == 3).await;
    h.run(Duration::from_secs(5)).await;
    assert_eq!(h.states.last(), Some(&FeedState::Live));
    assert_eq!(h.lists(), 1, "no list after the first");
}

#[tokio::test(start_paused = true)]
async fn lines_that_are_cut_off_or_unreadable_lose_nothing() {
    let server = filled(3);
    let half = r#"{"type":"ADDED","object":{"apiVersion":"cert-manager.io/v1","kind":"Certificate","meta"#;
    server.next(CERTIFICATES, [Fault::Says(half.into()), Fault::Breaks(half.into())]);
    let mut h = Harness::start(server);
    h.live().await;
    h.assert_same();
    h.server.say(CERTIFICATES, "<html>bad gateway</html>");
    h.server.say(CERTIFICATES, r#"{"type":"ADDED","object":null}"#);
    h.server.put(CERTIFICATES, "shop", "after", certificate());
    h.run(2 * MINUTE).await;
    h.assert_same();
    assert!(h.model.anomalies.total() >= 1);
    assert_eq!(h.states.last(), Some(&FeedState::Live));
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_given_up() {
    let mut h = Harness::start(filled(2));
    h.live().await;
    h.server.silently(|server| server.put(CERTIFICATES, "shop", "c0", certificate()));
    h.server.next(CERTIFICATES, [Fault::SaysAndHangs(String::new()), Fault::Mute]);
    h.server.cut(CERTIFICATES);
    h.run(Duration::from_secs(1)).await;
    let before = h.server.asked(CERTIFICATES).len();
    h.run(6 * MINUTE).await;
    let asked = h.server.asked(CERTIFICATES).len() - before;
    assert!((2..=6).contains(&asked), "{asked}");
    // What happened in the silence was lost on the way: the next list tells.
    h.watches.resync();
    h.run(MINUTE).await;
    h.assert_same();
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_ends_at_once_again_and_again_is_no_hot_loop() {
    let mut h = Harness::start(filled(2));
    h.live().await;
    let before = h.server.asked(CERTIFICATES).len();
    h.server.always(CERTIFICATES, Some(Fault::Says(String::new())));
    h.server.cut(CERTIFICATES);
    h.run(MINUTE).await;
    let first = h.server.asked(CERTIFICATES).len() - before;
    assert!((4..=12).contains(&first), "{first}");
    h.run(10 * MINUTE).await;
    let later = h.server.asked(CERTIFICATES).len() - before - first;
    assert!(later <= 30, "{later}");
    h.server.always(CERTIFICATES, None);
    h.server.put(CERTIFICATES, "shop", "c0", certificate());
    h.run(MINUTE).await;
    h.assert_same();
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
async fn a_dashboard_that_does_not_read_slows_the_feeds_down_and_loses_nothing() {
    let mut h = Harness::start(filled(50_000));
    tokio::time::sleep(MINUTE).await;
    h.live().await;
    assert_eq!(h.model.certificates.len(), 50_000);
    h.assert_same();
    h.watches.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn secrets_are_asked_for_as_metadata_and_events_by_group() {
    let mut h = Harness::start(filled(2));
    h.live().await;
    for asked in h.server.asked(SECRETS) {
        assert!(asked.accept.contains("as=PartialObjectMetadata"), "{asked:?}");
    }
    let mut events: Vec<String> = h.server.asked("/api/v1/events").into_iter().map(|asked| asked.query).collect();
    events.sort();
    assert_eq!(events.len(), 2, "{events:?}");
    for (query, group) in events.iter().zip(["acme.cert-manager.io", "cert-manager.io"]) {
        assert!(query.contains(&format!("fieldSelector=involvedObject.apiVersion%3D{group}%2Fv1")), "{query}");
    }
    for path in ["/api/v1/pods", "/api/v1/services", "/apis/networking.k8s.io/v1/ingresses"] {
        assert!(h.server.asked(path).iter().all(|asked| asked.query.contains("labelSelector=")), "{path}");
    }
    assert!(h.server.all_asked().iter().all(|asked| asked.is_stream() || !asked.is_watch()));
    assert!(h.cluster.traffic.requests() >= 16 && h.cluster.traffic.bytes() > 1_000);
}

#[tokio::test(start_paused = true)]
async fn without_a_wish_everything_is_watched_where_that_is_allowed() {
    let server = filled(1);
    let cluster = cluster(&server);
    let choice = choose(&cluster, Wish::default()).await;
    assert_eq!((choice.scope, choice.missing), (Scope::default(), None));

    let denied = Fault::Says(json!({"status": {"allowed": false}}).to_string());
    server.always("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", Some(denied));
    let choice = choose(&cluster, Wish::default()).await;
    assert_eq!(choice.scope.namespaces, ["shop"]);
    let missing = choice.missing.unwrap().to_string();
    assert_eq!(missing, "list certificates.cert-manager.io in all namespaces");

    let named = Wish { namespaces: vec!["b".into(), "a".into(), "b".into()], ..Wish::default() };
    assert_eq!(choose(&cluster, named).await.scope.namespaces, ["a", "b"]);
    let all = Wish { all: true, ..Wish::default() };
    assert_eq!(choose(&cluster, all).await.scope, Scope::default());
    assert_eq!(cluster.kubernetes().await.unwrap(), "v0.0.0-master+$Format:%H$");
}
