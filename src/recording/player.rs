//! [`Player`]: frames in, news for the model out.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::frame::{Content, Frame, Op, WatchError};
use crate::model::delta::{Batch, News};
use crate::model::feed::{FeedKey, FeedState};
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::project::sheaf::Sheaf;
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
    now: Option<Time>,
    skipped: usize,
}

impl Player {
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
                    tell(batch(at, kind, News::ListEnded));
                }
                None => self.skipped += 1,
            },
            Content::Error(resource, error) => match Kind::of_resource(resource) {
                Some(kind) => self.error(at, kind, error, tell),
                None => self.skipped += 1,
            },
            Content::Log | Content::Unknown => {}
        }
    }

    /// Begins a list, where the resource is in none and has none.
    fn listing(&mut self, at: Time, kind: Kind, tell: &mut dyn FnMut(Batch)) {
        if matches!(self.progress.get(&kind), None | Some(Progress::Broken(_))) {
            self.progress.insert(kind, Progress::Listing);
            tell(batch(at, kind, News::ListBegan));
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
        tell(batch(at, kind, News::Health(state)));
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
        let mut sheaf = Sheaf::default();
        match kind {
            Kind::Certificate => self.gather::<kinds::Certificate>(kind, op, raw, &mut sheaf),
            Kind::CertificateRequest => self.gather::<kinds::CertificateRequest>(kind, op, raw, &mut sheaf),
            Kind::Order => self.gather::<kinds::Order>(kind, op, raw, &mut sheaf),
            Kind::Challenge => self.gather::<kinds::Challenge>(kind, op, raw, &mut sheaf),
            Kind::Issuer | Kind::ClusterIssuer => self.gather::<kinds::Issuer>(kind, op, raw, &mut sheaf),
            Kind::Secret => self.gather::<kinds::Secret>(kind, op, raw, &mut sheaf),
            Kind::Event => self.gather::<kinds::Event>(kind, op, raw, &mut sheaf),
            Kind::Namespace => self.gather::<kinds::Namespace>(kind, op, raw, &mut sheaf),
            Kind::Pod => self.gather::<workloads::Pod>(kind, op, raw, &mut sheaf),
            Kind::Service => self.gather::<workloads::Service>(kind, op, raw, &mut sheaf),
            Kind::Ingress => self.gather::<workloads::Ingress>(kind, op, raw, &mut sheaf),
            Kind::HttpRoute => self.gather::<workloads::HttpRoute>(kind, op, raw, &mut sheaf),
            Kind::Deployment => self.gather::<workloads::Deployment>(kind, op, raw, &mut sheaf),
        }
        for objects in sheaf.take() {
            tell(batch(at, kind, News::Objects(objects)));
        }
        let odd = self.projector.take_odd();
        if !odd.is_empty() {
            tell(batch(at, kind, News::Odd(odd)));
        }
    }

    fn gather<W: Project + DeserializeOwned>(&mut self, kind: Kind, op: Op, raw: &str, sheaf: &mut Sheaf) {
        let read = serde_json::from_str::<W>(raw)
            .or_else(|error| mended(raw).map_or(Err(error), |mended| serde_json::from_str(&mended)));
        match (read, op) {
            (Ok(object), Op::Upsert) => object.upsert(&mut self.projector, sheaf),
            (Ok(object), Op::Delete) => match self.projector.identity(kind, object.metadata()) {
                Some(uid) => W::remove(uid, sheaf),
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
    }
}

fn batch(at: Time, kind: Kind, news: News) -> Batch {
    Batch { at, feed: FeedKey::cluster(kind), news }
}
