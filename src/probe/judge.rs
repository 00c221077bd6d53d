//! What follows from the difference between two views of one record.

use std::net::SocketAddr;

use super::answer::{Outcome, Role, Row};
use super::chain::Endless;
use super::dns01::Dns01;
use super::helm::{PUBLIC_RESOLVERS, forward_zone};
use super::question::Soa;
use super::verdict::{Remedy, Verdict};

/// What cannot be reached from this machine says nothing about the record.
pub const NO_ROUTE: &str = "no route from here";

/// More values than this at one name are leftovers of old proofs.
const MANY_VALUES: usize = 5;

/// What is known from looking more than once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Patience<'p> {
    /// Servers whose "there is none" is older than they themselves say that it may be kept.
    pub outlived: &'p [SocketAddr],
}

/// Finds where cert-manager's check stops, and what follows. Adds notes that follow from the rows.
pub fn judge(report: &mut Dns01, patience: Patience) {
    report.stop = stop(report);
    report.verdict = verdict(report, patience);
}

/// Whether a resolver has a zone of its own, and no older copy of the authority's.
fn is_split(row: &Row, authority: Option<&Soa>, patience: Patience) -> bool {
    let Some(outcome) = row.outcome else { return false };
    if !outcome.is_told() || outcome.is_good() {
        return false;
    }
    let foreign = || match (&row.soa, authority) {
        (Some(own), Some(authority)) => own.is_foreign_to(authority),
        _ => false,
    };
    row.authoritative
        || outcome.is_negative() && foreign()
        || outcome.is_negative() && patience.outlived.contains(&row.server.address)
}

/// The server at which cert-manager's check stops, by its own algorithm: it asks its resolver for the zone and for the
/// zone's servers, then each of these for the value, and stops at the first that lacks it. With
/// `--dns01-recursive-nameservers-only` it asks the resolvers for the value instead.
fn stop(report: &Dns01) -> Option<usize> {
    let own = |roles: &[Role]| -> Vec<usize> {
        let fits = |row: &Row| roles.contains(&row.server.role);
        report.rows.iter().enumerate().filter(|(_, row)| fits(row)).map(|(i, _)| i).collect()
    };
    let asked = [Role::Configured, Role::Cluster, Role::Given].into_iter().map(|role| own(&[role]));
    let resolvers = asked.into_iter().find(|rows| !rows.is_empty()).unwrap_or_default();
    let lacks = |i: &usize| report.rows[*i].outcome.is_some_and(|outcome| !outcome.is_good());
    if report.checker.recursive_only {
        return resolvers.into_iter().find(|i| lacks(i));
    }
    let authority = report.zone.soa.as_ref();
    let misled = resolvers.into_iter().find(|i| {
        let row = &report.rows[*i];
        let fails = row.outcome.is_some_and(|outcome| !outcome.is_told()) && !is_out_of_reach(row);
        fails || is_split(row, authority, Patience::default())
    });
    misled.or_else(|| own(&[Role::Authority]).into_iter().find(|i| lacks(i) && !is_out_of_reach(&report.rows[*i])))
}

fn is_out_of_reach(row: &Row) -> bool {
    row.error.as_deref() == Some(NO_ROUTE)
}

fn verdict(report: &Dns01, patience: Patience) -> Verdict {
    let name = report.name();
    if let Some(endless) = &report.chain.trouble {
        return endless_chain(&name, endless);
    }
    if !report.is_heard() {
        return match (report.rows.is_empty() && report.sought_zone, report.is_complete()) {
            (true, _) => Verdict::blind("no server is known that could be asked"),
            (_, true) => Verdict::blind("nobody answered"),
            _ => Verdict::blind("waiting for the first answer"),
        };
    }
    let split: Vec<&Row> = report
        .resolvers()
        .filter(|row| is_split(row, report.zone.soa.as_ref(), patience))
        .filter(|_| report.of(Role::Authority).any(Row::is_good))
        .collect();
    if let Some(row) = split.first() {
        return split_horizon(report, row);
    }
    if (report.sought_zone && report.zone.name.is_empty() || report.undelegated) && report.is_complete() {
        return zone_not_found(report);
    }
    if let Some(row) = report.of(Role::Authority).find(|row| is_failing(row) && !is_out_of_reach(row)) {
        return failing(report, row);
    }
    if let Some(doubled) = &report.doubled {
        return doubled_label(report, doubled);
    }
    let lacking: Vec<&Row> = report.of(Role::Authority).filter(|row| !row.is_good() && row.outcome.is_some()).collect();
    if let Some(row) = lacking.iter().find(|row| !is_out_of_reach(row)) {
        return behind(report, row);
    }
    if let Some(row) = report.resolvers().find(|row| !row.is_good() && counts(row)) {
        return of_resolver(report, row);
    }
    let (seen, all) = report.tally();
    if seen == 0 {
        return Verdict::blind("nobody who can be reached answers for the zone");
    }
    let unheard = all - seen;
    let title = match unheard {
        0 if all == 1 => "the server that was asked sees it".to_owned(),
        0 => format!("all {all} see it"),
        _ => format!("{seen} of {all} see it, the others cannot be reached from here"),
    };
    Verdict::good(title)
}

