//! The model of a cluster, for a command that looks once.

use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, timeout_at};

use crate::cluster::Cluster;
use crate::model::feed::FeedState;
use crate::model::kind::Kind;
use crate::model::{Batch, Model};

/// How long a look may take at most: what has not arrived by then is told as unseen.
const PATIENCE: Duration = Duration::from_mins(1);

/// Takes in news until each of `feeds` watches is complete, or will not be.
pub async fn gather(model: &mut Model, batches: &mut Receiver<Batch>, feeds: usize) {
    let end = Instant::now() + PATIENCE;
    while !is_complete(model, feeds) {
        match timeout_at(end, batches.recv()).await {
            Ok(Some(batch)) => model.apply(batch),
            Ok(None) | Err(_) => return,
        }
    }
}

fn is_complete(model: &Model, feeds: usize) -> bool {
    model.feeds.iter().filter(|(_, feed)| feed.has_settled()).count() >= feeds
}

/// Why Certificates cannot be read, in words; `None` when they can.
pub fn blindness(model: &Model) -> Option<String> {
    let feeds: Vec<_> = model.feeds.iter().filter(|(key, _)| key.kind == Kind::Certificate).collect();
    if feeds.iter().any(|(_, feed)| feed.complete) {
        return None;
    }
    let why = feeds.iter().find_map(|(_, feed)| match &feed.state {
        FeedState::Forbidden { right } => Some(format!("the right that is missing: {right}")),
        FeedState::Absent => {
            Some("the cluster does not serve certificates.cert-manager.io: cert-manager is not installed".to_owned())
        }
        FeedState::Retrying { why, .. } => Some(why.to_string()),
        FeedState::Connecting | FeedState::Listing { .. } => Some("the cluster did not answer in time".to_owned()),
        FeedState::Live => None,
    });
    Some(format!("Certificates cannot be read: {}", why.unwrap_or_else(|| "nothing was delivered".to_owned())))
}

/// The same of a cluster: which server it is, and in which context.
pub fn blindness_of(cluster: &Cluster, model: &Model) -> Option<String> {
    let names = &cluster.names;
    let context = names.context.as_ref().map(|context| format!(", context {context}")).unwrap_or_default();
    blindness(model).map(|why| format!("{why} (server {}{context})", names.server))
}
