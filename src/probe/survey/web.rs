//! The HTTP-01 probe: each address by itself, redirects step by step.

use std::net::{IpAddr, SocketAddr};

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::time::Instant;

use super::Reach;
use super::lookup;
use crate::probe::http::{self, Fetched, Miss, Url};
use crate::probe::judge::NO_ROUTE;
use crate::probe::web::{Found, Hop, MOST_REDIRECTS, Plan, Visit, Web, may_follow};
use crate::probe::web_judge::{judge, weigh};

/// Looks once. Each answer is shown as it lands.
pub async fn look(reach: &Reach, plan: &Plan, mut show: impl FnMut(&Web)) -> Web {
    let mut web = Web::begin(plan);
    let addresses = if plan.addresses.is_empty() {
        let found = lookup::addresses(&reach.net, &plan.guides, plan.subject.name()).await;
        let found = found.map(|found| found.into_iter().map(|ip| SocketAddr::new(ip, 80)).collect::<Vec<_>>());
        found.unwrap_or_else(|why| {
            web.lookup = Some(why);
            Vec::new()
        })
    } else {
        plan.addresses.clone()
    };
    web.visits = addresses.iter().map(|address| Visit::waiting(Some(*address))).collect();
    if let Some((pod, _)) = &reach.solver {
        web.visits.push(Visit { pod: Some(pod.clone()), ..Visit::waiting(None) });
    }
    show(&web);
    let asked: Vec<IpAddr> = addresses.iter().map(SocketAddr::ip).collect();
    let mut waiting: FuturesUnordered<_> = web
        .visits
        .iter()
        .cloned()
        .enumerate()
        .map(|(i, visit)| {
            let asked = &asked;
            async move { (i, visit_one(reach, plan, asked, visit).await) }
        })
        .collect();
    let inside = async {
        match &reach.resolver {
            Some(tunnel) => Some(lookup::addresses_inside(&reach.net, tunnel, plan.subject.name()).await),
            None => None,
        }
    };
    let visits = async {
        while let Some((i, mut visit)) = waiting.next().await {
            weigh(&mut visit, plan.expected.as_deref());
            web.visits[i] = visit;
            show(&web);
        }
    };
    let (inside, ()) = tokio::join!(inside, visits);
    drop(waiting);
    web.inside = inside;
    judge(&mut web);
    show(&web);
    web
}

async fn visit_one(reach: &Reach, plan: &Plan, asked: &[IpAddr], mut visit: Visit) -> Visit {
    let began = Instant::now();
    let path = plan.path();
    let url = Url { tls: false, host: plan.subject.name().to_owned(), port: None, path };
    let outcome = match (&reach.solver, visit.address) {
        (Some((_, tunnel)), None) => {
            visit.hops.push(Hop { url: url.to_string(), address: None, status: None, location: None });
            http::get_inside(tunnel, &url).await
        }
        (_, Some(address)) => walk(reach, plan, asked, address, url, &mut visit).await,
        (None, None) => Err(Miss::Failed("the solver's Pod cannot be asked from inside".to_owned())),
    };
    visit.took = Some(began.elapsed());
    match outcome {
        Ok(fetched) => {
            if let Some(hop) = visit.hops.last_mut() {
                hop.status = Some(fetched.status);
            }
            visit.status = Some(fetched.status);
            visit.server = fetched.server;
            visit.found = Some(match (&plan.expected, fetched.status) {
                (None, 200..300) => Found::Present,
                // Nobody gave out that token: that a server says so is well.
                (None, 404) if plan.token.is_none() => Found::Present,
                (_, status) if status != 200 => Found::Status,
                (Some(expected), _) if *expected == fetched.body => Found::Match,
                _ => Found::Mismatch,
            });
            visit.body = fetched.body;
        }
        Err(miss) => {
            let (found, why) = match miss {
                Miss::Refused => (Found::Refused, "connection refused".to_owned()),
                Miss::Timeout => (Found::Timeout, "timeout".to_owned()),
                Miss::Redirect(why) => (Found::Redirect, why),
                Miss::Failed(why) => (Found::Error, why),
            };
            visit.found = Some(found);
            visit.error = Some(why);
        }
    }
    visit
}

/// Follows redirects, step by step.
async fn walk(
    reach: &Reach,
    plan: &Plan,
    asked: &[IpAddr],
    first: SocketAddr,
    mut url: Url,
    visit: &mut Visit,
) -> Result<Fetched, Miss> {
    let mut address = first;
    loop {
        visit.hops.push(Hop { url: url.to_string(), address: Some(address), status: None, location: None });
        let way = reach.net.way(address).ok_or_else(|| Miss::Failed(NO_ROUTE.to_owned()))?;
        let fetched = http::get(way, &url).await?;
        let Some(location) = fetched.location.clone().filter(|_| (300..400).contains(&fetched.status)) else {
            return Ok(fetched);
        };
        if let Some(hop) = visit.hops.last_mut() {
            hop.status = Some(fetched.status);
            hop.location = Some(location.clone());
        }
        if visit.hops.len() > MOST_REDIRECTS {
            return Err(Miss::Redirect(format!("more than {MOST_REDIRECTS} redirects")));
        }
        let next = url.join(&location).map_err(Miss::Redirect)?;
        let same_host = next.host == plan.subject.name();
        let ip = if same_host {
            // The name leads to several addresses: this visit stays with its own.
            first.ip()
        } else {
            let found = lookup::addresses(&reach.net, &plan.guides, &next.host).await;
            let found = found.map_err(|why| Miss::Redirect(format!("redirect to {}: {why}", next.host)))?;
            *found.first().ok_or_else(|| Miss::Redirect(format!("redirect to {}: no address", next.host)))?
        };
        if !may_follow(ip, asked) {
            return Err(Miss::Redirect(format!(
                "redirect to {}: {ip} is an inner address, and is not asked",
                next.host
            )));
        }
        // A person who named another port for the name means it for plain HTTP as well.
        let port = next.port.unwrap_or(if next.tls {
            443
        } else if same_host {
            first.port()
        } else {
            80
        });
        address = SocketAddr::new(ip, port);
        url = next;
    }
}
