//! Where cert-manager's self check and Let's Encrypt's check pass, and what follows from the difference.

use std::net::IpAddr;

use super::verdict::{Remedy, Verdict};
use super::web::{Found, Hop, MOST_REDIRECTS, Visit, Web, is_private};

/// Bodies by which well-known programs give themselves away: what they hold, and who it is.
const BODIES: &[(&str, &str)] = &[
    ("default backend - 404", "the default back end of ingress-nginx: no Ingress matches"),
    ("404 page not found", "a Go program (Traefik answers so when no router matches)"),
    ("<center>nginx</center>", "nginx"),
    ("fault filter abort", "Envoy"),
    ("upstream connect error", "Envoy, which cannot reach the Pod"),
    ("no healthy upstream", "Envoy, which has no healthy Pod"),
    ("slowAES.decrypt", "a test cookie for browsers in nginx"),
    ("__test=", "a test cookie for browsers"),
    ("The plain HTTP request was sent to HTTPS port", "a port that speaks TLS only"),
    ("acme-protocol", "a Palo Alto firewall that blocks ACME"),
    ("Attention Required! | Cloudflare", "Cloudflare's firewall"),
    ("Just a moment...", "Cloudflare's challenge for browsers"),
    ("Incapsula", "Imperva's firewall"),
    ("Request blocked", "CloudFront or a firewall behind it"),
    ("oauth2/start", "oauth2-proxy: a login stands before it"),
    ("/oauth2/", "oauth2-proxy: a login stands before it"),
    ("accounts.google.com", "a login page"),
    ("login.microsoftonline.com", "a login page"),
    ("captive", "a captive portal"),
    ("It works!", "a web server that was just installed"),
    ("Welcome to nginx", "nginx as it was installed"),
];

/// `Server` headers: what they begin with, and who it is.
const SERVERS: &[(&str, &str)] = &[
    ("cloudflare", "Cloudflare's CDN"),
    ("AkamaiGHost", "Akamai's CDN"),
    ("CloudFront", "Amazon CloudFront"),
    ("awselb", "an Amazon load balancer"),
    ("istio-envoy", "Istio's Envoy"),
    ("envoy", "Envoy"),
    ("Google Frontend", "a Google load balancer"),
    ("Microsoft-Azure-Application-Gateway", "an Azure Application Gateway"),
    ("BigIP", "an F5 load balancer"),
    ("ChinaCache", "ChinaCache's CDN"),
    ("RouterOS", "a router"),
    ("micro_httpd", "a router"),
    ("mini_httpd", "a router"),
    ("GoAhead", "a router"),
    ("Boa/", "a router"),
    ("openresty", "OpenResty"),
    ("nginx", "nginx"),
    ("Apache", "Apache"),
    ("Caddy", "Caddy"),
];

/// Who answered, by the body first: it says more.
pub fn fingerprint(server: &str, body: &str) -> Option<&'static str> {
    let in_body = BODIES.iter().find(|(mark, _)| body.contains(mark));
    let by_header =
        || SERVERS.iter().find(|(mark, _)| server.to_ascii_lowercase().starts_with(&mark.to_ascii_lowercase()));
    in_body.or_else(by_header).map(|(_, who)| *who)
}

