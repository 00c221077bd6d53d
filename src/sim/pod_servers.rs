//! What listens in the simulated Pods: the resolver of the cluster, and the solvers of HTTP-01 challenges.

use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::DuplexStream;

use super::cluster::Cluster;
use super::name_server;
use super::outside::View;

/// A program in a Pod.
#[derive(Debug)]
pub(super) enum PodServer {
    /// DNS over TCP.
    Resolver(Cluster),
    /// One HTTP-01 challenge.
    Solver { domain: String, path: String, key: String },
}

/// What listens on a port of a Pod, if anything does.
pub(super) fn of(cluster: &Cluster, pod: &Value, port: u16) -> Option<PodServer> {
    let labels = &pod["metadata"]["labels"];
    match port {
        53 if labels["k8s-app"] == "kube-dns" => Some(PodServer::Resolver(cluster.clone())),
        8089 if labels["acme.cert-manager.io/http01-solver"] == "true" => {
            let arguments: Vec<_> =
                pod["spec"]["containers"][0]["args"].as_array()?.iter().filter_map(Value::as_str).collect();
            let argument = |name: &str| {
                arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
            };
            let path = format!("/.well-known/acme-challenge/{}", argument("--token")?);
            Some(PodServer::Solver { domain: argument("--domain")?, path, key: argument("--key")? })
        }
        _ => None,
    }
}

impl PodServer {
    /// Answers on one connection until the other side ends it.
    pub(super) async fn serve(self, connection: DuplexStream) {
        match self {
            Self::Resolver(cluster) => drop(name_server::over_stream(&cluster, View::Cluster, connection).await),
            Self::Solver { domain, path, key } => {
                let service = service_fn(|request: Request<Incoming>| {
                    let answered = solve(&request, &domain, &path, &key);
                    async move { Ok::<_, std::convert::Infallible>(answered) }
                });
                let served = hyper::server::conn::http1::Builder::new();
                let _ = served.serve_connection(TokioIo::new(connection), service).await;
            }
        }
    }
}

/// As the real solver: the key for its own name and token, and nothing else.
fn solve(request: &Request<Incoming>, domain: &str, path: &str, key: &str) -> Response<Full<Bytes>> {
    let host = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let asked = request.uri().path();
    let (code, text) = match asked {
        "/healthz" => (StatusCode::OK, ""),
        _ if host.split(':').next() == Some(domain) && asked == path => (StatusCode::OK, key),
        _ => (StatusCode::NOT_FOUND, ""),
    };
    let mut response = Response::new(Full::from(text.to_owned()));
    *response.status_mut() = code;
    response
}
