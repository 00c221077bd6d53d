//! Real X.509: keys, requests and certificates that parse.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, CustomExtension, DistinguishedName, DnType,
    IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SanType,
};
use serde_json::Value;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::{FromDer as _, ParsedExtension, X509Certificate, X509CertificationRequest};

/// Why something could not be made or read; the texts of the library go into messages.
pub(crate) type Fault = String;

/// A chain and its key, in PEM.
pub(crate) type Pair = (String, String);

/// What a certificate says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) not_before: DateTime<Utc>,
    pub(crate) not_after: DateTime<Utc>,
    pub(crate) is_ca: bool,
    pub(crate) public_key: Vec<u8>,
}

/// What a signing request says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) common_name: String,
    pub(crate) dns_names: Vec<String>,
    pub(crate) public_key: Vec<u8>,
    pub(crate) has_subject: bool,
}

/// How long a certificate is to be valid, and whether it may sign others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) not_before: DateTime<Utc>,
    pub(crate) not_after: DateTime<Utc>,
    pub(crate) is_ca: bool,
}

/// A certificate authority: its certificate and key, in PEM.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    pub(crate) certificate: String,
    key: String,
}

/// Base64 as it stands in a Secret or a status.
pub(crate) fn encode(text: &str) -> String {
    STANDARD.encode(text)
}

/// The text of a base64 field; empty when it is none.
pub(crate) fn decode(field: &Value) -> String {
    let bytes = field.as_str().and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The chain and the key in a Secret, if both are there.
pub(crate) fn pair(secret: &Value) -> Option<Pair> {
    let data = &secret["data"];
    let (chain, private_key) = (decode(&data["tls.crt"]), decode(&data["tls.key"]));
    (!chain.is_empty() && !private_key.is_empty()).then_some((chain, private_key))
}

#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by value")]
fn text(error: impl ToString) -> Fault {
    error.to_string()
}

/// A new private key, in PEM.
pub(crate) fn new_key() -> Result<String, Fault> {
    Ok(KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(text)?.serialize_pem())
}

/// The public half of a private key.
pub(crate) fn public_key(key: &str) -> Result<Vec<u8>, Fault> {
    Ok(KeyPair::from_pem(key).map_err(text)?.public_key_raw().to_vec())
}

/// A signing request for names, signed with a private key.
pub(crate) fn request(key: &str, common_name: &str, dns_names: &[String]) -> Result<String, Fault> {
    let mut params = CertificateParams::new(dns_names.to_vec()).map_err(text)?;
    params.distinguished_name = DistinguishedName::new();
    if !common_name.is_empty() {
        params.distinguished_name.push(DnType::CommonName, common_name);
    }
    let key = KeyPair::from_pem(key).map_err(text)?;
    params.serialize_request(&key).and_then(|request| request.pem()).map_err(text)
}

/// Reads a signing request.
pub(crate) fn read_request(pem: &str) -> Option<Asked> {
    let (_, pem) = parse_x509_pem(pem.as_bytes()).ok()?;
    let (_, request) = X509CertificationRequest::from_der(&pem.contents).ok()?;
    let body = &request.certification_request_info;
    let mut dns_names = Vec::new();
    for extension in request.requested_extensions().into_iter().flatten() {
        if let ParsedExtension::SubjectAlternativeName(names) = extension {
            dns_names.extend(names.general_names.iter().filter_map(|name| match name {
                x509_parser::extensions::GeneralName::DNSName(name) => Some((*name).to_owned()),
                _ => None,
            }));
        }
    }
    let common_name =
        body.subject.iter_common_name().next().and_then(|name| name.as_str().ok()).unwrap_or_default().to_owned();
    let public_key = body.subject_pki.subject_public_key.data.to_vec();
    Some(Asked { common_name, dns_names, public_key, has_subject: body.subject.iter().next().is_some() })
}

/// Reads the first certificate of a chain.
pub(crate) fn read_certificate(pem: &str) -> Option<Leaf> {
    let (_, pem) = parse_x509_pem(pem.as_bytes()).ok()?;
    let (_, certificate) = X509Certificate::from_der(&pem.contents).ok()?;
    let moment = |time: x509_parser::time::ASN1Time| DateTime::from_timestamp(time.timestamp(), 0);
    Some(Leaf {
        not_before: moment(certificate.validity().not_before)?,
        not_after: moment(certificate.validity().not_after)?,
        is_ca: certificate.is_ca(),
        public_key: certificate.public_key().subject_public_key.data.to_vec(),
    })
}

impl Authority {
    /// A new authority of this name, its own root.
    pub(crate) fn new(name: &str, terms: Terms) -> Result<Self, Fault> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(text)?;
        let mut params = CertificateParams::new(Vec::new()).map_err(text)?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        apply(&mut params, Terms { is_ca: true, ..terms });
        let certificate = params.self_signed(&key).map_err(text)?.pem();
        Ok(Self { certificate, key: key.serialize_pem() })
    }

    /// The authority whose certificate and key are in a Secret.
    pub(crate) fn of(certificate: String, key: String) -> Self {
        Self { certificate, key }
    }

    /// Signs a request.
    pub(crate) fn sign(&self, request: &str, terms: Terms) -> Result<String, Fault> {
        self.sign_with(request, terms, Vec::new())
    }

    /// Signs a request as public authorities do: two logs have promised to show the certificate.
    pub(crate) fn sign_in_public(&self, request: &str, terms: Terms) -> Result<String, Fault> {
        let mut promises = CustomExtension::from_oid_content(SCTS, octets(&promises(terms.not_before)));
        promises.set_criticality(false);
        self.sign_with(request, terms, vec![promises])
    }

    fn sign_with(&self, request: &str, terms: Terms, extensions: Vec<CustomExtension>) -> Result<String, Fault> {
        let key = KeyPair::from_pem(&self.key).map_err(text)?;
        let issuer = Issuer::from_ca_cert_pem(&self.certificate, key).map_err(text)?;
        let mut asked = CertificateSigningRequestParams::from_pem(request).map_err(text)?;
        apply(&mut asked.params, terms);
        asked.params.custom_extensions = extensions;
        Ok(asked.signed_by(&issuer).map_err(text)?.pem())
    }
}

