//! What happened, from every source, merged into one line; equal notes are folded.

use std::collections::{HashMap, HashSet};

use super::chain::Chain;
use crate::model::Model;
use crate::model::condition::Condition;
use crate::model::history::{Course, Mark, Moment};
use crate::model::id::{ObjectKey, Uid};
use crate::model::journal::{Happening, Transition};
use crate::model::logs::LogLine;
use crate::model::meta::{Object as _, Time};

/// Where an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// An object came, went or changed.
    Watch,
    /// A controller left a note.
    Event,
    /// A condition changed.
    Condition,
    /// A line of a log.
    Log,
    /// Somebody did something with cmtop.
    Action,
}

impl Origin {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Watch, Self::Event, Self::Condition, Self::Log, Self::Action];

    /// In one word, as in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Watch => "watch",
            Self::Event => "event",
            Self::Condition => "condition",
            Self::Log => "log",
            Self::Action => "action",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When.
    pub at: Time,
    /// Whether that was watched; otherwise a stamp says so.
    pub seen: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// To which object.
    pub object: ObjectKey,
    /// What: `created`, the name of a field or condition, the text of a note.
    pub what: String,
    /// The value before, where a value changed.
    pub from: Option<String>,
    /// The value after.
    pub to: Option<String>,
    /// How often in a row.
    pub count: u32,
    /// Whether it warns.
    pub alarm: bool,
}

/// What is noted of an issuance that goes well, in its order: a reason or a condition, or which kind of object is made.
const COURSE: [(&str, &str); 26] = [
    ("created", "Certificate"),
    ("Issuing", ""),
    ("Generated", ""),
    ("Reused", ""),
    ("Requested", ""),
    ("created", "CertificateRequest"),
    ("WaitingForApproval", ""),
    ("cert-manager.io", ""),
    ("Approved", ""),
    ("OrderCreated", ""),
    ("created", "Order"),
    ("Created", ""),
    ("created", "Challenge"),
    ("OrderPending", ""),
    ("Started", ""),
    ("created", "Pod"),
    ("created", "Service"),
    ("created", "Ingress"),
    ("created", "HTTPRoute"),
    ("Presented", ""),
    ("DomainVerified", ""),
    ("Complete", ""),
    ("CertificateIssued", ""),
    ("Ready", ""),
    ("created", "Secret"),
    ("deletion", ""),
];

/// The types of the conditions that the model keeps, as the journal names them.
const CONDITIONS: [&str; 5] = ["Ready", "Issuing", "Approved", "Denied", "InvalidRequest"];

impl Entry {
    fn new(moment: Moment, origin: Origin, object: &ObjectKey, what: &str) -> Self {
        let (at, seen) = (moment.at, moment.seen);
        let what = what.to_owned();
        Self { at, seen, origin, object: object.clone(), what, from: None, to: None, count: 1, alarm: false }
    }

    /// Where it comes from, for people: what nobody watched is known from a stamp of the object.
    pub const fn told_by(&self) -> &'static str {
        match self.origin {
            Origin::Watch if !self.seen => "stamp",
            origin => origin.as_str(),
        }
    }

    /// Where it stands among what happened at the same moment: stamps count seconds, and an issuance may take less.
    fn step(&self) -> usize {
        let over = self.what.ends_with("has been successfully issued") || self.from.is_some() && self.what == "Issuing";
        let word = self.what.split(':').next().unwrap_or_default();
        let kind = if word == "created" { self.object.kind.name() } else { "" };
        let place = COURSE.iter().position(|step| *step == (word, kind)).unwrap_or(COURSE.len());
        if over { COURSE.len() + 1 } else { place }
    }

    /// Whether another one says the same.
    fn repeats(&self, other: &Self) -> bool {
        (&self.what, &self.from, &self.to, self.seen) == (&other.what, &other.from, &other.to, other.seen)
    }
}

pub(super) fn entries(model: &Model, chain: &Chain) -> Vec<Entry> {
    let key = chain.certificate.key();
    let mut watched: HashSet<(Uid, &'static str)> = HashSet::new();
    let mut entries = Vec::new();
    let own = |t: &&Transition| {
        chain.family.contains(&t.uid)
            || t.certificate.as_ref() == Some(&key)
            || t.owner.is_some_and(|owner| chain.family.contains(&owner))
    };
    let journal: Vec<&Transition> = model.journal.recent().filter(own).collect();
    for transition in journal.into_iter().rev() {
        watched.insert((transition.uid, field(&transition.what)));
        entries.push(of_transition(transition));
    }
    stamped(chain, &watched, &mut entries);
    for event in model
        .events
        .recent()
        .filter(|event| event.subject_uid.map_or(event.subject == key, |uid| chain.family.contains(&uid)))
    {
        let what = format!("{}: {}", event.reason, event.message.as_str());
        entries.extend(event.notes().map(|(moment, count)| Entry {
            count,
            alarm: event.warning,
            ..Entry::new(moment, Origin::Event, &event.subject, &what)
        }));
    }
    entries.extend(model.logs.lines().filter_map(|line| of_line(chain, line)));
    merge(entries)
}

/// A line of a log that names an object of the chain.
fn of_line(chain: &Chain, line: &LogLine) -> Option<Entry> {
    let object = line.mentions.iter().filter_map(|mention| chain.named(mention)).max_by_key(|object| object.kind)?;
    let what =
        if line.error.is_empty() { line.message.to_string() } else { format!("{}: {}", line.message, line.error) };
    Some(Entry { alarm: line.is_trouble(), ..Entry::new(Moment::seen(line.at), Origin::Log, object, &what) })
}

const fn field(happening: &Happening) -> &'static str {
    match happening {
        Happening::Created => "created",
        Happening::Deleted => "deleted",
        Happening::Changed { field, .. } => field,
    }
}

