//! [`Material`]: everything that was read about one certificate, from wherever it came, and what was not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::bundle::Bundle;
use super::request::Request;
use super::revocation::Revocation;
use super::spec::{Issuer, Wanted, word};
use crate::limits;
use crate::model::meta::Time;
use crate::text::clean;
use crate::wire::inspected::{Data, Inspected, Size};

/// A value of a Secret, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// How many bytes it has.
    pub bytes: usize,
}

/// What cert-manager wrote on the Secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// For which Certificate it was issued.
    pub certificate: Option<String>,
    /// Who issued it.
    pub issuer: Option<Issuer>,
}

/// Everything that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Material {
    /// What was asked for: `Certificate/shop/www`, or the name of a file.
    pub subject: String,
    /// Where the blocks come from: `tls.crt of Secret/shop/www-tls`.
    pub source: String,
    /// The file that the blocks come from; `None` for a pipe, or the cluster.
    pub file: Option<String>,
    /// The blocks.
    pub bundle: Bundle,
    /// What was given beside them as the authority.
    pub authority: Bundle,
    /// The request that the certificate answers, and its name.
    pub request: Option<(String, Result<Request, String>)>,
    /// What the Certificate asks for, and its name.
    pub wanted: Option<(String, Wanted)>,
    /// What is written on the Secret; `None` where there is none.
    pub label: Option<Label>,
    /// The values of the Secret, by name.
    pub entries: Vec<Entry>,
    /// The end that the Certificate's status tells.
    pub status_end: Option<Time>,
    /// What cert-manager itself holds against the Secret: a reason and a message.
    pub reason: Option<(String, String)>,
    /// What of a file was left out, in words.
    pub left_out: Vec<String>,
    /// What could not be read, and why.
    pub unseen: Vec<String>,
    /// What was found out about revocation, where that was asked for.
    pub revocation: Option<Revocation>,
}

/// The reasons of conditions that speak about key and certificate of the Secret.
const REASONS: [&str; 6] = [
    "InvalidKeyPair",
    "InvalidPrivateKey",
    "InvalidCertificate",
    "MissingData",
    "IncorrectIssuer",
    "IncorrectCertificate",
];

impl Material {
    /// Takes in a Certificate.
    pub fn certificate(&mut self, name: &str, object: &Inspected) {
        self.wanted = object.spec.as_ref().map(|spec| (name.to_owned(), Wanted::of(spec)));
        let Some(status) = &object.status else { return };
        self.status_end = status.not_after.map(|stamp| stamp.0);
        let mut conditions = status.conditions.iter().flatten();
        let speaks =
            conditions.find(|condition| condition.reason.as_deref().is_some_and(|reason| REASONS.contains(&reason)));
        self.reason = speaks.map(|condition| {
            let text =
                |field: &Option<Box<str>>| clean(field.as_deref().unwrap_or_default(), limits::MESSAGE).into_owned();
            (text(&condition.reason), text(&condition.message))
        });
    }

    /// Takes in a Secret: its certificates, and the names of the rest.
    pub fn secret(&mut self, name: &str, object: &Inspected) {
        let (coded, plain) = (object.data.clone().unwrap_or_default(), object.plain.clone().unwrap_or_default());
        let own = coded
            .certificate
            .as_deref()
            .map(decode)
            .or_else(|| Some(plain.certificate.as_deref()?.as_bytes().to_vec()));
        let authority =
            coded.authority.as_deref().map(decode).or_else(|| Some(plain.authority.as_deref()?.as_bytes().to_vec()));
        self.bundle = Bundle::of(&own.unwrap_or_default());
        self.authority = Bundle::of(&authority.unwrap_or_default());
        self.source = format!("tls.crt of {name}");
        self.entries = entries(&coded, |size| size.decoded);
        self.entries.extend(entries(&plain, |size| size.written));
        let tie = |field: &str| object.tie(field).filter(|text| !text.is_empty());
        let issuer = |field: &str| tie(&format!("cert-manager.io/issuer-{field}")).unwrap_or_default();
        self.label = Some(Label {
            certificate: tie("cert-manager.io/certificate-name").map(word),
            issuer: tie("cert-manager.io/issuer-name").map(|name| Issuer::new(name, issuer("kind"), issuer("group"))),
        });
    }

    /// Takes in a request: what it asks, and, where nothing better is at hand, what it got.
    pub fn request(&mut self, name: &str, object: &Inspected) {
        let coded = object.spec.as_ref().and_then(|spec| spec.request.as_deref()).unwrap_or_default();
        let bundle = Bundle::of(&decode(coded));
        let read = match (bundle.requests.into_iter().next(), bundle.faults.into_iter().next()) {
            (Some(request), _) => Ok(request),
            (None, Some(fault)) => Err(fault),
            (None, None) => Err("it holds no request".to_owned()),
        };
        self.request = Some((name.to_owned(), read));
        let Some(status) = object.status.as_ref().filter(|_| self.bundle.is_empty()) else { return };
        let Some(certificate) = status.certificate.as_deref().filter(|text| !text.is_empty()) else { return };
        self.bundle = Bundle::of(&decode(certificate));
        self.source = format!("status.certificate of {name}");
        if self.authority.is_empty() {
            self.authority = Bundle::of(&status.authority.as_deref().map(decode).unwrap_or_default());
        }
    }

    /// Whether there is a certificate or a request to look at.
    pub fn has_something(&self) -> bool {
        !self.bundle.blocks.is_empty() || !self.bundle.requests.is_empty() || self.request.is_some()
    }

    /// Notes what could not be read.
    pub fn missed(&mut self, what: impl Into<String>) {
        self.unseen.push(what.into());
    }
}

fn entries(data: &Data, bytes: impl Fn(&Size) -> usize) -> Vec<Entry> {
    data.names.iter().map(|(name, size)| Entry { name: word(name), bytes: bytes(size) }).collect()
}

/// The bytes of a base64 text; what is none becomes a text that no PEM begins with.
fn decode(text: &str) -> Vec<u8> {
    let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(packed).unwrap_or_else(|_| b"no base64".to_vec())
}
