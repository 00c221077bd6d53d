//! What a host serves over TLS. Any certificate is accepted, because the question is which one comes; whether browsers
//! would trust it is told beside it.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use x509_parser::prelude::{FromDer as _, GeneralName, ParsedExtension, X509Certificate};

use super::served::Leaf;
use crate::limits;
use crate::model::meta::Time;
use crate::text::clean;

/// How long a connection and a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why nothing came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// Nobody listens.
    Refused,
    /// Nothing came in time.
    Timeout,
    /// Something else, in words.
    Failed(String),
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The certificate.
    pub leaf: Leaf,
    /// Why browsers do not trust it.
    pub distrust: Option<String>,
}

/// Accepts every certificate.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

static ROOTS: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    Arc::new(roots)
});

/// Opens a TLS connection, whatever certificate comes.
pub(super) async fn connect(stream: TcpStream, name: &str) -> Result<TlsStream<TcpStream>, String> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).map_err(|_| format!("`{name}` is no name for TLS"))?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| error.to_string())
}

/// Which certificate an address serves for a name.
pub async fn knock(address: SocketAddr, name: &str, now: Time) -> Result<Seen, Closed> {
    let seen = async {
        let stream = TcpStream::connect(address).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::ConnectionRefused => Closed::Refused,
            _ => Closed::Failed(error.to_string()),
        })?;
        let stream = connect(stream, name).await.map_err(Closed::Failed)?;
        let (_, connection) = stream.get_ref();
        let chain = connection.peer_certificates().unwrap_or_default();
        let (own, others) = chain.split_first().ok_or_else(|| Closed::Failed("no certificate came".to_owned()))?;
        let leaf = leaf(own, chain.len()).ok_or_else(|| Closed::Failed("what came is no certificate".to_owned()))?;
        Ok(Seen { distrust: disorder(chain).or_else(|| distrust(own, others, name, now)), leaf })
    };
    timeout(PATIENCE, seen).await.unwrap_or(Err(Closed::Timeout))
}

/// Whether a certificate comes before the one that it signed: some clients put that right, others give up.
fn disorder(chain: &[CertificateDer<'_>]) -> Option<String> {
    let parsed: Vec<X509Certificate> =
        chain.iter().filter_map(|der| Some(X509Certificate::from_der(der).ok()?.1)).collect();
    let wrong = parsed.windows(2).any(|pair| match pair {
        [first, second] => first.issuer() != second.subject() && second.issuer() == first.subject(),
        _ => false,
    });
    wrong.then(|| {
        "the bundle is in the wrong order: each certificate must stand before the one that signed it".to_owned()
    })
}

/// Why browsers do not trust a chain, by Mozilla's roots.
fn distrust(own: &CertificateDer<'_>, others: &[CertificateDer<'_>], name: &str, now: Time) -> Option<String> {
    let provider = Arc::new(ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::clone(&ROOTS), provider).build().ok()?;
    let name = ServerName::try_from(name.to_owned()).ok()?;
    let now = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(now.timestamp()).ok()?));
    let refused = verifier.verify_server_cert(own, others, &name, &[], now).err()?;
    let words = clean(&refused.to_string(), limits::MESSAGE).into_owned();
    Some(if words.contains("UnknownIssuer") && others.is_empty() {
        "browsers do not trust it: no intermediate certificate came with it, or its root is unknown".to_owned()
    } else if words.contains("UnknownIssuer") {
        "browsers do not trust it: its root is unknown".to_owned()
    } else {
        format!("browsers do not trust it: {words}")
    })
}

fn leaf(der: &CertificateDer<'_>, chain: usize) -> Option<Leaf> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let name = |text: &str| clean(text, limits::NAME).into_owned();
    let names = certificate.extensions().iter().flat_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectAlternativeName(names) => names
            .general_names
            .iter()
            .filter_map(|known| match known {
                GeneralName::DNSName(dns) => Some(name(&dns.to_ascii_lowercase())),
                _ => None,
            })
            .take(limits::DNS_NAMES)
            .collect(),
        _ => Vec::new(),
    });
    let moment = |time: x509_parser::time::ASN1Time| chrono::DateTime::from_timestamp(time.timestamp(), 0);
    Some(Leaf {
        serial: certificate.raw_serial_as_string(),
        issuer: name(&certificate.issuer().to_string()),
        names: names.collect(),
        not_before: moment(certificate.validity().not_before)?,
        not_after: moment(certificate.validity().not_after)?,
        chain,
    })
}

/// The serial number of the first certificate of a PEM text, as a Secret holds it.
pub fn serial_of_pem(pem: &[u8]) -> Option<String> {
    let (_, pem) = x509_parser::pem::parse_x509_pem(pem).ok()?;
    Some(pem.parse_x509().ok()?.raw_serial_as_string())
}
