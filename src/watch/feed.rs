//! [`Feed`]: one watch, kept up whatever happens to it.
//!
//! kube's watcher lists, watches and resumes. The feed decides what its errors mean, waits between attempts, gives up
//! streaming where a server cannot do it, and tells how the watch does. What it does about errors is in [`mend`].

mod mend;

use std::ops::ControlFlow;
use std::pin::{Pin, pin};
use std::time::Duration;

use futures::{FutureExt as _, Stream, StreamExt as _};
use kube::runtime::watcher::{self, Event, watcher};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::backoff::Backoff;
use super::intake::{By, Intake};
use super::keep::{Keeper, Lately};
use super::plan::{Manner, Plan};
use super::tap::{Answer, tap};
use crate::cluster::{Cluster, Now};
use crate::limits;
use crate::model::delta::News;
use crate::model::feed::FeedState;

/// A watch that was accepted works when nothing went wrong for this long: a server that will not have it says so with
/// its first bytes.
const SETTLED: Duration = Duration::from_secs(2);

/// Streamed lists that may be cut off before pages are tried: each page is a request of its own, and survives.
const CUT_LISTS: u32 = 2;

/// One watch.
pub(super) struct Feed<I: Intake> {
    plan: Plan,
    cluster: Cluster,
    client: kube::Client,
    answers: watch::Receiver<Answer>,
    resync: watch::Receiver<u64>,
    now: Now,
    out: mpsc::Sender<I::Message>,
    intake: I,
    manner: Manner,
    place: Option<String>,
    stage: Stage,
    cut_lists: u32,
    failures: Backoff,
    relists: Backoff,
    /// Whether what we said last is that it does not work.
    troubled: bool,
    /// Whether a list was complete since the kind was last refused.
    held: bool,
    /// When an accepted watch counts as working.
    settles: Option<Instant>,
}

/// How far the stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Starting,
    Listing {
        /// Whether the list was announced. It is not before its first object: a list that fails at once is no list.
        announced: bool,
        /// Objects since the patience was last renewed.
        objects: usize,
        /// How long the server may still keep us waiting for more. Time in which the dashboard keeps us waiting does
        /// not count.
        patience: Duration,
    },
    Following,
}

/// Nobody listens any more.
pub(super) struct Closed;

/// Goes on with the stream, or begins a new one.
type Turn = Result<ControlFlow<()>, Closed>;

const GO_ON: Turn = Ok(ControlFlow::Continue(()));
const ANEW: Turn = Ok(ControlFlow::Break(()));

/// What happens next to a feed.
enum Next<K> {
    Event(watcher::Result<Event<K>>),
    Answered,
    Due,
    Resync,
}

impl<I: Intake> Feed<I> {
    pub(super) fn new(
        plan: Plan,
        cluster: &Cluster,
        intake: I,
        now: Now,
        out: mpsc::Sender<I::Message>,
        (resync, kept): (watch::Receiver<u64>, Option<Lately>),
    ) -> Self {
        let keeper = kept.map(|kept| Keeper { kind: plan.key.kind, kept, now: now.clone() });
        let (client, answers) = tap(&cluster.client, keeper);
        Self {
            place: plan.place(),
            plan,
            cluster: cluster.clone(),
            client,
            answers,
            resync,
            now,
            out,
            intake,
            manner: Manner::Streaming,
            stage: Stage::Starting,
            cut_lists: 0,
            failures: Backoff::default(),
            relists: Backoff::default(),
            troubled: false,
            held: false,
            settles: None,
        }
    }

    /// Keeps the watch up for as long as somebody listens.
    pub(super) async fn run(mut self) {
        let mut open = self.tell(News::Health(FeedState::Connecting)).await;
        while open.is_ok() {
            open = self.follow().await;
        }
    }

    /// Follows one stream until it has to be begun anew.
    async fn follow(&mut self) -> Result<(), Closed> {
        self.stage = Stage::Starting;
        let api = self.plan.api::<I::Object>(self.client.clone(), self.place.as_deref());
        let mut stream = pin!(watcher(api, self.plan.config(self.manner)));
        loop {
            let turn = match self.next(stream.as_mut()).await? {
                Next::Event(Ok(event)) => self.event(event).await?,
                Next::Event(Err(error)) => self.error(&error).await?,
                Next::Answered => self.answered(),
                Next::Due => self.due().await?,
                Next::Resync => ControlFlow::Break(()),
            };
            if turn.is_break() {
                return self.flush().await;
            }
        }
    }

