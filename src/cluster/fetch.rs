//! One object, read when a person asks for it.

use http::Request;
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::Cluster;
use super::access::Right;
use super::error::said;
use crate::limits;
use crate::model::id::{ObjectKey, collection};
use crate::model::kind::Kind;
use crate::text::clean;
use crate::wire::inspected::Inspected;

/// Why an object was not read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It is not there.
    #[error("it is not there")]
    Missing,
    /// It may not be read.
    #[error("the right that is missing: {0}")]
    Forbidden(String),
    /// Something else went wrong.
    #[error("{0}")]
    Failed(String),
}

crate::wire::shape::shape! {
    /// A list of objects that are looked into.
    List: whole {
        /// They.
        items: Vec<Inspected> = "items",
    }
}

impl Cluster {
    /// An object, as far as its shape reads it. The answer itself is dropped at once.
    pub async fn object<T: DeserializeOwned>(&self, key: &ObjectKey) -> Result<T, Refusal> {
        self.read(&key.path(), "get", key.kind, &key.namespace).await
    }

    /// The requests of a namespace.
    pub async fn requests_in(&self, namespace: &str) -> Result<Vec<Inspected>, Refusal> {
        let kind = Kind::CertificateRequest;
        let list: List = self.read(&collection(kind, namespace), "list", kind, namespace).await?;
        Ok(list.items.unwrap_or_default())
    }

    async fn read<T: DeserializeOwned>(
        &self,
        path: &str,
        verb: &'static str,
        kind: Kind,
        namespace: &str,
    ) -> Result<T, Refusal> {
        let failed = |what: &str| Refusal::Failed(clean(what, limits::MESSAGE).into_owned());
        let request = Request::get(path).body(Vec::new()).map_err(|error| failed(&error.to_string()))?;
        self.client.request(request).await.map_err(|error| match &error {
            kube::Error::Api(status) if status.code == 404 => Refusal::Missing,
            kube::Error::Api(status) if status.code == 403 => {
                let namespace = (!namespace.is_empty()).then(|| namespace.to_owned());
                Refusal::Forbidden(Right { verb, kind, namespace }.to_string())
            }
            error => failed(&said(error)),
        })
    }
}
