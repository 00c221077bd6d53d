//! [`Block`]: one certificate, and everything it says.

use std::net::{Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, TimeDelta};
use ring::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use x509_parser::error::X509Error;
use x509_parser::extensions::{DistributionPointName, ExtendedKeyUsage, GeneralName, KeyUsage, ParsedExtension};
use x509_parser::objects::{oid_registry, oid2sn};
use x509_parser::oid_registry::{OID_EC_P256, OID_NIST_EC_P384, OID_NIST_EC_P521, OID_SIG_ED25519};
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey as Parsed;
use x509_parser::time::ASN1Time;
use x509_parser::x509::{SubjectPublicKeyInfo, X509Name};

use crate::limits;
use crate::model::meta::Time;
use crate::text::clean;

/// A name for which a certificate is good.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct San {
    /// `DNS`, `IP`, `URI`, `email` or `other`.
    pub kind: &'static str,
    /// The name.
    pub value: String,
}

/// A public key, as far as people compare it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// `RSA`, `ECDSA`, `Ed25519`, or the name of another one.
    pub algorithm: String,
    /// Bits; 0 where there is no choice.
    pub size: usize,
    /// SHA-256 of the key as it stands in the certificate, in hexadecimal: two that are equal are one key.
    pub sha256: String,
}

impl PublicKey {
    /// `RSA 2048`, `Ed25519`.
    pub fn words(&self) -> String {
        if self.size == 0 { self.algorithm.clone() } else { format!("{} {}", self.algorithm, self.size) }
    }

    pub(super) fn of(key: &SubjectPublicKeyInfo<'_>) -> Self {
        let sha256 = fingerprint(&SHA256, key.raw, "");
        let named = |algorithm: &str, size| Self { algorithm: algorithm.to_owned(), size, sha256: sha256.clone() };
        if key.algorithm.algorithm == OID_SIG_ED25519 {
            return named("Ed25519", 0);
        }
        let curve = || key.algorithm.parameters.as_ref()?.as_oid().ok();
        match key.parsed() {
            Ok(Parsed::RSA(rsa)) => named("RSA", rsa.key_size()),
            Ok(Parsed::EC(point)) => {
                let known = [(OID_EC_P256, 256), (OID_NIST_EC_P384, 384), (OID_NIST_EC_P521, 521)];
                let size = curve().and_then(|curve| known.into_iter().find(|(oid, _)| *oid == curve));
                named("ECDSA", size.map_or_else(|| point.key_size(), |(_, size)| size))
            }
            _ => named(&object(&key.algorithm.algorithm), 0),
        }
    }
}

/// A promise of a log of certificate transparency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sct {
    /// The first bytes of the log's id, in hexadecimal.
    pub log: String,
    /// When it was promised.
    pub at: Option<Time>,
}

/// Whether one certificate was signed with the key of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// It was.
    Yes,
    /// It was not, whatever the names say.
    No,
    /// The algorithm is none that can be checked here.
    Unknown,
}

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// For whom.
    pub subject: String,
    /// By whom.
    pub issuer: String,
    /// The names for which it is good.
    pub names: Vec<San>,
    /// Since when.
    pub not_before: Time,
    /// Until when.
    pub not_after: Time,
    /// Its number, in hexadecimal.
    pub serial: String,
    /// Its key.
    pub key: PublicKey,
    /// How it was signed.
    pub signature: String,
    /// Whether it may sign others.
    pub is_ca: bool,
    /// How many authorities may stand below it.
    pub path_length: Option<u32>,
    /// What its key may do, in cert-manager's words.
    pub usages: Vec<String>,
    /// What it is for, in cert-manager's words.
    pub extended: Vec<String>,
    /// Promises of logs.
    pub scts: Vec<Sct>,
    /// Where the certificate of its issuer is to be had.
    pub issuer_urls: Vec<String>,
    /// Who answers whether it was revoked.
    pub ocsp: Vec<String>,
    /// Where the list of what was revoked is.
    pub crls: Vec<String>,
    /// SHA-256 of the whole.
    pub sha256: String,
    /// SHA-1 of the whole, for older tools.
    pub sha1: String,
    /// What it calls its own key.
    pub subject_key: Option<String>,
    /// What it calls its issuer's key.
    pub authority_key: Option<String>,
    /// Extensions that could not be read.
    pub odd: Vec<String>,
    der: Vec<u8>,
    subject_raw: Vec<u8>,
    issuer_raw: Vec<u8>,
}

