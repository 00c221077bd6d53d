//! How news become facts.

use super::Model;
use super::certificate::Certificate;
use super::challenge::Challenge;
use super::controller::Controller;
use super::delta::{Batch, Delta, NamespaceName, News, Objects};
use super::events::Event;
use super::feed::{FeedKey, FeedState, Part};
use super::history::{Mark, Moment};
use super::id::{Id, Uid};
use super::issuer::Issuer;
use super::journal::{Happening, Transition};
use super::kept::{Kept, Roots};
use super::kind::Kind;
use super::meta::Time;
use super::order::Order;
use super::request::CertificateRequest;
use super::secret::Secret;
use super::solver::Solver;
use super::table::Upserted;
use super::witness::Sight;

/// What is the same for all changes of one batch.
struct Source<'b> {
    at: Time,
    feed: &'b FeedKey,
    /// A first list: what it delivers is not news.
    silent: bool,
    listing: bool,
}

impl Model {
    /// Takes in what a feed says. What it touched is told by [`Model::take_changes`].
    pub fn apply(&mut self, batch: Batch) {
        let Batch { at, feed, news } = batch;
        self.changes.scenery = true;
        match news {
            News::ListBegan => {
                self.mark(&feed);
                self.enter(at, &feed, FeedState::Listing { seen: 0, remaining: None });
            }
            News::Expected(total) => self.feeds.expect(&feed, total),
            News::Objects(objects) => {
                self.feeds.count(&feed, objects.len());
                let listing = self.feeds.is_listing(&feed);
                let silent = listing && !self.feeds.get(&feed).is_some_and(|f| f.complete);
                self.objects(&Source { at, feed: &feed, silent, listing }, objects);
            }
            News::ListEnded => {
                self.sweep(at, &feed);
                self.enter(at, &feed, FeedState::Live);
            }
            News::Health(state) => {
                if feed.part != Part::Logs && matches!(state, FeedState::Forbidden { .. } | FeedState::Absent) {
                    self.forget(at, &feed);
                }
                self.enter(at, &feed, state);
            }
            News::Odd(anomalies) => anomalies.into_iter().for_each(|a| self.anomalies.add(a)),
            News::Around(found) => {
                self.surroundings.learn(*found);
                self.changes.surroundings = true;
            }
            News::Log(lines) => lines.into_iter().for_each(|line| self.logs.add(line)),
        }
    }

