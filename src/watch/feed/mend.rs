//! What a [`Feed`] does about errors: it says what is wrong, waits, and goes on or begins anew.

use std::time::Duration;

use chrono::TimeDelta;
use kube::runtime::watcher;

use super::{ANEW, Closed, Feed, GO_ON, Turn};
use crate::cluster::access::{self, Right};
use crate::limits;
use crate::model::delta::News;
use crate::model::feed::FeedState;
use crate::watch::intake::Intake;
use crate::watch::plan::Manner;
use crate::watch::trouble::Trouble;

/// A list may be begun again without a word once in this time; after that it is a failure like others.
const RELIST: Duration = Duration::from_secs(30);

/// How often what was served until now may be called unknown before that is believed: a server that starts, or what
/// stands in front of it, answers so for a moment.
const DOUBTED: u32 = 5;

impl<I: Intake> Feed<I> {
    /// Decides what an error asks for, and does it.
    pub(super) async fn error(&mut self, error: &watcher::Error) -> Turn {
        self.settles = None;
        let streaming = self.manner == Manner::Streaming;
        match Trouble::of(error, streaming, &self.cluster.names.credentials) {
            Trouble::NoStreaming => {
                self.manner = Manner::Pages;
                ANEW
            }
            Trouble::Unreadable(what) => {
                self.intake.unreadable(what);
                GO_ON
            }
            Trouble::Expired => match self.relists.once_in(RELIST) {
                None => ANEW,
                Some((attempt, wait)) => {
                    self.retrying(attempt, wait, "the server no longer has the changes since our list".into()).await?;
                    ANEW
                }
            },
            Trouble::Forbidden => {
                if self.place.is_none()
                    && let Some(elsewhere) = self.plan.elsewhere()
                {
                    self.place = Some(elsewhere);
                    return ANEW;
                }
                let right = self.missing_right(error).await.to_string().into_boxed_str();
                self.place = self.plan.place();
                self.refused(FeedState::Forbidden { right }, limits::REFUSED).await
            }
            Trouble::Absent => {
                if self.held {
                    let (attempt, wait) = self.failures.fail();
                    if attempt < DOUBTED {
                        let why = "the server says that it does not serve this kind".into();
                        return if self.retrying(attempt, wait, why).await? { ANEW } else { GO_ON };
                    }
                }
                self.held = false;
                self.refused(FeedState::Absent, self.plan.absent_for()).await
            }
            Trouble::Failed { why, wait } => {
                let (attempt, backoff) = self.failures.fail();
                let asked = wait.max(self.answers.borrow_and_update().wait).unwrap_or_default();
                if self.retrying(attempt, backoff.max(asked), why).await? { ANEW } else { GO_ON }
            }
        }
    }

    /// Says that it waits and why, and waits. True when everything is to be listed again.
    async fn retrying(&mut self, attempt: u32, wait: Duration, why: Box<str>) -> Result<bool, Closed> {
        let next = (self.now)() + TimeDelta::from_std(wait).unwrap_or_default();
        self.troubled = true;
        self.tell(News::Health(FeedState::Retrying { attempt, next, why })).await?;
        Ok(self.wait(wait).await)
    }

    /// Says that the server will not have it, and begins anew after a while: rights are granted, kinds are installed.
    async fn refused(&mut self, state: FeedState, wait: Duration) -> Turn {
        self.failures.calm();
        self.troubled = true;
        self.tell(News::Health(state)).await?;
        // What was listed before may be gone when it is served again.
        self.wait(wait).await;
        ANEW
    }

    /// True when the wait was cut short because everything is to be listed again.
    async fn wait(&mut self, wait: Duration) -> bool {
        tokio::select! {
            biased;
            Ok(()) = self.resync.changed() => true,
            () = tokio::time::sleep(wait) => false,
        }
    }

    /// Which right is missing. A streamed list needs only `watch`, but who lacks both is told of `list`, the first that
    /// a role has to grant.
    async fn missing_right(&mut self, error: &watcher::Error) -> Right {
        let right = |verb| Right { verb, kind: self.plan.key.kind, namespace: self.place.clone() };
        let watching = !matches!(error, watcher::Error::InitialListFailed(_));
        if watching && matches!(access::may(&self.cluster.client, &right("list")).await, Ok(true)) {
            return right("watch");
        }
        right("list")
    }

    /// A watch that had been cut off works again.
    pub(super) async fn recovered(&mut self) -> Result<(), Closed> {
        if self.troubled {
            self.tell(News::Health(FeedState::Live)).await?;
        }
        self.works();
        Ok(())
    }

    /// Forgets what went wrong.
    pub(super) fn works(&mut self) {
        self.failures.calm();
        (self.troubled, self.settles) = (false, None);
    }
}