impl Block {
    /// Reads one certificate; or why it is none.
    pub fn read(der: &[u8]) -> Result<Self, String> {
        if der.len() > limits::X509_BLOCK {
            return Err(format!("longer than {} bytes", limits::X509_BLOCK));
        }
        let (rest, certificate) = X509Certificate::from_der(der).map_err(|error| fault(&error.to_string()))?;
        let body = &certificate.tbs_certificate;
        let der = der.get(..der.len() - rest.len()).unwrap_or(der);
        let (Some(not_before), Some(not_after)) = (moment(body.validity.not_before), moment(body.validity.not_after))
        else {
            return Err("its validity is no time".to_owned());
        };
        let mut block = Self {
            subject: name(&body.subject),
            issuer: name(&body.issuer),
            names: Vec::new(),
            not_before,
            not_after,
            serial: certificate.raw_serial_as_string(),
            key: PublicKey::of(&body.subject_pki),
            signature: object(&certificate.signature_algorithm.algorithm),
            is_ca: certificate.is_ca(),
            path_length: None,
            usages: Vec::new(),
            extended: Vec::new(),
            scts: Vec::new(),
            issuer_urls: Vec::new(),
            ocsp: Vec::new(),
            crls: Vec::new(),
            sha256: fingerprint(&SHA256, der, ":"),
            sha1: fingerprint(&SHA1_FOR_LEGACY_USE_ONLY, der, ":"),
            subject_key: None,
            authority_key: None,
            odd: Vec::new(),
            der: der.to_vec(),
            subject_raw: body.subject.as_raw().to_vec(),
            issuer_raw: body.issuer.as_raw().to_vec(),
        };
        for extension in body.extensions() {
            block.extension(extension.parsed_extension(), &object(&extension.oid));
        }
        Ok(block)
    }

    fn extension(&mut self, extension: &ParsedExtension<'_>, oid: &str) {
        match extension {
            ParsedExtension::SubjectAlternativeName(names) => self.names = sans(&names.general_names),
            ParsedExtension::BasicConstraints(constraints) => self.path_length = constraints.path_len_constraint,
            ParsedExtension::KeyUsage(usage) => self.usages = usages(*usage),
            ParsedExtension::ExtendedKeyUsage(usage) => self.extended = extended(usage),
            ParsedExtension::SubjectKeyIdentifier(id) => self.subject_key = Some(hex(id.0, ":")),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.authority_key = id.key_identifier.as_ref().map(|id| hex(id.0, ":"));
            }
            ParsedExtension::SCT(promises) => {
                let sct = |at: u64| DateTime::from_timestamp_millis(i64::try_from(at).ok()?);
                let promises = promises.iter().take(limits::X509_BLOCKS);
                self.scts = promises
                    .map(|promise| Sct {
                        log: hex(promise.id.key_id.get(..8).unwrap_or_default(), ""),
                        at: sct(promise.timestamp),
                    })
                    .collect();
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                for place in access.iter().take(limits::X509_BLOCKS) {
                    let GeneralName::URI(url) = place.access_location else { continue };
                    match object(&place.access_method).as_str() {
                        "ocsp" | "id-ad-ocsp" | "1.3.6.1.5.5.7.48.1" => self.ocsp.push(short(url)),
                        _ => self.issuer_urls.push(short(url)),
                    }
                }
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                let full = points.iter().filter_map(|point| match &point.distribution_point {
                    Some(DistributionPointName::FullName(names)) => Some(names),
                    _ => None,
                });
                let urls = full.flatten().filter_map(|name| match name {
                    GeneralName::URI(url) => Some(short(url)),
                    _ => None,
                });
                self.crls = urls.take(limits::X509_BLOCKS).collect();
            }
            ParsedExtension::ParseError { .. } => self.odd.push(oid.to_owned()),
            _ => {}
        }
    }

    /// Whether it names itself as its issuer.
    pub fn is_self_issued(&self) -> bool {
        self.subject_raw == self.issuer_raw
    }

    /// Whether it is signed with its own key: a root, or a certificate that nobody vouches for.
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.signed_by(self) != Signed::No
    }

    /// Whether another one bears the name of its issuer.
    pub fn names_issuer(&self, other: &Self) -> bool {
        self.issuer_raw == other.subject_raw
    }

    /// The name of its issuer, as it is encoded.
    pub fn issuer_raw(&self) -> &[u8] {
        &self.issuer_raw
    }

    /// Its own name, as it is encoded.
    pub fn subject_raw(&self) -> &[u8] {
        &self.subject_raw
    }

    /// Its bytes: a certificate is public.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether it was signed with the key of another.
    pub fn signed_by(&self, other: &Self) -> Signed {
        let parsed = |der| X509Certificate::from_der(der).map(|(_, certificate)| certificate).ok();
        let (Some(own), Some(issuer)) = (parsed(&self.der), parsed(&other.der)) else { return Signed::Unknown };
        match own.verify_signature(Some(issuer.public_key())) {
            Ok(()) => Signed::Yes,
            // Keys as short as this are refused before they are tried.
            Err(X509Error::SignatureVerificationError) if other.key.algorithm == "RSA" && other.key.size < 2048 => {
                Signed::Unknown
            }
            Err(X509Error::SignatureVerificationError) => Signed::No,
            Err(_) => Signed::Unknown,
        }
    }

    /// How long it lasts, from the first second to the last.
    pub fn life(&self) -> TimeDelta {
        // The last second counts.
        self.not_after - self.not_before + TimeDelta::seconds(1)
    }

    /// What it is called in a sentence: its common name or subject, else its first name, else its number.
    pub fn called(&self) -> String {
        if self.subject.is_empty() {
            self.names.first().map_or_else(|| format!("serial {}", self.serial), |name| name.value.clone())
        } else {
            common(&self.subject)
        }
    }

    /// What its issuer is called.
    pub fn issuer_called(&self) -> String {
        if self.issuer.is_empty() { "an issuer without a name".to_owned() } else { common(&self.issuer) }
    }
}

