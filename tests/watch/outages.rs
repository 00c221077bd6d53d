//! What breaks on the way: busy servers, errors, cut and silent connections.

use std::time::Duration;

use cmtop::model::feed::FeedState;

use crate::harness::{Harness, MINUTE, certificate, filled};
use crate::server::{CERTIFICATES, Fault};

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
