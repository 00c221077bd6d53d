//! [`Cause`]: Certificates that suffer from one thing. A hundred red rows become three.

use std::collections::BTreeMap;

use super::examine;
use super::finding::{Finding, Severity};
use super::ledger::Ledger;
use super::rules::{Case, Sign, docket::Depth};
use super::signature::RowId;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;

/// Something that is wrong, and whom it hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// What is wrong, as found at the Certificate that runs out first.
    pub finding: Finding,
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

/// The causes, the most urgent first: what runs out first, then what hits most.
pub fn causes(model: &Model, ledger: &Ledger, now: Time) -> Vec<Cause> {
    let mut groups: BTreeMap<(RowId, Shared), Vec<Id<Certificate>>> = BTreeMap::new();
    let sick = model.certificates.iter().filter(|(id, _)| ledger.get(*id).is_some_and(|d| d.first.is_some()));
    for (id, _) in sick {
        let Some((case, _, signs)) = examine(model, id, now) else { continue };
        if let Some(first) = signs.first().filter(|first| first.severity >= Severity::Warning) {
            groups.entry((first.id, shared(&case, first))).or_default().push(id);
        }
    }
    let mut causes: Vec<Cause> =
        groups.into_values().filter_map(|subjects| of_subjects(model, subjects, now)).collect();
    causes.sort_by_key(|cause| {
        (cause.first_outage, std::cmp::Reverse((cause.subjects.len(), cause.finding.severity)), cause.finding.id)
    });
    causes
}

fn of_subjects(model: &Model, mut subjects: Vec<Id<Certificate>>, now: Time) -> Option<Cause> {
    let outage = |id: &Id<Certificate>| model.certificates.get(*id).and_then(|certificate| certificate.not_after);
    subjects.sort_by_key(|id| (outage(id), model.certificate_key(*id)));
    let first = subjects.first().copied()?;
    let finding = super::findings(model, first, now).into_iter().next()?;
    Some(Cause { finding, first_outage: outage(&first), subjects })
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
