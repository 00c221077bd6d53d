//! Where cert-manager's self check and Let's Encrypt's check pass, and what follows from the difference.

use std::net::IpAddr;

use super::fingerprint::{exempt, fingerprint};
use super::hairpin;
use super::mark::Mark;
use super::verdict::{Remedy, Verdict};
use super::web::{Found, Visit, Web, is_private};
use crate::text::every;

/// Reads a visit against what should be there: for cert-manager and for Let's Encrypt.
pub fn weigh(visit: &mut Visit, expected: Option<&str>) {
    let locations: Vec<&str> = visit.hops.iter().filter_map(|hop| hop.location.as_deref()).collect();
    let body = if visit.found.is_some_and(Found::is_good) { "" } else { &visit.body };
    let known = fingerprint(&visit.server, body, &locations);
    (visit.who, visit.sort) = (known.map(|(who, _)| who), known.map(|(_, sort)| sort));
    let failed = match (visit.found, visit.status) {
        (Some(Found::Refused), _) => Some("connection refused".to_owned()),
        (Some(Found::Timeout), _) => Some("no answer in time".to_owned()),
        (Some(Found::Redirect | Found::Error), _) => visit.error.clone(),
        (Some(found), _) if found.is_good() => None,
        (_, Some(200)) => None,
        (_, Some(status)) => Some(format!("wrong status code {status}, expected 200")),
        _ => None,
    };
    let is_body = visit.found.is_some_and(Found::is_good) || failed.is_some();
    let trimmed = expected.is_some_and(|expected| visit.body.trim_end() == expected);
    visit.cert_manager = failed.clone().or_else(|| (!is_body).then(|| "another body".to_owned()));
    visit.lets_encrypt = failed.or_else(|| (!is_body && !trimmed).then(|| "another body".to_owned()));
    if expected.is_none() && visit.found == Some(Found::Present) {
        visit.cert_manager = None;
    }
    for hop in &visit.hops {
        if let Some(why) = hop.location.as_deref().and_then(refused_by_lets_encrypt) {
            visit.lets_encrypt = Some(why);
        }
    }
}

