//! The preflight: what would go wrong before any Order exists.

use std::net::SocketAddr;

use super::Reach;
use super::caa;
use super::dns01;
use super::lookup;
use super::web;
use crate::probe::answer::{Outcome, Role};
use crate::probe::caa::{Applicant, judge, notes};
use crate::probe::dns01::{Checker, Plan};
use crate::probe::mark::Mark;
use crate::probe::preflight::Preflight;
use crate::probe::subject::Subject;
use crate::probe::verdict::{Remedy, Verdict};
use crate::probe::web as web_words;
use crate::text::every;

/// What is to be found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The name.
    pub subject: Subject,
    /// Resolvers.
    pub guides: Vec<SocketAddr>,
    /// Who is to issue, where its name in CAA records is known.
    pub applicant: Option<Applicant>,
    /// How the name is proven, or why no solver is for it; without, both ways are looked at.
    pub solver: Option<Result<String, String>>,
    /// Whether the authority is a public one: it issues for public names only.
    pub public: bool,
}

/// Checks a name.
pub async fn look(reach: &Reach, wanted: &Wanted) -> Preflight {
    let mut flight = Preflight::begin(wanted.subject.clone());
    name(wanted, &mut flight);
    let method = solver(wanted, &mut flight);
    permission(reach, wanted, method, &mut flight).await;
    if method != Some("http-01") {
        zone(reach, wanted, &mut flight).await;
    }
    if method != Some("dns-01") && !wanted.subject.is_wildcard() {
        addresses(reach, wanted, &mut flight).await;
    }
    flight.conclude();
    flight
}

/// Whether any authority issues for the name.
fn name(wanted: &Wanted, flight: &mut Preflight) {
    match wanted.subject.cannot_be_issued().filter(|_| wanted.public) {
        Some(why) => {
            flight.verdict = Verdict::trouble("acme-rejected-identifier", "this name cannot be issued", why.clone());
            flight.check("name", Mark::Bad, why);
        }
        None => flight.check("name", Mark::Good, "it can be issued"),
    }
}

/// By which way it is proven, where that is settled; and whether that way is one for it.
fn solver<'w>(wanted: &'w Wanted, flight: &mut Preflight) -> Option<&'w str> {
    let wildcard = wanted.subject.is_wildcard();
    match wanted.solver.as_ref()? {
        Err(why) => {
            let (family, mend) = if wildcard {
                (
                    "wildcard-needs-dns01",
                    "Add a dns01 solver to the issuer: authorities accept nothing else for a wildcard",
                )
            } else {
                (
                    "no-solver-matches",
                    "Add a solver to the issuer whose selector fits this name, or one without a selector",
                )
            };
            let verdict = Verdict::trouble(family, "no solver of the issuer is for this name", why.clone());
            flight.part("solver", &verdict.mended_by([Remedy::words(mend)]));
            None
        }
        Ok(method) => {
            flight.check("solver", Mark::Good, format!("it is proven by {}", method.to_ascii_uppercase()));
            if wildcard && method == "http-01" {
                let verdict = Verdict::trouble(
                    "wildcard-needs-dns01",
                    "HTTP-01 cannot prove a wildcard",
                    "Authorities accept DNS-01 only for wildcards.",
                );
                flight.part("method", &verdict);
            }
            Some(method)
        }
    }
}

/// Whether the CAA records let the authority issue.
async fn permission(reach: &Reach, wanted: &Wanted, method: Option<&str>, flight: &mut Preflight) {
    let Some(applicant) = &wanted.applicant else {
        return flight.check("caa", Mark::Open, "the authority is none whose name in CAA records is known");
    };
    let method = method.map(str::to_owned);
    let applicant = Applicant { method: method.or_else(|| applicant.method.clone()), ..applicant.clone() };
    flight.caa = caa::climb(reach, &wanted.guides, &wanted.subject).await;
    let verdict = judge(&wanted.subject, &applicant, &flight.caa);
    flight.part("caa", &verdict);
    for note in notes(&applicant, &flight.caa) {
        flight.check("caa", Mark::Odd, note);
    }
}

/// What the addresses of the name answer.
async fn addresses(reach: &Reach, wanted: &Wanted, flight: &mut Preflight) {
    let plan = web_words::Plan {
        subject: wanted.subject.clone(),
        token: None,
        expected: None,
        addresses: Vec::new(),
        guides: wanted.guides.clone(),
        reason: String::new(),
    };
    let seen = web::look(reach, &plan, |_| ()).await;
    flight.part("web", &seen.verdict);
    for note in &seen.notes {
        flight.check("web", Mark::Odd, note.clone());
    }
    flight.web = Some(seen);
}

/// Zone, servers, and what stands at the name of the record already.
async fn zone(reach: &Reach, wanted: &Wanted, flight: &mut Preflight) {
    let plan = Plan {
        subject: wanted.subject.clone(),
        expected: None,
        servers: Vec::new(),
        guides: wanted.guides.clone(),
        checker: Checker::default(),
    };
    let report = dns01::look(reach, &plan, |_| ()).await;
    flight.zone = report.zone.clone();
    if report.zone.name.is_empty() {
        let why = lookup::start_of_authority(&reach.net, &wanted.guides, wanted.subject.name()).await;
        let verdict = match why {
            None => Verdict::blind("no resolver tells the zone of the name"),
            Some(soa) => Verdict::trouble(
                "dns01-zone-not-found",
                "the name is not delegated",
                format!("The nearest zone above it is {}.", if soa.zone.is_empty() { "the root" } else { &soa.zone }),
            ),
        };
        return flight.part("zone", &verdict);
    }
    let (own, parent) = (report.zone.by_itself.join(", "), report.zone.by_parent.join(", "));
    if report.zone.disagrees() {
        flight.check("zone", Mark::Odd, format!("{}: the parent names {parent}, the zone {own}", report.zone.name));
    } else {
        flight.check("zone", Mark::Good, format!("{}, served by {own}", report.zone.name));
    }
    let failing = report.of(Role::Authority).find(|row| !row.outcome.is_some_and(Outcome::is_told));
    match failing {
        Some(row) => {
            let word = row.outcome.map_or("nothing", Outcome::as_str);
            let said = row.error.as_deref().map(|said| format!(": {said}")).unwrap_or_default();
            let verdict = Verdict::trouble(
                "dns01-nameserver-failure",
                "a name server of the zone fails",
                format!("{} ({}) answers {word}{said}.", row.server.name, row.server.address),
            );
            flight.part("servers", &verdict);
        }
        None => flight.check("servers", Mark::Good, every(report.rows.len(), "address", "answer")),
    }
    match report.rows.iter().map(|row| row.values.len()).max().unwrap_or(0) {
        0 => flight.check("record", Mark::Good, "nothing is left over from older proofs"),
        1 => flight.check("record", Mark::Odd, "a value is left over from an older proof"),
        left => flight.check("record", Mark::Odd, format!("{left} values are left over from older proofs")),
    }
    if let Some(target) = report.chain.aliases.last() {
        flight.check(
            "record",
            Mark::Odd,
            format!("{} leads to {target}: the solver needs cnameStrategy: Follow", wanted.subject.record()),
        );
    }
}
