//! [`connect`]: from kubectl's flags and files to a [`Cluster`].

use std::sync::Arc;

use http::{Request, Response, Uri};
use kube::Config;
use kube::client::{Body, ClientBuilder, DynBody};
use kube::config::{AuthInfo, ExecInteractiveMode};
use tokio::time::Instant;
use tower::BoxError;
use tower::util::BoxService;

use super::clock::Now;
use super::configure::{configure, introduce, trim};
use super::error::{ConnectError, Looked, chain, refused};
use super::guard::Guard;
use super::kubeconfig;
use super::options::{Options, Terminal};
use super::rim::Terms;
use super::token::TokenFile;
use super::{Cluster, Credentials, Names};
use crate::limits;

/// Finds the cluster that kubectl would find with the same flags and variables, and gets ready to ask it.
///
/// No request is sent; but a program that signs in (`aws`, `kubelogin` …) may run, and may ask the person something:
/// connect before the screen is taken over. `now` is our own clock, from which the cluster's is measured.
pub async fn connect(options: Options, now: Now) -> Result<Cluster, ConnectError> {
    let found = kubeconfig::find(&options)?;
    if !found.leads_somewhere() && options.server.is_none() {
        return in_cluster(&options, found.looked, now).await;
    }
    let found_in = found.files.clone();
    let mut chosen = found.choose(&options)?;
    let (credentials, impersonated) = match chosen.sign_in() {
        Some(user) => (credentials(user), user.impersonate.clone()),
        None => (Credentials::Other, None),
    };
    let config = configure(&mut chosen, &options)?;
    let names = Names {
        server: address(&config.cluster_url),
        default_namespace: config.default_namespace.clone(),
        context: chosen.context,
        cluster: if chosen.cluster.is_empty() { address(&config.cluster_url) } else { chosen.cluster },
        user: impersonated.unwrap_or(chosen.user),
        credentials,
        found_in,
    };
    client(config, names, &options, now).await
}

/// Inside a Pod the service account leads to the cluster.
async fn in_cluster(options: &Options, mut looked: Vec<Looked>, now: Now) -> Result<Cluster, ConnectError> {
    let place = "$KUBERNETES_SERVICE_HOST".to_owned();
    if options.environment.service_host.is_none() {
        looked.push(Looked { place, found: "not set (this is no Pod)".to_owned() });
        return Err(ConnectError::NoCluster { looked });
    }
    let mut config = Config::incluster().map_err(|error| ConnectError::Unusable {
        place: "the Pod's service account".to_owned(),
        why: chain(&error),
    })?;
    if let Some(token) = &options.token {
        config.auth_info = AuthInfo { token: Some(token.clone().into()), ..AuthInfo::default() };
        let place = "--token".to_owned();
        trim(&mut config.auth_info).map_err(|why| ConnectError::Unusable { place, why })?;
    }
    let proxy = options.environment.proxies.before(&config.cluster_url);
    config.proxy_url = proxy.map_err(|why| ConnectError::Unusable { place: "$HTTPS_PROXY".to_owned(), why })?;
    config.auth_info.impersonate.clone_from(&options.impersonate);
    if !options.impersonate_groups.is_empty() {
        config.auth_info.impersonate_groups = Some(options.impersonate_groups.clone());
    }
    config.accept_invalid_certs |= options.insecure_skip_tls_verify;
    let names = Names {
        context: None,
        cluster: "in-cluster".to_owned(),
        user: options.impersonate.clone().unwrap_or_else(|| "service account".to_owned()),
        server: address(&config.cluster_url),
        default_namespace: config.default_namespace.clone(),
        credentials: credentials(&config.auth_info),
        found_in: vec!["the Pod's service account".to_owned()],
    };
    client(config, names, options, now).await
}

async fn client(mut config: Config, names: Names, options: &Options, now: Now) -> Result<Cluster, ConnectError> {
    // The feeds wait and try again by themselves, and say so: a retry below them would hide what the server says.
    config.default_retry = false;
    let within = match options.request_timeout {
        Some(timeout) if timeout.is_zero() => std::time::Duration::from_secs(u64::from(u32::MAX)),
        Some(timeout) => timeout,
        None => limits::SILENCE,
    };
    introduce(&mut config);
    let token = match config.auth_info.token_file.take() {
        Some(path) => Some(TokenFile::open(path.into(), Instant::now()).map_err(ConnectError::Credentials)?),
        None => None,
    };
    let (guard, terminal) = (Guard::of(options.read_only), options.terminal);
    let terms = Terms { answer_within: within, guard, token: token.map(Arc::new) };
    let user = names.user.clone();
    let exec = config.auth_info.exec.clone();
    // A program that signs in blocks, possibly for as long as a person needs in a browser.
    let built = tokio::task::spawn_blocking(move || {
        let builder = sign_in(config, terminal)?;
        Ok::<_, kube::Error>(Cluster::build(builder, names, now, terms))
    });
    match built.await {
        Ok(Ok(cluster)) => Ok(cluster),
        Ok(Err(error @ kube::Error::RustlsTls(_))) => {
            let why = format!("the client certificate of `{user}` cannot be used: {}", chain(&error));
            Err(ConnectError::Credentials(why))
        }
        Ok(Err(error)) => {
            let mut why = refused(&error, exec.as_ref().and_then(|exec| exec.install_hint.as_deref()));
            if let (Terminal::Taken, Some(_)) = (terminal, &exec) {
                why.push_str(
                    "\nIt was asked without a terminal; if it has to ask you, run `kubectl get ns` in another one",
                );
            }
            Err(ConnectError::Credentials(why))
        }
        Err(error) => Err(ConnectError::Credentials(chain(&error))),
    }
}

/// The service that kube builds from a configuration.
type Service = BoxService<Request<Body>, Response<Box<DynBody>>, BoxError>;

/// Runs a program that signs in without the terminal, and with it only if it cannot do without: when the token is
/// renewed later the screen is ours, and the program must not write on it. While the screen is taken it does without, or
/// the person is told to sign in elsewhere.
fn sign_in(config: Config, terminal: Terminal) -> Result<ClientBuilder<Service>, kube::Error> {
    let mut quiet = config.clone();
    let Some(exec) = &mut quiet.auth_info.exec else { return ClientBuilder::try_from(config) };
    let always = exec.interactive_mode.replace(ExecInteractiveMode::Never) == Some(ExecInteractiveMode::Always);
    match terminal {
        Terminal::Taken => ClientBuilder::try_from(quiet),
        Terminal::Free if always => ClientBuilder::try_from(config),
        // What it said is in the first error: the second time it said it to the terminal.
        Terminal::Free => {
            ClientBuilder::try_from(quiet).or_else(|why| ClientBuilder::try_from(config).map_err(|_| why))
        }
    }
}

fn credentials(user: &AuthInfo) -> Credentials {
    if user.auth_provider.is_some() {
        Credentials::Oidc
    } else if user.token.is_some() {
        Credentials::Token
    } else if user.token_file.is_some() {
        Credentials::TokenFile
    } else if let Some(exec) = &user.exec {
        Credentials::Exec(exec.command.clone().unwrap_or_default())
    } else if user.client_certificate.is_some() || user.client_certificate_data.is_some() {
        Credentials::Certificate
    } else {
        Credentials::Other
    }
}

/// The address without a password.
fn address(url: &Uri) -> String {
    let host = url.authority().map_or("", |authority| authority.as_str());
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let path = url.path().trim_end_matches('/');
    format!("{}://{host}{path}", url.scheme_str().unwrap_or("https"))
}
