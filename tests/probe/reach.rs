//! A world of its own: zones that are found by questions, and nothing beyond them.

use std::collections::HashMap;
use std::net::SocketAddr;

use cmtop::probe::answer::{Outcome, Role, Server as Asked};
use cmtop::probe::dns::Net;
use cmtop::probe::dns01::{Checker, Plan};
use cmtop::probe::survey::{Reach, dns01};
use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RecordType;

use crate::server::{Server, Zone, address, answer, at_once, name, serves, soa, txt};

const KEY: &str = "key";
const AT: &str = "_acme-challenge.www.shop.io";

/// A resolver that knows everything, the parent's server, and two of the zone's: one of them an older copy.
async fn world() -> (Reach, SocketAddr) {
    let everything = Zone {
        soa: soa("shop.io", "ns1.test", 7),
        authoritative: false,
        records: vec![
            serves("shop.io", "ns1.shop.io"),
            serves("shop.io", "ns2.shop.io"),
            address("ns1.shop.io", "203.0.113.1"),
            address("ns2.shop.io", "203.0.113.2"),
            serves("io", "a.nic.io"),
            address("a.nic.io", "203.0.113.3"),
            txt(AT, KEY),
        ],
    };
    let resolver = Server::start(move |question, _| {
        let query = &question.queries[0];
        let mut message = everything.answer(question);
        if query.query_type() == RecordType::SOA && *query.name() == name("io") {
            message = answer(question, ResponseCode::NoError);
            message.answers.push(soa("io", "a.nic.io", 1));
        }
        at_once(&message)
    })
    .await;
    let first = Server::of(Zone::new("shop.io", vec![txt(AT, KEY)])).await;
    let second = Server::of(Zone { soa: soa("shop.io", "ns1.test", 6), ..Zone::new("shop.io", Vec::new()) }).await;
    let parent = Server::start(|question, _| {
        let mut message = answer(question, ResponseCode::NoError);
        message.authorities = vec![serves("shop.io", "ns1.shop.io"), serves("shop.io", "old.shop.io")];
        at_once(&message)
    })
    .await;
    let public: SocketAddr = "1.1.1.1:53".parse().unwrap();
    let detours = HashMap::from([
        (public, resolver.address),
        ("203.0.113.1:53".parse().unwrap(), first.address),
        ("203.0.113.2:53".parse().unwrap(), second.address),
        ("203.0.113.3:53".parse().unwrap(), parent.address),
    ]);
    (Reach { net: Net::elsewhere(detours), ..Reach::default() }, public)
}

#[tokio::test]
async fn the_zone_its_parent_and_every_authority_are_found() {
    let (reach, public) = world().await;
    let plan = Plan {
        subject: "www.shop.io".parse().unwrap(),
        expected: Some(KEY.to_owned()),
        servers: vec![Asked::new(public, Role::Public), Asked::new("8.8.8.8:53".parse().unwrap(), Role::Public)],
        guides: vec![public],
        checker: Checker::default(),
    };
    let report = dns01::look(&reach, &plan, |_| ()).await;
    assert_eq!(report.zone.name, "shop.io");
    assert_eq!(report.zone.by_itself, ["ns1.shop.io", "ns2.shop.io"]);
    assert!(report.zone.disagrees() && report.notes.iter().any(|note| note.contains("old.shop.io")), "{report:?}");
    let seen: Vec<(&str, String, Outcome)> = report
        .rows
        .iter()
        .map(|row| (row.server.role.as_str(), row.server.address.to_string(), row.outcome.unwrap()))
        .collect();
    assert_eq!(
        seen,
        [
            ("authority", "203.0.113.1:53".to_owned(), Outcome::Match),
            ("authority", "203.0.113.2:53".to_owned(), Outcome::NxDomain),
            ("authority", "0.0.0.0:53".to_owned(), Outcome::Error),
            ("public", "1.1.1.1:53".to_owned(), Outcome::Match),
            ("public", "8.8.8.8:53".to_owned(), Outcome::Error),
        ]
    );
    assert_eq!(report.stop, Some(1), "cert-manager asks the authorities in order");
}

#[tokio::test]
async fn what_is_not_listed_cannot_be_reached() {
    let (reach, _) = world().await;
    assert_eq!(reach.net.way("8.8.8.8:53".parse().unwrap()), None);
    assert!(reach.net.way("1.1.1.1:53".parse().unwrap()).unwrap().ip().is_loopback());
}
