//! Our feeds and our model on an API server that misbehaves in every way: in the end the model is what the server has.

#[path = "support/schedules.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with a benchmark")]
mod schedules;

use std::ops::Range;
use std::time::Duration;

use cmtop::sim::{self, Clock, Cluster, Effect, Fault, Options, Story};
use cmtop::watch::Scope;
use schedules::{Honesty, PEACE, Play, play, trouble, verdict};
use serde_json::json;

/// Plays every schedule of a part, and tells the first that ends badly.
async fn all_end_well(seeds: Range<u64>) {
    let mut failed = Vec::new();
    for seed in seeds {
        failed.extend(play(seed).await.err());
    }
    assert!(failed.is_empty(), "{} schedules end badly, the first:\n{}", failed.len(), failed[0]);
}

#[tokio::test(start_paused = true)]
async fn five_hundred_schedules_end_with_what_the_server_has_first_half() {
    all_end_well(0..250).await;
}

#[tokio::test(start_paused = true)]
async fn five_hundred_schedules_end_with_what_the_server_has_second_half() {
    all_end_well(250..500).await;
}

/// What the schedules compare can differ: where a server lied and nobody lists again, something is missing sometimes.
#[tokio::test(start_paused = true)]
async fn without_listing_again_some_lies_stay() {
    let mut differ = 0;
    for seed in (0..200).filter(|seed| Honesty::of(*seed) == Honesty::Lying) {
        let mut play = trouble(seed).await;
        play.run(PEACE).await;
        differ += usize::from(!play.differences().is_empty());
    }
    assert!(differ > 0);
}

fn certificate(name: &str) -> serde_json::Value {
    json!({
        "apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"name": name, "namespace": "shop"},
        "spec": {"secretName": "tls", "issuerRef": {"name": "ca"}},
    })
}

/// A bookmark that promises versions which were never sent: when the watch is resumed there, what happened between is
/// lost, and nothing on the wire says so. A person who does not believe the screen lists again.
#[tokio::test(start_paused = true)]
async fn a_lying_bookmark_is_healed_by_listing_again() {
    let sim = Cluster::new(Clock::new(1.0));
    sim.apply(&certificate("a")).unwrap();
    sim.faults().add(Fault::new(Effect::Bookmark(3)).verb("watch").resource("certificates").times(1));
    let mut play = Play::new(sim.clone(), Scope::default());
    // Half of the five minutes after which kube's watcher asks for a new watch: the lie has been told by then.
    play.run(Duration::from_secs(150)).await;
    verdict(&play, "the lie changes nothing yet").unwrap();
    play.run(Duration::from_secs(139)).await;
    sim.faults()
        .add(Fault::new(Effect::Delay(Duration::from_secs(20))).verb("watch").resource("certificates").times(1));
    play.run(Duration::from_secs(10)).await;
    sim.apply(&certificate("b")).unwrap();
    play.run(Duration::from_mins(10)).await;
    assert_eq!(play.model.certificates.len(), 1, "the server hid it: {:?}", play.differences());
    play.watches.resync();
    play.run(Duration::from_secs(10)).await;
    verdict(&play, "after listing again").unwrap();
}

/// A large demo opens with its story, and the fleet follows: nobody is told of trouble meanwhile.
#[tokio::test(start_paused = true)]
async fn a_fleet_arrives_while_somebody_looks() {
    let options = Options { certificates: 1_500, ..Options::default() };
    let world = sim::begin(&Story::named("quiet").unwrap(), options).unwrap();
    let mut play = Play::new(world.cluster().clone(), Scope::default());
    play.run(Duration::from_millis(100)).await;
    let told = play.model.certificates.len();
    assert!(told > 0 && told < 100, "{told}");
    assert!(play.troubled().is_empty(), "{:?}", play.troubled());
    tokio::spawn(world.drive());
    play.run(Duration::from_secs(1)).await;
    assert_eq!(play.model.certificates.len(), told + 1_500);
    assert!(play.troubled().is_empty(), "{:?}", play.troubled());
}
