use super::*;
use crate::probe::backing::Link;
use crate::probe::verdict::Standing;
use crate::probe::web::{Hop, Plan};

fn visit(address: &str, found: Found, status: u16, body: &str) -> Visit {
    Visit {
        found: Some(found),
        status: (status > 0).then_some(status),
        body: body.to_owned(),
        ..Visit::waiting(Some(address.parse().unwrap()))
    }
}

fn judged(visits: Vec<Visit>) -> Web {
    judged_as(visits, "", None)
}

fn judged_as(visits: Vec<Visit>, reason: &str, inside: Option<&str>) -> Web {
    let plan = Plan {
        subject: "shop.io".parse().unwrap(),
        token: None,
        expected: Some("key".to_owned()),
        addresses: Vec::new(),
        guides: Vec::new(),
        reason: reason.to_owned(),
    };
    let inside = inside.map(|address| Ok(vec![address.parse().unwrap()]));
    let mut web = Web { visits, inside, ..Web::begin(&plan) };
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

/// Who else answers, and from where, is told in the title; the family stays one of the closed list.
#[test]
fn vantage_points_that_differ_are_named() {
    let good = || visit("203.0.113.7:80", Found::Match, 200, "key");
    let silent = || visit("203.0.113.7:80", Found::Timeout, 0, "");
    let portal = || visit("203.0.113.7:80", Found::Mismatch, 200, "<form action='/captive'>");
    let blocked = || visit("203.0.113.7:80", Found::Status, 403, "Attention Required! | Cloudflare");
    let mut login = visit("203.0.113.7:80", Found::Status, 403, "");
    login.hops = vec![Hop {
        url: "http://shop.io/".to_owned(),
        address: None,
        status: Some(302),
        location: Some("https://sso.io/oauth2/start".to_owned()),
    }];
    let refused = "failed to perform self check GET request: dial tcp 203.0.113.7:80: connect: connection refused";
    let late = "failed to perform self check GET request: dial tcp 203.0.113.7:80: i/o timeout";
    let table = [
        (vec![portal()], "", None, "http01-wrong-body", "captive portal"),
        (vec![blocked()], "", None, "http01-wrong-status", "firewall"),
        (vec![login], "", None, "http01-tls-or-redirect", "login"),
        (vec![good()], refused, None, "http01-connection-refused", "hairpin"),
        (vec![good()], late, Some("203.0.113.7"), "http01-timeout", "hairpin"),
        (vec![good()], late, Some("10.0.0.5"), "http01-timeout", "inside, the name leads elsewhere"),
        (vec![silent()], "", Some("10.0.0.5"), "http01-timeout", "from inside, not from here"),
        (vec![silent()], late, Some("203.0.113.7"), "http01-timeout", "does not answer"),
    ];
    for (visits, reason, inside, family, title) in table {
        let verdict = judged_as(visits, reason, inside).verdict;
        assert_eq!(verdict.family, Some(family), "{verdict:?}");
        assert!(verdict.title.contains(title) && !verdict.remedies.is_empty(), "{verdict:?}");
    }
    assert_eq!(judged_as(vec![good()], "", Some("10.0.0.5")).verdict.standing, Standing::Good);
}

#[test]
fn a_name_that_leads_past_the_ingress_is_told() {
    let mut web = judged(vec![visit("203.0.113.7:80", Found::Refused, 0, "")]);
    for (entrance, past) in [("203.0.113.10", true), ("203.0.113.7", false), ("10.0.0.1", false)] {
        web.entrance = Some(entrance.parse().unwrap());
        judge(&mut web);
        assert_eq!(web.verdict.title.contains("not lead to the Ingress"), past, "{entrance}: {:?}", web.verdict);
        assert_eq!(web.verdict.family, Some("http01-connection-refused"));
    }
}

#[test]
fn the_link_that_is_missing_is_the_verdict() {
    let mut web = judged(vec![visit("203.0.113.7:80", Found::Status, 404, "default backend - 404")]);
    web.backing = vec![Link {
        what: "IngressClass traefik".to_owned(),
        mark: Mark::Bad,
        words: "it is not there".to_owned(),
        family: Some("http01-ingress-not-served"),
        remedy: None,
    }];
    judge(&mut web);
    assert_eq!(web.verdict.family, Some("http01-ingress-not-served"));
    web.backing[0].mark = Mark::Open;
    judge(&mut web);
    assert_eq!(web.verdict.family, Some("http01-wrong-status"), "what was not seen proves nothing");
}

#[test]
fn nobody_is_told_to_look_up_an_address() {
    let commands = |host| remedies(Found::Refused, host).into_iter().filter_map(|remedy| remedy.command);
    let lookups = |host| commands(host).filter(|command| command.starts_with("dig")).count();
    assert_eq!(["shop.io", "127.0.0.1", "[2001:db8::7]"].map(lookups), [1, 0, 0]);
    assert_eq!(commands("127.0.0.1").count(), 1);
}
