//! [`tap`]: what the server answers, seen beside kube's watcher.
//!
//! The watcher says nothing when it resumes a watch: without this a feed that was cut off would be shown as cut off
//! until the next object changes, which may be hours. And it does not pass on how long a list will be.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use kube::client::Body;
use tokio::sync::watch;
use tower::service_fn;

use super::keep::{Keeper, Passing};
use crate::cluster::retry_after;

/// Bytes of a page in which its metadata are looked for. A `continue` token has some hundred.
const HEAD: usize = 4 * 1024;

/// The last answer to one feed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// Whether it was a yes.
    pub(super) accepted: bool,
    /// How long the server asks to be left alone.
    pub(super) wait: Option<Duration>,
    /// How many objects are left for later pages, where the answer is a page that says so.
    pub(super) remaining: Option<usize>,
}

/// A client whose answers are told. What passes is also given to a `keeper`, where there is one.
pub(super) fn tap(client: &kube::Client, keeper: Option<Keeper>) -> (kube::Client, watch::Receiver<Answer>) {
    let (tell, answers) = watch::channel(Answer::default());
    let (inner, namespace) = (client.clone(), client.default_namespace().to_owned());
    let service = service_fn(move |request: Request<Body>| {
        let (inner, tell) = (inner.clone(), tell.clone());
        let passing = keeper.as_ref().and_then(|keeper| keeper.passing(request.uri().query().unwrap_or_default()));
        // The first page says how long the list is.
        let paged = request.uri().query().is_some_and(|q| q.contains("limit=") && !q.contains("continue="));
        async move {
            let answer = inner.send(request).await?;
            let accepted = answer.status() == StatusCode::OK;
            let wait = retry_after(answer.status(), answer.headers());
            tell.send_replace(Answer { accepted, wait, remaining: None });
            let passing = passing.filter(|_| accepted);
            Ok::<_, kube::Error>(answer.map(|body| counted(body, paged, tell, passing)))
        }
    });
    (kube::Client::new(service, namespace), answers)
}

/// An answer on its way. The head of a page is read while it passes: the server writes the metadata of a list before its items.
fn counted(
    answer: Body,
    mut is_head: bool,
    tell: watch::Sender<Answer>,
    mut passing: Option<Passing>,
) -> impl http_body::Body<Data = Bytes, Error = kube::Error> {
    answer.map_frame(move |frame| {
        if std::mem::replace(&mut is_head, false)
            && let Some(remaining) = frame.data_ref().and_then(|data| remaining(data))
        {
            tell.send_modify(|answer| answer.remaining = Some(remaining));
        }
        if let (Some(passing), Some(data)) = (&mut passing, frame.data_ref()) {
            passing.take(data);
        }
        frame
    })
}

/// `remainingItemCount`, where it stands before the items.
fn remaining(page: &[u8]) -> Option<usize> {
    const FIELD: &str = "\"remainingItemCount\":";
    let head = String::from_utf8_lossy(page.get(..HEAD.min(page.len()))?);
    let head = head.split("\"items\":").next()?;
    let (_, number) = head.split_once(FIELD)?;
    let digits = number.trim_start();
    digits.get(..digits.find(|c: char| !c.is_ascii_digit())?)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_a_list_is_counted_where_the_server_says_it() {
        let page = |metadata: &str| format!(r#"{{"kind":"List","metadata":{{{metadata}}},"items":[{{"a":1}}]}}"#);
        let count = |metadata: &str| remaining(page(metadata).as_bytes());
        assert_eq!(count(r#""resourceVersion":"7","continue":"x","remainingItemCount":99500"#), Some(99_500));
        assert_eq!(count(r#""remainingItemCount": 12 "#), Some(12));
        assert_eq!(count(r#""resourceVersion":"7""#), None);
        assert_eq!(remaining(br#"{"items":[{"remainingItemCount":3}]}"#), None, "an object may be called anything");
        assert_eq!(remaining(b""), None);
    }
}
