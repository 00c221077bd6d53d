//! The demo: every matrix is the outcome of real packets, and none leaves loopback.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use cmtop::cluster::{Cluster, Names, forward};
use cmtop::limits;
use cmtop::model::Model;
use cmtop::probe::answer::{Outcome, Role};
use cmtop::probe::mark::Mark;
use cmtop::probe::served::Found;
use cmtop::probe::survey::{preflight, served};
use cmtop::probe::target::Target;
use cmtop::probe::tls::serial_of_pem;
use cmtop::probe::verdict::Standing;
use cmtop::report::doctor::Doctor;
use cmtop::report::probe::{Findings, Probe};
use cmtop::report::{Origin, Style};
use cmtop::runtime::clock::Clock;
use cmtop::runtime::probing::examine::sightings;
use cmtop::runtime::probing::object::{task, wanted};
use cmtop::runtime::probing::resolvers::Resolvers;
use cmtop::runtime::source::gather::gather;
use cmtop::sim::{self, Options, Story};
use cmtop::triage::application::application;
use cmtop::watch::{Scope, spawn};
use tokio::sync::mpsc;

/// The demo after a minute: the model, its cluster, and its world outside.
async fn demo() -> (Model, Cluster, Resolvers) {
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
    (model, cluster, Resolvers::of_demo(internet, clock))
}

async fn probe(name: &str) -> Probe {
    let (model, cluster, resolvers) = demo().await;
    let (_, challenge) = model.challenges.iter().find(|(_, challenge)| &*challenge.dns_name == name).unwrap();
    let target = Target::of(&model, challenge).unwrap();
    assert!(target.expected.is_some());
    let task = task(&resolvers, Some(&cluster), &target).await;
    tokio::time::timeout(Duration::from_mins(1), task.look(resolvers.now())).await.unwrap()
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
    let behind: Vec<(&str, Mark)> =
        web.backing.iter().map(|link| (link.what.split(' ').next().unwrap(), link.mark)).collect();
    let good = ["IngressClass", "Ingress", "Service", "Pod"].map(|what| (what, Mark::Good));
    assert_eq!(behind, good, "{:?}", web.backing);
    assert_eq!(web.inside, Some(Ok(vec!["203.0.113.10".parse().unwrap()])));
}

#[tokio::test]
async fn a_name_that_leads_past_its_ingress_is_told() {
    let probe = probe("status.blog.example").await;
    let verdict = probe.verdict();
    assert_eq!(verdict.family, Some("http01-connection-refused"));
    assert!(verdict.title.contains("does not lead to the Ingress"), "{verdict:?}");
    assert!(verdict.cause.contains("203.0.113.10"), "{verdict:?}");
}

#[tokio::test]
async fn what_was_renewed_and_not_reloaded_is_served_at_one_of_two_addresses() {
    let (_, cluster, resolvers) = demo().await;
    let pem = forward::certificate(&cluster, "shop", "www-tls").await.unwrap();
    let plan = served::Plan {
        subject: "www.shop.example".parse().unwrap(),
        expected: serial_of_pem(&pem),
        addresses: Vec::new(),
        guides: resolvers.guides(),
    };
    let served = served::look(&resolvers.reach(), &plan, resolvers.now()).await;
    let found: Vec<Found> = served.doors.iter().map(|door| door.found).collect();
    assert_eq!(found, [Found::Match, Found::Mismatch], "{served:?}");
    assert!(served.verdict.title.contains("1 of 2"), "{:?}", served.verdict);
    let other = served::Plan { subject: "checkout.shop.example".parse().unwrap(), expected: None, ..plan };
    assert_eq!(served::look(&resolvers.reach(), &other, resolvers.now()).await.verdict.standing, Standing::Good);
}

/// Before there is a Challenge, each name is checked with the solver that the Issuer has for it.
#[tokio::test]
async fn a_certificate_without_a_challenge_is_checked_name_by_name() {
    let (model, _, resolvers) = demo().await;
    let of = |name: &str| {
        let (_, certificate) = model.certificates.iter().find(|(_, one)| &*one.meta.name == name).unwrap();
        application(&model, certificate)
    };
    let gateway = of("gateway").unwrap();
    assert_eq!(gateway.names[0].solver.as_ref(), Ok(&"http-01"));
    let flight = preflight::look(&resolvers.reach(), &wanted(&resolvers, &gateway)[0]).await;
    assert_eq!(flight.verdict.standing, Standing::Good, "{flight:?}");
    let sale = of("flash-sale").unwrap();
    let flight = preflight::look(&resolvers.reach(), &wanted(&resolvers, &sale)[0]).await;
    assert_eq!(flight.verdict.family, Some("wildcard-needs-dns01"), "{flight:?}");
    assert!(!flight.verdict.remedies.is_empty());
    assert!(of("grafana").unwrap_err().contains("wants no proof"));
}

#[tokio::test]
async fn the_doctor_says_what_probes_saw() {
    let (model, cluster, resolvers) = demo().await;
    let chosen: Vec<_> = model.certificates.iter().map(|(id, _)| id).collect();
    let report = Doctor::of(&model, &chosen, Origin::default(), resolvers.now());
    let (sightings, left_out) = sightings(&resolvers, &cluster, &model, report.stuck()).await;
    assert!(sightings.len() >= 3 && left_out == 0, "{sightings:?}");
    let text = report.seen(sightings).text(&Style::default());
    for wanted in [
        "the resolver has its own idea of the zone  [error, dns01-split-horizon, high confidence",
        "Probe/_acme-challenge.app.split.example@10.244.0.2:53 answer “nxdomain”",
        "Probe/blog.example@203.0.113.10:80 answer “wrong-status”",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}

#[test]
fn a_name_alone_is_asked_of_the_resolver_of_the_cluster_where_that_is_known() {
    let probe = |arguments: &[&str]| {
        let output =
            std::process::Command::new(env!("CARGO_BIN_EXE_cmtop")).arg("probe").args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (status, text) = probe(&["--demo", "dns01", "app.split.example"]);
    assert!(text.contains("dns01-split-horizon") && text.contains("cert-manager asks here and stops"), "{text}");
    assert_eq!(status, Some(1));
    assert!(!text.contains("was not asked"), "{text}");
    let (_, text) = probe(&["--demo", "blog/status"]);
    assert!(text.contains("203.0.113.11:80") && !text.contains("203.0.113.10:80"), "{text}");
}
