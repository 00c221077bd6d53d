//! Many more certificates, drawn when somebody reads them.

use chrono::{DateTime, Utc};

use super::cluster::Cluster;
use super::world::Options;

/// Fills a cluster with certificates that are at rest.
pub(crate) fn fill(_cluster: &Cluster, _start: DateTime<Utc>, _options: Options) {}
