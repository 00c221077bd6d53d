//! A real client against a server that misbehaves: whatever happens, in the end it knows what the server knows.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cmtop::sim::{Clock, Cluster, Effect, Fault};
use futures::{StreamExt as _, TryStreamExt as _};
use kube::api::{Api, ApiResource, DynamicObject, GroupVersionKind, ListParams};
use kube::runtime::{WatchStreamExt as _, watcher};
use serde_json::{Value, json};

fn certificates(cluster: &Cluster) -> Api<DynamicObject> {
    let client = kube::Client::new(cluster.service(), "default");
    let kind = GroupVersionKind::gvk("cert-manager.io", "v1", "Certificate");
    Api::all_with(client, &ApiResource::from_gvk_with_plural(&kind, "certificates"))
}

fn certificate(number: u64, round: u64) -> Value {
    json!({
        "apiVersion": "cert-manager.io/v1", "kind": "Certificate",
        "metadata": {"name": format!("c{number}"), "namespace": format!("n{}", number % 3)},
        "spec": {"secretName": format!("s{round}"), "issuerRef": {"name": "ca"}},
    })
}

/// A small seeded chance of the test's own.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn some_fault(chance: &mut Chance) -> Fault {
    let events = chance.below(6) as usize;
    let effect = match chance.below(10) {
        0 => Effect::Cut { events },
        1 => Effect::CutBytes(1 + chance.below(2_000) as usize),
        2 => Effect::Silence { events },
        3 => Effect::End { events },
        4 => Effect::Bookmark(-(chance.below(20) as i64)),
        5 => Effect::Duplicate,
        6 => Effect::Compact,
        7 => Effect::Delay(Duration::from_millis(chance.below(3_000))),
        8 => {
            Effect::Refuse { code: 500 + chance.below(4) as u16, reason: "InternalError".to_owned(), retry_after: None }
        }
        _ => Effect::Refuse { code: 429, reason: "TooManyRequests".to_owned(), retry_after: Some(1) },
    };
    Fault::new(effect).times(1 + chance.below(3) as u32).probability(0.7)
}

/// One schedule: writes and faults in a random order, then peace, then what the client knows and what the server has.
async fn play(seed: u64) {
    let cluster = Cluster::seeded(Clock::new(1.0), seed);
    let mut chance = Chance(seed);
    for number in 0..12 {
        cluster.apply(&certificate(number, 0)).unwrap();
    }
    let config = if seed.is_multiple_of(2) {
        watcher::Config::default().streaming_lists()
    } else {
        watcher::Config::default().page_size(5)
    };
    let known = Arc::new(Mutex::new(BTreeMap::new()));
    let stream = watcher(certificates(&cluster), config).default_backoff();
    let book = Arc::clone(&known);
    let watching = tokio::spawn(async move {
        let mut stream = std::pin::pin!(stream);
        let mut listed = BTreeMap::new();
        while let Some(event) = stream.next().await {
            let facts =
                |it: &DynamicObject| (it.metadata.uid.clone().unwrap(), it.metadata.resource_version.clone().unwrap());
            let mut book = book.lock().unwrap();
            match event {
                Ok(watcher::Event::Init) => listed.clear(),
                Ok(watcher::Event::InitApply(it)) => listed.extend([facts(&it)]),
                Ok(watcher::Event::InitDone) => *book = std::mem::take(&mut listed),
                Ok(watcher::Event::Apply(it)) => book.extend([facts(&it)]),
                Ok(watcher::Event::Delete(it)) => drop(book.remove(&facts(&it).0)),
                Err(_) => {}
            }
        }
    });
    for round in 1..40 {
        match chance.below(5) {
            0 => drop(cluster.faults().add(some_fault(&mut chance))),
            1 => drop(cluster.delete("certificate", &format!("n{}", round % 3), &format!("c{round}"))),
            _ => drop(cluster.apply(&certificate(chance.below(20), round)).unwrap()),
        }
        tokio::time::sleep(Duration::from_millis(chance.below(5_000))).await;
    }
    cluster.faults().clear();
    // A silent watch is given up after five minutes, and tried again at the latest half a minute later.
    tokio::time::sleep(Duration::from_mins(15)).await;
    let known = known.lock().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let there: BTreeMap<_, _> = cluster
        .objects("certificates")
        .iter()
        .map(|it| (text(&it["metadata"]["uid"]), text(&it["metadata"]["resourceVersion"])))
        .collect();
    assert_eq!(known, there, "seed {seed}");
    watching.abort();
}

