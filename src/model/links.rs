//! [`Links`]: the joins that are no owner references, and the way from any object up to its Certificates.

use std::collections::{BTreeSet, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::Model;
use super::certificate::{Certificate, IssuerRef};
use super::challenge::{Challenge, ChallengeType};
use super::id::{Id, Uid};
use super::index::Index;
use super::kind::Kind;
use super::line::Line;
use super::meta::Time;
use super::order::Order;
use super::request::CertificateRequest;
use super::secret::Secret;
use super::symbol::Symbol;
use super::table::Table;

/// Indices over Certificates and over children that lost their owner reference (a restored backup has none).
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    /// Shared with copies until a Certificate comes or goes.
    by_secret: Arc<HashTable<(u64, Holders)>>,
    by_issuer: Arc<HashTable<Signed>>,
    /// Certificates by what they ask of whom.
    by_names: Index,
    unowned: Arc<HashTable<Unowned>>,
    by_dns_name: HashTable<(u64, Id<Challenge>)>,
    pub(super) line: Line,
}

/// The Certificates that are stored in one Secret: nearly always one.
#[derive(Debug, Clone)]
enum Holders {
    One(Id<Certificate>),
    /// The oldest first. It is rare, so the room for it lies elsewhere: the table moves all it holds when it grows.
    Many(Box<Many>),
}

type Holder = (Option<Time>, Uid, Id<Certificate>);

type Many = BTreeSet<Holder>;

fn holder(id: Id<Certificate>, certificate: &Certificate) -> Holder {
    (certificate.meta.created, certificate.meta.uid, id)
}

impl Holders {
    fn add(&mut self, id: Id<Certificate>, certificate: &Certificate, all: &Table<Certificate>) {
        if let Self::One(one) = *self {
            let first = all.get(one).map(|certificate| holder(one, certificate));
            *self = Self::Many(Box::new(first.into_iter().collect()));
        }
        if let Self::Many(many) = self {
            many.insert(holder(id, certificate));
        }
    }

