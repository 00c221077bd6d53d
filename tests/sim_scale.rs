//! Worlds far larger than a screen.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]
#![expect(clippy::print_stdout, reason = "the numbers are what this test is for")]
#![expect(clippy::naive_bytecount, reason = "not worth a dependency")]

use bytes::Bytes;
use cmtop::sim::{Options, Story, run};
use http::Request;
use http_body_util::{BodyExt as _, Full};
use tokio::time::{Duration, Instant, timeout};
use tower::ServiceExt as _;

const CERTIFICATES: u32 = 5_000;

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

async fn streamed(cluster: &cmtop::sim::Cluster, path: &str, accept: &str) -> (usize, usize, Duration) {
    let begun = Instant::now();
    let uri =
        format!("{path}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
    let request = Request::get(uri).header("accept", accept).body(Full::new(Bytes::new())).unwrap();
    let mut body = cluster.service().oneshot(request).await.unwrap().into_body();
    let (mut lines, mut bytes, mut first) = (0, 0, None);
    while let Some(frame) = timeout(Duration::from_mins(1), body.frame()).await.unwrap() {
        let chunk = frame.unwrap().into_data().unwrap();
        first.get_or_insert(begun.elapsed());
        lines += chunk.iter().filter(|byte| **byte == b'\n').count();
        bytes += chunk.len();
        if chunk.windows(18).any(|window| window == b"initial-events-end") {
            break;
        }
    }
    println!(
        "{path}: {lines} lines, {} MB in {:?}, first after {:?}",
        bytes / 1_000_000,
        begun.elapsed(),
        first.unwrap()
    );
    (lines, bytes, first.unwrap())
}

#[tokio::test]
async fn a_fleet_is_listed_as_a_stream() {
    let certificates = std::env::var("CMTOP_SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(CERTIFICATES);
    let (before, begun) = (resident(), Instant::now());
    let world = run(&Story::named("quiet").unwrap(), Options { certificates, ..Options::default() }).unwrap();
    println!("{certificates} certificates after {:?}, {} MB more", begun.elapsed(), (resident() - before) / 1_000);
    let cluster = world.cluster().clone();
    let count = certificates as usize;
    for (path, accept) in [
        ("/apis/cert-manager.io/v1/certificates", "application/json"),
        ("/apis/cert-manager.io/v1/certificaterequests", "application/json"),
        ("/apis/acme.cert-manager.io/v1/orders", "application/json"),
        ("/api/v1/secrets", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"),
    ] {
        let (lines, _, first) = streamed(&cluster, path, accept).await;
        assert!(lines > count * 99 / 100, "{path}: {lines}");
        assert!(first < Duration::from_secs(1));
    }
    let secret = &cluster.object("secret", "atlas-000", "api-000-tls").unwrap();
    assert!(secret["data"]["tls.crt"].as_str().unwrap().len() > 500);
    println!("{} MB in the end", (resident() - before) / 1_000);
}
