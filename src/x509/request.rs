//! [`Request`]: a request for a certificate, as it stands in `spec.request`.

use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::{FromDer as _, X509CertificationRequest};

use super::block::{self, PublicKey, San};
use crate::limits;

/// A request for a certificate: public, and signed with the key that the certificate will have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// For whom.
    pub subject: String,
    /// For which names.
    pub names: Vec<San>,
    /// For which key.
    pub key: PublicKey,
    /// For which uses.
    pub usages: Vec<String>,
    /// Whether it is signed with the key that it names; `None` where that cannot be checked here.
    pub signed: Option<bool>,
}

impl Request {
    /// Reads a request; or why it is none.
    pub fn read(der: &[u8]) -> Result<Self, String> {
        if der.len() > limits::X509_BLOCK {
            return Err(format!("longer than {} bytes", limits::X509_BLOCK));
        }
        let (_, request) = X509CertificationRequest::from_der(der).map_err(|error| block::fault(&error.to_string()))?;
        let body = &request.certification_request_info;
        let key = PublicKey::of(&body.subject_pki);
        let signed = match request.verify_signature() {
            Ok(()) => Some(true),
            Err(x509_parser::error::X509Error::SignatureVerificationError) => {
                (key.algorithm != "RSA" || key.size >= 2048).then_some(false)
            }
            Err(_) => None,
        };
        let mut read = Self { subject: block::name(&body.subject), names: Vec::new(), key, usages: Vec::new(), signed };
        for extension in request.requested_extensions().into_iter().flatten() {
            match extension {
                ParsedExtension::SubjectAlternativeName(names) => read.names = block::sans(&names.general_names),
                ParsedExtension::KeyUsage(usage) => read.usages.extend(block::usages(*usage)),
                ParsedExtension::ExtendedKeyUsage(usage) => read.usages.extend(block::extended(usage)),
                _ => {}
            }
        }
        Ok(read)
    }
}
