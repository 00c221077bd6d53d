//! How news become facts.

use smallvec::{SmallVec, smallvec};

use super::Model;
use super::certificate::Certificate;
use super::challenge::Challenge;
use super::controller::{Component, Controller};
use super::delta::{Batch, Delta, NamespaceName, News, Objects};
use super::events::Event;
use super::feed::{FeedKey, FeedState, Part};
use super::id::{Id, Uid};
use super::issuer::Issuer;
use super::journal::{Happening, Transition};
use super::kind::Kind;
use super::meta::{Object, Time};
use super::order::Order;
use super::request::CertificateRequest;
use super::secret::Secret;
use super::solver::Solver;
use super::table::{Table, Upserted};
use super::transitions::Observed;

/// What is the same for all changes of one batch.
struct Source<'b> {
    at: Time,
    feed: &'b FeedKey,
    /// A first list: what it delivers is not news.
    silent: bool,
    listing: bool,
}

/// The Certificates that a row concerns: almost always one.
type Roots = SmallVec<[Id<Certificate>; 2]>;

/// A kind of row that the model keeps in a [`Table`].
trait Kept: Object + Observed + Sized {
    fn table(model: &Model) -> &Table<Self>;
    fn table_mut(model: &mut Model) -> &mut Table<Self>;

    fn roots(&self, id: Id<Self>, model: &Model) -> Roots;

    /// Keeps the indices and counts beside the table; `old` is the row that was there before.
    fn arrived(_model: &mut Model, _id: Id<Self>, _old: Option<&Self>) {}

    /// The same when a row is gone.
    fn left(&self, _model: &mut Model, _id: Id<Self>) {}
}

impl Model {
    /// Takes in what a feed says. What it touched is told by [`Model::take_changes`].
    pub fn apply(&mut self, batch: Batch) {
        let Batch { at, feed, news } = batch;
        self.changes.scenery = true;
        match news {
            News::ListBegan => {
                self.mark(&feed);
                self.enter(&feed, FeedState::Listing { seen: 0, remaining: None });
            }
            News::Objects(objects) => {
                self.feeds.count(&feed, objects.len());
                let listing = self.feeds.is_listing(&feed);
                let silent = listing && !self.feeds.get(&feed).is_some_and(|f| f.complete);
                self.objects(&Source { at, feed: &feed, silent, listing }, objects);
            }
            News::ListEnded => {
                self.sweep(at, &feed);
                self.enter(&feed, FeedState::Live);
            }
            News::Health(state) => self.enter(&feed, state),
            News::Odd(anomalies) => anomalies.into_iter().for_each(|a| self.anomalies.add(a)),
        }
    }

    fn enter(&mut self, feed: &FeedKey, state: FeedState) {
        // Verdicts conclude from the absence of these kinds only.
        let telling = matches!(
            feed.kind,
            Kind::CertificateRequest | Kind::Order | Kind::Challenge | Kind::Issuer | Kind::ClusterIssuer
        );
        self.changes.everything |= self.feeds.enter(feed, state) && telling;
    }

    fn objects(&mut self, source: &Source, objects: Objects) {
        match objects {
            Objects::Certificates(deltas) => self.keep(source, deltas),
            Objects::Requests(deltas) => self.keep(source, deltas),
            Objects::Orders(deltas) => self.keep(source, deltas),
            Objects::Challenges(deltas) => self.keep(source, deltas),
            Objects::Issuers(deltas) => self.keep(source, deltas),
            Objects::Secrets(deltas) => self.keep(source, deltas),
            Objects::Solvers(deltas) => self.keep(source, deltas),
            Objects::Controllers(deltas) => self.keep(source, deltas),
            Objects::Events(deltas) => deltas.into_iter().for_each(|delta| self.note(delta)),
            Objects::Namespaces(deltas) => deltas.into_iter().for_each(|delta| self.namespace(delta)),
        }
    }

    fn keep<T: Kept>(&mut self, source: &Source, deltas: Vec<Delta<T>>) {
        for delta in deltas {
            match delta {
                Delta::Upsert(row) => self.upsert(source, row),
                Delta::Remove(uid) => self.remove::<T>(source, uid),
            }
        }
    }

    fn upsert<T: Kept>(&mut self, source: &Source, row: T) {
        match T::table_mut(self).upsert(row, source.listing) {
            Upserted::Same(_) => {}
            Upserted::New(id) => {
                T::arrived(self, id, None);
                let roots = self.touch::<T>(id);
                if !source.silent {
                    self.log::<T>(source, id, &roots, Happening::Created);
                }
            }
            Upserted::Replaced(id, old) => {
                for root in old.roots(id, self) {
                    self.changes.touch(root);
                }
                T::arrived(self, id, Some(&old));
                let roots = self.touch::<T>(id);
                let mut happenings = Vec::new();
                if let Some(row) = T::table(self).get(id) {
                    old.compare(row, &mut |happening| happenings.push(happening));
                }
                for happening in happenings {
                    self.log::<T>(source, id, &roots, happening);
                }
            }
        }
    }

