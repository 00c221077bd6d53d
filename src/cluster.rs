//! [`Cluster`]: the API server that a kubeconfig names, and how to talk to it.
//!
//! Every request of cmtop goes through one rim below kube's client: there requests are paced, counted and cut off
//! when the other side falls silent.

pub mod access;
pub mod clock;
mod configure;
pub mod connect;
pub mod error;
pub mod fetch;
pub mod forward;
pub mod guard;
mod identity;
pub mod kubeconfig;
mod mutate;
mod names;
pub mod options;
mod pace;
pub mod proxy;
mod quiet;
mod rim;
pub mod solver;
mod surroundings;
mod token;
pub mod traffic;
mod webhook;

use std::sync::Arc;

use http::{Request, Response};
use kube::client::{Body, ClientBuilder};
use tower::{BoxError, Service};

use self::clock::ClockOffset;
use self::guard::Guard;
use self::rim::{RimLayer, Terms};
use self::traffic::Traffic;
use crate::limits;
use crate::text::clean;

pub use self::clock::Now;
pub use self::connect::connect;
pub use self::error::ConnectError;
pub(crate) use self::error::said;
pub use self::options::{Environment, Options, Terminal};
pub(crate) use self::rim::retry_after;

/// A cluster that can be asked.
#[derive(Clone)]
pub struct Cluster {
    /// Asks the API server.
    pub client: kube::Client,
    /// What it is called, and by whom it is asked.
    pub names: Names,
    /// What it cost so far.
    pub traffic: Arc<Traffic>,
    /// How far its clock is from ours.
    pub clock: Arc<ClockOffset>,
}

/// What a cluster is called, and by whom it is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The context of the kubeconfig; none in a Pod, or with `--server` alone.
    pub context: Option<String>,
    /// The cluster's name in the kubeconfig.
    pub cluster: String,
    /// The user's name in the kubeconfig, or who is impersonated.
    pub user: String,
    /// The address of the API server, without a password.
    pub server: String,
    /// The namespace of the context.
    pub default_namespace: String,
    /// How requests are signed; it is named when the server refuses them.
    pub credentials: Credentials,
    /// Where this was found.
    pub found_in: Vec<String>,
}

/// How requests are signed, in so far as it matters when that ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Nothing that ends: a password, or nothing at all.
    #[default]
    Other,
    /// A token as it stands in the kubeconfig or on the command line: nobody renews it.
    Token,
    /// A token in a file, which is read again every minute.
    TokenFile,
    /// A program, which is run again a minute before its token ends.
    Exec(String),
    /// An identity provider: the token is renewed with the refresh token.
    Oidc,
    /// A client certificate.
    Certificate,
}

impl Credentials {
    /// What can be done when the server refuses them.
    pub fn remedy(&self) -> String {
        match self {
            Self::Other => "sign in again".to_owned(),
            Self::Token => {
                "it is written in the kubeconfig or was given by --token, so nothing can renew it".to_owned()
            }
            Self::TokenFile => "its file is read again every minute".to_owned(),
            Self::Exec(command) => format!("`{command}` makes it: sign in there again, then restart"),
            Self::Oidc => "the identity provider renews it as long as the sign-in lasts: sign in again".to_owned(),
            Self::Certificate => "the client certificate may have expired".to_owned(),
        }
    }
}

impl Cluster {
    /// A cluster behind a service in this process: the simulated one, or a test's.
    ///
    /// Must be called inside a tokio runtime.
    pub fn in_process<S, B>(service: S, names: Names, now: Now) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>, Future: Send + 'static, Error: Into<BoxError>>
            + Send
            + 'static,
        B: http_body::Body<Data = bytes::Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        Self::guarded_in_process(service, names, now, Guard::Open)
    }

    /// The same behind a guard.
    pub fn guarded_in_process<S, B>(service: S, names: Names, now: Now, guard: Guard) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>, Future: Send + 'static, Error: Into<BoxError>>
            + Send
            + 'static,
        B: http_body::Body<Data = bytes::Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let builder = ClientBuilder::new(service, names.default_namespace.clone());
        Self::build(builder, names, now, Terms { answer_within: limits::SILENCE, guard, token: None })
    }

    fn build<S, B>(builder: ClientBuilder<S>, names: Names, now: Now, terms: Terms) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>, Future: Send + 'static, Error: Into<BoxError>>
            + Send
            + 'static,
        B: http_body::Body<Data = bytes::Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let (traffic, clock) = (Arc::new(Traffic::default()), Arc::new(ClockOffset::default()));
        let layer = RimLayer { now, traffic: Arc::clone(&traffic), clock: Arc::clone(&clock), terms };
        Self { client: builder.with_layer(&layer).build(), names, traffic, clock }
    }

    /// The version of Kubernetes: `v1.36.2`. The error is what the server said.
    pub async fn kubernetes(&self) -> Result<String, String> {
        let request = Request::get("/version").body(Vec::new()).map_err(|error| error.to_string())?;
        let version: Version = self.client.request(request).await.map_err(|error| said(&error))?;
        Ok(clean(version.git.as_deref().unwrap_or_default(), limits::NAME).into_owned())
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("names", &self.names).finish_non_exhaustive()
    }
}

crate::wire::shape::shape! {
    /// The answer of `/version`.
    Version: whole {
        /// `v1.36.2`.
        git: Box<str> = "gitVersion",
    }
}
