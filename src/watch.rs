//! The watches of a cluster: a task for each, and one bounded queue of [`Batch`]es for the model.
//!
//! **Invariant:** nothing that happens to a watch is fatal. It is told as the health of that feed, and tried again.

mod backoff;
pub mod discover;
mod feed;
mod intake;
mod keep;
pub mod logs;
mod plan;
pub mod record;
mod tap;
mod trouble;
mod watched;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use self::feed::Feed;
use self::intake::Rows;
pub use self::keep::Kept;
use self::plan::Plan;
use self::watched::Payload;
use crate::cluster::{Cluster, Now};
use crate::model::Batch;
use crate::model::kind::Kind;
use crate::project::Project;
use crate::wire::{kinds, workloads};

/// What is watched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// These namespaces; everything when there are none.
    pub namespaces: Vec<String>,
    /// Certificates with these labels only.
    pub selector: Option<String>,
}

/// The running watches. They end when this is dropped.
#[derive(Debug)]
pub struct Watches {
    tasks: JoinSet<()>,
    resync: watch::Sender<u64>,
}

/// Starts every watch of a scope. What they learn goes to `out`; a full queue makes them wait.
///
/// `now` stamps what arrives. Must be called inside a tokio runtime.
pub fn spawn(cluster: &Cluster, scope: &Scope, now: &Now, out: &mpsc::Sender<Batch>) -> Watches {
    start(Starter { cluster, now, out, kept: None, watches: Watches::new() }, scope)
}

/// The same; what changes is also kept whole, for a bundle of the last minutes.
pub fn spawn_and_keep(cluster: &Cluster, scope: &Scope, now: &Now, out: &mpsc::Sender<Batch>, kept: &Kept) -> Watches {
    start(Starter { cluster, now, out, kept: Some(Arc::clone(kept)), watches: Watches::new() }, scope)
}

fn start(mut starter: Starter<'_>, scope: &Scope) -> Watches {
    for plan in plan::plans(scope) {
        match plan.key.kind {
            Kind::Certificate => starter.start::<kinds::Certificate, false>(plan),
            Kind::CertificateRequest => starter.start::<kinds::CertificateRequest, false>(plan),
            Kind::Order => starter.start::<kinds::Order, false>(plan),
            Kind::Challenge => starter.start::<kinds::Challenge, false>(plan),
            Kind::Issuer | Kind::ClusterIssuer => starter.start::<kinds::Issuer, false>(plan),
            // Private keys never leave the server.
            Kind::Secret => starter.start::<kinds::Secret, true>(plan),
            Kind::Event => starter.start::<kinds::Event, false>(plan),
            Kind::Namespace => starter.start::<kinds::Namespace, false>(plan),
            Kind::Pod => starter.start::<workloads::Pod, false>(plan),
            Kind::Service => starter.start::<workloads::Service, false>(plan),
            Kind::Ingress => starter.start::<workloads::Ingress, false>(plan),
            Kind::HttpRoute => starter.start::<workloads::HttpRoute, false>(plan),
            Kind::Deployment => starter.start::<workloads::Deployment, false>(plan),
        }
    }
    starter.watches
}

struct Starter<'s> {
    cluster: &'s Cluster,
    now: &'s Now,
    out: &'s mpsc::Sender<Batch>,
    kept: Option<Kept>,
    watches: Watches,
}

impl Starter<'_> {
    fn start<W: Project + Payload, const META: bool>(&mut self, plan: Plan) {
        let intake = Rows::<W, META>::of(plan.key.kind);
        let (now, out) = (Arc::clone(self.now), self.out.clone());
        let (resync, kept) = (self.watches.resync.subscribe(), self.kept.clone());
        self.watches.start(Feed::new(plan, self.cluster, intake, now, out, (resync, kept)));
    }
}

impl Watches {
    fn new() -> Self {
        Self { tasks: JoinSet::new(), resync: watch::Sender::new(0) }
    }

    fn start<I: intake::Intake>(&mut self, feed: Feed<I>) {
        self.tasks.spawn(feed.run());
    }

    /// Lists everything again; what is known stays until the new lists are complete.
    pub fn resync(&self) {
        self.resync.send_modify(|round| *round += 1);
    }

    /// How many watches there are.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Ends every watch, and returns when they have ended.
    pub async fn shutdown(mut self) {
        self.tasks.shutdown().await;
    }
}
