//! [`Revocation`]: what a list of revoked certificates says about one.

use x509_parser::prelude::{CertificateRevocationList, FromDer as _, X509Certificate};

use super::block::{self, Block};
use super::check::{Check, Mark};
use crate::model::meta::Time;

/// What was found out about revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Where the list was fetched.
    pub url: String,
    /// What follows; the error says why it is not known.
    pub outcome: Result<Listed, String>,
}

/// What a list says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Whether the certificate is on it, and since when.
    pub revoked: Option<Option<Time>>,
    /// When the list was made.
    pub made: Option<Time>,
    /// When the next one is due.
    pub next: Option<Time>,
    /// Whether the issuer signed it; `None` where the issuer is not at hand, or its algorithm cannot be checked.
    pub signed: Option<bool>,
}

impl Listed {
    /// Reads a list, in DER or PEM, and looks a certificate up.
    pub fn of(bytes: &[u8], leaf: &Block, issuer: Option<&Block>) -> Result<Self, String> {
        let pem = bytes.trim_ascii_start().starts_with(b"-----BEGIN X509 CRL");
        let packed = if pem { x509_parser::pem::parse_x509_pem(bytes).ok().map(|(_, pem)| pem.contents) } else { None };
        let der = packed.as_deref().unwrap_or(bytes);
        let (_, list) = CertificateRevocationList::from_der(der)
            .map_err(|error| format!("what came is no list: {}", block::fault(&error.to_string())))?;
        if list.issuer().as_raw() != leaf.issuer_raw() {
            return Err(format!("the list is of another issuer: {}", block::name(list.issuer())));
        }
        let signed = issuer.and_then(|issuer| {
            let (_, issuer) = X509Certificate::from_der(issuer.der()).ok()?;
            match list.verify_signature(issuer.public_key()) {
                Ok(()) => Some(true),
                Err(x509_parser::error::X509Error::SignatureVerificationError) => Some(false),
                Err(_) => None,
            }
        });
        let mut revoked = list.iter_revoked_certificates();
        let found = revoked.find(|revoked| revoked.raw_serial_as_string() == leaf.serial);
        Ok(Self {
            revoked: found.map(|revoked| block::moment(revoked.revocation_date)),
            made: block::moment(list.last_update()),
            next: list.next_update().and_then(block::moment),
            signed,
        })
    }
}

impl Revocation {
    /// What follows.
    pub fn check(&self, now: Time) -> Check {
        let check = |mark, words: String| Check::new("revocation", mark, words);
        match &self.outcome {
            Err(why) => check(Mark::Blind, format!("whether it was revoked is not known: {why}")),
            Ok(Listed { signed: Some(false), .. }) => {
                check(Mark::Warning, format!("the list at {} is not signed by the issuer: it proves nothing", self.url))
            }
            Ok(Listed { revoked: Some(since), .. }) => {
                let since = since.map(|since| format!(" since {}", since.format("%F %R UTC"))).unwrap_or_default();
                check(Mark::Bad, format!("it was revoked{since}, says {}", self.url)).mended("issue it again now")
            }
            Ok(listed) => {
                let old = listed.next.is_some_and(|next| next < now);
                let made = listed.made.map(|made| made.format(" of %F %R UTC").to_string()).unwrap_or_default();
                let words = format!("it is not on the list{made} at {}", self.url);
                if old {
                    check(Mark::Warning, format!("{words}; a newer list is overdue"))
                } else {
                    check(Mark::Good, words)
                }
            }
        }
    }
}