    fn remove<T: Kept>(&mut self, source: &Source, uid: Uid) {
        let Some(id) = T::table(self).by_uid(uid) else { return };
        let roots = self.touch::<T>(id);
        self.log::<T>(source, id, &roots, Happening::Deleted);
        if let Some((id, row)) = T::table_mut(self).remove(uid) {
            row.left(self, id);
        }
    }

    fn touch<T: Kept>(&mut self, id: Id<T>) -> Roots {
        let roots = T::table(self).get(id).map(|row| row.roots(id, self)).unwrap_or_default();
        for root in &roots {
            self.changes.touch(*root);
        }
        roots
    }

    fn log<T: Kept>(&mut self, source: &Source, id: Id<T>, roots: &[Id<Certificate>], what: Happening) {
        let Some(object) = T::table(self).get(id).map(Object::key) else { return };
        let certificate = roots.first().and_then(|root| self.certificate_key(*root));
        self.journal.add(Transition { at: source.at, object, certificate, what });
    }

    fn note(&mut self, delta: Delta<Event>) {
        let Delta::Upsert(event) = delta else { return };
        let roots = event.subject_uid.map(|uid| self.roots_of_uid(uid)).unwrap_or_default();
        if self.events.note(event) {
            roots.into_iter().for_each(|root| self.changes.touch(root));
        }
    }

    /// The Challenges that prove the same name wait for each other: what one does concerns the Certificates of all.
    fn touch_proofs_like(&mut self, challenge: &Challenge) {
        let like = self.proofs_of(&challenge.dns_name, challenge.challenge_type);
        let roots: Roots = like.filter_map(|other| self.root_of_challenge(other)).collect();
        roots.into_iter().for_each(|root| self.changes.touch(root));
    }

    fn namespace(&mut self, delta: Delta<NamespaceName>) {
        match delta {
            Delta::Upsert(namespace) => {
                self.listed_namespaces.insert(namespace.uid);
                self.namespaces.insert(namespace.uid, namespace.name);
            }
            Delta::Remove(uid) => {
                self.namespaces.remove(&uid);
            }
        }
    }

    fn mark(&mut self, feed: &FeedKey) {
        let mark = match feed.kind {
            Kind::Certificate => self.certificates.mark(),
            Kind::CertificateRequest => self.requests.mark(),
            Kind::Order => self.orders.mark(),
            Kind::Challenge => self.challenges.mark(),
            Kind::Issuer | Kind::ClusterIssuer => self.issuers.mark(),
            Kind::Secret => self.secrets.mark(),
            Kind::Deployment => self.controllers.mark(),
            Kind::Pod | Kind::Service | Kind::Ingress | Kind::HttpRoute => {
                // One watch of Pods can feed both tables: their marks go up together.
                let (a, b) = (self.solvers.mark(), self.controllers.mark());
                self.pod_marks.insert(feed.clone(), b);
                a
            }
            Kind::Namespace => {
                self.listed_namespaces.clear();
                0
            }
            Kind::Event => 0,
        };
        self.marks.insert(feed.clone(), mark);
    }

    fn sweep(&mut self, at: Time, feed: &FeedKey) {
        let Some(mark) = self.marks.remove(feed) else { return };
        let source = Source { at, feed, silent: false, listing: true };
        match feed.kind {
            Kind::Certificate => self.sweep_table::<Certificate>(&source, mark),
            Kind::CertificateRequest => self.sweep_table::<CertificateRequest>(&source, mark),
            Kind::Order => self.sweep_table::<Order>(&source, mark),
            Kind::Challenge => self.sweep_table::<Challenge>(&source, mark),
            Kind::Issuer | Kind::ClusterIssuer => self.sweep_table::<Issuer>(&source, mark),
            Kind::Secret => self.sweep_table::<Secret>(&source, mark),
            Kind::Deployment => self.sweep_table::<Controller>(&source, mark),
            Kind::Pod | Kind::Service | Kind::Ingress | Kind::HttpRoute => {
                let own = self.pod_marks.remove(feed).unwrap_or(0);
                if feed.part != Part::Own {
                    self.sweep_table::<Solver>(&source, mark);
                }
                if feed.part != Part::Solvers {
                    self.sweep_table::<Controller>(&source, own);
                }
            }
            Kind::Namespace => {
                let listed = std::mem::take(&mut self.listed_namespaces);
                self.namespaces.retain(|uid, _| listed.contains(uid));
            }
            Kind::Event => {}
        }
    }

    fn sweep_table<T: Kept>(&mut self, source: &Source, mark: u32) {
        let gone = T::table(self).unswept(mark, |row| {
            row.kind() == source.feed.kind
                && (source.feed.namespace.is_empty() || row.meta().namespace == source.feed.namespace)
        });
        for uid in gone {
            self.remove::<T>(source, uid);
        }
    }
}

