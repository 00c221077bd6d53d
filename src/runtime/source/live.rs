//! [`Live`]: a cluster that is watched, from the moment on at which everything that was there is known.

use tokio::sync::mpsc::{self, Receiver};

use super::gather::{blindness_of, gather};
use crate::cluster::Cluster;
use crate::limits;
use crate::model::{Batch, Model};
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::runtime::print::warn;
use crate::watch::discover::{Wish, choose};
use crate::watch::{Watches, spawn};

/// A cluster that is still being watched.
#[derive(Debug)]
pub struct Live {
    /// The cluster.
    pub cluster: Cluster,
    /// What it says next.
    pub batches: Receiver<Batch>,
    /// Its clock.
    pub clock: Clock,
    _watches: Watches,
}

impl Live {
    /// Watches the part of a cluster that is wished for, or that may be read; what is there already is in the model. The
    /// clock is set right by the cluster's. Fails where Certificates cannot be read.
    pub async fn begin(cluster: Cluster, wish: Wish, clock: Clock) -> Result<(Self, Model), Failure> {
        let choice = choose(&cluster, wish).await;
        if let Some(missing) = &choice.missing {
            tracing::warn!("may not {missing}");
            warn(&format!("you may not {missing}: only namespace {}", choice.scope.namespaces.join(", ")));
        }
        let (out, mut batches) = mpsc::channel(limits::QUEUE);
        let watches = spawn(&cluster, &choice.scope, &clock.reader(), &out);
        let mut model = Model::default();
        gather(&mut model, &mut batches, watches.len()).await;
        if let Some(ahead) = cluster.clock.get() {
            clock.set_offset(ahead);
        }
        match blindness_of(&cluster, &model) {
            Some(why) => Err(Failure::blind(why)),
            None => Ok((Self { cluster, batches, clock, _watches: watches }, model)),
        }
    }
}
