//! An object that is looked into on demand: a Certificate, a CertificateRequest, or the public half of a Secret.
//!
//! **Invariant:** of a Secret's data only `tls.crt` and `ca.crt` are kept; of every other value the length alone.

use serde::de::MapAccess;

use super::common::IssuerRef;
use super::lenient::{Lenient, Odd, Reading, Strings, Wanted};
use super::shape::{Key, shape};
use super::stamp::Stamp;

/// How many bytes a value of a Secret has; the value itself is not kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// As it is written.
    pub written: usize,
    /// As it is when its base64 is undone.
    pub decoded: usize,
}

impl Lenient for Size {
    fn text(text: &str) -> Option<Self> {
        let blanks = text.bytes().rev().take_while(|byte| *byte == b'=').count();
        Some(Self { written: text.len(), decoded: (text.len() / 4 * 3).saturating_sub(blanks) })
    }
}

/// The data of a Secret: what is public of it, and the names of the rest.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// `tls.crt`, as it is written.
    pub certificate: Option<Box<str>>,
    /// `ca.crt`, as it is written.
    pub authority: Option<Box<str>>,
    /// Every name, with the length of its value.
    pub names: Vec<(Box<str>, Size)>,
}

impl Lenient for Data {
    fn map<'de, A: MapAccess<'de>>(mut map: A, odd: &mut Odd) -> Result<Option<Self>, A::Error> {
        let mut out = Self::default();
        while let Some(key) = map.next_key::<Key>()? {
            let name = Box::<str>::from(&*key.0);
            let public = match &*name {
                "tls.crt" => Some(&mut out.certificate),
                "ca.crt" => Some(&mut out.authority),
                _ => None,
            };
            let size = match public {
                Some(field) => {
                    *field = map.next_value_seed(Reading::field("a value of a Secret", odd))?;
                    field.as_deref().and_then(Size::text)
                }
                None => map.next_value_seed(Reading::<Size>::field("a value of a Secret", odd))?,
            };
            if out.names.len() < crate::limits::SECRET_NAMES {
                out.names.push((name, size.unwrap_or_default()));
            }
        }
        Ok(Some(out))
    }
}

/// The annotations by which Secret, request and Certificate find each other.
#[derive(Debug, Clone, Copy)]
pub struct Ties;

/// The annotations of [`Ties`].
const TIES: [&str; 5] = [
    "cert-manager.io/certificate-name",
    "cert-manager.io/certificate-revision",
    "cert-manager.io/issuer-name",
    "cert-manager.io/issuer-kind",
    "cert-manager.io/issuer-group",
];

impl Wanted for Ties {
    type Key = &'static str;

    fn key(key: &str) -> Option<Self::Key> {
        TIES.into_iter().find(|known| *known == key)
    }
}

shape! {
    /// An object that is looked into.
    Inspected: whole {
        /// `v1`, `cert-manager.io/v1`.
        api_version: Box<str> = "apiVersion",
        /// Its kind.
        kind: Box<str> = "kind",
        /// Metadata.
        metadata: InspectedMeta = "metadata",
        /// `kubernetes.io/tls`.
        secret_type: Box<str> = "type",
        /// The data of a Secret, in base64.
        data: Data = "data",
        /// The data of the manifest of a Secret, as it is.
        plain: Data = "stringData",
        /// What is wanted.
        spec: InspectedSpec = "spec",
        /// What came of it.
        status: InspectedStatus = "status",
    }

    /// `metadata`.
    InspectedMeta {
        /// Its name.
        name: Box<str> = "name",
        /// Its namespace.
        namespace: Box<str> = "namespace",
        /// Whose it is.
        annotations: Strings<Ties> = "annotations",
    }

    /// `spec` of a Certificate or a CertificateRequest.
    InspectedSpec {
        /// Where the certificate is kept.
        secret_name: Box<str> = "secretName",
        /// DNS names.
        dns_names: Vec<Box<str>> = "dnsNames",
        /// Addresses.
        addresses: Vec<Box<str>> = "ipAddresses",
        /// URIs.
        uris: Vec<Box<str>> = "uris",
        /// Addresses for mail.
        emails: Vec<Box<str>> = "emailAddresses",
        /// The common name.
        common_name: Box<str> = "commonName",
        /// How long it is to last.
        duration: Box<str> = "duration",
        /// The key.
        private_key: KeySpec = "privateKey",
        /// For what.
        usages: Vec<Box<str>> = "usages",
        /// Whether it may sign others.
        is_ca: bool = "isCA",
        /// Who signs.
        issuer: IssuerRef = "issuerRef",
        /// Keystores.
        keystores: Keystores = "keystores",
        /// The request, in base64.
        request: Box<str> = "request",
    }

    /// `spec.privateKey`.
    KeySpec {
        /// `RSA`, `ECDSA`, `Ed25519`.
        algorithm: Box<str> = "algorithm",
        /// Bits.
        size: i64 = "size",
    }

    /// `spec.keystores`.
    Keystores {
        /// For Java.
        jks: Keystore = "jks",
        /// PKCS#12.
        pkcs12: Keystore = "pkcs12",
    }

    /// A keystore.
    Keystore {
        /// Whether it is made.
        create: bool = "create",
    }

    /// `status`.
    InspectedStatus {
        /// Conditions.
        conditions: Vec<InspectedCondition> = "conditions",
        /// The end of the certificate.
        not_after: Stamp = "notAfter",
        /// How often it was issued.
        revision: i64 = "revision",
        /// The certificate of a request, in base64.
        certificate: Box<str> = "certificate",
        /// The authority of a request, in base64.
        authority: Box<str> = "ca",
    }

    /// A condition, of any type.
    InspectedCondition {
        /// Which one.
        kind: Box<str> = "type",
        /// Whether it holds.
        status: Box<str> = "status",
        /// One word.
        reason: Box<str> = "reason",
        /// One sentence.
        message: Box<str> = "message",
    }
}

impl Inspected {
    /// An annotation.
    pub fn tie(&self, name: &str) -> Option<&str> {
        let annotations = self.metadata.as_ref()?.annotations.as_ref()?;
        annotations.0.iter().find(|(key, _)| *key == name).map(|(_, value)| &**value)
    }
}
