//! The same API on a port, so that kubectl can talk to it.

use std::io;
use std::net::SocketAddr;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tower::Service as _;

use super::cluster::Cluster;

/// A port on which the API of a cluster is served, without encryption and without asking who is there: bind it to a
/// loopback address unless everybody on the network may play with it.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    cluster: Cluster,
}

/// Opens a port for the API of a cluster; port 0 takes a free one. Nothing is answered until [`Listening::serve`].
pub async fn listen(cluster: &Cluster, address: SocketAddr) -> io::Result<Listening> {
    Ok(Listening { listener: TcpListener::bind(address).await?, cluster: cluster.clone() })
}

impl Listening {
    /// The address that was taken.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// A kubeconfig that leads here.
    pub fn kubeconfig(&self) -> io::Result<String> {
        let server = format!("http://{}", self.address()?);
        Ok(format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: cmtop\n\
             clusters: [{{name: cmtop, cluster: {{server: \"{server}\"}}}}]\n\
             contexts: [{{name: cmtop, context: {{cluster: cmtop, user: cmtop, namespace: default}}}}]\n\
             users: [{{name: cmtop, user: {{}}}}]\n"
        ))
    }

    /// Answers requests, for as long as it is polled.
    pub async fn serve(self) -> io::Result<()> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            let api = self.cluster.service();
            let service = service_fn(move |request| api.clone().call(request));
            // A connection that breaks is the client's affair.
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades());
        }
    }
}