/// `CN=R11` of `C=US, O=Let's Encrypt, CN=R11`, without `CN=`.
fn common(name: &str) -> String {
    name.split(", ").find_map(|part| part.strip_prefix("CN=")).unwrap_or(name).to_owned()
}

pub(super) fn moment(time: ASN1Time) -> Option<Time> {
    DateTime::from_timestamp(time.timestamp(), 0)
}

pub(super) fn name(name: &X509Name<'_>) -> String {
    short(&name.to_string())
}

fn short(text: &str) -> String {
    clean(text, limits::X509_TEXT).into_owned()
}

/// Why the library refused, in a word of its own.
pub(super) fn fault(error: &str) -> String {
    short(error)
}

fn object(oid: &x509_parser::der_parser::oid::Oid<'_>) -> String {
    oid2sn(oid, oid_registry()).map_or_else(|_| oid.to_id_string(), str::to_owned)
}

fn fingerprint(algorithm: &'static Algorithm, bytes: &[u8], between: &str) -> String {
    hex(digest(algorithm, bytes).as_ref(), between)
}

pub(super) fn hex(bytes: &[u8], between: &str) -> String {
    let digits: Vec<String> = bytes
        .iter()
        .map(|byte| if between.is_empty() { format!("{byte:02x}") } else { format!("{byte:02X}") })
        .collect();
    digits.join(between)
}

/// The names of a certificate or a request.
pub(super) fn sans(names: &[GeneralName<'_>]) -> Vec<San> {
    let san = |kind, value: String| San { kind, value };
    names
        .iter()
        .take(limits::DNS_NAMES)
        .map(|name| match name {
            GeneralName::DNSName(dns) => san("DNS", short(dns)),
            GeneralName::IPAddress(bytes) => san("IP", address(bytes)),
            GeneralName::URI(uri) => san("URI", short(uri)),
            GeneralName::RFC822Name(address) => san("email", short(address)),
            GeneralName::DirectoryName(directory) => san("other", self::name(directory)),
            GeneralName::OtherName(oid, _) | GeneralName::RegisteredID(oid) => san("other", oid.to_id_string()),
            _ => san("other", "unreadable".to_owned()),
        })
        .collect()
}

fn address(bytes: &[u8]) -> String {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        Ipv4Addr::from(four).to_string()
    } else if let Ok(sixteen) = <[u8; 16]>::try_from(bytes) {
        Ipv6Addr::from(sixteen).to_string()
    } else {
        format!("{} bytes that are no address", bytes.len())
    }
}

/// What a key may do, in the words of `spec.usages`.
pub(super) fn usages(usage: KeyUsage) -> Vec<String> {
    let all = [
        (usage.digital_signature(), "digital signature"),
        (usage.non_repudiation(), "content commitment"),
        (usage.key_encipherment(), "key encipherment"),
        (usage.data_encipherment(), "data encipherment"),
        (usage.key_agreement(), "key agreement"),
        (usage.key_cert_sign(), "cert sign"),
        (usage.crl_sign(), "crl sign"),
        (usage.encipher_only(), "encipher only"),
        (usage.decipher_only(), "decipher only"),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned()).collect()
}

/// What a certificate is for, in the words of `spec.usages`.
pub(super) fn extended(usage: &ExtendedKeyUsage<'_>) -> Vec<String> {
    let all = [
        (usage.any, "any"),
        (usage.server_auth, "server auth"),
        (usage.client_auth, "client auth"),
        (usage.code_signing, "code signing"),
        (usage.email_protection, "email protection"),
        (usage.time_stamping, "timestamping"),
        (usage.ocsp_signing, "ocsp signing"),
    ];
    let known = all.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned());
    known.chain(usage.other.iter().take(limits::X509_BLOCKS).map(object)).collect()
}
