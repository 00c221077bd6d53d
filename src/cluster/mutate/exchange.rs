//! One request and its answer, as they are on the wire.

use std::error::Error;
use std::iter::successors;
use std::time::Duration;

use http::Request;
use http_body_util::{BodyExt as _, Limited};
use kube::client::Body as Sent;
use serde_json::Value;

use crate::action::body::Body;
use crate::cluster::Cluster;
use crate::cluster::error::chain;
use crate::cluster::guard::ReadOnly;
use crate::cluster::retry_after;
use crate::limits;
use crate::text::clean;

/// What came back.
#[derive(Debug)]
pub(super) enum Answer {
    /// The server said something.
    Said { status: u16, document: Value, retry_after: Option<Duration> },
    /// Nothing came back, and nobody knows whether the request arrived.
    Silence(String),
    /// It did not leave the program: there was not even a connection.
    Unsent(String),
    /// It did not leave the program, because nothing may.
    ReadOnly,
}

impl Cluster {
    pub(super) async fn send(&self, method: &str, uri: &str, body: Option<&Body>) -> Answer {
        let mut request = Request::builder().method(method).uri(uri).header("accept", "application/json");
        if let Some(body) = body {
            request = request.header("content-type", body.content_type);
        }
        let bytes = body.map(|body| body.document.to_string().into_bytes()).unwrap_or_default();
        let request = match request.body(Sent::from(bytes)) {
            Ok(request) => request,
            Err(error) => return Answer::Unsent(error.to_string()),
        };
        match self.client.send(request).await {
            Ok(answer) => {
                let status = answer.status();
                let retry_after = retry_after(status, answer.headers());
                // The status came first, and stands even if the rest is cut off.
                let text = Limited::new(answer.into_body(), limits::ANSWER).collect().await;
                let text = text.map(|body| body.to_bytes()).unwrap_or_default();
                let document = serde_json::from_slice(&text).unwrap_or_else(|_| {
                    let text = String::from_utf8_lossy(&text);
                    serde_json::json!({"message": clean(text.trim(), limits::MESSAGE)})
                });
                Answer::Said { status: status.as_u16(), document, retry_after }
            }
            Err(kube::Error::Service(error)) if error.is::<ReadOnly>() => Answer::ReadOnly,
            Err(error) => {
                let why = clean(&chain(&error), limits::MESSAGE).into_owned();
                if never_left(&error) { Answer::Unsent(why) } else { Answer::Silence(why) }
            }
        }
    }
}

/// Whether there was not even a connection.
fn never_left(error: &kube::Error) -> bool {
    let causes = successors(Some(error as &(dyn Error + 'static)), |error: &&(dyn Error + 'static)| (*error).source());
    causes.filter_map(|error| error.downcast_ref::<hyper_util::client::legacy::Error>()).any(|error| error.is_connect())
}

/// What the server said, in a sentence.
pub(super) fn sentence(status: u16, document: &Value) -> String {
    let said = clean(document["message"].as_str().unwrap_or_default(), limits::MESSAGE);
    match status {
        401 => format!("the server does not accept who you are: {said}"),
        _ if said.is_empty() => format!("the server answered {status}"),
        _ => format!("{said} ({status})"),
    }
}
