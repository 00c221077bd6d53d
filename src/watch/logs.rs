//! [`Logs`]: what containers print, followed for as long as it is wanted.
//!
//! A log that ends is read on from the moment where it ended: a container that starts again loses no line, and no line
//! comes twice. Nothing that happens to a log is fatal; it is told as the health of the feed of logs in its namespace.

mod lines;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, LogParams};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep};

use self::lines::{Lines, Place};
use super::backoff::Backoff;
use crate::cluster::{Cluster, Now, said};
use crate::limits;
use crate::model::Batch;
use crate::model::delta::News;
use crate::model::feed::{FeedKey, FeedState, Part};
use crate::model::kind::Kind;
use crate::model::logs::{LogLine, Voice};
use crate::project::klog;

/// A log that was open for this long works: the next failure is the first again.
const SETTLED: Duration = Duration::from_secs(10);

/// The logs that are followed. They end when this is dropped.
pub struct Logs {
    cluster: Cluster,
    now: Now,
    out: mpsc::Sender<Batch>,
    streams: BTreeMap<Voice, AbortHandle>,
    tasks: JoinSet<()>,
    /// How far each log was read, so that one that is wanted again goes on there.
    places: Arc<Mutex<HashMap<Voice, Place>>>,
}

impl Logs {
    /// Follows nothing yet. What is read goes to `out`; a full queue makes it wait.
    pub fn new(cluster: Cluster, now: Now, out: mpsc::Sender<Batch>) -> Self {
        Self { cluster, now, out, streams: BTreeMap::new(), tasks: JoinSet::new(), places: Arc::default() }
    }

    /// From now on follows these, and no others. Their container is the usual one: a Pod that has only one is asked
    /// for that, whatever it is called. Must be called inside a tokio runtime.
    pub fn follow(&mut self, wanted: &[Voice]) {
        while self.tasks.try_join_next().is_some() {}
        self.streams.retain(|voice, task| {
            let stays = wanted.contains(voice);
            if !stays {
                task.abort();
            }
            stays
        });
        for voice in wanted.iter().take(limits::LOG_STREAMS) {
            if !self.streams.contains_key(voice) {
                let stream = Stream {
                    voice: voice.clone(),
                    cluster: self.cluster.clone(),
                    now: Arc::clone(&self.now),
                    out: self.out.clone(),
                    places: Arc::clone(&self.places),
                    named: false,
                    live: false,
                    follows: true,
                };
                self.streams.insert(voice.clone(), self.tasks.spawn(stream.run()));
            }
        }
    }
}

impl std::fmt::Debug for Logs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Logs").field("streams", &self.streams.keys()).finish_non_exhaustive()
    }
}

/// Reads once what some logs hold now, for as long as `patience` lasts. What may not be read is told as the health of its
/// feed.
pub async fn tail(cluster: &Cluster, voices: Vec<Voice>, now: &Now, patience: Duration) -> Vec<Batch> {
    let (out, mut told) = mpsc::channel(limits::QUEUE);
    let (cluster, now) = (cluster.clone(), Arc::clone(now));
    let reading = async move {
        for voice in voices.into_iter().take(limits::LOG_STREAMS) {
            let (cluster, now, out) = (cluster.clone(), Arc::clone(&now), out.clone());
            let mut stream =
                Stream { voice, cluster, now, out, places: Arc::default(), named: false, live: false, follows: false };
            let mut ended = stream.read().await;
            if let Ok(Some(kube::Error::Api(status))) = &ended
                && status.code == 400
                && names_several(&status.message)
            {
                stream.named = true;
                ended = stream.read().await;
            }
            if let Ok(Some(kube::Error::Api(status))) = ended
                && status.code == 403
            {
                let _ = stream.refused().await;
            }
        }
    };
    let mut batches = Vec::new();
    let gathering = async {
        while let Some(batch) = told.recv().await {
            batches.push(batch);
        }
    };
    // What was read until then is kept.
    let _ = tokio::time::timeout(patience, futures::future::join(reading, gathering)).await;
    batches
}

