//! [`Model`]: everything known of one cluster's certificates, changed only by [`Batch`]es.
//!
//! **Invariant:** the model is a function of the *set* of per-object histories: it does not depend on how the feeds
//! interleave. The [`Journal`] and the [`EventLog`], records of what was seen, are the exceptions.
//!
//! **Invariant:** *absent* and *unseen* are different ([`Feeds::sees`]).
//!
//! **Invariant:** the model holds facts: no ages, no colours, nothing cut to fit a screen.

pub mod anomaly;
mod apply;
pub mod certificate;
pub mod challenge;
pub mod changes;
pub mod condition;
pub mod controller;
pub mod delta;
pub mod events;
pub mod feed;
pub mod history;
pub mod id;
mod index;
pub mod issuer;
pub mod journal;
mod kept;
pub mod kind;
mod line;
pub mod lineage;
mod links;
pub mod logs;
pub mod meta;
pub mod order;
pub mod request;
pub mod secret;
pub mod slots;
pub mod solver;
pub mod solver_config;
pub mod surroundings;
pub mod symbol;
pub mod table;
mod transitions;
mod witness;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use self::anomaly::Anomalies;
use self::certificate::{Certificate, IssuerRef};
use self::challenge::Challenge;
use self::changes::Changes;
use self::controller::{Component, Controller};
use self::events::EventLog;
use self::feed::{FeedKey, Feeds};
use self::history::History;
use self::id::{Id, ObjectKey, Uid};
use self::issuer::Issuer;
use self::journal::Journal;
use self::kind::Kind;
use self::links::Links;
use self::logs::LogBook;
use self::meta::Object as _;
use self::order::Order;
use self::request::CertificateRequest;
use self::secret::Secret;
use self::solver::Solver;
use self::surroundings::Surroundings;
use self::symbol::Symbol;
use self::table::Table;

#[doc(no_inline)]
pub use self::delta::Batch;

/// One cluster's certificates and what belongs to them. There is one owner and no lock.
/// A copy is how a moment is kept that somebody may go back to; nothing else copies it. It shares what does not change.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Certificates.
    pub certificates: Table<Certificate>,
    /// CertificateRequests.
    pub requests: Table<CertificateRequest>,
    /// Orders.
    pub orders: Table<Order>,
    /// Challenges.
    pub challenges: Table<Challenge>,
    /// Issuers and ClusterIssuers.
    pub issuers: Table<Issuer>,
    /// Secrets.
    pub secrets: Table<Secret>,
    /// Pods, Services, Ingresses and routes of HTTP-01 solvers.
    pub solvers: Table<Solver>,
    /// cert-manager's own workloads.
    pub controllers: Table<Controller>,
    /// Kubernetes Events.
    pub events: EventLog,
    /// What was seen to change.
    pub journal: Journal,
    /// Lines of logs.
    pub logs: LogBook,
    /// What was looked up around cert-manager.
    pub surroundings: Surroundings,
    /// When the objects of issuances reached which state.
    pub history: History,
    /// The health of every watch.
    pub feeds: Feeds,
    /// Objects that are not as they should be.
    pub anomalies: Anomalies,
    links: Links,
    namespaces: BTreeMap<Uid, Symbol>,
    listed_namespaces: HashSet<Uid>,
    certificate_counts: BTreeMap<Symbol, usize>,
    /// Where the lists that are arriving began.
    marks: HashMap<FeedKey, u32>,
    pod_marks: HashMap<FeedKey, u32>,
    changes: Changes,
}

impl Model {
    /// What changed since this was last asked.
    pub fn take_changes(&mut self) -> Changes {
        let mut changes = std::mem::take(&mut self.changes);
        for place in std::mem::take(&mut changes.shared) {
            self.links.stored_at(place).for_each(|id| changes.touch(id));
        }
        for place in std::mem::take(&mut changes.alike) {
            self.asking_at(place).for_each(|id| changes.touch(id));
        }
        changes
    }

    /// Has everything judged and drawn anew: what was shown before was another moment.
    pub const fn touch_everything(&mut self) {
        self.changes.everything = true;
        self.changes.scenery = true;
    }

    /// Each piece of the tables: where it lies in memory, and how many rows it has. What a copy shares has one place.
    pub fn pieces(&self) -> impl Iterator<Item = (usize, usize)> {
        let (a, b, c) = (self.certificates.pieces(), self.requests.pieces(), self.orders.pieces());
        a.chain(b).chain(c).chain(self.challenges.pieces()).chain(self.secrets.pieces())
    }

    /// What changed and was not taken yet.
    pub const fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Every namespace that is known: listed, or seen on a Certificate.
    pub fn namespaces(&self) -> BTreeSet<&Symbol> {
        self.namespaces.values().chain(self.certificate_counts.keys()).collect()
    }

    /// How many Certificates each namespace has.
    pub fn certificate_counts(&self) -> impl Iterator<Item = (&Symbol, usize)> {
        self.certificate_counts.iter().map(|(namespace, count)| (namespace, *count))
    }

    /// How many Certificates one namespace has.
    pub fn certificates_in(&self, namespace: &str) -> usize {
        self.certificate_counts.get(&Symbol::from(namespace)).copied().unwrap_or(0)
    }

    /// The Issuer or ClusterIssuer that a reference of an object in `namespace` means.
    pub fn issuer(&self, reference: &IssuerRef, namespace: &str) -> Option<&Issuer> {
        let kind = reference.known_kind()?;
        let namespace = if kind == Kind::ClusterIssuer { "" } else { namespace };
        self.issuers.get(self.issuers.by_name(namespace, &reference.name)?)
    }

    /// Where a ClusterIssuer looks for its Secrets.
    pub fn cluster_resource_namespace(&self) -> String {
        let Some(controller) = self.controller() else { return "cert-manager".to_owned() };
        let flag = controller.args.iter().find_map(|arg| arg.strip_prefix("--cluster-resource-namespace="));
        match flag {
            Some("$(POD_NAMESPACE)") => controller.meta.namespace.to_string(),
            Some(namespace) => namespace.to_owned(),
            // The default of the binary; charts always pass the flag.
            None => "kube-system".to_owned(),
        }
    }

    /// cert-manager's controller Deployment; where there is none to be seen, its Pod.
    pub fn controller(&self) -> Option<&Controller> {
        let own = self.controllers.iter().map(|(_, row)| row).filter(|row| row.component == Component::Controller);
        own.min_by(|a, b| {
            fn rank(row: &Controller) -> (bool, &str, &str, Uid) {
                (row.kind != Kind::Deployment, &row.meta.namespace, &row.meta.name, row.meta.uid)
            }
            rank(a).cmp(&rank(b))
        })
    }

    /// How people name a Certificate.
    pub fn certificate_key(&self, id: Id<Certificate>) -> Option<ObjectKey> {
        self.certificates.get(id).map(|c| c.key())
    }

    /// The Certificate with a name.
    pub fn certificate(&self, namespace: &str, name: &str) -> Option<(Id<Certificate>, &Certificate)> {
        let id = self.certificates.by_name(namespace, name)?;
        Some((id, self.certificates.get(id)?))
    }
}
