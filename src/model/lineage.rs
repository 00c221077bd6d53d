//! [`Lineage`]: a borrowed walk from one Certificate down to the Pods that answer for it.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::Model;
use super::certificate::Certificate;
use super::challenge::Challenge;
use super::id::Id;
use super::issuer::Issuer;
use super::kind::Kind;
use super::meta::Object;
use super::order::Order;
use super::request::CertificateRequest;
use super::secret::Secret;
use super::solver::Solver;
use crate::limits;

/// Something that may be there: *absent* is a fact, *unseen* is not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step<'m, T> {
    /// Here it is.
    Seen(&'m T),
    /// A complete watch says that there is none.
    Absent,
    /// No watch could tell.
    Unseen,
}

impl<'m, T> Step<'m, T> {
    fn of(found: Option<&'m T>, seen: bool) -> Self {
        match found {
            Some(row) => Self::Seen(row),
            None if seen => Self::Absent,
            None => Self::Unseen,
        }
    }

    /// The row, if it was seen.
    pub const fn row(&self) -> Option<&'m T> {
        match self {
            Self::Seen(row) => Some(row),
            Self::Absent | Self::Unseen => None,
        }
    }
}

/// Which of a Certificate's requests one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Of the next revision: in flight, or the last that failed.
    Next,
    /// Of the revision that is in the Secret now.
    Current,
    /// Of an earlier one, or of none.
    Earlier,
}

/// One request and what came of it.
#[derive(Debug)]
pub struct Attempt<'m> {
    /// Which one it is.
    pub role: Role,
    /// The request.
    pub request: &'m CertificateRequest,
    /// Its Orders: one, unless something is odd.
    pub orders: Vec<&'m Order>,
    /// The Challenges of those Orders, each with its solver objects.
    pub challenges: Vec<(&'m Challenge, Vec<&'m Solver>)>,
}

impl<'m> Attempt<'m> {
    /// Its Order.
    pub fn order(&self) -> Option<&'m Order> {
        self.orders.first().copied()
    }
}

/// A Certificate with everything that belongs to it.
#[derive(Debug)]
pub struct Lineage<'m> {
    /// The Certificate.
    pub certificate: &'m Certificate,
    /// Who signs it.
    pub issuer: Step<'m, Issuer>,
    /// Where it is stored.
    pub secret: Step<'m, Secret>,
    /// The key of the issuance in flight.
    pub next_key: Option<&'m Secret>,
    /// Its requests: the next, the current, then earlier ones, the youngest first.
    pub attempts: Vec<Attempt<'m>>,
}

impl<'m> Lineage<'m> {
    /// The request of the next revision.
    pub fn next(&self) -> Option<&Attempt<'m>> {
        self.attempts.iter().find(|attempt| attempt.role == Role::Next)
    }

    /// The request that became the certificate of now.
    pub fn current(&self) -> Option<&Attempt<'m>> {
        self.attempts.iter().find(|attempt| attempt.role == Role::Current)
    }
}