/// What a probe of this machine's own surroundings cannot reach says nothing about the record.
fn counts(row: &Row) -> bool {
    match row.outcome {
        None => false,
        Some(Outcome::Timeout | Outcome::Error) => matches!(row.server.role, Role::Given | Role::Cluster),
        Some(Outcome::Refused | Outcome::ServFail) => row.server.role != Role::System,
        Some(_) => true,
    }
}

fn is_failing(row: &Row) -> bool {
    row.outcome.is_some_and(|outcome| !outcome.is_told())
}

fn who(row: &Row) -> String {
    match row.server.name.as_str() {
        "" => row.server.address.to_string(),
        name => format!("{name} ({})", row.server.address),
    }
}

/// The resolvers to which cert-manager should turn: those that see the value, else public ones.
fn better_resolvers(report: &Dns01) -> Vec<SocketAddr> {
    let seeing = report.of(Role::Public).filter(|row| row.is_good()).map(|row| row.server.address);
    let seeing: Vec<SocketAddr> = seeing.filter(|address| address.is_ipv4()).take(2).collect();
    if seeing.is_empty() {
        PUBLIC_RESOLVERS.iter().take(2).map(|address| SocketAddr::new(*address, 53)).collect()
    } else {
        seeing
    }
}

fn split_horizon(report: &Dns01, row: &Row) -> Verdict {
    let zone = zone_words(report);
    let has = report.of(Role::Authority).find(|row| row.is_good()).map(who).unwrap_or_default();
    let how = match (row.outcome, row.authoritative) {
        (Some(Outcome::Mismatch), _) => "another value, and claims to be the authority itself",
        (_, true) => "that there is none, and claims to be the authority itself",
        _ => "that there is none, from a zone that is not the authority's",
    };
    let resolvers = better_resolvers(report);
    let release = &report.checker.release;
    let authorities: Vec<SocketAddr> =
        report.of(Role::Authority).filter(|row| row.is_good()).map(|row| row.server.address).take(3).collect();
    let own_zone = row.soa.as_ref().map_or(zone.as_str(), |soa| soa.zone.as_str());
    Verdict::trouble(
        "dns01-split-horizon",
        "the resolver has its own idea of the zone",
        format!(
            "The TXT record is published at {has}, but the resolver {} answers {how}: it has a zone {own_zone} of its own.",
            who(row)
        ),
    )
    .mended_by([release.ask_only(&resolvers)])
    .mended_by(release.resolvers_of_its_own(&resolvers))
    .mended_by([forward_zone(own_zone, &authorities)])
}

fn zone_words(report: &Dns01) -> String {
    match (&report.zone.name, &report.zone.soa) {
        (name, _) if !name.is_empty() => name.clone(),
        (_, Some(soa)) => soa.zone.clone(),
        _ => report.subject.name().to_owned(),
    }
}

fn endless_chain(name: &str, endless: &Endless) -> Verdict {
    let cause = match endless {
        Endless::Circle(at) => format!("Following the CNAME of {name} leads back to {at}."),
        Endless::Long => format!("The CNAMEs from {name} are more than anybody follows."),
    };
    Verdict::trouble("dns01-cname-not-followed", "the CNAME of the record runs in circles", cause)
        .mended_by([Remedy::command("Correct the records", format!("dig CNAME {name}"))])
}

fn zone_not_found(report: &Dns01) -> Verdict {
    let name = report.chain.end(report.subject.name()).to_owned();
    Verdict::trouble(
        "dns01-zone-not-found",
        "no zone is found for the name",
        format!("No SOA record is found above {name}: it is not registered, not delegated, or exists only inside."),
    )
    .mended_by([Remedy::command("Follow the delegation", format!("dig +trace SOA {name}"))])
}

fn failing(report: &Dns01, row: &Row) -> Verdict {
    let said = row.error.as_deref().map(|error| format!(": {error}")).unwrap_or_default();
    let title = match row.outcome {
        Some(Outcome::Refused) => "a name server of the zone refuses to answer",
        Some(Outcome::ServFail) => "a name server fails",
        Some(Outcome::Timeout) => "a name server does not answer",
        _ => "a name server does not serve the zone",
    };
    let same = |other: &&Row| other.server.name == row.server.name && !row.server.name.is_empty();
    let title = if row.server.address.is_ipv6()
        && report.of(row.server.role).filter(same).any(|other| other.server.address.is_ipv4() && !is_failing(other))
    {
        "a name server does not work over IPv6, and does over IPv4"
    } else {
        title
    };
    let word = row.outcome.map_or("nothing", Outcome::as_str);
    let mut remedies = vec![Remedy::command(
        "Ask it yourself",
        format!(
            "dig TXT {} @{} -p {}",
            report.chain.end(&report.name()),
            row.server.address.ip(),
            row.server.address.port()
        ),
    )];
    if row.server.role == Role::Authority {
        remedies.push(Remedy::words("Correct the NS records at the registrar, or mend the server"));
    }
    remedies.push(report.checker.release.ask_only(&better_resolvers(report)));
    Verdict::trouble(
        "dns01-nameserver-failure",
        title,
        format!(
            "{} {} answers {word}{said}. cert-manager's check fails while it does.",
            row.server.role.as_str(),
            who(row)
        ),
    )
    .mended_by(remedies)
}

