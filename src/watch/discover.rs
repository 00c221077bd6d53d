//! [`choose`]: which namespaces to watch when nobody said.

use super::Scope;
use crate::cluster::Cluster;
use crate::cluster::access::Right;
use crate::model::kind::Kind;

/// What a person asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// `-n`, as often as it was given.
    pub namespaces: Vec<String>,
    /// `-A`
    pub all: bool,
    /// `-l`: a label selector for Certificates.
    pub selector: Option<String>,
    /// Annotations that are kept, by their keys.
    pub annotations: Vec<String>,
}

/// What is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The scope.
    pub scope: Scope,
    /// The right that is missing to see everything, when only the context's namespace is watched for want of it.
    pub missing: Option<Right>,
}

/// The namespaces that were named; without any, everything where that is allowed, else the context's namespace.
pub async fn choose(cluster: &Cluster, wish: Wish) -> Choice {
    let Wish { mut namespaces, all, selector, annotations } = wish;
    if all {
        namespaces.clear();
    }
    namespaces.sort();
    namespaces.dedup();
    if all || !namespaces.is_empty() {
        return Choice { scope: Scope { namespaces, selector, annotations }, missing: None };
    }
    let right = Right { verb: "list", kind: Kind::Certificate, namespace: None };
    // Where the question itself fails, the feeds find out, and say so.
    if cluster.may(&right).await.unwrap_or(true) {
        return Choice { scope: Scope { namespaces, selector, annotations }, missing: None };
    }
    let namespaces = vec![cluster.names.default_namespace.clone()];
    Choice { scope: Scope { namespaces, selector, annotations }, missing: Some(right) }
}
