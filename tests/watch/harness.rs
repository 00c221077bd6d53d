//! A dashboard's share of watching: a model fed by the feeds, in virtual time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::cluster::{Cluster, Names, Now};
use cmtop::limits;
use cmtop::model::feed::{FeedKey, FeedState};
use cmtop::model::kind::Kind;
use cmtop::model::meta::{Object, Version};
use cmtop::model::table::Table;
use cmtop::model::{Batch, Model};
use cmtop::watch::{self, Scope, Watches};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::server::{CERTIFICATES, ORDERS, SECRETS, Server};

pub(crate) struct Harness {
    pub(crate) server: Server,
    pub(crate) cluster: Cluster,
    pub(crate) model: Model,
    pub(crate) watches: Watches,
    /// Every state of the certificates' feed, in order.
    pub(crate) states: Vec<FeedState>,
    /// The fewest certificates that were there since the first list was complete.
    pub(crate) fewest: usize,
    batches: mpsc::Receiver<Batch>,
}

/// A clock that goes with the virtual time.
pub(crate) fn clock() -> Now {
    let (begin, wall): (Instant, DateTime<Utc>) = (Instant::now(), "2026-11-22T17:00:00Z".parse().unwrap());
    Arc::new(move || wall + TimeDelta::from_std(begin.elapsed()).unwrap())
}

pub(crate) fn cluster(server: &Server) -> Cluster {
    let names = Names { cluster: "test".into(), default_namespace: "shop".into(), ..Names::default() };
    Cluster::in_process(server.clone(), names, clock())
}

/// A few objects of the kinds that matter most.
pub(crate) fn fill(server: &Server, certificates: usize) {
    for n in 0..certificates {
        let namespace = if n % 2 == 0 { "shop" } else { "blog" };
        let spec = json!({"secretName": format!("c{n}-tls"), "dnsNames": ["a.test"], "issuerRef": {"name": "le"}});
        server.put(CERTIFICATES, namespace, &format!("c{n}"), json!({"spec": spec}));
    }
    server.put(ORDERS, "shop", "c0-1-1", json!({"status": {"state": "pending"}}));
    server.put(ORDERS, "blog", "c1-1-1", json!({"status": {"state": "valid"}}));
    server.put(SECRETS, "shop", "c0-tls", json!({"data": {"tls.key": "c2VjcmV0"}}));
}

pub(crate) const MINUTE: Duration = Duration::from_mins(1);

pub(crate) fn filled(certificates: usize) -> Server {
    let server = Server::new();
    fill(&server, certificates);
    server
}

/// What a Certificate is changed to.
pub(crate) fn certificate() -> Value {
    json!({"spec": {"secretName": "tls", "dnsNames": ["b.test"], "issuerRef": {"name": "le"}}})
}

impl Harness {
    pub(crate) fn start(server: Server) -> Self {
        Self::scoped(server, &Scope::default())
    }

    pub(crate) fn scoped(server: Server, scope: &Scope) -> Self {
        let (cluster, now) = (cluster(&server), clock());
        let (out, batches) = mpsc::channel(limits::QUEUE);
        let watches = watch::spawn(&cluster, scope, &now, &out);
        let (model, states) = (Model::default(), Vec::new());
        Self { server, cluster, model, watches, states, fewest: usize::MAX, batches }
    }

    /// Lets virtual time pass.
    pub(crate) async fn run(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Ok(Some(batch)) = tokio::time::timeout_at(end, self.batches.recv()).await {
            self.apply(batch);
        }
    }

    /// Lets virtual time pass until something holds; fails when it does not within an hour.
    pub(crate) async fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let end = Instant::now() + Duration::from_hours(1);
        while !holds(self) {
            let batch = tokio::time::timeout_at(end, self.batches.recv()).await;
            let batch = batch.unwrap_or_else(|_| panic!("never {what}: {:?}", self.states));
            self.apply(batch.unwrap());
        }
    }

    fn apply(&mut self, batch: Batch) {
        let certificates = batch.feed.kind == Kind::Certificate;
        let key = batch.feed.clone();
        self.model.apply(batch);
        if certificates {
            let state = self.model.feeds.get(&key).unwrap().state.clone();
            if state == FeedState::Live || self.fewest != usize::MAX {
                self.fewest = self.fewest.min(self.model.certificates.len());
            }
            let told = matches!(state, FeedState::Listing { .. })
                && matches!(self.states.last(), Some(FeedState::Listing { .. }));
            if self.states.last() != Some(&state) && !told {
                self.states.push(state);
            }
        }
    }

    pub(crate) async fn live(&mut self) {
        self.until("live", |h| *h.state(Kind::Certificate) == FeedState::Live && !h.model.feeds.any_listing()).await;
    }

    pub(crate) fn state(&self, kind: Kind) -> &FeedState {
        self.model.feeds.get(&FeedKey::cluster(kind)).map_or(&FeedState::Connecting, |feed| &feed.state)
    }

    /// How often the certificates' feed said that it tries again.
    pub(crate) fn retries(&self) -> usize {
        self.states.iter().filter(|state| matches!(state, FeedState::Retrying { .. })).count()
    }

    pub(crate) fn lists(&self) -> usize {
        self.states.iter().filter(|state| matches!(state, FeedState::Listing { .. })).count()
    }

    /// The model has what the server has, in the same versions.
    pub(crate) fn assert_same(&self) {
        let server = [CERTIFICATES, ORDERS, SECRETS].map(|path| self.server.objects(path));
        let model = [rows(&self.model.certificates), rows(&self.model.orders), rows(&self.model.secrets)];
        for (server, model) in server.iter().zip(&model) {
            let missing: Vec<_> =
                server.iter().filter(|(key, version)| model.get(*key) != Some(version)).take(5).collect();
            assert!(
                missing.is_empty() && server.len() == model.len(),
                "{missing:?}; {} and {}",
                server.len(),
                model.len()
            );
        }
    }
}

fn rows<T: Object>(table: &Table<T>) -> HashMap<String, Version> {
    table.iter().map(|(_, row)| (format!("{}/{}", row.meta().namespace, row.meta().name), row.meta().version)).collect()
}