fn of_transition(transition: &Transition) -> Entry {
    let what = field(&transition.what);
    let origin = if CONDITIONS.contains(&what) { Origin::Condition } else { Origin::Watch };
    let entry = Entry::new(Moment::seen(transition.at), origin, &transition.object, what);
    match &transition.what {
        Happening::Created | Happening::Deleted => entry,
        Happening::Changed { from, to, .. } => {
            let alarm = matches!(&**to, "invalid" | "errored" | "expired")
                || matches!(what, "Ready" | "Issuing") && to.starts_with("False Failed")
                || what == "Denied" && to.starts_with("True");
            Entry { from: Some(from.to_string()), to: Some(to.to_string()), alarm, ..entry }
        }
    }
}

/// What only stamps tell: creations and conditions that were there before anything was watched.
fn stamped(chain: &Chain, watched: &HashSet<(Uid, &'static str)>, entries: &mut Vec<Entry>) {
    let created = |uid: Uid, object: &ObjectKey, at: Option<Time>| {
        let at = at.filter(|_| !watched.contains(&(uid, "created")))?;
        Some(Entry::new(Moment::stamped(at), Origin::Watch, object, "created"))
    };
    let meta = &chain.certificate.meta;
    entries.extend(created(meta.uid, &chain.certificate.key(), meta.created));
    for secret in chain.lineage.secret.row().into_iter().chain(chain.lineage.next_key) {
        entries.extend(created(secret.meta.uid, &secret.key(), secret.meta.created));
    }
    for (_, solvers) in chain.lineage.attempts.iter().flat_map(|attempt| &attempt.challenges) {
        entries.extend(solvers.iter().filter_map(|row| created(row.meta.uid, &row.key(), row.meta.created)));
    }
    for course in chain.requests.iter().chain(&chain.orders).chain(&chain.challenges) {
        let moment = course.when(Mark::Created).filter(|moment| !moment.seen);
        entries.extend(created(course.uid, &course.object, moment.map(|moment| moment.at)));
        let asked = course.when(Mark::DeletionAsked).filter(|moment| !moment.seen);
        entries.extend(asked.map(|asked| Entry::new(asked, Origin::Watch, &course.object, "deletion")));
    }
    let mut condition = |uid: Uid, object: &ObjectKey, what: &'static str, condition: Option<&Condition>| {
        let Some(condition) = condition.filter(|_| !watched.contains(&(uid, what))) else { return };
        let Some(since) = condition.since else { return };
        let words = if condition.reason.is_empty() {
            condition.status.as_str().to_owned()
        } else {
            format!("{} {}", condition.status.as_str(), condition.reason)
        };
        entries.push(Entry { to: Some(words), ..Entry::new(Moment::stamped(since), Origin::Condition, object, what) });
    };
    let certificate = chain.certificate;
    condition(meta.uid, &certificate.key(), "Ready", certificate.ready.as_ref());
    condition(meta.uid, &certificate.key(), "Issuing", certificate.issuing());
    let mut present: HashSet<Uid> = HashSet::new();
    for attempt in &chain.lineage.attempts {
        let (request, key) = (attempt.request, attempt.request.key());
        present.insert(request.meta.uid);
        condition(request.meta.uid, &key, "Approved", request.approval());
        condition(request.meta.uid, &key, "Denied", request.denial());
        condition(request.meta.uid, &key, "InvalidRequest", request.invalidity());
        condition(request.meta.uid, &key, "Ready", request.ready.as_ref());
    }
    for course in chain.requests.iter().filter(|course| !present.contains(&course.uid)) {
        past(course, watched, entries);
    }
}

/// The conditions of a request that is gone.
fn past(course: &Course, watched: &HashSet<(Uid, &'static str)>, entries: &mut Vec<Entry>) {
    for (mark, what, to) in
        [(Mark::Approved, "Approved", "True"), (Mark::Denied, "Denied", "True"), (Mark::Ready, "Ready", "True")]
    {
        let moment = course.when(mark).filter(|moment| !moment.seen && !watched.contains(&(course.uid, what)));
        entries.extend(moment.map(|moment| Entry {
            to: Some(to.to_owned()),
            ..Entry::new(moment, Origin::Condition, &course.object, what)
        }));
    }
}

/// Puts entries in the order of time; what one source says of one object several times in a row is told once.
pub(super) fn merge(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by_cached_key(|entry| (entry.at, entry.step(), entry.origin, entry.object.clone()));
    let mut last: HashMap<(Origin, ObjectKey), usize> = HashMap::new();
    let mut merged: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        let place = (entry.origin, entry.object.clone());
        match last.get(&place).and_then(|i| merged.get_mut(*i)).filter(|known| known.repeats(&entry)) {
            Some(known) => known.count += entry.count,
            None => {
                last.insert(place, merged.len());
                merged.push(entry);
            }
        }
    }
    merged
}
