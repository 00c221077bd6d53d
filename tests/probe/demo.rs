//! The demo: every matrix is the outcome of real packets, and none leaves loopback.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use cmtop::cluster::{Cluster, Names};
use cmtop::limits;
use cmtop::model::Model;
use cmtop::probe::answer::{Outcome, Role};
use cmtop::probe::target::Target;
use cmtop::report::probe::{Findings, Probe};
use cmtop::runtime::clock::Clock;
use cmtop::runtime::gather::gather;
use cmtop::runtime::probing::object::task;
use cmtop::runtime::probing::world::World;
use cmtop::sim::{self, Options, Story};
use cmtop::watch::{Scope, spawn};
use tokio::sync::mpsc;

/// The demo after a minute: the model, its cluster, and its world outside.
async fn demo() -> (Model, Cluster, World) {
    let mut world = sim::begin(&Story::named("busy-night").unwrap(), Options::default()).unwrap();
    let now = world.clock().start() + TimeDelta::seconds(60);
    world.work_until(now);
    let clock = Clock::fixed(now);
    let told: cmtop::cluster::Now = Arc::new(move || now);
    let internet = sim::internet(world.cluster()).await.unwrap();
    assert!(!internet.ways.is_empty() && internet.ways.values().all(|way| way.ip().is_loopback()));
    let asked = internet.public.iter().chain(&internet.system);
    assert!(asked.clone().count() > 0 && asked.clone().all(|address| internet.ways.contains_key(address)));
    let cluster = Cluster::in_process(world.cluster().service(), Names::default(), Arc::clone(&told));
    let (out, mut batches) = mpsc::channel(limits::QUEUE);
    let watches = spawn(&cluster, &Scope::default(), &told, &out);
    let mut model = Model::default();
    gather(&mut model, &mut batches, watches.len()).await;
    (model, cluster, World::of_demo(internet, clock))
}

async fn probe(name: &str) -> Probe {
    let (model, cluster, world) = demo().await;
    let (_, challenge) = model.challenges.iter().find(|(_, challenge)| &*challenge.dns_name == name).unwrap();
    let target = Target::of(&model, challenge).unwrap();
    assert!(target.expected.is_some());
    let task = task(&world, Some(&cluster), &target).await;
    tokio::time::timeout(Duration::from_mins(1), task.look(world.now())).await.unwrap()
}

#[tokio::test]
async fn the_split_zone_is_seen_from_both_sides() {
    let probe = probe("app.split.example").await;
    let Findings::Dns01(report) = &probe.findings else { panic!("{probe:?}") };
    let of = |role| report.of(role).map(|row| row.outcome.unwrap()).collect::<Vec<_>>();
    assert_eq!(of(Role::Authority), [Outcome::Match, Outcome::Match], "{report:?}");
    assert_eq!(of(Role::Public), [Outcome::Match, Outcome::Match]);
    assert_eq!(of(Role::Cluster), [Outcome::NxDomain]);
    assert_eq!(report.verdict.family, Some("dns01-split-horizon"));
    assert_eq!(report.stop.and_then(|stop| report.rows.get(stop)).map(|row| row.server.role), Some(Role::Cluster));
}

#[tokio::test]
async fn a_wrong_ingress_is_told_from_a_healthy_solver() {
    let probe = probe("blog.example").await;
    let Findings::Http01(web) = &probe.findings else { panic!("{probe:?}") };
    assert_eq!(web.verdict.family, Some("http01-wrong-status"), "{web:?}");
    assert!(web.visits.iter().any(|visit| visit.pod.is_some() && visit.is_good()), "{web:?}");
    assert!(web.verdict.cause.contains("asked from inside"), "{:?}", web.verdict);
}