fn doubled_label(report: &Dns01, doubled: &str) -> Verdict {
    Verdict::trouble(
        "dns01-doubled-label",
        "the record's name holds the zone twice",
        format!("The value stands at {doubled}, where nobody looks; {} has none.", report.name()),
    )
    .mended_by([Remedy::words("Write the record's name relative to the zone: the provider appends the zone by itself")])
}

/// An authority lacks what should be there.
fn behind(report: &Dns01, row: &Row) -> Verdict {
    let good = report.of(Role::Authority).find(|row| row.is_good());
    let found = match row.values.as_slice() {
        [] => format!("answers {}", row.outcome.map_or("nothing", Outcome::as_str)),
        [only] => format!("has “{only}” only"),
        [first, rest @ ..] => format!("has “{first}” and {} more, none of them the one that is wanted", rest.len()),
    };
    if let Some(good) = good {
        return Verdict::trouble(
            "dns01-not-propagated",
            format!("{} has an older zone", who(row)),
            format!("{} has the value, {} {found}. cert-manager waits until every server has it.", who(good), who(row)),
        )
        .mended_by([Remedy::command(
            "Compare the versions of the zone: a secondary that is not notified, or whose transfer fails, stays behind",
            format!("dig SOA {} @{}", zone_words(report), row.server.address.ip()),
        )]);
    }
    let elsewhere: Vec<String> = report.resolvers().filter(|row| row.is_good()).map(who).collect();
    if !elsewhere.is_empty() {
        return Verdict::trouble(
            "dns01-not-propagated",
            "the record is gone from the authority",
            format!(
                "{} {found}, while {} still shows the value: it was removed, or stands in another zone.",
                who(row),
                elsewhere.join(", ")
            ),
        )
        .mended_by([Remedy::words("Find who else writes this zone, and let the Challenge be made again")]);
    }
    let title = if row.values.is_empty() { "no authority has the record" } else { "another value stands there" };
    let mut remedies = vec![Remedy::words(
        "Wait some minutes if the record was just made; else see what the solver of the Issuer writes, and into which zone",
    )];
    if !report.chain.aliases.is_empty() {
        remedies.insert(
            0,
            Remedy::words(format!(
                "The record belongs at {}: the solver needs cnameStrategy: Follow, and credentials for that zone",
                report.chain.end(&report.name())
            )),
        );
    }
    Verdict::trouble("dns01-not-propagated", title, format!("{} {found}.", who(row))).mended_by(remedies)
}

/// The authorities are well, and a resolver is not.
fn of_resolver(report: &Dns01, row: &Row) -> Verdict {
    let outcome = row.outcome.unwrap_or(Outcome::Error);
    if !outcome.is_told() {
        return failing(report, row);
    }
    let seen = report.rows.iter().any(Row::is_good);
    let authority = report.of(Role::Authority).next().is_some();
    if !seen {
        let words = row.values.first().map_or_else(|| outcome.as_str().to_owned(), |value| format!("“{value}”"));
        return Verdict::trouble(
            "dns01-not-propagated",
            if row.values.is_empty() { "nobody sees the record" } else { "another value stands there" },
            format!("{} answers {words}.", who(row)),
        )
        .mended_by([Remedy::words(
            "Ask the authorities of the zone: leave out --resolver, or name them with --authority",
        )]);
    }
    let ends = row.ttl.map_or_else(String::new, |ttl| format!(" It may keep that for {ttl} s more."));
    let kept = if outcome.is_negative() { "that there was none" } else { "an older value" };
    let subject = if authority { "The authorities have the value" } else { "Others see the value" };
    Verdict::trouble(
        "dns01-not-propagated",
        "a resolver still remembers the time before",
        format!("{subject}; the resolver {} still remembers {kept}.{ends}", who(row)),
    )
    .until(row.ttl)
    .mended_by([Remedy::words(match row.ttl {
        Some(ttl) => format!("Wait {ttl} s and look again: if it still answers so, it has a zone of its own"),
        None => "Wait and look again: if it still answers so, it has a zone of its own".to_owned(),
    })])
}

/// Leftovers and disagreements that are no failure.
pub fn notes(report: &Dns01) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(row) = report.rows.iter().find(|row| row.extra_values() >= MANY_VALUES) {
        notes.push(format!(
            "{} values stand there: old proofs were not removed, and an authority may read one of them",
            row.values.len()
        ));
    }
    if report.zone.disagrees() {
        notes.push(format!(
            "the parent names other servers for {} than the zone itself: {} / {}",
            report.zone.name,
            report.zone.by_parent.join(", "),
            report.zone.by_itself.join(", ")
        ));
    }
    notes
}