    /// Takes what is there; sends what has gathered before it waits.
    async fn next(
        &mut self,
        mut stream: Pin<&mut (impl Stream<Item = watcher::Result<Event<I::Object>>> + Send)>,
    ) -> Result<Next<I::Object>, Closed> {
        if let Some(Some(event)) = stream.next().now_or_never() {
            return Ok(Next::Event(event));
        }
        self.flush().await?;
        let (began, due) = (Instant::now(), self.due_at());
        let next = tokio::select! {
            biased;
            Ok(()) = self.resync.changed() => Next::Resync,
            Some(event) = stream.next() => Next::Event(event),
            Ok(()) = self.answers.changed() => Next::Answered,
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => Next::Due,
        };
        if let Stage::Listing { patience, .. } = &mut self.stage {
            *patience = patience.saturating_sub(began.elapsed());
        }
        Ok(next)
    }

    /// When a list has taken too long, or a resumed watch has settled.
    fn due_at(&self) -> Option<Instant> {
        match (self.stage, self.manner) {
            (Stage::Listing { patience, .. }, Manner::Streaming) => Some(Instant::now() + patience),
            _ => self.settles,
        }
    }

    async fn event(&mut self, event: Event<I::Object>) -> Turn {
        match event {
            Event::Init => {
                if matches!(self.stage, Stage::Listing { .. }) {
                    self.cut_lists += 1;
                    if self.manner == Manner::Streaming && self.cut_lists > CUT_LISTS {
                        self.manner = Manner::Pages;
                        return ANEW;
                    }
                }
                self.stage = Stage::Listing { announced: false, objects: 0, patience: limits::LIST_PATIENCE };
            }
            Event::InitApply(object) => {
                self.announce_list().await?;
                self.intake.upsert(object, By::List);
            }
            Event::InitDone => {
                self.announce_list().await?;
                self.tell(News::ListEnded).await?;
                (self.stage, self.cut_lists) = (Stage::Following, 0);
                self.held = true;
                self.works();
            }
            Event::Apply(object) => {
                self.recovered().await?;
                self.intake.upsert(object, By::Watch);
            }
            Event::Delete(object) => {
                self.recovered().await?;
                self.intake.remove(object);
            }
        }
        // One object can make two changes.
        if self.intake.waiting() + 2 > limits::BATCH {
            self.flush().await?;
        }
        GO_ON
    }

    /// Counts an object into the list, and announces the list with its first.
    async fn announce_list(&mut self) -> Result<(), Closed> {
        let Stage::Listing { announced, objects, patience } = &mut self.stage else { return Ok(()) };
        *objects += 1;
        if *objects >= limits::LIST_STEP {
            (*objects, *patience) = (0, limits::LIST_PATIENCE);
        }
        if !std::mem::replace(announced, true) {
            self.tell(News::ListBegan).await?;
            let remaining = self.answers.borrow().remaining;
            if let Some(remaining) = remaining {
                // A page that leaves some over is full.
                self.tell(News::Expected(limits::PAGE as usize + remaining)).await?;
            }
        }
        Ok(())
    }

    /// The server accepted or refused a request; what it refused comes as an error too.
    fn answered(&mut self) -> ControlFlow<()> {
        let accepted = self.answers.borrow().accepted;
        let resumed = accepted && self.troubled && self.stage == Stage::Following;
        self.settles = resumed.then(|| Instant::now() + SETTLED);
        ControlFlow::Continue(())
    }

    /// A streamed list does not get on, or a resumed watch has settled.
    async fn due(&mut self) -> Turn {
        if let Stage::Listing { .. } = self.stage {
            self.manner = Manner::Pages;
            return ANEW;
        }
        self.recovered().await?;
        GO_ON
    }

    /// Tells something, after what has gathered: the order is the server's.
    async fn tell(&mut self, news: News) -> Result<(), Closed> {
        self.flush().await?;
        let message = self.intake.news((self.now)(), &self.plan.key, news);
        self.send(message).await
    }

    async fn flush(&mut self) -> Result<(), Closed> {
        for message in self.intake.take((self.now)(), &self.plan.key) {
            self.send(message).await?;
        }
        Ok(())
    }

    async fn send(&mut self, message: I::Message) -> Result<(), Closed> {
        self.out.send(message).await.map_err(|_| Closed)
    }
}
