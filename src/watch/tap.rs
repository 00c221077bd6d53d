//! [`tap`]: what the server answers, seen beside kube's watcher.
//!
//! The watcher says nothing when it resumes a watch: without this a feed that was cut off would be shown as cut off
//! until the next object changes, which may be hours.

use std::time::Duration;

use http::{Request, StatusCode};
use kube::client::Body;
use tokio::sync::watch;
use tower::service_fn;

use crate::cluster::retry_after;

/// The last answer to one feed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// Whether it was a yes.
    pub(super) accepted: bool,
    /// How long the server asks to be left alone.
    pub(super) wait: Option<Duration>,
}

/// A client whose answers are told.
pub(super) fn tap(client: &kube::Client) -> (kube::Client, watch::Receiver<Answer>) {
    let (tell, answers) = watch::channel(Answer::default());
    let (inner, namespace) = (client.clone(), client.default_namespace().to_owned());
    let service = service_fn(move |request: Request<Body>| {
        let (inner, tell) = (inner.clone(), tell.clone());
        async move {
            let answer = inner.send(request).await?;
            let accepted = answer.status() == StatusCode::OK;
            tell.send_replace(Answer { accepted, wait: retry_after(answer.status(), answer.headers()) });
            Ok::<_, kube::Error>(answer)
        }
    });
    (kube::Client::new(service, namespace), answers)
}
