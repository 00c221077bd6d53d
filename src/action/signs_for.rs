//! Who signs with the Secret of a Certificate: where that is another authority's, its renewal reaches further than itself.

use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::issuer::{Issuer, IssuerType};
use crate::model::meta::Object as _;
use crate::text::count;

/// For each issuer that signs with what a Certificate renews, what its renewal means to those that it signed.
pub(super) fn signs_for(model: &Model, row: &Certificate) -> Vec<String> {
    let issuers = model.issuers.iter().map(|(_, issuer)| issuer).filter(|issuer| signs_with(model, issuer, row));
    issuers
        .map(|issuer| {
            let signed = model.certificates.iter().filter(|(_, other)| {
                let by = model.issuer(&other.issuer, &other.meta.namespace);
                by.is_some_and(|by| by.meta.uid == issuer.meta.uid)
            });
            let signed = count(signed.count(), "Certificate");
            format!(
                "{} signs with it: the {signed} of that issuer keep the old chain until they are renewed, and whoever \
                 trusts the old one alone does not trust what it signs from now on",
                issuer.key()
            )
        })
        .collect()
}

fn signs_with(model: &Model, issuer: &Issuer, row: &Certificate) -> bool {
    let namespace = if issuer.cluster { model.cluster_resource_namespace() } else { issuer.meta.namespace.to_string() };
    issuer.issuer_type == IssuerType::Ca && *issuer.backend == *row.secret_name && namespace == *row.meta.namespace
}
