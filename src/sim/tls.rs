//! TLS at the load balancer: each name with the certificate in its Secret; what did not reload, with the one before.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::Acceptor;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::LazyConfigAcceptor;

use super::cluster::Cluster;
use super::object::{key, meta};
use super::resource;
use super::x509::{Pair, pair};

/// Opens an address. Behind the second one of a name stands a program that reads a Secret once, and never again.
pub(super) async fn open(cluster: &Cluster, second: bool, servers: &mut JoinSet<()>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let (address, cluster) = (listener.local_addr()?, cluster.clone());
    servers.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(tokio::spawn(shake(cluster.clone(), second, stream)));
        }
    });
    Ok(address)
}

/// One handshake: who is wanted is in its first message.
async fn shake(cluster: Cluster, second: bool, stream: TcpStream) -> io::Result<()> {
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let name = start.client_hello().server_name().unwrap_or_default().to_ascii_lowercase();
    let before = if second { cluster.outside().before(&name) } else { None };
    let pair = before.or_else(|| of_secret(&cluster, &name));
    let config = pair.and_then(|pair| config(&pair)).ok_or_else(|| io::Error::other("nothing is served"))?;
    start.into_stream(Arc::new(config)).await.map(drop)
}

fn config((chain, private_key): &Pair) -> Option<ServerConfig> {
    let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).collect::<Result<Vec<_>, _>>().ok()?;
    let private_key = PrivateKeyDer::from_pem_slice(private_key.as_bytes()).ok()?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().ok()?.with_no_client_auth();
    config.with_single_cert(chain, private_key).ok()
}

/// What the Secret of a Certificate for this name holds: of one that names it, else of one for all names beside it.
fn of_secret(cluster: &Cluster, name: &str) -> Option<Pair> {
    let certificates = resource::by_kind("cert-manager.io/v1", "Certificate")?;
    let secrets = resource::by_kind("v1", "Secret")?;
    let wild = name.split_once('.').map(|(_, parent)| format!("*.{parent}")).unwrap_or_default();
    cluster.read(|store| {
        let held = |wanted: &str| {
            let all = store.range(certificates, None, None).map(|object| object.value());
            let mut held = all.filter(|certificate| holds(certificate, wanted)).filter_map(|certificate| {
                let place = key(meta(&certificate, "namespace"), certificate["spec"]["secretName"].as_str()?);
                pair(&store.get(secrets, &place)?.value())
            });
            held.next()
        };
        held(name).or_else(|| held(&wild))
    })
}

fn holds(certificate: &Value, name: &str) -> bool {
    certificate["spec"]["dnsNames"].as_array().is_some_and(|names| names.iter().any(|known| known == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::x509::{self, Authority, Terms};

    #[test]
    fn what_a_public_authority_signs_can_be_served() {
        let not_before = "2026-11-23T01:00:00Z".parse().unwrap();
        let terms = Terms { not_before, not_after: "2027-02-21T01:00:00Z".parse().unwrap(), is_ca: false };
        let authority = Authority::new("root", terms).unwrap();
        let key = x509::new_key().unwrap();
        let request = x509::request(&key, "", &["www.shop.example".to_owned()]).unwrap();
        let leaf = authority.sign_in_public(&request, terms).unwrap();
        assert!(config(&(leaf, key)).is_some());
    }
}
