//! The probe of what is served: TLS to each address.

use std::net::SocketAddr;

use futures::future::join_all;

use super::Reach;
use super::lookup;
use crate::model::meta::Time;
use crate::probe::judge::NO_ROUTE;
use crate::probe::served::{Door, Found, Served, judge};
use crate::probe::subject::Subject;
use crate::probe::tls;
use crate::probe::verdict::Verdict;

/// What is to be found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The name.
    pub subject: Subject,
    /// The serial number that should be served.
    pub expected: Option<String>,
    /// The addresses; empty to look them up.
    pub addresses: Vec<SocketAddr>,
    /// Resolvers for names.
    pub guides: Vec<SocketAddr>,
}

/// Looks once.
pub async fn look(reach: &Reach, plan: &Plan, now: Time) -> Served {
    let mut served = Served {
        subject: plan.subject.clone(),
        expected: plan.expected.clone(),
        doors: Vec::new(),
        lookup: None,
        notes: Vec::new(),
        verdict: Verdict::default(),
    };
    // A wildcard is served for any name below it.
    let name = if plan.subject.is_wildcard() {
        format!("cmtop.{}", plan.subject.name())
    } else {
        plan.subject.name().to_owned()
    };
    let mut addresses = plan.addresses.clone();
    if addresses.is_empty() {
        match lookup::addresses(&reach.net, &plan.guides, &name).await {
            Ok(found) => addresses.extend(found.into_iter().map(|ip| SocketAddr::new(ip, 443))),
            Err(why) => served.lookup = Some(why),
        }
    }
    served.doors = join_all(addresses.into_iter().map(|address| knock(reach, &name, address, now))).await;
    judge(&mut served, now);
    served
}

async fn knock(reach: &Reach, name: &str, address: SocketAddr, now: Time) -> Door {
    let mut door = Door {
        name: name.to_owned(),
        address,
        found: Found::Error,
        leaf: None,
        distrust: None,
        took_ms: 0,
        error: None,
    };
    let Some(way) = reach.net.way(address) else {
        door.error = Some(NO_ROUTE.to_owned());
        return door;
    };
    let began = tokio::time::Instant::now();
    let seen = tls::knock(way, name, now).await;
    door.took_ms = began.elapsed().as_millis() as u64;
    match seen {
        Ok(seen) => {
            door.leaf = Some(seen.leaf);
            door.distrust = seen.distrust;
            door.found = Found::Present;
        }
        Err(tls::Closed::Refused) => {
            door.found = Found::Refused;
            door.error = Some("connection refused".to_owned());
        }
        Err(tls::Closed::Timeout) => {
            door.found = Found::Timeout;
            door.error = Some("no answer in time".to_owned());
        }
        Err(tls::Closed::Failed(why)) => door.error = Some(why),
    }
    door
}