/// Why Let's Encrypt does not follow where cert-manager does: a port other than 80 and 443, a bare address.
fn refused_by_lets_encrypt(location: &str) -> Option<String> {
    let rest = location.strip_prefix("http://").or_else(|| location.strip_prefix("https://"))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = split_port(authority);
    if host.parse::<IpAddr>().is_ok() || host.starts_with('[') {
        return Some(format!("redirect to the bare address {host}: Let's Encrypt follows names only"));
    }
    port.filter(|port| !matches!(*port, "80" | "443"))
        .map(|port| format!("redirect to port {port}: Let's Encrypt follows to 80 and 443 only"))
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// What follows from all addresses.
pub fn judge(web: &mut Web) {
    web.verdict = verdict(web);
    web.notes = differences(web);
}

fn verdict(web: &Web) -> Verdict {
    let unprovable = wildcard(web).or_else(|| nowhere(web));
    if let Some(verdict) = unprovable {
        return verdict;
    }
    let outside: Vec<&Visit> = web.outside().collect();
    let Some(bad) = outside.iter().copied().find(|visit| visit.found.is_some() && !visit.is_good()) else {
        return all_good(web, &outside);
    };
    EXPLANATIONS.iter().find_map(|explain| explain(web, bad)).unwrap_or_else(|| by_answer(web, bad))
}

/// What may explain that an address is not well, by how far before the solver it lies: who answers by itself, before
/// anything of the cluster, makes what stands behind it unimportant.
const EXPLANATIONS: &[fn(&Web, &Visit) -> Option<Verdict>] =
    &[one_family, somebody_else, hairpin::leads_elsewhere, missing_link, hairpin::beside_the_entrance];

/// No authority proves a wildcard by HTTP-01.
fn wildcard(web: &Web) -> Option<Verdict> {
    web.subject.is_wildcard().then(|| {
        Verdict::trouble(
            "wildcard-needs-dns01",
            "HTTP-01 cannot prove a wildcard",
            format!("{} is a wildcard: authorities accept DNS-01 only.", web.subject),
        )
        .mended_by([Remedy::words("Add a dns01 solver to the Issuer, with a selector for this name")])
    })
}

/// The name leads to no address.
fn nowhere(web: &Web) -> Option<Verdict> {
    let host = web.subject.name();
    web.visits.is_empty().then(|| {
        let why = web.lookup.clone().unwrap_or_else(|| "it has no address".to_owned());
        Verdict::trouble("http01-host-not-found", "the name has no address", format!("{host}: {why}.")).mended_by([
            Remedy::command(
                "Publish an A or AAAA record that leads to the ingress controller's load balancer",
                format!("dig A {host}; dig AAAA {host}"),
            ),
        ])
    })
}

/// Every IPv4 address is well, and no IPv6 address is.
fn one_family(web: &Web, bad: &Visit) -> Option<Verdict> {
    let (v4, v6) = (
        |visit: &Visit| visit.address.is_some_and(|a| a.is_ipv4()),
        |visit: &Visit| visit.address.is_some_and(|a| a.is_ipv6()),
    );
    let v4_good = web.outside().any(|visit| visit.is_good() && v4(visit));
    let v6_bad = web.outside().filter(|visit| visit.found.is_some() && !visit.is_good()).all(v6);
    (v4_good && v6_bad).then(|| {
        let cause = format!(
            "{} answers with {}; every IPv4 address is well. Authorities try IPv6 first.",
            bad.place(),
            bad.words()
        );
        Verdict::trouble("http01-ipv6-broken", "IPv6 does not work, IPv4 does", cause).mended_by([Remedy::command(
            "Remove the AAAA record, or let that address lead to the same load balancer",
            format!("dig AAAA {}", web.subject.name()),
        )])
    })
}

/// An object between the address and the solver is missing, or does not lead on.
fn missing_link(web: &Web, bad: &Visit) -> Option<Verdict> {
    let link = web.backing.iter().find(|link| link.mark == Mark::Bad)?;
    // The name of the object stands in the cause: a title is short.
    let title = format!(
        "{} of the solver: {}",
        link.what.split(' ').next().unwrap_or_default(),
        link.words.split([':', '(']).next().unwrap_or_default().trim_end()
    );
    let cause = format!("{} answers with {}. Behind it, {}: {}.", bad.place(), bad.words(), link.what, link.words);
    let verdict = Verdict::trouble(link.family?, title, cause).mended_by(link.remedy.clone());
    Some(verdict.mended_by(remedies(bad.found.unwrap_or(Found::Error), web.subject.name())))
}

/// Nothing explains it: it is told as it came.
fn by_answer(web: &Web, bad: &Visit) -> Verdict {
    let found = bad.found.unwrap_or(Found::Error);
    let behind = web.visits.iter().find(|visit| visit.pod.is_some()).filter(|visit| visit.is_good()).map(|visit| {
        format!(
            " The solver's own answer, asked from inside ({}), is right: what is before it is wrong.",
            visit.place()
        )
    });
    let cause = format!("{} answers with {}.{}", bad.place(), bad.words(), behind.unwrap_or_default());
    let (family, title) = match found {
        // Port 80 answered: it is the end of the way that does not.
        Found::Refused | Found::Timeout if is_redirected(bad) => {
            ("http01-tls-or-redirect", "the redirect leads where nobody answers".to_owned())
        }
        Found::Refused => ("http01-connection-refused", "nobody listens on port 80".to_owned()),
        Found::Timeout => ("http01-timeout", "the address does not answer".to_owned()),
        Found::Status => {
            ("http01-wrong-status", format!("self check gets {}, wants 200", bad.status.unwrap_or_default()))
        }
        Found::Mismatch => ("http01-wrong-body", "another body comes than the solver's".to_owned()),
        _ => ("http01-tls-or-redirect", "the redirect or TLS behind it fails".to_owned()),
    };
    Verdict::trouble(family, title, cause).mended_by(remedies(found, web.subject.name()))
}

fn is_redirected(visit: &Visit) -> bool {
    visit.hops.iter().any(|hop| hop.location.is_some())
}

/// A login, a firewall or a captive portal: what it answers with decides the family.
fn somebody_else(web: &Web, bad: &Visit) -> Option<Verdict> {
    let sort = bad.sort?;
    let title = sort.title()?;
    let family = match bad.found {
        _ if is_redirected(bad) => "http01-tls-or-redirect",
        Some(Found::Status) => "http01-wrong-status",
        _ => "http01-wrong-body",
    };
    let verdict = Verdict::trouble(family, title, format!("{} answers with {}.", bad.place(), bad.words()));
    Some(verdict.mended_by(sort.remedies(web.subject.name())))
}

fn remedies(found: Found, host: &str) -> Vec<Remedy> {
    let ingress = "kubectl get ingress -A -l acme.cert-manager.io/http01-solver=true -o wide";
    match found {
        Found::Refused | Found::Timeout => {
            let lookup = ("Does the name lead to the ingress controller's load balancer?", format!("dig A {host}"));
            // An address leads nowhere but to itself.
            let name = host.trim_matches(['[', ']']).parse::<IpAddr>().is_err();
            let open = Remedy::command(
                "Open port 80 there: HTTP-01 begins with plain HTTP",
                "kubectl get service -A --field-selector spec.type=LoadBalancer",
            );
            name.then(|| Remedy::command(lookup.0, lookup.1)).into_iter().chain([open]).collect()
        }
        Found::Status | Found::Mismatch => vec![
            Remedy::command(
                "Does the solver's Ingress have a class that a controller serves, and an address?",
                ingress,
            ),
            exempt("logins, redirects and caches"),
        ],
        _ => vec![exempt("the redirect")],
    }
}

fn all_good(web: &Web, outside: &[&Visit]) -> Verdict {
    if let Some(inside) =
        // What could not be asked is no answer of the Pod.
        web.visits.iter().find(|visit| {
            visit.pod.is_some() && !visit.is_good() && visit.found.is_some_and(|found| found != Found::Error)
        })
    {
        return Verdict::trouble(
            "http01-solver-pod-not-running",
            "the solver's Pod does not answer",
            format!("{} answers with {}, though the outside is well.", inside.place(), inside.words()),
        );
    }
    if outside.iter().all(|visit| visit.found.is_none()) {
        return Verdict::blind("waiting for the first answer");
    }
    if let Some(visit) = outside.iter().find(|visit| visit.lets_encrypt.is_some()) {
        return Verdict::trouble(
            "http01-tls-or-redirect",
            "cert-manager's check passes, Let's Encrypt's will not",
            format!("{}: {}.", visit.place(), visit.lets_encrypt.clone().unwrap_or_default()),
        )
        .mended_by(remedies(Found::Redirect, web.subject.name()));
    }
    if let Some(verdict) = hairpin::not_from_inside(web) {
        return verdict;
    }
    let answer = every(outside.len(), "address", "answer");
    if outside.iter().all(|visit| visit.found == Some(Found::Present)) {
        return Verdict::good(format!("{answer}; only the token of a Challenge shows whether rightly"));
    }
    Verdict::good(format!("{answer} rightly"))
}

/// What differs between addresses, and what only authorities will notice.
fn differences(web: &Web) -> Vec<String> {
    let mut notes = Vec::new();
    let heard = || web.visits.iter().filter(|visit| visit.pod.is_none() && visit.status.is_some());
    let mut servers: Vec<&str> = heard().map(|visit| visit.server.as_str()).collect();
    servers.sort_unstable();
    servers.dedup();
    if servers.len() > 1 {
        notes.push(format!("different servers answer at different addresses: {}", servers.join(", ")));
    }
    let mut inner = web.visits.iter().filter_map(|visit| visit.address).filter(|address| is_private(address.ip()));
    if let Some(address) = inner.next() {
        notes.push(format!("{} is an inner address: a public authority does not reach it", address.ip()));
    }
    if let Some(Err(why)) = &web.inside {
        notes.push(format!("the cluster's resolver was not asked: {why}"));
    }
    for visit in web.visits.iter().filter(|visit| visit.cert_manager.is_some() != visit.lets_encrypt.is_some()) {
        notes.push(match (&visit.cert_manager, &visit.lets_encrypt) {
            (Some(why), _) => format!("{}: Let's Encrypt accepts it, cert-manager does not: {why}", visit.place()),
            (_, why) => format!(
                "{}: cert-manager accepts it, Let's Encrypt does not: {}",
                visit.place(),
                why.as_deref().unwrap_or_default()
            ),
        });
    }
    notes
}

#[cfg(test)]
mod tests;
