//! From the one context that was chosen to what kube's client wants.
//!
//! kube does this itself as well; but it compares `NO_PROXY` with the proxy, gives up on a comma at its end, takes a
//! token with its newline, and names no file where a certificate cannot be used.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::USER_AGENT;
use kube::Config;
use kube::config::{AuthInfo, Cluster, ExecAuthCluster};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use secrecy::ExposeSecret as _;

use super::error::{ConnectError, chain};
use super::identity;
use super::kubeconfig::Chosen;
use super::options::Options;
use super::proxy;

/// Who asks, as audit logs and flow control see it.
const AGENT: &str = concat!("cmtop/", env!("CARGO_PKG_VERSION"));

/// A kube configuration out of the one context that was chosen.
pub(super) fn configure(chosen: &mut Chosen, options: &Options) -> Result<Config, ConnectError> {
    let place = match (&chosen.context, chosen.cluster.as_str()) {
        (Some(context), _) => format!("context `{context}`"),
        (None, "") => "--server".to_owned(),
        (None, cluster) => format!("cluster `{cluster}`"),
    };
    let unusable = |why: String| ConnectError::Unusable { place: place.clone(), why };
    let cluster = chosen.config.clusters.first_mut().and_then(|named| named.cluster.take()).unwrap_or_default();
    let mut user = chosen.sign_in().cloned().unwrap_or_default();
    let server = cluster.server.as_deref().ok_or_else(|| unusable("it names no server".to_owned()))?;
    let server: http::Uri =
        server.parse().map_err(|error| unusable(format!("the server `{server}` is no address: {error}")))?;
    if let Some(exec) = user.exec.as_mut().filter(|exec| exec.provide_cluster_info) {
        exec.cluster = Some(ExecAuthCluster::try_from(&cluster).map_err(|error| unusable(chain(&error)))?);
    }
    trim(&mut user).map_err(&unusable)?;
    identity::check(&user).map_err(|why| ConnectError::Unusable { place: format!("user `{}`", chosen.user), why })?;
    if user.impersonate.is_none() && user.impersonate_groups.as_ref().is_some_and(|groups| !groups.is_empty()) {
        return Err(unusable("groups can be acted for only together with a user: add --as".to_owned()));
    }
    let mut config = Config::new(server);
    config.root_cert = authority(&cluster).map_err(&unusable)?;
    config.proxy_url = match cluster.proxy_url.as_deref().filter(|url| !url.is_empty()) {
        Some(named) => Some(proxy::address(named).map_err(&unusable)?),
        None => options.environment.proxies.before(&config.cluster_url).map_err(&unusable)?,
    };
    let context = chosen.config.contexts.first().and_then(|named| named.context.as_ref());
    if let Some(namespace) = context.and_then(|context| context.namespace.clone()) {
        config.default_namespace = namespace;
    }
    config.accept_invalid_certs = cluster.insecure_skip_tls_verify.unwrap_or(false);
    config.disable_compression = cluster.disable_compression.unwrap_or(false);
    config.tls_server_name = cluster.tls_server_name;
    config.auth_info = user;
    Ok(config)
}

/// Says who asks, with every request.
pub(super) fn introduce(config: &mut Config) {
    config.headers.push((USER_AGENT, HeaderValue::from_static(AGENT)));
}

/// Editors and shells put a newline behind a token; no token has blanks at its ends.
pub(super) fn trim(user: &mut AuthInfo) -> Result<(), String> {
    let Some(token) = &user.token else { return Ok(()) };
    let token = token.expose_secret().trim().to_owned();
    if HeaderValue::from_str(&token).is_err() {
        return Err("its token holds a character that no token can hold".to_owned());
    }
    user.token = Some(token.into());
    Ok(())
}

/// Who signed for the server, where the kubeconfig says it.
fn authority(cluster: &Cluster) -> Result<Option<Vec<Vec<u8>>>, String> {
    let (place, pem) = match (&cluster.certificate_authority_data, &cluster.certificate_authority) {
        (Some(data), _) if !data.is_empty() => {
            let place = "its certificate-authority-data".to_owned();
            let pem = STANDARD.decode(data.trim()).map_err(|error| format!("{place} is no base64: {error}"))?;
            (place, pem)
        }
        (_, Some(file)) if !file.is_empty() => {
            let place = format!("its certificate-authority {file}");
            let pem = fs::read(file).map_err(|error| {
                format!("{place} cannot be read: {error}; name a file with the certificate that signed for the server")
            })?;
            (place, pem)
        }
        _ => return Ok(None),
    };
    let certificates = CertificateDer::pem_slice_iter(&pem).map(|found| found.map(|der| der.to_vec()));
    let certificates: Vec<Vec<u8>> =
        certificates.collect::<Result<_, _>>().map_err(|error| format!("{place} is no PEM: {error}"))?;
    if certificates.is_empty() {
        return Err(format!("{place} holds no certificate in PEM"));
    }
    Ok(Some(certificates))
}
