//! [`Horizon`]: what is coming: every expiry and renewal of the cluster, by day; where many fall into one hour; and what
//! will run out before anything is done about it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DurationRound as _, TimeDelta};
use rustc_hash::FxBuildHasher;

use super::ledger::Ledger;
use super::verdict::Verdict;
use crate::model::Model;
use crate::model::certificate::{Certificate, RenewalPolicy};
use crate::model::id::Id;
use crate::model::issuer::IssuerType;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;

/// How many days are looked ahead.
pub const DAYS: usize = 90;

/// From how many renewals in one hour on they are said to be many.
const MANY: usize = 10;

/// Certificates that Let's Encrypt issues for one registered domain within seven days.
const A_WEEK: usize = 50;

/// Orders that Let's Encrypt takes of one account within three hours.
const ORDERS: usize = 300;

/// A set of Certificates.
pub type Rows = HashSet<Id<Certificate>, FxBuildHasher>;

/// What is coming.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Horizon {
    /// When this was found out.
    pub at: Option<Time>,
    /// The beginning of the first day.
    pub from: Option<Time>,
    /// How many Certificates there are.
    pub certificates: usize,
    /// How many ended already.
    pub ended: usize,
    /// How many end on each day.
    pub expiries: Vec<u32>,
    /// How many are renewed on each day.
    pub renewals: Vec<u32>,
    /// What is worth a line, what needs a person first.
    pub lines: Vec<Line>,
}

/// Something that is worth a line, with the Certificates it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Under which heading.
    pub section: Section,
    /// What it is about.
    pub name: String,
    /// How many Certificates are meant.
    pub count: usize,
    /// How many of them are renewed within a week, those at which work goes on among them.
    pub week: usize,
    /// What there is to say.
    pub what: String,
    /// When it comes: the first end, the hour.
    pub when: Option<Time>,
    /// Which they are.
    pub rows: Rows,
}

/// A renewal that is planned.
type Planned = (Time, Id<Certificate>);

/// The headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Ended, or will end before the next attempt.
    AtRisk,
    /// Many renewals at a time.
    Stampede,
    /// By issuer.
    Issuer,
    /// By namespace.
    Namespace,
}

impl Section {
    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AtRisk => "At risk",
            Self::Stampede => "Many at a time",
            Self::Issuer => "By issuer",
            Self::Namespace => "By namespace",
        }
    }
}

/// The sums of one group.
#[derive(Default)]
struct Group {
    rows: Rows,
    week: usize,
    first_end: Option<Time>,
}

impl Group {
    fn line(self, section: Section, name: String) -> Line {
        let Self { rows, week, first_end } = self;
        Line { section, name, count: rows.len(), week, what: String::new(), when: first_end, rows }
    }
}

/// What is coming for all Certificates. Looks at each of them: asked for when the page opens, not once a frame.
/// `offset` puts the beginning of a day where a person has it.
pub fn horizon(model: &Model, ledger: &Ledger, now: Time, offset: TimeDelta) -> Horizon {
    let day = TimeDelta::days(1);
    let from = (now + offset).duration_trunc(day).unwrap_or(now + offset) - offset;
    let week = now + TimeDelta::days(7);
    let mut found = Horizon {
        at: Some(now),
        from: Some(from),
        certificates: model.certificates.len(),
        expiries: vec![0; DAYS],
        renewals: vec![0; DAYS],
        ..Horizon::default()
    };
    let day_of =
        |moment: Time| usize::try_from((moment - from).num_days()).ok().filter(|day| *day < DAYS && moment >= now);
    let mut issuers: BTreeMap<String, Group> = BTreeMap::new();
    let mut namespaces: BTreeMap<Symbol, Group> = BTreeMap::new();
    let mut hours: BTreeMap<(Time, String), Rows> = BTreeMap::new();
    let mut domains: BTreeMap<(String, String), Vec<Planned>> = BTreeMap::new();
    for (id, certificate) in model.certificates.iter() {
        let renewal = certificate.renewal_time.filter(|_| certificate.renewal_policy == RenewalPolicy::Enabled);
        let renewal = renewal.filter(|renewal| *renewal >= now);
        let issuing = ledger.get(id).is_some_and(|diagnosis| diagnosis.verdict == Verdict::Issuing);
        let at_work = issuing && certificate.not_after.is_some();
        // Issuers of one name in several namespaces are several.
        let issuer = match certificate.issuer.known_kind() {
            Some(Kind::Issuer) => format!("Issuer/{}/{}", certificate.meta.namespace, certificate.issuer.name),
            _ => format!("{}/{}", certificate.issuer.kind, certificate.issuer.name),
        };
        for group in [
            issuers.entry(issuer.clone()).or_default(),
            namespaces.entry(certificate.meta.namespace.clone()).or_default(),
        ] {
            group.rows.insert(id);
            group.week += usize::from(at_work || renewal.is_some_and(|renewal| renewal <= week));
            let end = certificate.not_after.filter(|end| *end > now);
            group.first_end = [group.first_end, end].into_iter().flatten().min();
        }
        if let Some(end) = certificate.not_after {
            found.ended += usize::from(end <= now);
            if let Some(count) = day_of(end).and_then(|day| found.expiries.get_mut(day)) {
                *count += 1;
            }
        }
        if let Some(renewal) = renewal {
            if let Some(count) = day_of(renewal).and_then(|day| found.renewals.get_mut(day)) {
                *count += 1;
            }
            let hour = renewal.duration_trunc(TimeDelta::hours(1)).unwrap_or(renewal);
            hours.entry((hour, issuer.clone())).or_default().insert(id);
            if is_lets_encrypt(model, certificate) {
                let own: BTreeSet<String> = certificate.dns_names.iter().map(registered).collect();
                for domain in own {
                    domains.entry((domain, issuer.clone())).or_default().push((renewal, id));
                }
            }
        }
        found.lines.extend(risk(certificate, id, ledger, now));
    }
    for ((hour, issuer), rows) in hours.into_iter().filter(|(_, rows)| rows.len() >= MANY) {
        let limited = rows.iter().filter_map(|id| model.certificates.get(*id)).any(|row| is_lets_encrypt(model, row));
        let limit = if limited { format!("; the limit is {ORDERS} orders in 3 hours") } else { String::new() };
        let what = format!("{} renewals in one hour{limit}", rows.len());
        found.lines.push(Line {
            what,
            when: Some(hour),
            ..Group { rows, ..Group::default() }.line(Section::Stampede, issuer)
        });
    }
    found
        .lines
        .extend(domains.into_iter().filter_map(|((domain, issuer), renewals)| crowded(&domain, &issuer, renewals)));
    found.lines.extend(issuers.into_iter().map(|(name, group)| group.line(Section::Issuer, name)));
    found.lines.extend(namespaces.into_iter().map(|(name, group)| group.line(Section::Namespace, name.to_string())));
    found.lines.sort_by(|a, b| {
        let by_time = matches!(a.section, Section::AtRisk | Section::Stampede);
        let order = if by_time { a.when.cmp(&b.when) } else { b.count.cmp(&a.count) };
        a.section.cmp(&b.section).then(order).then_with(|| a.name.cmp(&b.name))
    });
    found
}

