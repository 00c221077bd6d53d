//! A server that does not say its version: whoever asks for something else is answered.

use std::time::Duration;

use cmtop::action::errand::{ActionNews, Errand};
use cmtop::app::message::Message;
use cmtop::cluster::{Cluster, Names};
use cmtop::runtime::service::request::Request;
use tokio::time::Instant;
use tower::Service as _;

use crate::source::Source;
use crate::yard::Yard;

#[tokio::test(start_paused = true)]
async fn requests_are_answered_before_the_version_came() {
    let (yard, state) = (Yard::busy().await, tempfile::tempdir().unwrap());
    let wire = yard.wire.clone();
    let unversioned = tower::service_fn(move |request: http::Request<kube::client::Body>| {
        let mut wire = wire.clone();
        async move {
            if request.uri().path() == "/version" {
                std::future::pending::<()>().await;
            }
            wire.call(request).await
        }
    });
    let cluster = Cluster::in_process(unversioned, Names::default(), yard.now());
    let mut source = Source::begin(&yard, cluster, state.path());
    let began = Instant::now();
    for namespace in 0..10 {
        source.requests.send(Request::Action(Errand::Rights(namespace.to_string()))).await.unwrap();
    }
    let mut answered = 0;
    while answered < 10 {
        let message = source.messages.recv().await.unwrap();
        answered += usize::from(matches!(message, Message::Action(ActionNews::Rights(..))));
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
