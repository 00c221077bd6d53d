//! What differs between inside and outside: hairpin NAT, and a name that leads elsewhere inside.
//!
//! cert-manager makes its check from inside the cluster; an authority makes it from outside. What cert-manager saw is read
//! from the Challenge, where the name leads inside from the cluster's own resolver.

use std::net::IpAddr;

use super::verdict::{Remedy, Verdict};
use super::web::{Found, Visit, Web, is_private};

/// What cert-manager's check says when it fails: its words, and the family.
const REASONS: &[(&str, &str)] = &[
    ("connection refused", "http01-connection-refused"),
    ("no route to host", "http01-timeout"),
    ("i/o timeout", "http01-timeout"),
    ("deadline exceeded", "http01-timeout"),
    ("Client.Timeout", "http01-timeout"),
    ("connection timed out", "http01-timeout"),
    ("connection reset", "http01-tls-or-redirect"),
    (": EOF", "http01-tls-or-redirect"),
    ("no such host", "http01-host-not-found"),
    ("wrong status code", "http01-wrong-status"),
    ("did not get expected response", "http01-wrong-body"),
];

/// Where the name leads inside, where that is nowhere it leads from here.
fn elsewhere(web: &Web) -> Option<Vec<IpAddr>> {
    let inside = web.inside.as_ref()?.as_ref().ok().filter(|inside| !inside.is_empty())?;
    let outside: Vec<IpAddr> = web.outside().filter_map(|visit| Some(visit.address?.ip())).collect();
    let apart = !outside.is_empty() && inside.iter().all(|address| !outside.contains(address));
    apart.then(|| inside.clone())
}

fn list(addresses: &[IpAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn corefile(text: String) -> Remedy {
    Remedy::command(text, "kubectl edit configmap coredns -n kube-system")
}

/// Everything is well from here, and cert-manager's own check, from inside, fails.
pub(super) fn not_from_inside(web: &Web) -> Option<Verdict> {
    let host = web.subject.name();
    let (mark, family) = REASONS.iter().find(|(mark, _)| web.reason.contains(mark))?;
    let said = crate::text::fit(&web.reason, 160);
    let seen = format!("From here {host} answers as it should. cert-manager, which asks from inside, saw: “{said}”.");
    if let Some(inside) = elsewhere(web) {
        return Some(
            Verdict::trouble(
                family,
                "inside, the name leads elsewhere",
                format!("{seen} The cluster's resolver leads to {}.", list(&inside)),
            )
            .mended_by([
                Remedy::words(format!(
                    "Correct {host} in the zone that the cluster's resolver asks, or take it out there"
                )),
                corefile(format!(
                    "Or let CoreDNS ask outside: add `{host}:53 {{ forward . 1.1.1.1 8.8.8.8 }}` to the Corefile"
                )),
            ]),
        );
    }
    let connects = matches!(*family, "http01-connection-refused" | "http01-timeout" | "http01-tls-or-redirect");
    let verdict = if connects {
        let to = web.outside().find_map(|visit| visit.address).map(|a| a.ip().to_string()).unwrap_or_default();
        Verdict::trouble(
            family,
            "it is reached from outside, not from inside (hairpin NAT)",
            format!("{seen} The way from a Pod out to {to} and back in fails."),
        )
        .mended_by([
            corefile(format!(
                "Let the name lead to the ingress controller's Service inside: add \
                 `rewrite name exact {host} SERVICE.NAMESPACE.svc.cluster.local` to the Corefile"
            )),
            Remedy::words(
                "Or give the load balancer a host name instead of an address, so that traffic from inside really leaves \
                 (with PROXY protocol), or switch on hairpin NAT (NAT reflection) in the router",
            ),
            Remedy::words("Or see which NetworkPolicy holds cert-manager's Pod back: it needs port 80 of the world"),
        ])
    } else {
        Verdict::trouble(
            family,
            "cert-manager's own check still fails, and this one passes",
            format!("{seen} ({mark})"),
        )
        .mended_by([Remedy::words(
            "It checks again every 10 s: if that stays, another answers inside than outside, a proxy or an inner load balancer",
        )])
    };
    Some(verdict)
}

/// An address is silent from here, and inside the name leads to another.
pub(super) fn leads_elsewhere(web: &Web, bad: &Visit) -> Option<Verdict> {
    let inside = elsewhere(web).filter(|_| matches!(bad.found, Some(Found::Refused | Found::Timeout)))?;
    let host = web.subject.name();
    let family = if bad.found == Some(Found::Refused) { "http01-connection-refused" } else { "http01-timeout" };
    let inner = if inside.iter().all(|address| is_private(*address)) { "an inner address" } else { "another address" };
    Some(
        Verdict::trouble(
            family,
            "it is reached from inside, not from here",
            format!(
                "Inside, {host} leads to {} ({inner}), which cert-manager's check asks. From here {} answers with {}, \
                 and an authority asks from outside as well.",
                list(&inside),
                bad.place(),
                bad.words()
            ),
        )
        .mended_by([
            Remedy::command(
                "Let the public records lead to an address that is reached from outside",
                format!("dig A {host}"),
            ),
            Remedy::words("Or prove the name by DNS-01: nobody has to come in"),
        ]),
    )
}

/// The name leads past the solver's Ingress. An inner address says nothing: the load balancer may stand before it.
pub(super) fn beside_the_entrance(web: &Web, bad: &Visit) -> Option<Verdict> {
    let entrance = web.entrance.filter(|address| !is_private(*address))?;
    let addresses: Vec<IpAddr> = web.outside().filter_map(|visit| Some(visit.address?.ip())).collect();
    let comparable = addresses.iter().any(|address| address.is_ipv4() == entrance.is_ipv4());
    if !comparable || addresses.contains(&entrance) {
        return None;
    }
    let host = web.subject.name();
    let family = match bad.found? {
        Found::Refused => "http01-connection-refused",
        Found::Timeout => "http01-timeout",
        Found::Status => "http01-wrong-status",
        Found::Mismatch => "http01-wrong-body",
        _ => return None,
    };
    let cause = format!(
        "{} answers with {}. The solver's Ingress has the address {entrance}, to which {host} does not lead.",
        bad.place(),
        bad.words()
    );
    Some(Verdict::trouble(family, "the name does not lead to the Ingress", cause).mended_by([
        Remedy::command(format!("Let {host} lead to {entrance}"), format!("dig A {host}")),
        Remedy::words("Or let what stands before it (a CDN, another load balancer) pass port 80 on to that address"),
    ]))
}