/// Reads a visit against what should be there: for cert-manager and for Let's Encrypt.
pub fn weigh(visit: &mut Visit, expected: Option<&str>) {
    visit.who = fingerprint(&visit.server, &visit.body);
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

/// Whether a chain of requests is too long for anybody.
pub fn is_too_long(hops: &[Hop]) -> bool {
    hops.len() > MOST_REDIRECTS
}

/// What follows from all addresses.
pub fn judge(web: &mut Web) {
    web.verdict = verdict(web);
    web.notes.extend(differences(web));
}

fn verdict(web: &Web) -> Verdict {
    let host = web.subject.name();
    if web.subject.is_wildcard() {
        return Verdict::trouble(
            "wildcard-needs-dns01",
            "HTTP-01 cannot prove a wildcard",
            format!("{} is a wildcard: authorities accept DNS-01 only.", web.subject),
        )
        .mended_by([Remedy::words("Add a dns01 solver to the Issuer, with a selector for this name")]);
    }
    let outside: Vec<&Visit> = web.visits.iter().filter(|visit| visit.pod.is_none()).collect();
    if outside.is_empty() && web.visits.is_empty() {
        let why = web.lookup.clone().unwrap_or_else(|| "it has no address".to_owned());
        return Verdict::trouble("http01-host-not-found", "the name has no address", format!("{host}: {why}."))
            .mended_by([Remedy::command(
                "Publish an A or AAAA record that leads to the ingress controller's load balancer",
                format!("dig A {host}; dig AAAA {host}"),
            )]);
    }
    let Some(bad) = outside.iter().copied().find(|visit| visit.found.is_some() && !visit.is_good()) else {
        return all_good(web, &outside);
    };
    let inside = web.visits.iter().find(|visit| visit.pod.is_some());
    let v4_good = outside.iter().any(|visit| visit.is_good() && visit.address.is_some_and(|a| a.is_ipv4()));
    let v6_bad = outside
        .iter()
        .filter(|visit| visit.found.is_some() && !visit.is_good())
        .all(|visit| visit.address.is_some_and(|a| a.is_ipv6()));
    if v4_good && v6_bad {
        return Verdict::trouble(
            "http01-ipv6-broken",
            "IPv6 does not work, IPv4 does",
            format!(
                "{} answers with {}; every IPv4 address is well. Authorities try IPv6 first.",
                bad.place(),
                words(bad)
            ),
        )
        .mended_by([Remedy::command(
            "Remove the AAAA record, or let that address lead to the same load balancer",
            format!("dig AAAA {host}"),
        )]);
    }
    let behind = inside.filter(|visit| visit.is_good()).map(|visit| {
        format!(
            " The solver's own answer, asked from inside ({}), is right: what is before it is wrong.",
            visit.place()
        )
    });
    let cause = format!("{} answers with {}.{}", bad.place(), words(bad), behind.unwrap_or_default());
    let found = bad.found.unwrap_or(Found::Error);
    let (family, title) = match found {
        // Port 80 answered: it is the end of the way that does not.
        Found::Refused | Found::Timeout if bad.hops.iter().any(|hop| hop.location.is_some()) => {
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
    Verdict::trouble(family, title, cause).mended_by(remedies(found, host))
}

fn words(visit: &Visit) -> String {
    let what = match visit.found {
        Some(Found::Refused) => "“connection refused”".to_owned(),
        Some(Found::Timeout) => "silence".to_owned(),
        Some(Found::Status) => format!("status {}", visit.status.unwrap_or_default()),
        Some(Found::Mismatch) => format!("“{}”", crate::text::fit(&visit.body, 60)),
        _ => visit.error.clone().unwrap_or_else(|| "something unexpected".to_owned()),
    };
    match visit.who {
        Some(who) => format!("{what}, from {who}"),
        None => what,
    }
}

fn remedies(found: Found, host: &str) -> Vec<Remedy> {
    let ingress = "kubectl get ingress -A -l acme.cert-manager.io/http01-solver=true -o wide";
    match found {
        Found::Refused | Found::Timeout => vec![
            Remedy::command("Does the name lead to the ingress controller's load balancer?", format!("dig A {host}")),
            Remedy::command(
                "Open port 80 there: HTTP-01 begins with plain HTTP",
                "kubectl get service -A --field-selector spec.type=LoadBalancer",
            ),
        ],
        Found::Status | Found::Mismatch => vec![
            Remedy::command(
                "Does the solver's Ingress have a class that a controller serves, and an address?",
                ingress,
            ),
            Remedy::words(format!("Exempt {}* from logins, redirects and caches", super::web::WELL_KNOWN)),
        ],
        _ => vec![Remedy::words(format!("Exempt {}* from the redirect", super::web::WELL_KNOWN))],
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
            format!("{} answers with {}, though the outside is well.", inside.place(), words(inside)),
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
    Verdict::good(match outside.len() {
        1 => "the address answers as it should".to_owned(),
        all => format!("all {all} addresses answer as they should"),
    })
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
mod tests {
    use super::*;
    use crate::probe::verdict::Standing;

    fn visit(address: &str, found: Found, status: u16, body: &str) -> Visit {
        Visit {
            found: Some(found),
            status: (status > 0).then_some(status),
            body: body.to_owned(),
            ..Visit::waiting(Some(address.parse().unwrap()))
        }
    }

    fn judged(visits: Vec<Visit>) -> Web {
        let mut web = Web {
            subject: "shop.io".parse().unwrap(),
            path: String::new(),
            expected: Some("key".to_owned()),
            visits,
            lookup: None,
            notes: Vec::new(),
            verdict: Verdict::default(),
        };
        web.visits.iter_mut().for_each(|visit| weigh(visit, Some("key")));
        judge(&mut web);
        web
    }

    #[test]
    fn verdicts_name_what_is_wrong() {
        let good = || visit("203.0.113.7:80", Found::Match, 200, "key");
        let table = [
            (vec![good()], None),
            (vec![visit("203.0.113.7:80", Found::Status, 404, "")], Some("http01-wrong-status")),
            (vec![visit("203.0.113.7:80", Found::Mismatch, 200, "<html>")], Some("http01-wrong-body")),
            (vec![visit("203.0.113.7:80", Found::Refused, 0, "")], Some("http01-connection-refused")),
            (vec![visit("203.0.113.7:80", Found::Timeout, 0, "")], Some("http01-timeout")),
            (vec![good(), visit("[2001:db8::7]:80", Found::Timeout, 0, "")], Some("http01-ipv6-broken")),
            (Vec::new(), Some("http01-host-not-found")),
        ];
        for (visits, family) in table {
            let web = judged(visits);
            assert_eq!(web.verdict.family, family, "{web:?}");
            assert_eq!(web.verdict.standing == Standing::Good, family.is_none());
        }
    }

    #[test]
    fn what_the_authority_refuses_and_cert_manager_follows_is_told() {
        let mut odd = visit("203.0.113.7:80", Found::Match, 200, "key");
        let hop = |location: &str| Hop {
            url: "http://shop.io/".to_owned(),
            address: None,
            status: Some(302),
            location: Some(location.to_owned()),
        };
        odd.hops = vec![hop("http://shop.io:8080/x")];
        let web = judged(vec![odd.clone()]);
        assert_eq!(web.verdict.family, Some("http01-tls-or-redirect"));
        assert!(web.notes.iter().any(|note| note.contains("port 8080")), "{:?}", web.notes);
        odd.hops = vec![hop("http://203.0.113.9/x")];
        assert!(judged(vec![odd]).visits[0].lets_encrypt.as_deref().unwrap().contains("bare address"));
    }

    #[test]
    fn a_line_feed_after_the_body_is_a_difference() {
        let web = judged(vec![visit("203.0.113.7:80", Found::Mismatch, 200, "key\n")]);
        assert!(web.visits[0].cert_manager.is_some() && web.visits[0].lets_encrypt.is_none());
    }

    #[test]
    fn well_known_programs_are_recognised() {
        assert_eq!(fingerprint("cloudflare", ""), Some("Cloudflare's CDN"));
        assert!(fingerprint("nginx", "default backend - 404").unwrap().contains("default back end"));
        assert_eq!(fingerprint("", "key"), None);
    }
}
