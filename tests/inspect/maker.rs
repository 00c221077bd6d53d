//! Makes chains: a root, intermediates, leaves.

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::x509::bundle::Bundle;
use cmtop::x509::check::Check;
use cmtop::x509::judge::judge;
use cmtop::x509::material::Material;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

/// The moment at which everything is judged.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

/// A certificate with its key.
pub(crate) struct Made {
    pub(crate) pem: String,
    pub(crate) key: KeyPair,
    params: CertificateParams,
}

/// What one has of its own.
pub(crate) fn params(name: &str, names: &[&str], is_ca: bool, days: i64) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name = DistinguishedName::new();
    if !name.is_empty() {
        params.distinguished_name.push(DnType::CommonName, name);
    }
    let moment = |at: DateTime<Utc>| time::OffsetDateTime::from_unix_timestamp(at.timestamp()).unwrap();
    params.not_before = moment(now() - TimeDelta::days(30));
    params.not_after = moment(now() + TimeDelta::days(days) - TimeDelta::seconds(1));
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    } else {
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    }
    params
}

impl Made {
    pub(crate) fn root(name: &str) -> Self {
        Self::own(params(name, &[], true, 3_000))
    }

    pub(crate) fn own(params: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, key, params }
    }

    pub(crate) fn sign(&self, params: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let issuer = Issuer::from_params(&self.params, &self.key);
        let pem = params.signed_by(&key, &issuer).unwrap().pem();
        Self { pem, key, params }
    }

    pub(crate) fn issuer(&self) -> Issuer<'_, &KeyPair> {
        Issuer::from_params(&self.params, &self.key)
    }
}

/// A root, an intermediate and a leaf.
pub(crate) fn chain() -> (Made, Made, Made) {
    let root = Made::root("Test Root");
    let middle = root.sign(params("Test Intermediate", &[], true, 1_000));
    let leaf = middle.sign(params("", &["www.shop.example", "shop.example"], false, 60));
    (root, middle, leaf)
}

/// What was read of a bundle, with what stands beside it.
pub(crate) fn material(bundle: &[&str], given: &[&str]) -> Material {
    Material {
        bundle: Bundle::of(bundle.concat().as_bytes()),
        authority: Bundle::of(given.concat().as_bytes()),
        ..Material::default()
    }
}

/// The checks, each as `mark id`.
pub(crate) fn marks(material: &Material) -> Vec<String> {
    checks(material).iter().map(|check| format!("{} {}", check.mark.as_str(), check.id)).collect()
}

pub(crate) fn checks(material: &Material) -> Vec<Check> {
    judge(material, now())
}
