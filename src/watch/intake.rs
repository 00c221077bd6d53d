//! [`Intake`]: what is made of the objects that a feed receives.

use std::marker::PhantomData;

use kube::core::{DynamicResourceScope, Resource};
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::watched::{Payload, Watched};
use crate::model::Batch;
use crate::model::delta::News;
use crate::model::feed::FeedKey;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::project::labels::Kept;
use crate::project::row_batch::RowBatch;
use crate::project::{Project, Projector};

/// What delivers an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// A list.
    List,
    /// The watch that follows it.
    Watch,
}

/// Makes messages of objects. A feed is the same whether its objects become rows or lines of a recording.
pub(super) trait Intake: Send + 'static {
    /// An object as it arrives.
    type Object: Resource<DynamicType = Kind, Scope = DynamicResourceScope>
        + DeserializeOwned
        + Clone
        + std::fmt::Debug
        + Send
        + 'static;
    /// What is sent.
    type Message: Send + 'static;

    /// An object is there.
    fn upsert(&mut self, object: Self::Object, by: By);

    /// An object is gone.
    fn remove(&mut self, object: Self::Object);

    /// A line could not be read.
    fn unreadable(&mut self, what: String);

    /// How many changes wait to be sent.
    fn waiting(&self) -> usize;

    /// Takes what waits.
    fn take(&mut self, at: Time, feed: &FeedKey) -> Vec<Self::Message>;

    /// News that are not about objects.
    fn news(&self, at: Time, feed: &FeedKey, news: News) -> Self::Message;
}

/// Makes rows of the model. The projection happens here, in the feed's own task.
#[derive(Debug)]
pub(super) struct Rows<W, const META: bool> {
    kind: Kind,
    projector: Projector,
    batch: RowBatch,
    kept: watch::Receiver<Kept>,
    wire: PhantomData<fn() -> W>,
}

impl<W, const META: bool> Rows<W, META> {
    pub(super) fn of(kind: Kind, mut kept: watch::Receiver<Kept>) -> Self {
        // What is kept from the beginning is news to the projector.
        kept.mark_changed();
        Self { kind, projector: Projector::default(), batch: RowBatch::default(), kept, wire: PhantomData }
    }
}

impl<W: Project + Payload, const META: bool> Intake for Rows<W, META> {
    type Object = Watched<W, META>;
    type Message = Batch;

    fn upsert(&mut self, object: Self::Object, _by: By) {
        if self.kept.has_changed().unwrap_or(false) {
            self.projector.keep(self.kept.borrow_and_update().clone());
        }
        object.object.upsert(&mut self.projector, &mut self.batch);
    }

    fn remove(&mut self, object: Self::Object) {
        if let Some(uid) = self.projector.identity(self.kind, object.object.metadata()) {
            W::remove(uid, &mut self.batch);
        }
    }

    fn unreadable(&mut self, what: String) {
        self.projector.tell_odd(None, format!("a line of the watch of {} that cannot be read: {what}", self.kind));
    }

    fn waiting(&self) -> usize {
        self.batch.len()
    }

    fn take(&mut self, at: Time, feed: &FeedKey) -> Vec<Batch> {
        let mut news: Vec<News> = self.batch.take().into_iter().map(News::Objects).collect();
        let odd = self.projector.take_odd();
        if !odd.is_empty() {
            news.push(News::Odd(odd));
        }
        news.into_iter().map(|news| Batch { at, feed: feed.clone(), news }).collect()
    }

    fn news(&self, at: Time, feed: &FeedKey, news: News) -> Batch {
        Batch { at, feed: feed.clone(), news }
    }
}
