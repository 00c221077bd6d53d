//! A running source, and what a dashboard holds of it.

use std::path::Path;

use cmtop::app::message::{Message, Session, SourceKind};
use cmtop::cluster::Cluster;
use cmtop::limits;
use cmtop::model::Batch;
use cmtop::runtime::clock::Clock;
use cmtop::runtime::probing::resolvers::Resolvers;
use cmtop::runtime::service::live::Service;
use cmtop::runtime::service::request::{Outlet, Request};
use cmtop::watch::discover::Wish;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinHandle;

use crate::yard::Yard;

pub(crate) struct Source {
    pub(crate) running: JoinHandle<()>,
    pub(crate) requests: Sender<Request>,
    pub(crate) batches: Receiver<Batch>,
    pub(crate) messages: Receiver<Message>,
}

impl Source {
    /// On a yard's cluster, with a directory for what it writes.
    pub(crate) fn begin(yard: &Yard, cluster: Cluster, state: &Path) -> Self {
        let (news, batches) = mpsc::channel(limits::QUEUE);
        let (told, messages) = mpsc::channel(limits::QUEUE);
        let (requests, requested) = mpsc::channel(limits::REQUESTS);
        let out = Outlet {
            batches: news,
            messages: told,
            action_log: Some(state.join("actions.jsonl")),
            evidence: state.to_owned(),
        };
        let clock = Clock::story(yard.world.clock().clone(), 1.0);
        let session = Session { source: SourceKind::Demo, ..Session::default() };
        let resolvers = Resolvers::nowhere(clock.clone());
        let service = Service { wish: Wish::default(), clock, out, requests: requested, resolvers };
        let running = tokio::spawn(service.watch(cluster, session));
        Self { running, requests, batches, messages }
    }
}
