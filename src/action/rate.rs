//! What a public authority counts, as far as the cluster's own objects tell: a lower bound, for old requests are pruned.

use chrono::TimeDelta;

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
    /// Orders of one account in three hours.
    pub orders: usize,
    /// Failed validations of one name in an hour.
    pub failures: usize,
}

/// Authorities with published limits: <https://letsencrypt.org/docs/rate-limits/>.
const AUTHORITIES: &[Limits] =
    &[Limits { name: "Let's Encrypt", host: "acme-v02.api.letsencrypt.", same_names: 5, orders: 300, failures: 5 }];

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

/// What so many more Orders at once would come close to.
pub fn of_many(model: &Model, certificates: &[&Certificate], now: Time) -> Vec<String> {
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
            let attempts = model.attempts(twin);
            let issued = attempts.iter().filter(|attempt| {
                let ready = attempt.request.ready.as_ref().filter(|ready| ready.is_true());
                ready.and_then(|ready| ready.since).is_some_and(|at| at > since)
            });
            issued.count().max(usize::from(twin.not_before.is_some_and(|begin| begin > since)))
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