impl Model {
    /// The walk from a Certificate.
    pub fn lineage(&self, id: Id<Certificate>) -> Option<Lineage<'_>> {
        let certificate = self.certificates.get(id)?;
        let namespace = certificate.meta.namespace.as_str();
        let secret = |name: &str| self.secrets.by_name(namespace, name).and_then(|id| self.secrets.get(id));
        let issuer_kind = certificate.issuer.known_kind();
        Some(Lineage {
            certificate,
            issuer: Step::of(
                self.issuer(&certificate.issuer, namespace),
                issuer_kind
                    .is_some_and(|kind| self.feeds.sees(kind, if kind == Kind::Issuer { namespace } else { "" })),
            ),
            secret: Step::of(secret(&certificate.secret_name), self.feeds.sees(Kind::Secret, namespace)),
            next_key: certificate.attempt.as_ref().and_then(|a| secret(a.next_private_key_secret.as_ref()?)),
            attempts: self.attempts(certificate),
        })
    }

    /// The requests of a Certificate: the next, the current, then earlier ones, the youngest first.
    pub fn attempts(&self, certificate: &Certificate) -> Vec<Attempt<'_>> {
        let unowned =
            self.unowned_children(certificate).filter_map(|uid| self.requests.get(self.requests.by_uid(uid)?));
        let owned = self.requests.owned_by(certificate.meta.uid).map(|(_, request)| request);
        let mut requests: Vec<(Role, &CertificateRequest)> =
            owned.chain(unowned).map(|request| (role(certificate, request), request)).collect();
        // First sorted, then cut: what is left out is old.
        requests.sort_unstable_by_key(|(role, request)| {
            (*role, Reverse((request.revision, request.meta.created, request.meta.uid)))
        });
        let attempt = |(role, request)| {
            let orders = self.orders_of(certificate, request);
            let challenges = orders.iter().flat_map(|order| self.challenges_of(order)).collect();
            Attempt { role, request, orders, challenges }
        };
        requests.into_iter().take(limits::CHILDREN).map(attempt).collect()
    }

    fn orders_of<'m>(&'m self, certificate: &Certificate, request: &CertificateRequest) -> Vec<&'m Order> {
        let owned = self.orders.owned_by(request.meta.uid).map(|(_, order)| order);
        let unowned = self
            .unowned_children(certificate)
            .filter_map(|uid| self.orders.get(self.orders.by_uid(uid)?))
            .filter(|order| order.revision.is_some() && order.revision == request.revision);
        let mut orders: Vec<&Order> = owned.chain(unowned).collect();
        orders.sort_unstable_by_key(|order| Reverse((order.meta.created, order.meta.uid)));
        orders.truncate(limits::CHILDREN);
        orders
    }

    fn challenges_of<'m>(&'m self, order: &Order) -> Vec<(&'m Challenge, Vec<&'m Solver>)> {
        let mut challenges: Vec<&Challenge> =
            self.challenges.owned_by(order.meta.uid).map(|(_, challenge)| challenge).collect();
        challenges
            .sort_unstable_by(|a, b| (&a.dns_name, a.wildcard, a.meta.uid).cmp(&(&b.dns_name, b.wildcard, b.meta.uid)));
        challenges.truncate(limits::CHILDREN);
        challenges.into_iter().map(|challenge| (challenge, self.solvers_of(challenge))).collect()
    }

    fn solvers_of<'m>(&'m self, challenge: &Challenge) -> Vec<&'m Solver> {
        let mut solvers: Vec<&Solver> = self.solvers.owned_by(challenge.meta.uid).map(|(_, solver)| solver).collect();
        solvers.sort_unstable_by(|a, b| (a.kind, &a.meta.name, a.meta.uid).cmp(&(b.kind, &b.meta.name, b.meta.uid)));
        solvers.truncate(limits::CHILDREN);
        solvers
    }

    /// Every uid of a Certificate's tree, its own first: whose Events concern it.
    pub fn family(&self, lineage: &Lineage) -> HashSet<super::id::Uid> {
        let mut uids = HashSet::from([lineage.certificate.meta.uid]);
        uids.extend(lineage.secret.row().map(|s| s.meta.uid));
        uids.extend(lineage.next_key.map(|s| s.meta.uid));
        for attempt in &lineage.attempts {
            uids.insert(attempt.request.meta.uid);
            uids.extend(attempt.orders.iter().map(|order| order.meta().uid));
            for (challenge, solvers) in &attempt.challenges {
                uids.insert(challenge.meta.uid);
                uids.extend(solvers.iter().map(|solver| solver.meta.uid));
            }
        }
        uids
    }
}

fn role(certificate: &Certificate, request: &CertificateRequest) -> Role {
    match request.revision {
        Some(revision) if revision == certificate.next_revision() => Role::Next,
        Some(revision) if Some(revision) == certificate.revision => Role::Current,
        _ => Role::Earlier,
    }
}
