//! [`Cause`]: Certificates that suffer from one thing. A hundred red rows become three.

pub(super) mod ailment;
mod hit;
mod places;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rustc_hash::FxBuildHasher;

use self::ailment::{Ailment, Ill, ailment};
use self::hit::{Group, Hit};
use self::places::{Hits, Places};
use super::examine;
use super::finding::{Finding, Severity};
use super::ledger::Judged;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, Uid};
use crate::model::meta::Time;
use crate::model::symbol::Symbol;

/// Something that is wrong, and whom it hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// What is wrong, as found at the Certificate that runs out first.
    pub finding: Finding,
    /// Since when, at the one that has suffered longest.
    pub since: Option<Time>,
    /// Whom it hits: what runs out first comes first; no certificate at all counts as run out.
    pub subjects: Vec<Id<Certificate>>,
    /// Those of them that nothing is wrong with but whom they wait for: which waits behind which.
    pub waiting: BTreeMap<Id<Certificate>, Id<Certificate>>,
    /// When the first of them runs out, or ran out. `None` when one never had a certificate.
    pub first_outage: Option<Time>,
    /// What they share, where more than one is hit: the issuer, the domain, the Secret; empty where nothing but the cause.
    pub shared: String,
}

/// The causes, kept up to date by work on what was judged anew.
///
/// **Invariant:** it equals the one made from nothing at the same moment.
#[derive(Debug, Default)]
pub struct Causes {
    groups: BTreeMap<Ill, Group>,
    /// Those that wait for a Challenge of another Certificate. They are told as part of what that one suffers from.
    waiting: BTreeMap<Uid, Group>,
    ailing: HashMap<Id<Certificate>, Ailment, FxBuildHasher>,
    /// Which namespaces are hit by what.
    places: Places,
    /// What those suffer from that are waited for and are not asked about.
    beyond: HashMap<Id<Certificate>, Ailment, FxBuildHasher>,
}

/// How many Certificates may wait for each other in a row: cert-manager runs a Challenge or lets it wait, so more than
/// one in between is rare, and a circle has no first one.
const ROW: usize = 4;

impl Causes {
    /// How many there are that hit some namespaces; all of them, where none is named.
    pub fn len(&self, model: &Model, namespaces: &BTreeSet<Symbol>) -> usize {
        if namespaces.is_empty() {
            let homeless = self.waiting.keys().filter(|challenge| self.home(model, **challenge).is_none());
            return self.groups.len() + homeless.count();
        }
        self.hits(model, namespaces).len()
    }

