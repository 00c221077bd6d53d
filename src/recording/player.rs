//! [`Player`]: frames in, news for the model out.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;

use super::frame::{Content, Frame, Header, Op, WatchError};
use crate::model::delta::{Batch, News};
use crate::model::feed::{FeedKey, FeedState, Part};
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;
use crate::project::klog;
use crate::project::labels::Kept;
use crate::project::row_batch::RowBatch;
use crate::project::{Project, Projector};
use crate::wire::mend::mended;
use crate::wire::{kinds, workloads};

/// How far the list of a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Listing,
    Complete,
    Broken(u32),
}

/// Turns frames into batches, by the same projection as a live watch.
#[derive(Debug, Default)]
pub struct Player {
    projector: Projector,
    progress: BTreeMap<Kind, Progress>,
    /// What was watched; empty for everything.
    namespaces: Vec<Symbol>,
    /// What of it is asked for; empty for everything.
    wanted: BTreeSet<Symbol>,
    now: Option<Time>,
    skipped: usize,
}

impl Player {
    /// A player of a recording that watched what its first line says.
    pub fn of(header: &Header) -> Self {
        let namespaces = header.namespaces.iter().map(|name| Symbol::from(name.as_str())).collect();
        Self { namespaces, ..Self::default() }
    }

    /// The same, narrowed to some namespaces as the watches of a cluster are; to none where none is named.
    #[must_use]
    pub fn within(mut self, namespaces: &[String]) -> Self {
        self.wanted = namespaces.iter().map(|name| Symbol::from(name.as_str())).collect();
        let watched = |name: &&Symbol| self.namespaces.is_empty() || self.namespaces.contains(name);
        let both: Vec<Symbol> = self.wanted.iter().filter(watched).cloned().collect();
        // Where none of them was watched, nothing of them was seen.
        if !both.is_empty() {
            self.namespaces = both;
        }
        self
    }

    /// The same, with all annotations: a recording is bounded, and not read again for a column.
    #[must_use]
    pub fn with_annotations(mut self) -> Self {
        self.projector.keep(Kept::All);
        self
    }

    /// The clock of the recording: the latest `t` so far.
    pub const fn now(&self) -> Option<Time> {
        self.now
    }

    /// How many frames were of kinds or resources that cmtop does not know.
    pub const fn skipped(&self) -> usize {
        self.skipped
    }

    /// What a frame says to the model.
    pub fn play(&mut self, frame: &Frame, tell: &mut dyn FnMut(Batch)) {
        let at = self.now.map_or(frame.t, |now| now.max(frame.t));
        self.now = Some(at);
        match &frame.content {
            Content::Object(op, raw) => self.object(at, *op, raw.get(), tell),
            Content::Synced(resource) => match Kind::of_resource(resource) {
                Some(kind) => {
                    self.listing(at, kind, tell);
                    self.progress.insert(kind, Progress::Complete);
                    self.tell_all(at, kind, &News::ListEnded, tell);
                }
                None => self.skipped += 1,
            },
            Content::Error(resource, error) => match Kind::of_resource(resource) {
                Some(kind) => self.error(at, kind, error, tell),
                None => self.skipped += 1,
            },
            Content::Log(voice, line) => {
                let line = klog::line(voice.clone(), frame.t, line);
                tell(Batch { at, feed: FeedKey::cluster(Kind::Pod), news: News::Log(vec![line]) });
            }
            Content::Unknown => {}
        }
    }

    /// Begins a list, where the resource is in none and has none.
    fn listing(&mut self, at: Time, kind: Kind, tell: &mut dyn FnMut(Batch)) {
        if matches!(self.progress.get(&kind), None | Some(Progress::Broken(_))) {
            self.progress.insert(kind, Progress::Listing);
            self.tell_all(at, kind, &News::ListBegan, tell);
        }
    }

    fn error(&mut self, at: Time, kind: Kind, error: &WatchError, tell: &mut dyn FnMut(Batch)) {
        let attempt = match self.progress.get(&kind) {
            Some(Progress::Broken(attempt)) => attempt + 1,
            _ => 1,
        };
        self.progress.insert(kind, Progress::Broken(attempt));
        let state = match error.code {
            403 => FeedState::Forbidden { right: format!("list and watch {}", kind.resource()).into() },
            404 => FeedState::Absent,
            _ => {
                let why = crate::text::clean(&error.message, crate::limits::MESSAGE).into_owned().into();
                FeedState::Retrying { attempt, next: at, why }
            }
        };
        self.tell_all(at, kind, &News::Health(state), tell);
    }

