//! The world outside the simulated cluster, on ports of this machine: name servers, resolvers and a load balancer.
//!
//! **Invariant:** every port is one of 127.0.0.1, and every address of the simulated world is led to one of them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::cluster::Cluster;
use super::name_server;
use super::outside::View;
use super::resolver::{ADDRESS, AUTHORITIES, CLOSED, SECOND};
use super::tls;

/// The resolvers that everybody may ask, in the simulated world.
const PUBLIC: [Ipv4Addr; 2] = [Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2)];

/// The resolver of this machine, in the simulated world.
const SYSTEM: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 53);

/// The world outside the simulated cluster. It ends when it is dropped.
#[derive(Debug, Default)]
pub struct Internet {
    /// Where each address of it really is.
    pub ways: HashMap<SocketAddr, SocketAddr>,
    /// The resolvers that everybody may ask.
    pub public: Vec<SocketAddr>,
    /// The resolver of this machine.
    pub system: Vec<SocketAddr>,
    _servers: JoinSet<()>,
}

/// Opens the world outside a cluster.
pub async fn internet(cluster: &Cluster) -> io::Result<Internet> {
    let (mut ways, mut servers) = (HashMap::new(), JoinSet::new());
    let mut views: Vec<(Ipv4Addr, View)> = PUBLIC.iter().map(|ip| (*ip, View::Public)).collect();
    views.push((SYSTEM, View::Public));
    views.extend(AUTHORITIES.iter().zip(0..).map(|((_, address), number)| (address.0, View::Authority(number))));
    for (ip, view) in views {
        ways.insert(dns(ip), name_server::open(cluster, view, &mut servers).await?);
    }
    let web = load_balancer(cluster, &mut servers).await?;
    for (ip, second) in [(ADDRESS.0, false), (SECOND.0, true)] {
        ways.insert(SocketAddr::from((ip, 80)), web);
        ways.insert(SocketAddr::from((ip, 443)), tls::open(cluster, second, &mut servers).await?);
    }
    // A port that was free a moment ago, and at which nobody listens.
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?.local_addr()?;
    ways.insert(SocketAddr::from((CLOSED.0, 80)), closed);
    Ok(Internet { ways, public: PUBLIC.map(dns).to_vec(), system: vec![dns(SYSTEM)], _servers: servers })
}

fn dns(ip: Ipv4Addr) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(ip), 53)
}

/// The load balancer of the cluster's ingress controller: it answers challenges as their names behave.
async fn load_balancer(cluster: &Cluster, servers: &mut JoinSet<()>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let (address, cluster) = (listener.local_addr()?, Arc::new(cluster.clone()));
    servers.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let cluster = Arc::clone(&cluster);
            let service = service_fn(move |request: Request<Incoming>| {
                let answered = route(&cluster, &request);
                async move { Ok::<_, Infallible>(answered) }
            });
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok(address)
}

fn route(cluster: &Cluster, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let host = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let token = request.uri().path().rsplit('/').next().unwrap_or_default();
    let behaviour = cluster.outside().of(host);
    let (status, body) = match behaviour.self_check.as_deref() {
        Some(why) => match why.split('\'').nth(1).and_then(|code| code.parse().ok()) {
            Some(code) => {
                (StatusCode::from_u16(code).unwrap_or(StatusCode::NOT_FOUND), "default backend - 404".to_owned())
            }
            None => (StatusCode::OK, "<!doctype html><title>Welcome</title>".to_owned()),
        },
        None => {
            let known = cluster
                .objects("challenges")
                .into_iter()
                .find(|challenge| challenge["spec"]["dnsName"] == host && challenge["spec"]["token"] == token);
            let key = known.as_ref().and_then(|challenge| challenge["spec"]["key"].as_str());
            key.map_or((StatusCode::NOT_FOUND, "404 page not found".to_owned()), |key| (StatusCode::OK, key.to_owned()))
        }
    };
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(http::header::SERVER, http::HeaderValue::from_static("nginx"));
    response
}