/// One log.
struct Stream {
    voice: Voice,
    cluster: Cluster,
    now: Now,
    out: mpsc::Sender<Batch>,
    places: Arc<Mutex<HashMap<Voice, Place>>>,
    /// Whether the container has to be named: the Pod has several.
    named: bool,
    /// Whether what we said last is that it works.
    live: bool,
    /// Whether it goes on at its end.
    follows: bool,
}

/// Nobody listens any more.
struct Closed;

impl Stream {
    async fn run(mut self) {
        let mut failures = Backoff::default();
        loop {
            let opened = Instant::now();
            let ended = match self.read().await {
                Ok(ended) => ended,
                Err(Closed) => return,
            };
            if opened.elapsed() > SETTLED {
                failures.calm();
            }
            let (attempt, wait) = failures.fail();
            let (state, wait) = match ended {
                // The container ended, or the kubelet closed the connection: it is opened again without a word.
                None => (None, wait),
                Some(kube::Error::Api(status)) if status.code == 403 => (Some(self.forbidden()), limits::REFUSED),
                Some(kube::Error::Api(status))
                    if status.code == 400 && !self.named && names_several(&status.message) =>
                {
                    self.named = true;
                    (None, Duration::ZERO)
                }
                Some(error) => {
                    let why = format!("{}: {}", self.voice.pod, said(&error)).into_boxed_str();
                    let next = (self.now)() + chrono::TimeDelta::from_std(wait).unwrap_or_default();
                    (Some(FeedState::Retrying { attempt, next, why }), wait)
                }
            };
            if let Some(state) = state {
                self.live = false;
                if self.tell(News::Health(state)).await.is_err() {
                    return;
                }
            }
            sleep(wait).await;
        }
    }

    fn forbidden(&self) -> FeedState {
        FeedState::Forbidden { right: format!("get pods/log in namespace {}", self.voice.namespace).into() }
    }

    async fn refused(&self) -> Result<(), Closed> {
        self.tell(News::Health(self.forbidden())).await
    }

    /// Reads until the log ends; what went wrong, if something did.
    async fn read(&mut self) -> Result<Option<kube::Error>, Closed> {
        let mut place = self.places().get(&self.voice).cloned().unwrap_or_default();
        let since = place.since();
        let params = LogParams {
            container: self.named.then(|| self.voice.container.to_string()),
            follow: self.follows,
            timestamps: true,
            tail_lines: since.is_none().then_some(limits::LOG_TAIL),
            since_time: since.and_then(|since| since.parse().ok()),
            ..LogParams::default()
        };
        let pods: Api<Pod> = Api::namespaced(self.cluster.client.clone(), &self.voice.namespace);
        let stream = match pods.log_stream(&self.voice.pod, &params).await {
            Ok(stream) => stream,
            Err(error) => return Ok(Some(error)),
        };
        if !std::mem::replace(&mut self.live, true) {
            self.tell(News::Health(FeedState::Live)).await?;
        }
        let mut lines = Lines::new(Box::pin(stream));
        loop {
            let Some(first) = lines.next().await else { return Ok(None) };
            let mut gathered: Vec<LogLine> = Vec::new();
            let mut line = Some(first);
            // What is there already goes in one piece.
            while let Some(raw) = line.take() {
                let arrived = (self.now)();
                if let Some((at, text)) = place.admit(&raw, arrived) {
                    gathered.push(klog::line(self.voice.clone(), at, text));
                }
                if gathered.len() < limits::BATCH {
                    line = lines.next().now_or_never().flatten();
                }
            }
            if !gathered.is_empty() {
                self.tell(News::Log(gathered)).await?;
                let mut places = self.places();
                if places.len() > limits::PACED {
                    places.clear();
                }
                places.insert(self.voice.clone(), place.clone());
            }
        }
    }

    fn places(&self) -> std::sync::MutexGuard<'_, HashMap<Voice, Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn tell(&self, news: News) -> Result<(), Closed> {
        let feed = FeedKey { kind: Kind::Pod, namespace: self.voice.namespace.clone(), part: Part::Logs };
        self.out.send(Batch { at: (self.now)(), feed, news }).await.map_err(|_| Closed)
    }
}

/// Whether a refusal says that a container has to be named.
fn names_several(message: &str) -> bool {
    message.contains("container name must be specified")
}
