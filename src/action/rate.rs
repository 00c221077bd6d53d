//! What a public authority counts, as far as the cluster's own objects tell: a lower bound, for old requests are pruned.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::registered::registered;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::issuer::{Issuer, IssuerType};
use crate::model::meta::Time;

/// The published limits of a public authority.
#[derive(Debug)]
pub struct Limits {
    /// Its name.
    pub name: &'static str,
    /// How the host of its production directory begins.
    host: &'static str,
    /// Certificates for exactly the same names in seven days.
    pub same_names: usize,
    /// New certificates under one registered domain in seven days; the same names again are not counted.
    pub domain: usize,
    /// Orders of one account in three hours.
    pub orders: usize,
    /// Failed validations of one name in an hour.
    pub failures: usize,
}

/// Authorities with published limits: <https://letsencrypt.org/docs/rate-limits/>.
const AUTHORITIES: &[Limits] = &[Limits {
    name: "Let's Encrypt",
    host: "acme-v02.api.letsencrypt.",
    same_names: 5,
    domain: 50,
    orders: 300,
    failures: 5,
}];

/// Within a tenth of a limit is near it.
const NEAR: usize = 10;

const WEEK: TimeDelta = TimeDelta::days(7);

/// The limits behind an issuer, where it is such an authority.
pub fn limits(issuer: &Issuer) -> Option<&'static Limits> {
    if issuer.issuer_type != IssuerType::Acme {
        return None;
    }
    let host = issuer.backend.trim_start_matches("https://");
    AUTHORITIES.iter().find(|authority| host.starts_with(authority.host))
}

/// What one more issuance of a Certificate would come close to, each in a sentence.
pub fn warnings(model: &Model, certificate: &Certificate, now: Time) -> Vec<String> {
    let issuer = model.issuer(&certificate.issuer, &certificate.meta.namespace);
    let Some((issuer, limits)) = issuer.and_then(|issuer| Some((issuer, limits(issuer)?))) else { return Vec::new() };
    let mut warnings = Vec::new();
    let same = same_names(model, certificate, issuer, now);
    if same + 1 >= limits.same_names {
        warnings.push(format!(
            "{} issued at least {same} certificates for exactly these names in 7 days; its limit is {}",
            limits.name, limits.same_names
        ));
    }
    let failed = failures(model, certificate, now);
    if failed + 1 >= limits.failures {
        warnings.push(format!(
            "at least {failed} attempts failed within an hour; {} allows {} failures of a name",
            limits.name, limits.failures
        ));
    }
    warnings
}

/// What so many issuances at once would come close to, counted over the whole cluster.
pub fn of_many(model: &Model, certificates: &[&Certificate], now: Time) -> Vec<String> {
    let mut warnings = of_accounts(model, certificates, now);
    warnings.extend(of_domains(model, certificates, now));
    warnings
}

fn of_accounts(model: &Model, certificates: &[&Certificate], now: Time) -> Vec<String> {
    let since = now - TimeDelta::hours(3);
    let mut accounts: Vec<(&Issuer, &Limits, usize)> = Vec::new();
    for certificate in certificates {
        let Some(issuer) = model.issuer(&certificate.issuer, &certificate.meta.namespace) else { continue };
        match accounts.iter_mut().find(|(known, _, _)| known.meta.uid == issuer.meta.uid) {
            Some((_, _, count)) => *count += 1,
            None => accounts.extend(limits(issuer).map(|limits| (issuer, limits, 1))),
        }
    }
    let near = |(issuer, limits, wanted): (&Issuer, &Limits, usize)| {
        let recent = model.orders.iter().filter(|(_, order)| {
            order.meta.created.is_some_and(|created| created > since)
                && model.issuer(&order.issuer, &order.meta.namespace).map(|i| i.meta.uid) == Some(issuer.meta.uid)
        });
        let recent = recent.count();
        (recent + wanted > limits.orders).then(|| {
            format!(
                "{} allows an account {} orders in 3 hours: {} made at least {recent}, and this adds {wanted}",
                limits.name, limits.orders, issuer.meta.name
            )
        })
    };
    accounts.into_iter().filter_map(near).collect()
}

