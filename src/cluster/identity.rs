//! The client certificate with which a user signs in, looked at before it is used: what is wrong is told with the file or
//! the field of the kubeconfig, and with a way out.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::config::AuthInfo;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use secrecy::ExposeSecret as _;
use x509_parser::prelude::{FromDer as _, X509Certificate, X509Version};

/// Looks whether certificate and key of a user can be used together.
pub(super) fn check(user: &AuthInfo) -> Result<(), String> {
    let key = user.client_key_data.as_ref().map(|key| key.expose_secret());
    let certificate =
        Part::of("client-certificate", user.client_certificate_data.as_deref(), user.client_certificate.as_deref())?;
    let (certificate, key) = match (certificate, Part::of("client-key", key, user.client_key.as_deref())?) {
        (None, None) => return Ok(()),
        (Some(certificate), Some(key)) => (certificate, key),
        (Some(Part { place, .. }), None) => return Err(format!("it has a {place} and no client-key")),
        (None, Some(Part { place, .. })) => return Err(format!("it has a {place} and no client-certificate")),
    };
    let chain = certificate.chain()?;
    let (certificate, key, secret) = (&certificate.place, &key.place, key.secret()?);
    let first = chain.first().map(AsRef::as_ref).unwrap_or_default();
    if X509Certificate::from_der(first).is_ok_and(|(_, first)| first.version() != X509Version::V3) {
        return Err(format!(
            "its {certificate} is an X.509 certificate of version 1, and TLS takes version 3: issue it again with an \
             extension, such as `openssl x509 -req … -extfile FILE` with `extendedKeyUsage = clientAuth` in the file"
        ));
    }
    let secret = any_supported_type(&secret).map_err(|error| format!("its {key} is no key that TLS takes: {error}"))?;
    match CertifiedKey::new(chain, secret).keys_match() {
        Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            Err(format!("its {key} is not the key of its {certificate}: name the two that were made together"))
        }
        Err(Error::InconsistentKeys(_)) | Ok(()) => Ok(()),
        Err(error) => Err(format!("its {certificate} cannot be used: {error}")),
    }
}

/// The certificate or the key: where it stands, and its PEM.
struct Part {
    place: String,
    pem: Vec<u8>,
}

impl Part {
    /// What stands in the kubeconfig itself wins over a file.
    fn of(field: &str, data: Option<&str>, file: Option<&str>) -> Result<Option<Self>, String> {
        let set = |text: &&str| !text.is_empty();
        if let Some(data) = data.filter(set) {
            let place = format!("{field}-data");
            let pem = STANDARD.decode(data.trim()).map_err(|error| format!("its {place} is no base64: {error}"))?;
            return Ok(Some(Self { place, pem }));
        }
        let Some(file) = file.filter(set) else { return Ok(None) };
        let place = format!("{field} {file}");
        let pem = fs::read(file).map_err(|error| format!("its {place} cannot be read: {error}"))?;
        Ok(Some(Self { place, pem }))
    }

    fn has(&self, word: &str) -> bool {
        self.pem.windows(word.len()).any(|window| window == word.as_bytes())
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, String> {
        let place = &self.place;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.pem).collect();
        let chain = chain.map_err(|error| format!("its {place} is no PEM: {error}"))?;
        match chain.is_empty() {
            false => Ok(chain),
            true if self.has("PRIVATE KEY-----") => {
                Err(format!("its {place} holds a key and no certificate: the two may be the wrong way round"))
            }
            true => Err(format!("its {place} holds no certificate in PEM")),
        }
    }

    fn secret(&self) -> Result<PrivateKeyDer<'static>, String> {
        let place = &self.place;
        if self.has("ENCRYPTED") {
            return Err(format!(
                "its {place} is encrypted, and nobody is asked for its password: `openssl pkey` opens it"
            ));
        }
        PrivateKeyDer::from_pem_slice(&self.pem).map_err(|_| format!("its {place} holds no key in PEM"))
    }
}