macro_rules! kept {
    ($row:ty, $table:ident) => {
        fn table(model: &Model) -> &Table<$row> {
            &model.$table
        }
        fn table_mut(model: &mut Model) -> &mut Table<$row> {
            &mut model.$table
        }
    };
}

impl Kept for Certificate {
    kept!(Certificate, certificates);

    /// Itself; the others that are stored in the same Secret: who owns it depends on all of them; and its namesakes:
    /// children without an owner reference belong to the youngest of them.
    fn roots(&self, id: Id<Self>, model: &Model) -> Roots {
        let mut roots: Roots = smallvec![id];
        roots.extend(model.certificates_of_secret(&self.meta.namespace, &self.secret_name).filter(|twin| *twin != id));
        roots.extend(model.certificates.named(&self.meta.namespace, &self.meta.name).filter(|other| *other != id));
        roots
    }

    fn arrived(model: &mut Model, id: Id<Self>, old: Option<&Self>) {
        let Some(row) = model.certificates.get(id) else { return };
        let place = |row: &Self| (row.secret_name.clone(), row.issuer.clone(), row.meta.namespace.clone());
        if old.is_some_and(|old| place(old) == place(row)) {
            return;
        }
        let namespace = row.meta.namespace.clone();
        if let Some(old) = old {
            old.left(model, id);
        }
        if let Some(row) = model.certificates.get(id) {
            model.links.add(id, row);
        }
        *model.certificate_counts.entry(namespace).or_default() += 1;
    }

    fn left(&self, model: &mut Model, id: Id<Self>) {
        model.links.drop(id, self);
        if let Some(count) = model.certificate_counts.get_mut(&self.meta.namespace) {
            *count -= 1;
            if *count == 0 {
                model.certificate_counts.remove(&self.meta.namespace);
            }
        }
    }
}

impl Kept for CertificateRequest {
    kept!(CertificateRequest, requests);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        model.root_of_request(self).into_iter().collect()
    }

    fn arrived(model: &mut Model, id: Id<Self>, old: Option<&Self>) {
        if let Some(old) = old {
            old.left(model, id);
        }
        let Some(row) = model.requests.get(id) else { return };
        model.links.adopt(&row.meta.namespace, row.certificate_name.as_ref(), row.meta.owner, row.meta.uid);
    }

    fn left(&self, model: &mut Model, _id: Id<Self>) {
        model.links.disown(&self.meta.namespace, self.certificate_name.as_ref(), self.meta.uid);
    }
}

impl Kept for Order {
    kept!(Order, orders);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        model.root_of_order(self).into_iter().collect()
    }

    fn arrived(model: &mut Model, id: Id<Self>, old: Option<&Self>) {
        if let Some(old) = old {
            old.left(model, id);
        }
        let Some(row) = model.orders.get(id) else { return };
        model.links.adopt(&row.meta.namespace, row.certificate_name.as_ref(), row.meta.owner, row.meta.uid);
    }

    fn left(&self, model: &mut Model, _id: Id<Self>) {
        model.links.disown(&self.meta.namespace, self.certificate_name.as_ref(), self.meta.uid);
    }
}

impl Kept for Challenge {
    kept!(Challenge, challenges);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        model.root_of_challenge(self).into_iter().collect()
    }

    fn arrived(model: &mut Model, id: Id<Self>, old: Option<&Self>) {
        if let Some(old) = old {
            old.left(model, id);
        }
        let Some(row) = model.challenges.get(id) else { return };
        model.links.add_challenge(id, row);
        let row = row.clone();
        model.touch_proofs_like(&row);
    }

    fn left(&self, model: &mut Model, id: Id<Self>) {
        model.links.drop_challenge(id, self);
        model.touch_proofs_like(self);
    }
}

impl Kept for Issuer {
    kept!(Issuer, issuers);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        model.certificates_of_issuer(self.kind(), &self.meta.namespace, &self.meta.name).into_iter().collect()
    }
}

impl Kept for Secret {
    kept!(Secret, secrets);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        model.roots_of_secret(self).into_iter().collect()
    }
}

impl Kept for Solver {
    kept!(Solver, solvers);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        let challenge = self.meta.owner.and_then(|owner| model.challenges.get(model.challenges.by_uid(owner)?));
        challenge.and_then(|challenge| model.root_of_challenge(challenge)).into_iter().collect()
    }
}

impl Kept for Controller {
    kept!(Controller, controllers);

    fn roots(&self, _id: Id<Self>, _model: &Model) -> Roots {
        Roots::new()
    }

    /// How the controller was started decides when every failed issuance is tried again.
    fn arrived(model: &mut Model, id: Id<Self>, old: Option<&Self>) {
        let Some(row) = model.controllers.get(id) else { return };
        let started = |row: &Self| (row.component == Component::Controller).then(|| row.args.clone());
        model.changes.everything |= old.and_then(started) != started(row);
    }

    fn left(&self, model: &mut Model, _id: Id<Self>) {
        model.changes.everything |= self.component == Component::Controller;
    }
}
