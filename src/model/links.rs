//! [`Links`]: the joins that are no owner references, and the way from any object up to its Certificates.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::Model;
use super::certificate::{Certificate, IssuerRef};
use super::challenge::Challenge;
use super::id::{Id, Uid};
use super::kind::Kind;
use super::order::Order;
use super::request::CertificateRequest;
use super::secret::Secret;
use super::symbol::Symbol;

/// Indices over Certificates and over children that lost their owner reference (a restored backup has none).
#[derive(Debug, Default)]
pub(super) struct Links {
    by_secret: HashTable<(u64, Id<Certificate>)>,
    by_issuer: HashMap<(IssuerRef, Symbol), HashSet<Id<Certificate>, FxBuildHasher>, FxBuildHasher>,
    unowned: HashMap<(Symbol, Symbol), Vec<Uid>, FxBuildHasher>,
}

fn secret_hash(namespace: &str, name: &str) -> u64 {
    FxBuildHasher.hash_one((namespace, name))
}

/// ClusterIssuers serve every namespace, Issuers their own.
fn issuer_key(certificate: &Certificate) -> (IssuerRef, Symbol) {
    let namespace = match certificate.issuer.known_kind() {
        Some(Kind::ClusterIssuer) => Symbol::default(),
        _ => certificate.meta.namespace.clone(),
    };
    (certificate.issuer.clone(), namespace)
}

impl Links {
    pub(super) fn add(&mut self, id: Id<Certificate>, certificate: &Certificate) {
        let hash = secret_hash(&certificate.meta.namespace, &certificate.secret_name);
        self.by_secret.insert_unique(hash, (hash, id), |(hash, _)| *hash);
        self.by_issuer.entry(issuer_key(certificate)).or_default().insert(id);
    }

    pub(super) fn drop(&mut self, id: Id<Certificate>, certificate: &Certificate) {
        let hash = secret_hash(&certificate.meta.namespace, &certificate.secret_name);
        if let Ok(entry) = self.by_secret.find_entry(hash, |(_, known)| *known == id) {
            entry.remove();
        }
        let key = issuer_key(certificate);
        if let Some(certificates) = self.by_issuer.get_mut(&key) {
            certificates.remove(&id);
            if certificates.is_empty() {
                self.by_issuer.remove(&key);
            }
        }
    }

    /// Remembers a child that names its Certificate but has no owner reference.
    pub(super) fn adopt(&mut self, namespace: &Symbol, certificate: Option<&Symbol>, owner: Option<Uid>, child: Uid) {
        if let (None, Some(certificate)) = (owner, certificate) {
            let children = self.unowned.entry((namespace.clone(), certificate.clone())).or_default();
            if !children.contains(&child) {
                children.push(child);
            }
        }
    }

    pub(super) fn disown(&mut self, namespace: &Symbol, certificate: Option<&Symbol>, child: Uid) {
        let Some(certificate) = certificate else { return };
        let key = (namespace.clone(), certificate.clone());
        if let Some(children) = self.unowned.get_mut(&key) {
            children.retain(|known| *known != child);
            if children.is_empty() {
                self.unowned.remove(&key);
            }
        }
    }
}

impl Model {
    /// The Certificates that are stored in a Secret: more than one is a conflict.
    pub fn certificates_of_secret(&self, namespace: &str, secret: &str) -> impl Iterator<Item = Id<Certificate>> {
        self.links.by_secret.iter_hash(secret_hash(namespace, secret)).map(|(_, id)| *id).filter(move |id| {
            self.certificates.get(*id).is_some_and(|c| &*c.meta.namespace == namespace && &*c.secret_name == secret)
        })
    }

    /// The Certificates that name an Issuer or ClusterIssuer.
    pub fn certificates_of_issuer(&self, kind: Kind, namespace: &str, name: &str) -> Vec<Id<Certificate>> {
        let matches = |(issuer, at): &(IssuerRef, Symbol)| {
            &*issuer.name == name
                && issuer.known_kind() == Some(kind)
                && (kind == Kind::ClusterIssuer || &**at == namespace)
        };
        // A cluster has few distinct issuer references, so a walk over them costs less than another index.
        self.links.by_issuer.iter().filter(|(key, _)| matches(key)).flat_map(|(_, ids)| ids.iter().copied()).collect()
    }

    /// The children of any kind that name a Certificate without an owner reference.
    pub(super) fn unowned_children(&self, namespace: &Symbol, certificate: &str) -> impl Iterator<Item = Uid> {
        let key = (namespace.clone(), Symbol::from(certificate));
        self.links.unowned.get(&key).into_iter().flatten().copied()
    }

    /// The Certificate that a request is for.
    pub fn root_of_request(&self, request: &CertificateRequest) -> Option<Id<Certificate>> {
        match (request.meta.owner, &request.certificate_name) {
            (Some(owner), _) => self.certificates.by_uid(owner),
            (None, Some(name)) => self.certificates.by_name(&request.meta.namespace, name),
            (None, None) => None,
        }
    }

    /// The Certificate that an Order is for.
    pub fn root_of_order(&self, order: &Order) -> Option<Id<Certificate>> {
        match (order.meta.owner, &order.certificate_name) {
            (Some(owner), _) => self.root_of_request(self.requests.get(self.requests.by_uid(owner)?)?),
            (None, Some(name)) => self.certificates.by_name(&order.meta.namespace, name),
            (None, None) => None,
        }
    }

    /// The Certificate that a Challenge is for.
    pub fn root_of_challenge(&self, challenge: &Challenge) -> Option<Id<Certificate>> {
        self.root_of_order(self.orders.get(self.orders.by_uid(challenge.meta.owner?)?)?)
    }

    /// The Certificate behind any object that has a uid.
    pub fn root_of_uid(&self, uid: Uid) -> Option<Id<Certificate>> {
        if let Some(id) = self.certificates.by_uid(uid) {
            return Some(id);
        }
        if let Some(request) = self.requests.by_uid(uid).and_then(|id| self.requests.get(id)) {
            return self.root_of_request(request);
        }
        if let Some(order) = self.orders.by_uid(uid).and_then(|id| self.orders.get(id)) {
            return self.root_of_order(order);
        }
        let challenge = self.challenges.by_uid(uid).or_else(|| {
            let solver = self.solvers.get(self.solvers.by_uid(uid)?)?;
            self.challenges.by_uid(solver.meta.owner?)
        })?;
        self.root_of_challenge(self.challenges.get(challenge)?)
    }

    /// The Certificates that a Secret concerns: those stored in it, and the one whose next key it holds.
    pub(super) fn roots_of_secret(&self, secret: &Secret) -> Vec<Id<Certificate>> {
        let owner = secret.meta.owner.and_then(|owner| self.certificates.by_uid(owner));
        self.certificates_of_secret(&secret.meta.namespace, &secret.meta.name).chain(owner).collect()
    }
}
