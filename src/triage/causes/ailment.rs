//! [`Ailment`]: what one Certificate suffers from, and what it has in common with others of which the same is wrong.

use std::fmt;

use crate::model::id::Uid;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;
use crate::triage::finding::Severity;
use crate::triage::queue;
use crate::triage::rules::{Case, Sign, signs::Depth};
use crate::triage::signature::RowId;

/// What several Certificates have in common, when one thing is wrong with all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shared {
    /// cert-manager itself.
    System,
    /// Nothing but a setting that each of them has.
    Setting,
    /// The issuer: kind, namespace, name.
    Issuer(String, String, String),
    /// The issuer, and the domain of the name.
    Domain(String, String, String, String),
    /// The Secret.
    Secret(String, String),
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System | Self::Setting => Ok(()),
            Self::Issuer(_, _, name) => f.write_str(name),
            Self::Domain(_, _, _, domain) => f.write_str(domain),
            Self::Secret(namespace, name) => write!(f, "{namespace}/{name}"),
        }
    }
}

/// What is wrong, and what those who suffer from it have in common.
pub(super) type Ill = (RowId, Shared);

/// What one Certificate suffers from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::triage) struct Ailment {
    pub(super) of: Ill,
    /// The namespace of the one that suffers.
    pub(super) namespace: Symbol,
    /// The Challenge that has to be done first, where nothing else is wrong: most likely another Certificate's.
    pub(super) behind: Option<Uid>,
    pub(super) outage: Option<Time>,
    pub(super) since: Option<Time>,
}

/// What an examined Certificate suffers from.
pub(in crate::triage) fn ailment(case: &Case, signs: &[Sign]) -> Option<Ailment> {
    let first = signs.first().filter(|first| first.severity >= Severity::Warning)?;
    Some(Ailment {
        of: (first.id, shared(case, first)),
        namespace: case.certificate().meta.namespace.clone(),
        behind: first.is_of("challenge-waiting-for-twin").then(|| ahead_of(case, first)).flatten(),
        outage: case.certificate().not_after,
        since: first.shown.since,
    })
}

/// The Challenge for whose end the one waits that a sign is about.
fn ahead_of(case: &Case, sign: &Sign) -> Option<Uid> {
    let own = case.challenges().map(|(challenge, _)| challenge).find(|challenge| sign.is_about(&challenge.meta))?;
    Some(queue::twin_at_work(case.model, own)?.meta.uid)
}

/// Families that are about the account of a provider, not about one name.
const OF_PROVIDERS: &[&str] =
    &["route53-", "dns01-provider-", "dns01-webhook-", "dns01-nameserver-", "solver-credentials-"];

/// What a person finds in the Certificate itself, and mends for all of them in one go: renewal by time is switched off, or
/// nobody is at work.
const OF_SETTINGS: &[&str] = &["expired-renewal-disabled", "certificate-expiring", "renewal-overdue"];

/// What is told of a Certificate where nothing below it says why: its issuer is where a person looks next.
const OF_ISSUERS: &[&str] = &["ready-but-expired", "certificate-expired", "issuance-backing-off", "attempt-failed"];

fn shared(case: &Case, sign: &Sign) -> Shared {
    let certificate = case.certificate();
    let reference = &certificate.issuer;
    let namespace = if &*reference.kind == "ClusterIssuer" { "" } else { certificate.meta.namespace.as_str() };
    let (kind, name) = (reference.kind.to_string(), reference.name.to_string());
    let of_provider = OF_PROVIDERS.iter().any(|family| sign.row.family.starts_with(family));
    match sign.shown.depth {
        Depth::System => Shared::System,
        Depth::Certificate if OF_SETTINGS.contains(&&*sign.row.id) => Shared::Setting,
        Depth::Certificate if OF_ISSUERS.contains(&&*sign.row.id) => Shared::Issuer(kind, namespace.to_owned(), name),
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
