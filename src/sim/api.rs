//! The simulated API server as a `tower::Service`.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

use super::answer::{self, ApiBody};
use super::call;
use super::cluster::Cluster;
use super::forward;
use super::refusal::Refusal;

/// Bytes between a client in this process and its server.
const BRIDGE: usize = 64 * 1024;

/// The API server of a [`Cluster`]: give it to `kube::Client::new`, or serve it with [`listen`](fn@super::listen).
#[derive(Clone, Debug)]
pub struct Api(Cluster);

impl Cluster {
    /// The API server, to be handed to `kube::Client::new`.
    pub fn service(&self) -> Api {
        Api(self.clone())
    }
}

impl<B> tower::Service<Request<B>> for Api
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
{
    type Response = Response<ApiBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let cluster = self.0.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            if wants_bridge(&head) {
                return Ok(bridge(cluster, head).await);
            }
            // A client that goes away in the middle of its body asks for nothing.
            let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            Ok(call::serve(&cluster, head, body).await)
        })
    }
}

/// Whether a connection is to be used for something else, and there is none: the client is in this process.
fn wants_bridge(head: &Parts) -> bool {
    head.method == Method::GET && forward::is_websocket(&head.headers) && head.extensions.get::<OnUpgrade>().is_none()
}

/// Sends a request over a connection in memory, with a real server and a real client at its ends: only they can make
/// an upgrade that kube understands.
async fn bridge(cluster: Cluster, head: Parts) -> Response<ApiBody> {
    let (near, far) = tokio::io::duplex(BRIDGE);
    let service = service_fn(move |request: Request<Incoming>| {
        let cluster = cluster.clone();
        async move {
            let (head, _) = request.into_parts();
            Ok::<_, Infallible>(call::serve(&cluster, head, Bytes::new()).await)
        }
    });
    tokio::spawn(
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(far), service).with_upgrades(),
    );
    let answered = async {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(near)).await?;
        tokio::spawn(connection.with_upgrades());
        sender.send_request(Request::from_parts(head, Empty::<Bytes>::new())).await
    };
    match answered.await {
        Ok(response) => response.map(|body| body.map_err(std::io::Error::other).boxed_unsync()),
        Err(error) => answer::finish(Err(Refusal::bad_request(error.to_string())), false, &[]),
    }
}