    /// What hits some namespaces.
    fn hits(&self, model: &Model, namespaces: &BTreeSet<Symbol>) -> Hits<'_> {
        self.places.hits(namespaces, |challenge| self.home(model, challenge).map(|(_, of)| of))
    }

    /// Whether nothing needs a person.
    pub fn is_empty(&self) -> bool {
        self.ailing.is_empty()
    }

    /// How many Certificates of some namespaces suffer; of all, where none is named.
    pub fn affected(&self, namespaces: &BTreeSet<Symbol>) -> usize {
        if namespaces.is_empty() { self.ailing.len() } else { self.places.affected(namespaces) }
    }

    /// Those that suffer, but for those that only wait for another one.
    pub fn ailing(&self) -> impl Iterator<Item = Id<Certificate>> {
        self.groups.values().flat_map(|group| group.members.iter().map(|(_, id)| *id))
    }

    /// Takes in Certificates that were judged anew.
    pub fn refresh(&mut self, judged: Vec<Judged>) {
        for Judged { id, ailment } in judged {
            self.note(id, ailment);
        }
    }

    fn note(&mut self, id: Id<Certificate>, new: Option<Ailment>) {
        if self.ailing.get(&id) == new.as_ref() {
            return;
        }
        if let Some(old) = self.ailing.remove(&id) {
            self.places.count(&old, -1);
            match old.behind {
                Some(challenge) => drop_from(&mut self.waiting, &challenge, id, &old),
                None => drop_from(&mut self.groups, &old.of, id, &old),
            }
        }
        if let Some(new) = new {
            let group = match new.behind {
                Some(challenge) => self.waiting.entry(challenge).or_default(),
                None => self.groups.entry(new.of.clone()).or_default(),
            };
            group.members.insert((new.outage, id));
            group.began.extend(new.since.map(|since| (since, id)));
            self.places.count(&new, 1);
            self.ailing.insert(id, new);
        }
    }

    /// Who is waited for in the end, and what it suffers from. `None` when it is unknown, well, or waits itself for those
    /// who wait for it.
    fn home(&self, model: &Model, challenge: Uid) -> Option<(Id<Certificate>, &Ill)> {
        let mut challenge = challenge;
        for _ in 0..ROW {
            let id = model.root_of_uid(challenge)?;
            let ailment = self.ailing.get(&id).or_else(|| self.beyond.get(&id))?;
            match ailment.behind {
                Some(next) => challenge = next,
                None => return Some((id, &ailment.of)),
            }
        }
        None
    }

    /// The most urgent causes that hit some namespaces, or any, up to a limit: what is down now, then what runs out first,
    /// then what hits most.
    pub fn most_urgent(&self, model: &Model, namespaces: &BTreeSet<Symbol>, limit: usize, now: Time) -> Vec<Cause> {
        let within = (!namespaces.is_empty()).then(|| self.hits(model, namespaces));
        let own = self.groups.iter().map(|(of, group)| (of, Hit { own: Some(group), ..Hit::default() }));
        let mut hits: BTreeMap<&Ill, Hit> = own.collect();
        let mut alone: Vec<(&Ill, Hit)> = Vec::new();
        for (challenge, group) in &self.waiting {
            let of = group.members.first().and_then(|(_, id)| self.ailing.get(id)).map(|ailment| &ailment.of);
            match (self.home(model, *challenge), of) {
                (Some((first, of)), _) => {
                    let hit = hits.entry(of).or_default();
                    let ahead = model.root_of_uid(*challenge).unwrap_or(first);
                    hit.first = hit.first.or(Some(first));
                    hit.waiting.push((ahead, group));
                }
                (None, Some(of)) if within.as_ref().is_none_or(|within| within.waits(*challenge)) => {
                    alone.push((of, Hit { own: Some(group), ..Hit::default() }));
                }
                (None, _) => {}
            }
        }
        hits.retain(|of, _| within.as_ref().is_none_or(|within| within.suffers(of)));
        let mut hits: Vec<(&Ill, Hit)> = hits.into_iter().chain(alone).collect();
        hits.sort_by_cached_key(|((id, of), hit)| {
            let severity = id.row().map(|row| row.severity);
            // What is down now goes before what never was up.
            (severity != Some(Severity::Critical), hit.outage(), Reverse((hit.len(), severity)), *id, of)
        });
        served_first(
            model,
            hits.into_iter().take(limit).filter_map(|((_, of), hit)| hit.cause(model, of, now)).collect(),
        )
    }
}

/// Takes a Certificate out of its group, and the group away when it was the last.
fn drop_from<K: Ord>(groups: &mut BTreeMap<K, Group>, of: &K, id: Id<Certificate>, old: &Ailment) {
    let Some(group) = groups.get_mut(of) else { return };
    group.members.remove(&(old.outage, id));
    if let Some(since) = old.since {
        group.began.remove(&(since, id));
    }
    if group.members.is_empty() {
        groups.remove(of);
    }
}

/// What hurts somebody goes before what nothing serves with, among what is equally bad; where nobody looked, nothing moves.
fn served_first(model: &Model, mut causes: Vec<Cause>) -> Vec<Cause> {
    let is_served = |id: &Id<Certificate>| {
        let certificate = model.certificates.get(*id);
        certificate.is_some_and(|c| model.surroundings.users_of(&c.meta.namespace, &c.secret_name).next().is_some())
    };
    causes.sort_by_cached_key(|cause| {
        (cause.finding.severity != Severity::Critical, !cause.subjects.iter().any(is_served))
    });
    causes
}

/// The causes of what some Certificates suffer from, the most urgent first.
pub fn causes(model: &Model, ids: impl IntoIterator<Item = Id<Certificate>>, now: Time) -> Vec<Cause> {
    let ill = |id| examine(model, id, now).and_then(|(case, _, signs)| ailment(&case, &signs));
    let mut causes = Causes::default();
    for id in ids {
        causes.note(id, ill(id));
    }
    // Whoever waits is told as part of what the one ahead suffers from, though nobody asked about that one.
    let mut ahead: Vec<Uid> = causes.waiting.keys().copied().collect();
    while let Some(challenge) = ahead.pop() {
        let Some(id) = model.root_of_uid(challenge) else { continue };
        if causes.ailing.contains_key(&id) || causes.beyond.contains_key(&id) {
            continue;
        }
        if let Some(ailment) = ill(id) {
            ahead.extend(ailment.behind);
            causes.beyond.insert(id, ailment);
        }
    }
    causes.most_urgent(model, &BTreeSet::new(), usize::MAX, now)
}
