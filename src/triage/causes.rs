//! [`Cause`]: Certificates that suffer from one thing. A hundred red rows become three.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rustc_hash::FxBuildHasher;

use super::examine;
use super::finding::{Finding, Severity};
use super::ledger::Judged;
use super::rules::{Case, Sign, docket::Depth};
use super::signature::RowId;
use crate::limits;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;

/// Something that is wrong, and whom it hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// What is wrong, as found at the Certificate that runs out first.
    pub finding: Finding,
    /// Since when, at the one that has suffered longest.
    pub since: Option<Time>,
    /// Whom it hits: what runs out first comes first; no certificate at all counts as run out.
    pub subjects: Vec<Id<Certificate>>,
    /// When the first of them runs out, or ran out. `None` when one never had a certificate.
    pub first_outage: Option<Time>,
}

/// What several Certificates have in common, when one thing is wrong with all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Shared {
    /// cert-manager itself.
    System,
    /// The issuer: kind, namespace, name.
    Issuer(String, String, String),
    /// The issuer, and the domain of the name.
    Domain(String, String, String, String),
    /// The Secret.
    Secret(String, String),
}

/// What one Certificate suffers from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ailment {
    of: (RowId, Shared),
    outage: Option<Time>,
    since: Option<Time>,
}

#[derive(Debug, Default)]
struct Group {
    /// By what runs out first.
    members: BTreeSet<(Option<Time>, Id<Certificate>)>,
    /// By how long they have suffered.
    began: BTreeSet<(Time, Id<Certificate>)>,
}

/// The causes, kept up to date by work on what was judged anew.
///
/// **Invariant:** it equals the one made from nothing at the same moment.
#[derive(Debug, Default)]
pub struct Causes {
    groups: BTreeMap<(RowId, Shared), Group>,
    ailing: HashMap<Id<Certificate>, Ailment, FxBuildHasher>,
}

impl Causes {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether nothing needs a person.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// How many Certificates suffer.
    pub fn affected(&self) -> usize {
        self.ailing.len()
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
        if let Some(old) = self.ailing.remove(&id)
            && let Some(group) = self.groups.get_mut(&old.of)
        {
            group.members.remove(&(old.outage, id));
            if let Some(since) = old.since {
                group.began.remove(&(since, id));
            }
            if group.members.is_empty() {
                self.groups.remove(&old.of);
            }
        }
        if let Some(new) = new {
            let group = self.groups.entry(new.of.clone()).or_default();
            group.members.insert((new.outage, id));
            group.began.extend(new.since.map(|since| (since, id)));
            self.ailing.insert(id, new);
        }
    }

    /// The most urgent causes, up to a limit: what is down now, then what runs out first, then what hits most.
    pub fn most_urgent(&self, model: &Model, limit: usize, now: Time) -> Vec<Cause> {
        let mut groups: Vec<(&(RowId, Shared), &Group)> = self.groups.iter().collect();
        let urgency = |((id, _), group): &(&(RowId, Shared), &Group)| {
            let outage = group.members.first().and_then(|(outage, _)| *outage);
            let severity = id.row().map(|row| row.severity);
            // What is down now goes before what never was up.
            (severity != Some(Severity::Critical), outage, Reverse((group.members.len(), severity)), *id)
        };
        groups.sort_by_cached_key(urgency);
        let causes = groups.into_iter().take(limit).filter_map(|(_, group)| group.cause(model, now));
        served_first(model, causes.collect())
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

impl Group {
    fn cause(&self, model: &Model, now: Time) -> Option<Cause> {
        let mut subjects: Vec<(Option<Time>, Id<Certificate>)> = self.members.iter().copied().collect();
        // They stand by outage already. Names order those that a page can show: of all of them that would be much each frame.
        if let Some(shown) = subjects.get_mut(..self.members.len().min(limits::CHILDREN)) {
            shown.sort_by_cached_key(|(outage, id)| (*outage, model.certificate_key(*id)));
        }
        let (first_outage, first) = subjects.first().copied()?;
        Some(Cause {
            finding: super::findings(model, first, now).into_iter().next()?,
            since: self.began.first().map(|(since, _)| *since),
            subjects: subjects.into_iter().map(|(_, id)| id).collect(),
            first_outage,
        })
    }
}

/// The causes of what some Certificates suffer from, the most urgent first.
pub fn causes(model: &Model, ids: impl IntoIterator<Item = Id<Certificate>>, now: Time) -> Vec<Cause> {
    let mut causes = Causes::default();
    for id in ids {
        causes.note(id, examine(model, id, now).and_then(|(case, _, signs)| ailment(&case, &signs)));
    }
    causes.most_urgent(model, usize::MAX, now)
}

/// What an examined Certificate suffers from.
pub(super) fn ailment(case: &Case, signs: &[Sign]) -> Option<Ailment> {
    let first = signs.first().filter(|first| first.severity >= Severity::Warning)?;
    Some(Ailment {
        of: (first.id, shared(case, first)),
        outage: case.certificate().not_after,
        since: first.shown.since,
    })
}

/// Families that are about the account of a provider, not about one name.
const OF_PROVIDERS: &[&str] =
    &["route53-", "dns01-provider-", "dns01-webhook-", "dns01-nameserver-", "solver-credentials-"];

fn shared(case: &Case, sign: &Sign) -> Shared {
    let certificate = case.certificate();
    let reference = &certificate.issuer;
    let namespace = if &*reference.kind == "ClusterIssuer" { "" } else { certificate.meta.namespace.as_str() };
    let (kind, name) = (reference.kind.to_string(), reference.name.to_string());
    let of_provider = OF_PROVIDERS.iter().any(|family| sign.row.family.starts_with(family));
    match sign.shown.depth {
        Depth::System => Shared::System,
        Depth::Issuer | Depth::Request => Shared::Issuer(kind, namespace.to_owned(), name),
        Depth::Order | Depth::Challenge | Depth::Solver if of_provider => {
            Shared::Issuer(kind, namespace.to_owned(), name)
        }
        Depth::Order | Depth::Challenge | Depth::Solver => {
            let host = case.challenges().map(|(challenge, _)| &*challenge.dns_name).next();
            let host = host.or_else(|| certificate.dns_names.iter().next()).unwrap_or_default();
            Shared::Domain(kind, namespace.to_owned(), name, domain(host).to_owned())
        }
        Depth::Certificate => {
            Shared::Secret(certificate.meta.namespace.to_string(), certificate.secret_name.to_string())
        }
    }
}

/// The last two labels of a name: good enough to say that names belong together.
fn domain(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    dots.nth(1).and_then(|at| host.get(at + 1..)).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn names_of_one_domain_belong_together() {
        assert_eq!(
            ["a.b.shop.example", "shop.example", "localhost"].map(domain),
            ["shop.example", "shop.example", "localhost"]
        );
    }
}
