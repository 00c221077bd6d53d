//! The DNS-01 probe: the chain of aliases, the zone, and everybody's answer.

use std::net::SocketAddr;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use super::Reach;
use super::lookup;
use crate::limits;
use crate::probe::answer::{Outcome, Role, Row, Server};
use crate::probe::chain::LONGEST;
use crate::probe::dns01::{Dns01, Plan};
use crate::probe::judge::{Patience, judge, notes};
use crate::probe::question::{Code, Data, Question, RecordKind, Reply, Silence};

/// Looks once. Each answer is shown as it lands.
pub async fn look(reach: &Reach, plan: &Plan, mut show: impl FnMut(&Dns01)) -> Dns01 {
    let mut report = Dns01::begin(plan);
    let name = report.name();
    if !plan.guides.is_empty() {
        follow(reach, plan, &mut report).await;
        discover(reach, plan, &mut report).await;
    }
    show(&report);
    let mut open: Vec<usize> = (0..report.rows.len()).collect();
    // An alias that is seen only now leads to another name: whoever did not follow it is asked for that.
    for _ in 0..LONGEST {
        let replies = ask_all(reach, plan, &mut report, &open, &mut show).await;
        let mut moved = false;
        let mut by_authority = replies;
        by_authority.sort_by_key(|(row, _)| report.rows[*row].server.role);
        for (_, reply) in &by_authority {
            moved |= report.chain.extend(&name, reply);
        }
        if !moved || report.chain.trouble.is_some() {
            break;
        }
        open = (0..report.rows.len()).filter(|i| report.rows[*i].values.is_empty()).collect();
    }
    look_closer(reach, plan, &mut report).await;
    judge(&mut report, Patience::default());
    report.notes = notes(&report);
    show(&report);
    report
}

async fn ask(reach: &Reach, server: &Server, question: &Question) -> Result<Reply, Silence> {
    match (&reach.resolver, server.inside) {
        (Some(tunnel), true) => reach.net.ask_inside(tunnel, server.address, question).await,
        (None, true) => Err(Silence::Failed("the cluster cannot be asked from inside".to_owned())),
        (_, false) => reach.net.ask(server.address, question).await,
    }
}

fn question(server: &Server, name: &str, kind: RecordKind) -> Question {
    match server.role {
        Role::Authority => Question::to_authority(name, kind),
        _ => Question::to_resolver(name, kind),
    }
}

/// Asks for the value at the present end of the chain.
async fn ask_all(
    reach: &Reach,
    plan: &Plan,
    report: &mut Dns01,
    rows: &[usize],
    show: &mut impl FnMut(&Dns01),
) -> Vec<(usize, Reply)> {
    let name = report.chain.end(&report.name()).to_owned();
    let asked = rows.iter().filter_map(|i| Some((*i, report.rows.get(*i)?.server.clone())));
    let mut waiting: FuturesUnordered<_> = asked
        .map(|(i, server)| {
            let question = question(&server, &name, RecordKind::Txt);
            async move { (i, ask(reach, &server, &question).await, server) }
        })
        .collect();
    let mut replies = Vec::new();
    while let Some((i, answer, server)) = waiting.next().await {
        report.rows[i] = Row::of(server, &name, plan.expected.as_deref(), &answer);
        replies.extend(answer.ok().map(|reply| (i, reply)));
        judge(report, Patience::default());
        show(report);
    }
    replies
}

/// Follows the aliases by the resolvers, as cert-manager does.
async fn follow(reach: &Reach, plan: &Plan, report: &mut Dns01) {
    let name = report.name();
    for _ in 0..LONGEST {
        let end = report.chain.end(&name).to_owned();
        let Ok(reply) = lookup::resolve(&reach.net, &plan.guides, &end, RecordKind::Cname).await else { return };
        if !report.chain.extend(&name, &reply) {
            return;
        }
    }
}