    fn object(&mut self, at: Time, op: Op, raw: &str, tell: &mut dyn FnMut(Batch)) {
        let who: Who =
            serde_json::from_str(raw).ok().or_else(|| serde_json::from_str(&mended(raw)?).ok()).unwrap_or_default();
        let Some(kind) =
            Kind::of(who.api_version.as_deref().unwrap_or_default(), who.kind.as_deref().unwrap_or_default())
        else {
            self.skipped += 1;
            return;
        };
        self.listing(at, kind, tell);
        let namespace = who.metadata.and_then(|meta| meta.namespace).unwrap_or_default();
        if self.leaves_out(kind, &namespace) {
            return;
        }
        let mut batch = RowBatch::default();
        match kind {
            Kind::Certificate => self.gather::<kinds::Certificate>(kind, op, raw, &mut batch),
            Kind::CertificateRequest => self.gather::<kinds::CertificateRequest>(kind, op, raw, &mut batch),
            Kind::Order => self.gather::<kinds::Order>(kind, op, raw, &mut batch),
            Kind::Challenge => self.gather::<kinds::Challenge>(kind, op, raw, &mut batch),
            Kind::Issuer | Kind::ClusterIssuer => self.gather::<kinds::Issuer>(kind, op, raw, &mut batch),
            Kind::Secret => self.gather::<kinds::Secret>(kind, op, raw, &mut batch),
            Kind::Event => self.gather::<kinds::Event>(kind, op, raw, &mut batch),
            Kind::Namespace => self.gather::<kinds::Namespace>(kind, op, raw, &mut batch),
            Kind::Pod => self.gather::<workloads::Pod>(kind, op, raw, &mut batch),
            Kind::Service => self.gather::<workloads::Service>(kind, op, raw, &mut batch),
            Kind::Ingress => self.gather::<workloads::Ingress>(kind, op, raw, &mut batch),
            Kind::HttpRoute => self.gather::<workloads::HttpRoute>(kind, op, raw, &mut batch),
            Kind::Deployment => self.gather::<workloads::Deployment>(kind, op, raw, &mut batch),
        }
        let feed = self.feed_of(kind, &namespace);
        for objects in batch.take() {
            tell(Batch { at, feed: feed.clone(), news: News::Objects(objects) });
        }
        let odd = self.projector.take_odd();
        if !odd.is_empty() {
            tell(Batch { at, feed, news: News::Odd(odd) });
        }
    }

    /// Whether nobody asked for a namespace. cert-manager's own workloads are asked for wherever they are.
    fn leaves_out(&self, kind: Kind, namespace: &str) -> bool {
        let wanted = self.wanted.is_empty() || self.wanted.iter().any(|name| **name == *namespace);
        !wanted && kind.row().namespaced && !matches!(kind, Kind::Deployment | Kind::Pod)
    }

    /// The watches of a kind.
    fn feeds(&self, kind: Kind) -> impl Iterator<Item = FeedKey> {
        let own = self.namespaces.clone().into_iter().filter(move |_| kind.row().namespaced);
        let own: Vec<FeedKey> = own.map(|namespace| FeedKey { namespace, ..FeedKey::cluster(kind) }).collect();
        let all = own.is_empty().then(|| FeedKey::cluster(kind));
        own.into_iter().chain(all)
    }

    /// The watch that delivered an object. What lies outside of the namespaces came from the watches of cert-manager's
    /// own workloads, which are no watches of the kind.
    fn feed_of(&self, kind: Kind, namespace: &str) -> FeedKey {
        let outside = FeedKey { part: Part::Own, ..FeedKey::cluster(kind) };
        let scoped = !self.namespaces.is_empty() && kind.row().namespaced;
        let mut feeds = self.feeds(kind).filter(|feed| !scoped || *feed.namespace == *namespace);
        feeds.next().unwrap_or(outside)
    }

    fn tell_all(&self, at: Time, kind: Kind, news: &News, tell: &mut dyn FnMut(Batch)) {
        self.feeds(kind).for_each(|feed| tell(Batch { at, feed, news: news.clone() }));
    }

    fn gather<W: Project + DeserializeOwned>(&mut self, kind: Kind, op: Op, raw: &str, batch: &mut RowBatch) {
        let read = serde_json::from_str::<W>(raw)
            .or_else(|error| mended(raw).map_or(Err(error), |mended| serde_json::from_str(&mended)));
        match (read, op) {
            (Ok(object), Op::Upsert) => object.upsert(&mut self.projector, batch),
            (Ok(object), Op::Delete) => match self.projector.identity(kind, object.metadata()) {
                Some(uid) => W::remove(uid, batch),
                None => self.projector.tell_odd(None, format!("a removed {kind} without a name")),
            },
            (Err(error), _) => self.projector.tell_odd(None, format!("a {kind} that cannot be read: {error}")),
        }
    }
}

crate::wire::shape::shape! {
    /// What an object says it is.
    Who: whole {
        /// `cert-manager.io/v1`.
        api_version: Box<str> = "apiVersion",
        /// `Certificate`.
        kind: Box<str> = "kind",
        /// Where it is.
        metadata: Place = "metadata",
    }
}

crate::wire::shape::shape! {
    /// Where an object is.
    Place {
        /// Its namespace.
        namespace: Box<str> = "namespace",
    }
}
