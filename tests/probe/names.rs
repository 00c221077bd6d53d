//! DNS-01: what servers answer, and what follows.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cmtop::probe::answer::{Outcome, Role};
use cmtop::probe::book::Track;
use cmtop::probe::dns01::{Dns01, Plan};
use cmtop::probe::survey::{Reach, caa, dns01};
use cmtop::probe::verdict::Standing;
use hickory_proto::op::ResponseCode;

use crate::server::{
    By, Server, Zone, address, alias, answer, at_once, caa as caa_record, name, serves, soa, told, txt,
};

const KEY: &str = "3FmXhrEHvM";
const AT: &str = "_acme-challenge.app.split.test";

fn with_key() -> Zone {
    Zone::new("split.test", vec![txt(AT, KEY)])
}

async fn look(expected: Option<&str>, authorities: &[SocketAddr], resolvers: &[SocketAddr]) -> Dns01 {
    let plan = Plan::given("app.split.test".parse().unwrap(), expected.map(str::to_owned), authorities, resolvers);
    dns01::look(&Reach::default(), &plan, |_| ()).await
}

fn outcomes(report: &Dns01) -> Vec<Outcome> {
    report.rows.iter().map(|row| row.outcome.unwrap()).collect()
}

#[tokio::test]
async fn everybody_sees_it() {
    let (authority, resolver) = (Server::of(with_key()).await, Server::of(with_key().learned()).await);
    let report = look(Some(KEY), &[authority.address], &[resolver.address]).await;
    assert_eq!(outcomes(&report), [Outcome::Match, Outcome::Match]);
    assert_eq!((report.verdict.standing, report.verdict.family, report.stop), (Standing::Good, None, None));
    assert_eq!(report.rows[0].ttl, Some(60));
    assert_eq!((report.rows[0].server.role, report.rows[1].server.role), (Role::Authority, Role::Given));
    // Nothing but the one question: what is given is asked, and no more than that.
    assert_eq!((authority.asked.load(Ordering::SeqCst), resolver.asked.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn a_resolver_with_a_zone_of_its_own_is_a_split_horizon() {
    let authority = Server::of(with_key()).await;
    let inner = || Zone { soa: soa("split.test", "ns.inside.test", 3), ..Zone::new("split.test", Vec::new()) };
    let (claims, forwards) = (Server::of(inner()).await, Server::of(inner().learned()).await);
    for resolver in [&claims, &forwards] {
        let report = look(Some(KEY), &[authority.address], &[resolver.address]).await;
        assert_eq!(outcomes(&report), [Outcome::Match, Outcome::NxDomain]);
        assert_eq!(report.verdict.family, Some("dns01-split-horizon"), "{:?}", report.verdict);
        assert_eq!(report.stop, Some(1));
        let commands: String = report.verdict.remedies.iter().filter_map(|remedy| remedy.command.clone()).collect();
        assert!(commands.contains("dns01RecursiveNameservers=\"1.1.1.1:53\\,8.8.8.8:53\""), "{commands}");
        assert!(commands.contains("podDnsConfig.nameservers[0]=1.1.1.1"), "{commands}");
    }
    let other = Server::of(Zone::new("split.test", vec![txt(AT, "other")])).await;
    let report = look(Some(KEY), &[authority.address], &[other.address]).await;
    assert_eq!(outcomes(&report), [Outcome::Match, Outcome::Mismatch]);
    assert_eq!(report.verdict.family, Some("dns01-split-horizon"));
    assert_eq!(report.rows[1].values, ["other"]);
}

#[tokio::test]
async fn a_cache_that_has_not_expired_is_no_split_horizon_until_it_has() {
    let authority = Server::of(with_key()).await;
    let older = Zone { soa: soa("split.test", "ns1.test", 6), ..Zone::new("split.test", Vec::new()) }.learned();
    let resolver = Server::of(older).await;
    let mut report = look(Some(KEY), &[authority.address], &[resolver.address]).await;
    assert_eq!(report.verdict.family, Some("dns01-not-propagated"), "{:?}", report.verdict);
    assert_eq!((report.verdict.standing, report.verdict.ends_in), (Standing::Trouble, Some(60)));
    assert_eq!(report.stop, None, "cert-manager asks the authorities themselves");
    let start: chrono::DateTime<chrono::Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
    let mut track = Track::begin(start);
    for (seconds, family) in [(0, "dns01-not-propagated"), (60, "dns01-not-propagated"), (63, "dns01-split-horizon")] {
        track.note(&mut report, start + chrono::TimeDelta::seconds(seconds));
        assert_eq!(report.verdict.family, Some(family), "after {seconds} s");
    }
}

#[tokio::test]
async fn without_an_expected_value_any_value_is_present() {
    let (with, without) = (Server::of(with_key()).await, Server::of(Zone::new("split.test", Vec::new())).await);
    let report = look(None, &[with.address], &[]).await;
    assert_eq!((outcomes(&report), report.verdict.standing), (vec![Outcome::Present], Standing::Good));
    let report = look(None, &[without.address], &[]).await;
    assert_eq!((outcomes(&report), report.verdict.standing), (vec![Outcome::NxDomain], Standing::Trouble));
}

#[tokio::test]
async fn one_authority_that_is_behind_is_named() {
    let (good, old) = (Server::of(with_key()).await, Server::of(Zone::new("split.test", vec![txt(AT, "old")])).await);
    let report = look(Some(KEY), &[good.address, old.address], &[]).await;
    assert_eq!(outcomes(&report), [Outcome::Match, Outcome::Mismatch]);
    assert_eq!((report.verdict.family, report.stop), (Some("dns01-not-propagated"), Some(1)));
    assert!(report.verdict.title.contains(&old.address.to_string()), "{:?}", report.verdict);
}

#[tokio::test]
async fn answers_that_are_no_answers_have_names() {
    let refuses = Server::start(|question, _| at_once(&answer(question, ResponseCode::Refused))).await;
    let fails = Server::start(|question, _| {
        at_once(&told(answer(question, ResponseCode::ServFail), 6, "signature of split.test\u{1b}[31m"))
    })
    .await;
    let nodata = Server::of(Zone::new("split.test", vec![address(AT, "192.0.2.1")])).await;
    let lame = Server::start(|question, _| {
        let mut message = answer(question, ResponseCode::NoError);
        message.authorities.push(serves("test", "ns1.root.test"));
        at_once(&message)
    })
    .await;
    let report = look(Some(KEY), &[refuses.address, nodata.address, lame.address], &[fails.address]).await;
    assert_eq!(outcomes(&report), [Outcome::Refused, Outcome::Absent, Outcome::Error, Outcome::ServFail]);
    assert!(report.rows[2].error.as_deref().unwrap().contains("ns1.root.test"), "{report:?}");
    let said = report.rows[3].error.as_deref().unwrap();
    assert!(said.contains("DNSSEC bogus (6): signature of split.test\u{fffd}[31m"), "{said}");
    assert_eq!(report.verdict.family, Some("dns01-nameserver-failure"));
}

#[tokio::test]
async fn a_failure_that_goes_away_without_checks_is_dnssec() {
    let bogus = Server::start(|question, _| {
        let message = if question.metadata.checking_disabled {
            with_key().learned().answer(question)
        } else {
            answer(question, ResponseCode::ServFail)
        };
        at_once(&message)
    })
    .await;
    let authority = Server::of(with_key()).await;
    let report = look(Some(KEY), &[authority.address], &[bogus.address]).await;
    assert_eq!(outcomes(&report), [Outcome::Match, Outcome::ServFail]);
    assert!(report.rows[1].error.as_deref().unwrap().contains("DNSSEC"), "{report:?}");
}

#[tokio::test]
async fn what_is_cut_is_asked_for_again_over_tcp() {
    let long: String = std::iter::repeat_n('x', 4_000).collect();
    let whole = Zone::new("split.test", vec![txt(AT, &long), txt(AT, KEY)]);
    let server = Server::start(move |question, by| {
        let message = whole.answer(question);
        at_once(&if by == By::Udp { message.truncate() } else { message })
    })
    .await;
    let report = look(Some(KEY), &[server.address], &[]).await;
    assert_eq!(outcomes(&report), [Outcome::Match]);
    assert_eq!(report.rows[0].values.iter().map(String::len).collect::<Vec<_>>(), [4_000, KEY.len()]);
}

#[tokio::test]
async fn lost_packets_are_sent_again_and_silence_ends() {
    let count = AtomicUsize::new(0);
    let lossy = Server::start(move |question, by| match (by, count.fetch_add(1, Ordering::SeqCst)) {
        (By::Udp, 0) => Vec::new(),
        _ => at_once(&with_key().answer(question)),
    })
    .await;
    let silent = Server::start(|_, _| Vec::new()).await;
    let tcp_only = Server::start(|question, by| match by {
        By::Udp => Vec::new(),
        By::Tcp => at_once(&with_key().answer(question)),
    })
    .await;
    let report = look(Some(KEY), &[lossy.address, tcp_only.address], &[silent.address]).await;
    assert_eq!(outcomes(&report), [Outcome::Match, Outcome::Match, Outcome::Timeout]);
    assert_eq!(report.rows[1].error.as_deref(), Some("answers over TCP only"));
    assert_eq!(report.verdict.family, Some("dns01-nameserver-failure"));
    let report = look(Some(KEY), &[silent.address], &[]).await;
    assert_eq!((report.verdict.standing, report.verdict.family), (Standing::Blind, None));
}

#[tokio::test]
async fn late_and_lying_answers_are_told_apart() {
    let late =
        Server::start(|question, _| vec![(Duration::from_millis(300), with_key().answer(question).to_vec().unwrap())])
            .await;
    // Before the true answer: one with another number, one to another question, and noise.
    let beset = Server::start(|question, by| {
        let mut forged = Zone::new("split.test", vec![txt(AT, "forged")]).answer(question);
        let mut other = forged.clone();
        forged.metadata.id = forged.metadata.id.wrapping_add(1);
        other.queries[0].set_name(name("other.test"));
        let truth = with_key().answer(question).to_vec().unwrap();
        let mut sent: Vec<Vec<u8>> = vec![forged.to_vec().unwrap(), other.to_vec().unwrap()];
        if by == By::Udp {
            sent.push(vec![0]);
        }
        sent.push(truth);
        sent.into_iter().map(|bytes| (Duration::ZERO, bytes)).collect()
    })
    .await;
    let lies = Server::of(Zone::new("split.test", vec![txt(AT, "a\u{1b}]0;owned\u{7}\nb")])).await;
    let report = look(Some(KEY), &[late.address, beset.address, lies.address], &[]).await;
    assert_eq!(outcomes(&report), [Outcome::Match, Outcome::Match, Outcome::Mismatch]);
    assert!(report.rows[0].took.unwrap() >= Duration::from_millis(250));
    assert_eq!(report.rows[2].values, ["a\u{fffd}]0;owned\u{fffd} b"]);
}

#[tokio::test]
async fn a_server_that_writes_names_in_its_own_case_is_asked_plainly() {
    let server = Server::start(|question, _| {
        let mut message = with_key().answer(question);
        let plain = message.queries[0].name().to_lowercase();
        message.queries[0].set_name(plain);
        at_once(&message)
    })
    .await;
    let report = look(Some(KEY), &[server.address], &[]).await;
    assert_eq!(outcomes(&report), [Outcome::Match]);
}

#[tokio::test]
async fn old_servers_are_asked_without_extensions() {
    let server = Server::start(|question, _| {
        let message =
            if question.edns.is_some() { answer(question, ResponseCode::FormErr) } else { with_key().answer(question) };
        at_once(&message)
    })
    .await;
    let report = look(Some(KEY), &[server.address], &[]).await;
    assert_eq!(outcomes(&report), [Outcome::Match]);
    assert_eq!(report.rows[0].error.as_deref(), Some("does not speak EDNS"));
}

#[tokio::test]
async fn aliases_are_drawn_and_circles_end() {
    let mut records: Vec<_> = (0..10)
        .map(|n| alias(&if n == 0 { AT.to_owned() } else { format!("n{n}.test") }, &format!("n{}.test", n + 1)))
        .collect();
    records.push(txt("n10.test", KEY));
    let server = Server::of(Zone::new("test", records)).await;
    let report = look(Some(KEY), &[server.address], &[]).await;
    assert_eq!((outcomes(&report), report.chain.aliases.len()), (vec![Outcome::Match], 10));
    assert_eq!(report.chain.aliases[9], "n10.test");

    let circle = vec![alias(AT, "b.test"), alias("b.test", "c.test"), alias("c.test", "b.test")];
    let server = Server::of(Zone::new("test", circle)).await;
    let report = look(Some(KEY), &[server.address], &[]).await;
    assert_eq!(report.verdict.family, Some("dns01-cname-not-followed"), "{:?}", report.chain);
}

#[tokio::test]
async fn an_alias_into_another_zone_is_followed_to_its_authority() {
    let first = Server::of(Zone::new("split.test", vec![alias(AT, "app.acme.test")])).await;
    let refused = |question: &_, zone: &Zone, name: &str| {
        let question: &hickory_proto::op::Message = question;
        if question.queries[0].name().to_ascii().to_lowercase().starts_with(name) {
            at_once(&zone.answer(question))
        } else {
            at_once(&answer(question, ResponseCode::Refused))
        }
    };
    let zone = Zone::new("acme.test", vec![txt("app.acme.test", KEY)]);
    let second = Server::start(move |question, _| refused(question, &zone, "app.acme.")).await;
    let report = look(Some(KEY), &[first.address, second.address], &[]).await;
    assert_eq!(report.chain.aliases, ["app.acme.test"]);
    assert_eq!(outcomes(&report)[1], Outcome::Match, "{report:?}");
}

#[tokio::test]
async fn a_name_with_the_zone_twice_is_found() {
    let server = Server::of(Zone::new("split.test", vec![txt(&format!("{AT}.split.test"), KEY)])).await;
    let report = look(Some(KEY), &[server.address], &[]).await;
    assert_eq!(report.verdict.family, Some("dns01-doubled-label"), "{:?}", report.verdict);
}

/// The zone is looked for through the resolver that was given, and through nobody else.
#[tokio::test]
async fn a_zone_that_is_not_delegated_is_told_by_the_given_resolver() {
    let missing =
        |zone: &'static str| Zone { soa: soa(zone, "a.root.test", 1), ..Zone::new(zone, Vec::new()) }.learned();
    let ending = Server::start(move |question, _| {
        let mut message = missing("test").answer(question);
        message.metadata.response_code = ResponseCode::NXDomain;
        at_once(&message)
    })
    .await;
    let report = look(Some(KEY), &[], &[ending.address]).await;
    assert_eq!(report.verdict.family, Some("dns01-zone-not-found"), "{report:?}");
    let zone = Server::of(missing("split.test")).await;
    let report = look(Some(KEY), &[], &[zone.address]).await;
    assert_eq!((report.zone.name.as_str(), report.verdict.family), ("split.test", Some("dns01-not-propagated")));
}

#[tokio::test]
async fn a_name_server_that_fails_over_ipv6_only_is_told() {
    let good = Server::of(with_key()).await;
    let refuses = Server::start(|question, _| at_once(&answer(question, ResponseCode::Refused))).await;
    let (four, six) = ("203.0.113.1:53".parse().unwrap(), "[2001:db8::1]:53".parse().unwrap());
    let net = cmtop::probe::dns::Net::elsewhere([(four, good.address), (six, refuses.address)]);
    let mut plan = Plan::given("app.split.test".parse().unwrap(), Some(KEY.to_owned()), &[four, six], &[]);
    plan.servers.iter_mut().for_each(|server| server.name = "ns1.split.test".to_owned());
    let report = dns01::look(&Reach { net, ..Reach::default() }, &plan, |_| ()).await;
    assert_eq!(report.verdict.family, Some("dns01-nameserver-failure"));
    assert!(report.verdict.title.contains("IPv6"), "{:?}", report.verdict);
}

#[tokio::test]
async fn servers_are_reached_over_ipv6() {
    if tokio::net::UdpSocket::bind("[::1]:0").await.is_err() {
        return;
    }
    let server = Server::on("[::1]:0", |question, _| at_once(&with_key().answer(question))).await;
    let report = look(Some(KEY), &[server.address], &[]).await;
    assert_eq!(outcomes(&report), [Outcome::Match]);
}

#[tokio::test]
async fn many_old_values_are_told() {
    let records = (0..9).map(|n| txt(AT, &format!("old{n}"))).chain([txt(AT, KEY)]).collect();
    let server = Server::of(Zone::new("split.test", records)).await;
    let report = look(Some(KEY), &[server.address], &[]).await;
    assert_eq!(report.verdict.standing, Standing::Good);
    assert!(report.notes[0].starts_with("10 values"), "{:?}", report.notes);
}

#[tokio::test]
async fn the_climb_for_caa_ends_at_the_first_records() {
    let records = vec![caa_record("split.test", 0, "issue", "other.example"), caa_record("test", 0, "issue", "nobody")];
    let server = Server::of(Zone::new("test", records).learned()).await;
    let climb = caa::climb(&Reach::default(), &[server.address], &"www.app.split.test".parse().unwrap()).await;
    let names: Vec<&str> = climb.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["www.app.split.test", "app.split.test", "split.test"]);
    assert_eq!(climb.governing().unwrap().1[0].authority(), "other.example");
}

#[tokio::test]
async fn five_hundred_probes_stay_within_the_budget_and_end() {
    let server =
        Server::start(|question, _| vec![(Duration::from_millis(5), with_key().answer(question).to_vec().unwrap())])
            .await;
    let reach = Reach::default();
    let probes = (0..500).map(|n| {
        let subject = format!("n{n}.split.test").parse().unwrap();
        let plan = Plan::given(subject, Some(KEY.to_owned()), &[server.address], &[]);
        let reach = reach.clone();
        async move { dns01::look(&reach, &plan, |_| ()).await }
    });
    let all = tokio::time::timeout(Duration::from_mins(2), futures::future::join_all(probes)).await.unwrap();
    assert!(all.iter().all(|report| report.rows[0].outcome == Some(Outcome::NxDomain)));
    assert!(server.busiest.load(Ordering::SeqCst) <= cmtop::limits::PROBE_QUESTIONS);
}

#[tokio::test]
async fn one_question_is_in_flight_per_server_and_name() {
    let server =
        Server::start(|question, _| vec![(Duration::from_millis(30), with_key().answer(question).to_vec().unwrap())])
            .await;
    let reach = Reach::default();
    let plan = Plan::given("app.split.test".parse().unwrap(), None, &[server.address], &[]);
    futures::future::join_all((0..8).map(|_| dns01::look(&reach, &plan, |_| ()))).await;
    assert_eq!((server.busiest.load(Ordering::SeqCst), server.asked.load(Ordering::SeqCst)), (1, 8));
}