fn authority(model: &Model, certificate: &Certificate) -> Option<&'static Limits> {
    model.issuer(&certificate.issuer, &certificate.meta.namespace).and_then(limits)
}

/// Different sets of names.
type Sets<'m> = BTreeSet<Vec<&'m str>>;

/// New certificates under the registered domains of what is to be issued.
fn of_domains(model: &Model, certificates: &[&Certificate], now: Time) -> Vec<String> {
    // Of each authority and domain, the sets of names that are to be issued.
    let mut wanted: BTreeMap<(&str, &str), Sets<'_>> = BTreeMap::new();
    for certificate in certificates {
        let Some(limits) = authority(model, certificate) else { continue };
        for domain in domains(certificate) {
            wanted.entry((limits.name, domain)).or_default().insert(sorted(certificate));
        }
    }
    let mut issued: BTreeMap<(&str, &str), Sets<'_>> = BTreeMap::new();
    let others = model.certificates.iter().map(|(_, other)| other).filter(|_| !wanted.is_empty());
    for other in others {
        let Some(limits) = authority(model, other).filter(|_| is_new(model, other, now - WEEK)) else { continue };
        for domain in domains(other).into_iter().filter(|domain| wanted.contains_key(&(limits.name, *domain))) {
            issued.entry((limits.name, domain)).or_default().insert(sorted(other));
        }
    }
    let mut warnings = Vec::new();
    for ((name, domain), sets) in &wanted {
        let Some(limits) = AUTHORITIES.iter().find(|authority| authority.name == *name) else { continue };
        let issued = issued.get(&(*name, *domain)).map_or(0, BTreeSet::len);
        if issued + sets.len() + limits.domain / NEAR > limits.domain {
            warnings.push(format!(
                "{name} issued at least {issued} new certificates under {domain} in 7 days; its limit is {} (the same \
                 names again do not count)",
                limits.domain
            ));
        }
    }
    warnings
}

fn domains(certificate: &Certificate) -> BTreeSet<&str> {
    certificate.dns_names.iter().filter_map(registered).collect()
}

/// Whether a Certificate was issued for the first time since a moment, as far as is known.
fn is_new(model: &Model, certificate: &Certificate, since: Time) -> bool {
    let first = certificate.revision == Some(1) && certificate.not_before.is_some_and(|begin| begin > since);
    first
        || certificate.meta.created.is_some_and(|created| created > since)
            && issued_since(model, certificate, since) > 0
}

/// The attempts of a Certificate that were signed since a moment.
fn issued_since(model: &Model, certificate: &Certificate, since: Time) -> usize {
    let attempts = model.attempts(certificate);
    let issued = attempts.iter().filter(|attempt| {
        let ready = attempt.request.ready.as_ref().filter(|ready| ready.is_true());
        ready.and_then(|ready| ready.since).is_some_and(|at| at > since)
    });
    issued.count()
}

fn sorted(certificate: &Certificate) -> Vec<&str> {
    let mut names: Vec<&str> = certificate.dns_names.iter().collect();
    names.sort_unstable();
    names
}

/// Certificates that one authority issued for exactly the same names in seven days: at least so many.
fn same_names(model: &Model, certificate: &Certificate, issuer: &Issuer, now: Time) -> usize {
    let (since, names) = (now - WEEK, sorted(certificate));
    let twins = model.certificates.iter().map(|(_, other)| other).filter(|other| {
        other.dns_names.haystack().len() == certificate.dns_names.haystack().len()
            && sorted(other) == names
            && model.issuer(&other.issuer, &other.meta.namespace).is_some_and(|own| own.backend == issuer.backend)
    });
    twins
        .map(|twin| {
            issued_since(model, twin, since).max(usize::from(twin.not_before.is_some_and(|begin| begin > since)))
        })
        .sum()
}

/// Attempts of a Certificate that failed within the last hour: at least so many.
fn failures(model: &Model, certificate: &Certificate, now: Time) -> usize {
    let since = now - TimeDelta::hours(1);
    let attempts = model.attempts(certificate);
    let failed = attempts.iter().filter(|attempt| {
        attempt.orders.iter().any(|order| order.failed_at.is_some_and(|at| at > since) && order.accepted)
    });
    failed.count()
}