/// Finds the zone, its servers, and every address of these.
async fn discover(reach: &Reach, plan: &Plan, report: &mut Dns01) {
    let end = report.chain.end(&report.name()).to_owned();
    let Some(zone) = lookup::zone(&reach.net, &plan.guides, &end).await else { return };
    let mut names = zone.by_itself.clone();
    names.extend(zone.by_parent.iter().filter(|name| !zone.by_itself.contains(name)).cloned());
    report.zone = zone;
    let mut rows = Vec::new();
    for name in names.into_iter().take(limits::PROBE_SERVERS) {
        match lookup::addresses(&reach.net, &plan.guides, &name).await {
            Ok(addresses) => rows.extend(addresses.into_iter().map(|address| {
                Row::waiting(Server::new(SocketAddr::new(address, 53), Role::Authority).named(name.clone()))
            })),
            Err(why) => {
                let nowhere = SocketAddr::from(([0, 0, 0, 0], 53));
                let mut row = Row::waiting(Server::new(nowhere, Role::Authority).named(name));
                row.outcome = Some(Outcome::Error);
                row.error = Some(format!("its address is not found: {why}"));
                rows.push(row);
            }
        }
    }
    rows.truncate(limits::PROBE_SERVERS);
    rows.append(&mut report.rows);
    report.rows = rows;
}

/// What is worth a second question: the authority's start of zone, DNSSEC, and a name with the zone twice in it.
async fn look_closer(reach: &Reach, plan: &Plan, report: &mut Dns01) {
    let name = report.chain.end(&report.name()).to_owned();
    let authorities: Vec<Server> = {
        let told = report.of(Role::Authority).filter(|row| row.outcome.is_some_and(Outcome::is_told));
        let mut told: Vec<&Row> = told.collect();
        told.sort_by_key(|row| !row.is_good());
        told.into_iter().map(|row| row.server.clone()).collect()
    };
    let any_is_negative = report.resolvers().any(|row| row.outcome.is_some_and(Outcome::is_negative));
    if let Some(server) = authorities.first() {
        let own = report.of(Role::Authority).find_map(|row| row.soa.clone());
        report.zone.soa = match own {
            Some(soa) => Some(soa),
            None if any_is_negative => start(reach, server, &name).await,
            None => None,
        };
    }
    if plan.guides.is_empty() {
        cut(reach, report, &name).await;
    }
    for row in &mut report.rows {
        let failed = row.outcome == Some(Outcome::ServFail) && row.server.role != Role::Authority;
        if failed {
            let unchecked = Question { unchecked: true, ..question(&row.server, &name, RecordKind::Txt) };
            if matches!(ask(reach, &row.server, &unchecked).await, Ok(reply) if reply.code != Code::ServFail) {
                let said = row.error.take().map(|said| format!("; {said}")).unwrap_or_default();
                row.error = Some(format!("DNSSEC: without its checks it answers{said}"));
            }
        }
    }
    let lacking = report.of(Role::Authority).all(|row| !row.is_good());
    if let (Some(expected), Some(server), true) = (report.expected.clone(), authorities.first(), lacking) {
        report.doubled = doubled(reach, report, server, &expected).await;
    }
}

/// The zone, by the resolvers that were given: nobody else is asked, and they only where not everybody sees the value.
async fn cut(reach: &Reach, report: &mut Dns01, name: &str) {
    let telling = report.of(Role::Given).filter(|row| row.outcome.is_some_and(Outcome::is_told));
    let given: Vec<SocketAddr> = telling.map(|row| row.server.address).collect();
    if given.is_empty() || report.rows.iter().all(Row::is_good) {
        return;
    }
    match lookup::start_of_authority(&reach.net, &given, name).await {
        Some(soa) if soa.zone.contains('.') => report.zone.name = soa.zone,
        // The zone of an ending, or of the root, is nobody's own.
        found => report.undelegated = found.is_some() && !report.rows.iter().any(Row::is_good),
    }
}

/// Where the zone starts, as one of its servers says.
async fn start(reach: &Reach, server: &Server, name: &str) -> Option<crate::probe::question::Soa> {
    let reply = ask(reach, server, &Question::to_authority(name, RecordKind::Soa)).await.ok()?;
    let own = reply.records.iter().find_map(|record| match &record.data {
        Data::Authority(soa) => Some(soa.clone()),
        _ => None,
    });
    own.or(reply.soa)
}

/// A name with the zone twice in it, if the value stands there.
async fn doubled(reach: &Reach, report: &Dns01, server: &Server, expected: &str) -> Option<String> {
    let name = report.chain.end(&report.name()).to_owned();
    let mut zones = vec![report.subject.name().to_owned()];
    zones.extend(report.zone.soa.iter().map(|soa| soa.zone.clone()).filter(|zone| zone.contains('.')));
    zones.dedup();
    for zone in zones {
        let twice = format!("{name}.{zone}");
        let asked = Question::to_authority(twice.clone(), RecordKind::Txt);
        if let Ok(reply) = ask(reach, server, &asked).await
            && reply.texts(&twice).any(|(text, _)| text == expected)
        {
            return Some(twice);
        }
    }
    None
}