/// A Certificate that ended, or will end before anything is done about it.
fn risk(certificate: &Certificate, id: Id<Certificate>, ledger: &Ledger, now: Time) -> Option<Line> {
    let end = certificate.not_after?;
    let diagnosis = ledger.get(id)?;
    let next = match diagnosis.verdict {
        Verdict::Backoff => diagnosis.next_attempt,
        Verdict::Ok => certificate.renewal_time,
        _ => None,
    };
    let what = if end <= now {
        "has ended".to_owned()
    } else if next.is_some_and(|next| next >= end) {
        "ends before its next attempt".to_owned()
    } else {
        match diagnosis.verdict {
            Verdict::Stuck => "is stuck; when it goes on is unknown".to_owned(),
            Verdict::Blocked => "is blocked: nothing would start a renewal".to_owned(),
            Verdict::Overdue => "is overdue: nobody is at work on it".to_owned(),
            Verdict::Expiring => "is expiring: no renewal will come".to_owned(),
            _ => return None,
        }
    };
    let name = format!("{}/{}", certificate.meta.namespace, certificate.meta.name);
    let rows = Rows::from_iter([id]);
    Some(Line { section: Section::AtRisk, name, count: 1, week: 0, what, when: Some(end), rows })
}

/// More renewals of one registered domain within a week than the authority allows.
fn crowded(domain: &str, issuer: &str, mut renewals: Vec<Planned>) -> Option<Line> {
    renewals.sort_unstable();
    let (mut most, mut first) = (0..0, 0);
    for (i, (at, _)) in renewals.iter().enumerate() {
        while renewals.get(first).is_some_and(|(begin, _)| *at - *begin > TimeDelta::days(7)) {
            first += 1;
        }
        if i + 1 - first > most.len() {
            most = first..i + 1;
        }
    }
    if most.len() <= A_WEEK {
        return None;
    }
    let within = renewals.get(most)?;
    Some(Line {
        section: Section::Stampede,
        name: format!("{domain} at {issuer}"),
        count: within.len(),
        week: 0,
        what: format!("{} renewals within 7 days; the limit for new certificates is {A_WEEK}", within.len()),
        when: within.first().map(|(at, _)| *at),
        rows: within.iter().map(|(_, id)| *id).collect(),
    })
}

fn is_lets_encrypt(model: &Model, certificate: &Certificate) -> bool {
    let issuer = model.issuer(&certificate.issuer, &certificate.meta.namespace);
    issuer
        .is_some_and(|issuer| issuer.issuer_type == IssuerType::Acme && issuer.backend.contains("api.letsencrypt.org"))
}

/// The last two labels of a name. Where the registry's own suffix is longer (`co.uk`), too many names fall together:
/// the sum is then an upper bound.
fn registered(name: &str) -> String {
    let labels: Vec<&str> = name.rsplit('.').take(2).collect();
    labels.into_iter().rev().collect::<Vec<_>>().join(".")
}