/// The extension of signed certificate timestamps (RFC 6962).
const SCTS: &[u64] = &[1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];

/// The logs of the simulated world, by the byte that their ids are made of.
const LOGS: [u8; 2] = [0xa1, 0xb2];

/// The promises of the logs, as TLS writes them. What they sign with is nobody's: it is as long as a signature, and none.
fn promises(at: DateTime<Utc>) -> Vec<u8> {
    let mut list = Vec::new();
    for log in LOGS {
        let mut promise = vec![0];
        promise.extend([log; 32]);
        promise.extend(at.timestamp_millis().to_be_bytes());
        // No extensions; SHA-256 with ECDSA; a sequence of two numbers.
        promise.extend([0, 0, 4, 3, 0, 70, 0x30, 68]);
        for _ in 0..2 {
            promise.extend([2, 32]);
            promise.extend([log & 0x7f; 32]);
        }
        list.extend((promise.len() as u16).to_be_bytes());
        list.extend(promise);
    }
    let mut whole = (list.len() as u16).to_be_bytes().to_vec();
    whole.extend(list);
    whole
}

/// An octet string, in DER: the length in as few bytes as it takes.
fn octets(bytes: &[u8]) -> Vec<u8> {
    let head = match bytes.len() {
        short @ ..0x80 => vec![4, short as u8],
        middle @ 0x80..0x100 => vec![4, 0x81, middle as u8],
        long => vec![4, 0x82, (long >> 8) as u8, long as u8],
    };
    [head.as_slice(), bytes].concat()
}

/// Signs a request with the very key that made it.
pub(crate) fn self_sign(key: &str, request: &str, terms: Terms) -> Result<String, Fault> {
    let asked = read_request(request).ok_or("the request does not parse")?;
    let mut params = CertificateParams::new(asked.dns_names).map_err(text)?;
    params.distinguished_name = DistinguishedName::new();
    if !asked.common_name.is_empty() {
        params.distinguished_name.push(DnType::CommonName, asked.common_name);
    }
    apply(&mut params, terms);
    let key = KeyPair::from_pem(key).map_err(text)?;
    Ok(params.self_signed(&key).map_err(text)?.pem())
}

fn apply(params: &mut CertificateParams, terms: Terms) {
    let moment = |time: DateTime<Utc>| time::OffsetDateTime::from_unix_timestamp(time.timestamp());
    params.not_before = moment(terms.not_before).unwrap_or(params.not_before);
    params.not_after = moment(terms.not_after).unwrap_or(params.not_after);
    params.is_ca = if terms.is_ca { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::NoCa };
    params.key_usages = if terms.is_ca {
        vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature]
    } else {
        vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment]
    };
    params.subject_alt_names.retain(|name| matches!(name, SanType::DnsName(_) | SanType::IpAddress(_)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_can_be_read() {
        let not_before = "2026-11-23T01:00:00Z".parse().unwrap();
        let not_after = "2027-02-21T01:00:00Z".parse().unwrap();
        let terms = Terms { not_before, not_after, is_ca: false };
        let authority = Authority::new("root", terms).unwrap();
        let key = new_key().unwrap();
        let names = ["www.shop.example".to_owned(), "*.shop.example".to_owned()];
        let request = request(&key, "", &names).unwrap();
        let asked = read_request(&request).unwrap();
        assert_eq!(asked.dns_names, names);
        let leaf = read_certificate(&authority.sign(&request, terms).unwrap()).unwrap();
        assert_eq!((leaf.not_before, leaf.not_after, leaf.is_ca), (not_before, not_after, false));
        assert_eq!(leaf.public_key, public_key(&key).unwrap());
        assert!(read_certificate(&authority.certificate).unwrap().is_ca);
        let logged = authority.sign_in_public(&request, terms).unwrap();
        let (_, pem) = parse_x509_pem(logged.as_bytes()).unwrap();
        let (_, logged) = X509Certificate::from_der(&pem.contents).unwrap();
        let logs = logged.extensions().iter().find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SCT(promises) => Some(promises.iter().map(|it| it.id.key_id[0]).collect::<Vec<_>>()),
            _ => None,
        });
        assert_eq!(logs, Some(LOGS.to_vec()));
        assert!(read_certificate(&self_sign(&key, &request, terms).unwrap()).is_some());
    }
}