#[tokio::test(start_paused = true)]
async fn five_hundred_random_schedules_end_well() {
    for seed in 0..500 {
        play(seed).await;
    }
}

#[tokio::test(start_paused = true)]
async fn pages_follow_each_other() {
    let cluster = Cluster::new(Clock::new(1.0));
    for number in 0..25 {
        cluster.apply(&certificate(number, 0)).unwrap();
    }
    let api = certificates(&cluster);
    let first = api.list(&ListParams::default().limit(10)).await.unwrap();
    assert_eq!((first.items.len(), first.metadata.remaining_item_count), (10, Some(15)));
    let token = first.metadata.continue_.unwrap();
    let rest = api.list(&ListParams::default().limit(20).continue_token(&token)).await.unwrap();
    assert_eq!(rest.items.len(), 15);
    // A compaction at the version of the list itself loses nothing; one after a later write does.
    cluster.apply(&certificate(30, 0)).unwrap();
    cluster.compact();
    let late = api.list(&ListParams::default().limit(10).continue_token(&token)).await.unwrap_err();
    assert!(matches!(&late, kube::Error::Api(status) if status.code == 410 && status.reason == "Expired"), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_without_streaming_lists_says_so() {
    let cluster = Cluster::new(Clock::new(1.0));
    cluster.faults().add(Fault::new(Effect::NoStreamingLists));
    let mut stream = watcher(certificates(&cluster), watcher::Config::default().streaming_lists()).boxed();
    let error = loop {
        match stream.try_next().await {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(format!("{error:?}").contains("422"), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn requests_are_recorded() {
    let cluster = Cluster::new(Clock::new(1.0));
    certificates(&cluster).list(&ListParams::default().labels("a=b")).await.unwrap();
    let requests = cluster.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].method.as_str(), requests[0].path.as_str()),
        ("GET", "/apis/cert-manager.io/v1/certificates")
    );
    assert!(requests[0].query.contains("labelSelector=a%3Db"));
}

/// The head and the body of one answer, as they go over the wire.
async fn raw(cluster: &Cluster, accept_encoding: &str) -> (http::response::Parts, Vec<u8>) {
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;
    let request =
        http::Request::get("/apis/cert-manager.io/v1/certificates").header("accept-encoding", accept_encoding);
    let answer = cluster.service().oneshot(request.body(kube::client::Body::empty()).unwrap()).await.unwrap();
    let (head, body) = answer.into_parts();
    (head, body.collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test(start_paused = true)]
async fn large_answers_are_packed_for_who_can_unpack_them() {
    use std::io::Read as _;
    let cluster = Cluster::new(Clock::new(1.0));
    cluster.apply(&certificate(0, 0)).unwrap();
    let (small, _) = raw(&cluster, "gzip").await;
    assert!(!small.headers.contains_key("content-encoding"), "a small answer is not worth it");
    for number in 1..500 {
        cluster.apply(&certificate(number, 0)).unwrap();
    }
    let (_, plain) = raw(&cluster, "identity").await;
    let (packed, bytes) = raw(&cluster, "gzip").await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == plain && bytes.len() < plain.len() / 4, "{} of {}", bytes.len(), plain.len());
}

#[tokio::test(start_paused = true)]
async fn the_date_is_the_clusters_own_and_can_be_off() {
    let cluster = Cluster::new(Clock::new(60.0));
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(raw(&cluster, "gzip").await.0.headers["date"], "Mon, 23 Nov 2026 01:10:00 GMT");
    cluster.faults().add(Fault::new(Effect::ClockOffset(-90)));
    assert_eq!(raw(&cluster, "gzip").await.0.headers["date"], "Mon, 23 Nov 2026 01:08:30 GMT");
}
