//! The model of a cluster, for a command that looks once.

use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, timeout_at};

use crate::model::feed::FeedState;
use crate::model::{Batch, Model};

/// How long a look may take at most: what has not arrived by then is told as unseen.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a watch may fail before the look goes on without it.
const ATTEMPTS: u32 = 2;

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
    let done = model.feeds.iter().filter(|(_, feed)| match feed.state {
        FeedState::Live | FeedState::Forbidden { .. } | FeedState::Absent => true,
        FeedState::Retrying { attempt, .. } => attempt >= ATTEMPTS,
        FeedState::Connecting | FeedState::Listing { .. } => false,
    });
    done.count() >= feeds
}