    fn enter(&mut self, at: Time, feed: &FeedKey, state: FeedState) {
        // Verdicts conclude from the absence of these kinds only.
        let telling = matches!(
            feed.kind,
            Kind::CertificateRequest | Kind::Order | Kind::Challenge | Kind::Issuer | Kind::ClusterIssuer
        );
        self.changes.everything |= self.feeds.enter(at, feed, state) && telling;
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
            Objects::Events(deltas) => deltas.into_iter().for_each(|delta| self.note(source, delta)),
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
        let uid = row.meta().uid;
        match T::table_mut(self).upsert(row, source.listing) {
            Upserted::Same(_) => {}
            Upserted::New(id) => {
                self.mark_changed(source, uid);
                T::arrived(self, id, None);
                let roots = self.touch::<T>(id);
                if !source.silent {
                    self.log::<T>(source, id, &roots, Happening::Created);
                    self.witness(source, id, None);
                }
            }
            Upserted::Replaced(id, old) => {
                self.mark_changed(source, uid);
                if !T::table(self).get(id).is_some_and(|new| old.stays(new)) {
                    old.roots(id, self).into_iter().for_each(|root| self.changes.touch(root));
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
                if !source.silent {
                    self.witness(source, id, Some(&old));
                }
            }
        }
    }

    fn mark_changed(&mut self, source: &Source, uid: Uid) {
        if !source.listing {
            self.changes.mark(uid);
        }
    }

    fn remove<T: Kept>(&mut self, source: &Source, uid: Uid) {
        let Some(id) = T::table(self).by_uid(uid) else { return };
        let roots = self.touch::<T>(id);
        if !source.silent {
            self.log::<T>(source, id, &roots, Happening::Deleted);
        }
        if let Some((id, row)) = T::table_mut(self).remove(uid) {
            row.left(self, id);
            if let Some(course) = row.course() {
                self.history.enter(uid, || course).reach(Mark::Gone, Moment::seen(source.at));
            }
        }
    }

    fn witness<T: Kept>(&mut self, source: &Source, id: Id<T>, old: Option<&T>) {
        // Taken out for a moment: the row is borrowed from the same model.
        let mut history = std::mem::take(&mut self.history);
        if let Some(row) = T::table(self).get(id) {
            row.witness(old, Sight { at: source.at, watched: !source.listing }, &mut history);
        }
        self.history = history;
    }

    fn touch<T: Kept>(&mut self, id: Id<T>) -> Roots {
        let roots = T::table(self).get(id).map(|row| row.roots(id, self)).unwrap_or_default();
        for root in &roots {
            self.changes.touch(*root);
        }
        roots
    }

    fn log<T: Kept>(&mut self, source: &Source, id: Id<T>, roots: &[Id<Certificate>], what: Happening) {
        let Some(row) = T::table(self).get(id) else { return };
        let (object, uid, owner) = (row.key(), row.meta().uid, row.meta().owner);
        let certificate = roots.first().and_then(|root| self.certificate_key(*root));
        self.journal.add(Transition { at: source.at, object, uid, owner, certificate, what });
    }

    fn note(&mut self, source: &Source, delta: Delta<Event>) {
        let Delta::Upsert(event) = delta else { return };
        self.mark_changed(source, event.uid);
        for subject in self.events.note(event, (!source.listing).then_some(source.at)) {
            self.roots_of_uid(subject).into_iter().for_each(|root| self.changes.touch(root));
            let challenge = self.challenges.by_uid(subject).and_then(|id| self.challenges.get(id));
            let concerned = challenge.map(|challenge| self.concerned_by(challenge)).unwrap_or_default();
            concerned.into_iter().for_each(|root| self.changes.touch(root));
        }
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
        let source = Source { at, feed, silent: false, listing: true };
        if let Some(mark) = self.marks.remove(feed) {
            let own = self.pod_marks.remove(feed).unwrap_or(0);
            self.sweep_from(&source, mark, own);
        }
    }

    /// Drops what a feed knew that may no longer read its kind, or finds it no longer served. Nobody saw it go, so the
    /// journal is silent; to keep it would pass stale rows off as seen.
    fn forget(&mut self, at: Time, feed: &FeedKey) {
        self.marks.remove(feed);
        self.pod_marks.remove(feed);
        if feed.kind == Kind::Namespace {
            self.listed_namespaces.clear();
        }
        self.sweep_from(&Source { at, feed, silent: true, listing: true }, u32::MAX, u32::MAX);
    }

    /// Takes out what did not arrive since a mark; cert-manager's own Pods have a mark of their own.
    fn sweep_from(&mut self, source: &Source, mark: u32, own: u32) {
        let feed = source.feed;
        match feed.kind {
            Kind::Certificate => self.sweep_table::<Certificate>(source, mark),
            Kind::CertificateRequest => self.sweep_table::<CertificateRequest>(source, mark),
            Kind::Order => self.sweep_table::<Order>(source, mark),
            Kind::Challenge => self.sweep_table::<Challenge>(source, mark),
            Kind::Issuer | Kind::ClusterIssuer => self.sweep_table::<Issuer>(source, mark),
            Kind::Secret => self.sweep_table::<Secret>(source, mark),
            Kind::Deployment => self.sweep_table::<Controller>(source, mark),
            Kind::Pod | Kind::Service | Kind::Ingress | Kind::HttpRoute => {
                if feed.part != Part::Own {
                    self.sweep_table::<Solver>(source, mark);
                }
                if feed.part != Part::Solvers {
                    self.sweep_table::<Controller>(source, own);
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
