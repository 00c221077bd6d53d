//! [`Origin`]: the cluster or file that a report's facts come from.

use serde::Serialize;

use super::document::or_null;
use crate::model::Model;

/// Where the facts come from. Empty texts are unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The kubeconfig's context, or the name of a recording's cluster.
    pub context: String,
    /// The URL of its API server.
    pub server: String,
    /// The version of its API server.
    pub kubernetes: String,
}

/// The same as the field `cluster` of a document.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClusterPart<'s> {
    #[serde(serialize_with = "or_null")]
    pub(super) context: &'s str,
    #[serde(serialize_with = "or_null")]
    server: &'s str,
    #[serde(serialize_with = "or_null")]
    pub(super) kubernetes: &'s str,
    pub(super) cert_manager: Option<&'s str>,
}

impl Origin {
    pub(super) fn part<'s>(&'s self, cert_manager: Option<&'s str>) -> ClusterPart<'s> {
        ClusterPart { context: &self.context, server: &self.server, kubernetes: &self.kubernetes, cert_manager }
    }
}

/// The release of cert-manager that runs, where that is known: `v1.21.1`.
pub(super) fn cert_manager(model: &Model) -> Option<&str> {
    model.controller()?.version.as_deref()
}
