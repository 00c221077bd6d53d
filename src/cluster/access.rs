//! [`Right`]: what one may do, and how a missing right is named.

use std::fmt;

use http::Request;
use serde_json::json;

use super::Cluster;
use crate::model::kind::Kind;

/// A right to do something with the objects of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// `list`, `watch`, `update` …
    pub verb: &'static str,
    /// With what.
    pub kind: Kind,
    /// Where: `None` for the whole cluster.
    pub namespace: Option<String>,
}

/// `list orders.acme.cert-manager.io in namespace shop`
impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.kind.resource())?;
        match &self.namespace {
            Some(namespace) => write!(f, " in namespace {namespace}"),
            None if self.kind.row().namespaced => f.write_str(" in all namespaces"),
            None => Ok(()),
        }
    }
}

impl Cluster {
    /// Whether we have a right, by the server's own word (a `SelfSubjectAccessReview`, which everyone may ask for).
    pub async fn may(&self, right: &Right) -> Result<bool, kube::Error> {
        may(&self.client, right).await
    }
}

/// The same with only a client.
pub(crate) async fn may(client: &kube::Client, right: &Right) -> Result<bool, kube::Error> {
    let row = right.kind.row();
    let attributes = json!({
        "group": row.group,
        "resource": row.plural,
        "verb": right.verb,
        "namespace": right.namespace.as_deref().unwrap_or_default(),
    });
    review(client, &attributes).await
}

/// Asks the server about rights, in its own words for them.
pub(super) async fn review(client: &kube::Client, attributes: &serde_json::Value) -> Result<bool, kube::Error> {
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    });
    let request = Request::post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(review.to_string().into_bytes())
        .map_err(kube::Error::HttpError)?;
    let answer: Review = client.request(request).await?;
    Ok(answer.status.and_then(|status| status.allowed).unwrap_or(false))
}

crate::wire::shape::shape! {
    /// The answer to a review.
    Review: whole {
        /// What was found.
        status: ReviewStatus = "status",
    }

    /// What was found.
    ReviewStatus {
        /// Whether it is allowed.
        allowed: bool = "allowed",
    }
}
