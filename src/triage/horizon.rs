//! [`Horizon`]: what is coming: every expiry and renewal of the cluster, by day; where many fall into one hour; and what
//! will run out before anything is done about it.

use std::collections::{BTreeSet, HashMap, HashSet};

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
#[derive(Debug, Default)]
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

/// An issuer, as Certificates name it: its kind, its namespace where it has one, its name.
type Named = (Symbol, Option<Symbol>, Symbol);

/// Renewals of one issuer in one hour.
#[derive(Debug, Default)]
struct Hour {
    rows: Rows,
    limited: bool,
}

/// What is coming, as far as Certificates were looked at: some at a time, for each look costs.
#[derive(Debug)]
pub struct Census {
    now: Time,
    next: usize,
    found: Horizon,
    issuers: HashMap<Named, Group, FxBuildHasher>,
    namespaces: HashMap<Symbol, Group, FxBuildHasher>,
    hours: HashMap<(Time, Named), Hour, FxBuildHasher>,
    domains: HashMap<(String, Named), Vec<Planned>, FxBuildHasher>,
}

impl Census {
    /// Nothing was looked at yet. `offset` puts the beginning of a day where a person has it.
    pub fn begin(now: Time, offset: TimeDelta) -> Self {
        let from = (now + offset).duration_trunc(TimeDelta::days(1)).unwrap_or(now + offset) - offset;
        let found = Horizon {
            at: Some(now),
            from: Some(from),
            expiries: vec![0; DAYS],
            renewals: vec![0; DAYS],
            ..Horizon::default()
        };
        Self {
            now,
            next: 0,
            found,
            issuers: HashMap::default(),
            namespaces: HashMap::default(),
            hours: HashMap::default(),
            domains: HashMap::default(),
        }
    }

    /// Looks at some places of the table of Certificates; true when all were looked at.
    pub fn look(&mut self, model: &Model, ledger: &Ledger, places: usize) -> bool {
        let all = model.certificates.capacity();
        let until = self.next.saturating_add(places).min(all);
        for (id, certificate) in (self.next..until).filter_map(|place| model.certificates.at(place)) {
            self.add(id, certificate, model, ledger);
            self.found.lines.extend(risk(certificate, id, ledger, self.now));
        }
        self.next = until;
        until == all
    }

    fn add(&mut self, id: Id<Certificate>, certificate: &Certificate, model: &Model, ledger: &Ledger) {
        let (now, week) = (self.now, self.now + TimeDelta::days(7));
        let renewal = certificate.renewal_time.filter(|_| certificate.renewal_policy == RenewalPolicy::Enabled);
        let renewal = renewal.filter(|renewal| *renewal >= now);
        let issuing = ledger.get(id).is_some_and(|diagnosis| diagnosis.verdict == Verdict::Issuing);
        let at_work = issuing && certificate.not_after.is_some();
        let issuer = named(certificate);
        for group in [
            self.issuers.entry(issuer.clone()).or_default(),
            self.namespaces.entry(certificate.meta.namespace.clone()).or_default(),
        ] {
            group.rows.insert(id);
            group.week += usize::from(at_work || renewal.is_some_and(|renewal| renewal <= week));
            let end = certificate.not_after.filter(|end| *end > now);
            group.first_end = [group.first_end, end].into_iter().flatten().min();
        }
        self.found.certificates += 1;
        if let Some(end) = certificate.not_after {
            self.found.ended += usize::from(end <= now);
            self.found.count(end, now, |found| &mut found.expiries);
        }
        let Some(renewal) = renewal else { return };
        self.found.count(renewal, now, |found| &mut found.renewals);
        let (hour, limited) = (renewal.duration_trunc(TimeDelta::hours(1)), is_lets_encrypt(model, certificate));
        let hour = self.hours.entry((hour.unwrap_or(renewal), issuer.clone())).or_default();
        hour.rows.insert(id);
        hour.limited |= limited;
        if limited {
            let own: BTreeSet<String> = certificate.dns_names.iter().map(registered).collect();
            for domain in own {
                self.domains.entry((domain, issuer.clone())).or_default().push((renewal, id));
            }
        }
    }

    /// What is coming, once all were looked at.
    pub fn into_horizon(self) -> Horizon {
        let Self { mut found, issuers, namespaces, hours, domains, .. } = self;
        for ((hour, issuer), Hour { rows, limited }) in hours.into_iter().filter(|(_, hour)| hour.rows.len() >= MANY) {
            let limit = if limited { format!("; the limit is {ORDERS} orders in 3 hours") } else { String::new() };
            let what = format!("{} renewals in one hour{limit}", rows.len());
            let line = Group { rows, ..Group::default() }.line(Section::Stampede, written(&issuer));
            found.lines.push(Line { what, when: Some(hour), ..line });
        }
        let crowds = domains.into_iter().filter(|(_, renewals)| renewals.len() > A_WEEK);
        found.lines.extend(crowds.filter_map(|((name, issuer), all)| crowded(&name, &written(&issuer), all)));
        found.lines.extend(issuers.into_iter().map(|(name, group)| group.line(Section::Issuer, written(&name))));
        found
            .lines
            .extend(namespaces.into_iter().map(|(name, group)| group.line(Section::Namespace, name.to_string())));
        found.lines.sort_by(|a, b| {
            let by_time = matches!(a.section, Section::AtRisk | Section::Stampede);
            let order = if by_time { a.when.cmp(&b.when) } else { b.count.cmp(&a.count) };
            a.section.cmp(&b.section).then(order).then_with(|| a.name.cmp(&b.name))
        });
        found
    }
}

impl Horizon {
    /// Counts a moment on its day, where that is ahead and near enough.
    fn count(&mut self, moment: Time, now: Time, days: impl Fn(&mut Self) -> &mut Vec<u32>) {
        let Some(from) = self.from.filter(|_| moment >= now) else { return };
        let day = usize::try_from((moment - from).num_days()).ok();
        if let Some(count) = day.and_then(|day| days(self).get_mut(day)) {
            *count += 1;
        }
    }
}

/// What is coming for all Certificates, found out at once.
pub fn horizon(model: &Model, ledger: &Ledger, now: Time, offset: TimeDelta) -> Horizon {
    let mut census = Census::begin(now, offset);
    census.look(model, ledger, usize::MAX);
    census.into_horizon()
}

/// The issuer of a Certificate. Issuers of one name in several namespaces are several.
fn named(certificate: &Certificate) -> Named {
    let reference = &certificate.issuer;
    match reference.known_kind() {
        Some(Kind::Issuer) => (Symbol::default(), Some(certificate.meta.namespace.clone()), reference.name.clone()),
        _ => (reference.kind.clone(), None, reference.name.clone()),
    }
}

/// How an issuer is written.
fn written((kind, namespace, name): &Named) -> String {
    match namespace {
        Some(namespace) => format!("Issuer/{namespace}/{name}"),
        None => format!("{kind}/{name}"),
    }
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
