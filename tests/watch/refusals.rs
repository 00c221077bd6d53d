//! What the server will not do: credentials, rights, kinds; and what is asked of it.

use std::time::Duration;

use cmtop::model::feed::{FeedKey, FeedState};
use cmtop::model::kind::Kind;
use cmtop::watch::Scope;
use cmtop::watch::discover::{Wish, choose};
use serde_json::json;

use crate::harness::{Harness, MINUTE, cluster, filled};
use crate::server::{CERTIFICATES, Fault, ORDERS, SECRETS};

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
    let scope = Scope { namespaces: vec!["shop".into(), "blog".into()], selector: None, annotations: Vec::new() };
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