    /// True when none is left.
    fn drop(&mut self, id: Id<Certificate>, certificate: &Certificate) -> bool {
        match self {
            Self::One(one) => *one == id,
            Self::Many(many) => {
                many.remove(&holder(id, certificate));
                many.is_empty()
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = Id<Certificate>> {
        let (one, many) = match self {
            Self::One(one) => (Some(*one), None),
            Self::Many(many) => (None, Some(many)),
        };
        one.into_iter().chain(many.into_iter().flat_map(|many| many.iter().map(|(_, _, id)| *id)))
    }
}

/// The Certificates of one reference to an issuer.
#[derive(Debug, Clone)]
struct Signed {
    issuer: IssuerRef,
    /// Where the issuer lives: empty for a ClusterIssuer, which serves every namespace.
    namespace: Symbol,
    certificates: HashSet<Id<Certificate>, FxBuildHasher>,
}

/// The children of any kind that name one Certificate and have no owner reference.
#[derive(Clone, Debug)]
struct Unowned {
    namespace: Symbol,
    certificate: Symbol,
    children: BTreeSet<Uid>,
}

impl Unowned {
    fn is(&self, namespace: &str, certificate: &str) -> bool {
        &*self.certificate == certificate && &*self.namespace == namespace
    }
}

fn pair_hash(namespace: &str, name: &str) -> u64 {
    FxBuildHasher.hash_one((namespace, name))
}

fn proof_hash(dns_name: &str, challenge_type: ChallengeType) -> u64 {
    FxBuildHasher.hash_one((dns_name, challenge_type))
}

/// ClusterIssuers serve every namespace, Issuers their own.
fn issuer_namespace(certificate: &Certificate) -> &str {
    match certificate.issuer.known_kind() {
        Some(Kind::ClusterIssuer) => "",
        _ => &certificate.meta.namespace,
    }
}

fn issuer_hash(issuer: &IssuerRef, namespace: &str) -> u64 {
    FxBuildHasher.hash_one((&*issuer.name, namespace))
}

/// What a Certificate asks of whom: the same names of the same issuer have the same hash, in any order. `None` where it
/// asks for no name.
fn names_hash(certificate: &Certificate) -> Option<u64> {
    let names = certificate.dns_names.iter().map(|name| FxBuildHasher.hash_one(name)).reduce(u64::wrapping_add)?;
    let issuer = &certificate.issuer;
    Some(FxBuildHasher.hash_one((names, &*issuer.name, &*issuer.kind, issuer_namespace(certificate))))
}

fn ask_the_same(a: &Certificate, b: &Certificate) -> bool {
    let within =
        |a: &Certificate, b: &Certificate| a.dns_names.iter().all(|name| b.dns_names.iter().any(|n| n == name));
    a.issuer == b.issuer && issuer_namespace(a) == issuer_namespace(b) && within(a, b) && within(b, a)
}

/// Certificates that ask the same of which each is told when one comes or goes: more change nothing.
const ALIKE: usize = 8;

impl Links {
    /// Adds what a Certificate asks for. Tells its place, if others may ask the same.
    pub(super) fn add_names(&mut self, id: Id<Certificate>, certificate: &Certificate) -> Option<u64> {
        let hash = names_hash(certificate)?;
        let alike = self.by_names.iter_hash(hash).next().map(|_| hash);
        self.by_names.insert(hash, id.index() as u32);
        alike
    }

    /// Takes it out. Tells its place, if others may ask the same.
    pub(super) fn drop_names(&mut self, id: Id<Certificate>, certificate: &Certificate) -> Option<u64> {
        let hash = names_hash(certificate)?;
        self.by_names.remove(hash, id.index() as u32);
        self.by_names.iter_hash(hash).next().map(|_| hash)
    }

    /// Adds one of `all` Certificates. Tells the place of its Secret, if others are stored there.
    pub(super) fn add(
        &mut self,
        id: Id<Certificate>,
        certificate: &Certificate,
        all: &Table<Certificate>,
    ) -> Option<u64> {
        let hash = pair_hash(&certificate.meta.namespace, &certificate.secret_name);
        let holders = Arc::make_mut(&mut self.by_secret).entry(hash, |(known, _)| *known == hash, |(hash, _)| *hash);
        let mut shared = false;
        holders
            .and_modify(|(_, holders)| {
                holders.add(id, certificate, all);
                shared = true;
            })
            .or_insert((hash, Holders::One(id)));
        let (issuer, namespace) = (&certificate.issuer, issuer_namespace(certificate));
        let known = Arc::make_mut(&mut self.by_issuer).entry(
            issuer_hash(issuer, namespace),
            |known| &*known.namespace == namespace && known.issuer == *issuer,
            |known| issuer_hash(&known.issuer, &known.namespace),
        );
        let new =
            || Signed { issuer: issuer.clone(), namespace: Symbol::from(namespace), certificates: HashSet::default() };
        known.or_insert_with(new).get_mut().certificates.insert(id);
        shared.then_some(hash)
    }

    /// Takes a Certificate out. Tells the place of its Secret, if others are stored there.
    pub(super) fn drop(&mut self, id: Id<Certificate>, certificate: &Certificate) -> Option<u64> {
        let mut shared = None;
        let hash = pair_hash(&certificate.meta.namespace, &certificate.secret_name);
        if let Ok(mut entry) = Arc::make_mut(&mut self.by_secret).find_entry(hash, |(known, _)| *known == hash) {
            if entry.get_mut().1.drop(id, certificate) {
                entry.remove();
            } else {
                shared = Some(hash);
            }
        }
        let (issuer, namespace) = (&certificate.issuer, issuer_namespace(certificate));
        let is = |known: &Signed| &*known.namespace == namespace && known.issuer == *issuer;
        if let Ok(mut known) = Arc::make_mut(&mut self.by_issuer).find_entry(issuer_hash(issuer, namespace), is) {
            known.get_mut().certificates.remove(&id);
            if known.get().certificates.is_empty() {
                known.remove();
            }
        }
        shared
    }

    /// The Certificates that are stored at the place of a Secret, the oldest first.
    pub(super) fn stored_at(&self, place: u64) -> impl Iterator<Item = Id<Certificate>> {
        let holders = self.by_secret.find(place, |(known, _)| *known == place);
        holders.into_iter().flat_map(|(_, holders)| holders.iter())
    }

    /// Remembers a child that names its Certificate but has no owner reference.
    pub(super) fn adopt(&mut self, namespace: &Symbol, certificate: Option<&Symbol>, owner: Option<Uid>, child: Uid) {
        let (None, Some(certificate)) = (owner, certificate) else { return };
        let hash = pair_hash(namespace, certificate);
        let known = Arc::make_mut(&mut self.unowned).entry(
            hash,
            |known| known.is(namespace, certificate),
            |known| pair_hash(&known.namespace, &known.certificate),
        );
        let new =
            || Unowned { namespace: namespace.clone(), certificate: certificate.clone(), children: BTreeSet::new() };
        let mut known = known.or_insert_with(new);
        known.get_mut().children.insert(child);
    }

    pub(super) fn disown(&mut self, namespace: &Symbol, certificate: Option<&Symbol>, child: Uid) {
        let Some(certificate) = certificate else { return };
        let hash = pair_hash(namespace, certificate);
        if self.unowned.is_empty() {
            return;
        }
        let unowned = Arc::make_mut(&mut self.unowned);
        let Ok(mut known) = unowned.find_entry(hash, |known| known.is(namespace, certificate)) else { return };
        known.get_mut().children.remove(&child);
        if known.get().children.is_empty() {
            known.remove();
        }
    }

    pub(super) fn add_challenge(&mut self, id: Id<Challenge>, challenge: &Challenge) {
        let hash = proof_hash(&challenge.dns_name, challenge.challenge_type);
        self.by_dns_name.insert_unique(hash, (hash, id), |(hash, _)| *hash);
        self.line.add(id, challenge);
    }

    pub(super) fn drop_challenge(&mut self, id: Id<Challenge>, challenge: &Challenge) {
        let hash = proof_hash(&challenge.dns_name, challenge.challenge_type);
        if let Ok(entry) = self.by_dns_name.find_entry(hash, |(_, known)| *known == id) {
            entry.remove();
        }
        self.line.drop(id, challenge);
    }
}

impl Model {
    /// The Certificates that are stored in a Secret, the oldest first: more than one is a conflict.
    pub fn certificates_of_secret(&self, namespace: &str, secret: &str) -> impl Iterator<Item = Id<Certificate>> {
        self.links.stored_at(pair_hash(namespace, secret)).filter(move |id| {
            self.certificates.get(*id).is_some_and(|c| &*c.meta.namespace == namespace && &*c.secret_name == secret)
        })
    }

    /// The Certificates at a place of names, a few of them.
    pub(super) fn asking_at(&self, place: u64) -> impl Iterator<Item = Id<Certificate>> {
        let slots = self.links.by_names.iter_hash(place).take(ALIKE);
        slots.filter_map(|slot| Some(self.certificates.at(slot as usize)?.0))
    }

    /// Another Certificate that asks the same issuer for the same names: the oldest of a few.
    pub fn asks_the_same(&self, certificate: &Certificate) -> Option<&Certificate> {
        let slots = self.links.by_names.iter_hash(names_hash(certificate)?).take(ALIKE);
        let others = slots.filter_map(|slot| Some(self.certificates.at(slot as usize)?.1));
        others
            .filter(|other| other.meta.uid != certificate.meta.uid && ask_the_same(certificate, other))
            .min_by_key(|other| (other.meta.created, other.meta.uid))
    }

    /// The Certificates that name an Issuer or ClusterIssuer.
    pub fn certificates_of_issuer(&self, kind: Kind, namespace: &str, name: &str) -> Vec<Id<Certificate>> {
        let matches = |known: &&Signed| {
            &*known.issuer.name == name
                && known.issuer.known_kind() == Some(kind)
                && (kind == Kind::ClusterIssuer || &*known.namespace == namespace)
        };
        // A cluster has few distinct issuer references, so a walk over them costs less than another index.
        self.links.by_issuer.iter().filter(matches).flat_map(|known| known.certificates.iter().copied()).collect()
    }

    /// The children of any kind that name a Certificate and have no owner reference. They are those of the youngest of
    /// that name, as [`Model::root_of_request`] has it.
    pub(super) fn unowned_children(&self, certificate: &Certificate) -> impl Iterator<Item = Uid> {
        let (namespace, name) = (&certificate.meta.namespace, &certificate.meta.name);
        let known = self.links.unowned.find(pair_hash(namespace, name), |known| known.is(namespace, name));
        let own = || {
            let youngest = self.certificates.by_name(namespace, name).and_then(|id| self.certificates.get(id));
            youngest.is_some_and(|youngest| youngest.meta.uid == certificate.meta.uid)
        };
        known.filter(|_| own()).into_iter().flat_map(|known| known.children.iter().copied())
    }

    /// The Challenges that prove the same name in the same way, this one among them: cert-manager runs one at a time.
    pub(crate) fn proofs_of(&self, dns_name: &str, challenge_type: ChallengeType) -> impl Iterator<Item = &Challenge> {
        let found = self.links.by_dns_name.iter_hash(proof_hash(dns_name, challenge_type));
        found
            .filter_map(|(_, id)| self.challenges.get(*id))
            .filter(move |row| row.challenge_type == challenge_type && &*row.dns_name == dns_name)
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

    /// The Certificates that any object concerns, Secrets among them.
    pub(super) fn roots_of_uid(&self, uid: Uid) -> Vec<Id<Certificate>> {
        match self.secrets.by_uid(uid).and_then(|id| self.secrets.get(id)) {
            Some(secret) => self.roots_of_secret(secret),
            None => self.root_of_uid(uid).into_iter().collect(),
        }
    }

    /// The Certificates that a Secret concerns: those stored in it, and the one whose next key it holds.
    pub(super) fn roots_of_secret(&self, secret: &Secret) -> Vec<Id<Certificate>> {
        let owner = secret.meta.owner.and_then(|owner| self.certificates.by_uid(owner));
        self.certificates_of_secret(&secret.meta.namespace, &secret.meta.name).chain(owner).collect()
    }
}
