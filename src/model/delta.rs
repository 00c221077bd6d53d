//! [`Batch`]: what feeds tell the model. The only way in.

use super::anomaly::Anomaly;
use super::certificate::Certificate;
use super::challenge::Challenge;
use super::controller::Controller;
use super::events::Event;
use super::feed::{FeedKey, FeedState};
use super::id::Uid;
use super::issuer::Issuer;
use super::logs::LogLine;
use super::meta::Time;
use super::order::Order;
use super::request::CertificateRequest;
use super::secret::Secret;
use super::solver::Solver;
use super::surroundings::Surroundings;
use super::symbol::Symbol;

/// One change of one object.
#[derive(Debug, Clone)]
pub enum Delta<T> {
    /// It is there, like this.
    Upsert(T),
    /// It is gone.
    Remove(Uid),
}

/// News of one feed, in the order in which the server said it.
#[derive(Debug, Clone)]
pub struct Batch {
    /// When it arrived.
    pub at: Time,
    /// From which watch.
    pub feed: FeedKey,
    /// What it says.
    pub news: News,
}

/// What a batch says.
#[derive(Debug, Clone)]
pub enum News {
    /// A list begins: what it will not name is gone when it ends.
    ListBegan,
    /// How many objects the list will deliver, where the server says it.
    Expected(usize),
    /// Objects changed, or arrive in a list.
    Objects(Objects),
    /// The list is complete; from now on changes arrive.
    ListEnded,
    /// How the watch does.
    Health(FeedState),
    /// Objects that could not be read as they should.
    Odd(Vec<Anomaly>),
    /// Lines of a log.
    Log(Vec<LogLine>),
    /// What was looked up around cert-manager.
    Around(Box<Surroundings>),
}

/// Changed objects, by kind.
#[derive(Debug, Clone)]
pub enum Objects {
    /// Certificates.
    Certificates(Vec<Delta<Certificate>>),
    /// CertificateRequests.
    Requests(Vec<Delta<CertificateRequest>>),
    /// Orders.
    Orders(Vec<Delta<Order>>),
    /// Challenges.
    Challenges(Vec<Delta<Challenge>>),
    /// Issuers or ClusterIssuers.
    Issuers(Vec<Delta<Issuer>>),
    /// Secrets.
    Secrets(Vec<Delta<Secret>>),
    /// Pods, Services, Ingresses and routes of solvers.
    Solvers(Vec<Delta<Solver>>),
    /// Deployments and Pods of cert-manager.
    Controllers(Vec<Delta<Controller>>),
    /// Events.
    Events(Vec<Delta<Event>>),
    /// Namespaces.
    Namespaces(Vec<Delta<NamespaceName>>),
}

/// A namespace that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceName {
    /// Its uid.
    pub uid: Uid,
    /// Its name.
    pub name: Symbol,
}

impl Objects {
    /// How many changes there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Certificates(v) => v.len(),
            Self::Requests(v) => v.len(),
            Self::Orders(v) => v.len(),
            Self::Challenges(v) => v.len(),
            Self::Issuers(v) => v.len(),
            Self::Secrets(v) => v.len(),
            Self::Solvers(v) => v.len(),
            Self::Controllers(v) => v.len(),
            Self::Events(v) => v.len(),
            Self::Namespaces(v) => v.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
