//! [`record`]: the same watches, written down as a recording instead of shown, with the logs of the controllers and of the
//! solvers.

mod ledger;
mod log_sources;

use std::future::Future;
use std::io::{self, Write};
use std::pin::pin;

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;

use self::ledger::Ledger;
use super::feed::Feed;
use super::intake::{By, Intake};
use super::logs::Logs;
use super::plan::{Plan, plans};
use super::watched::{Payload, Watched};
use super::{Scope, Watches};
use crate::cluster::{Cluster, Now};
use crate::limits;
use crate::model::delta::News;
use crate::model::feed::FeedKey;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::project::labels::Kept;
use crate::recording::frame::Op;
use crate::recording::writer::Writer;

/// Writes what the watches of a scope deliver until `until` is done; returns how many frames were written.
///
/// Whole objects are kept but for what [`Writer`] takes out; of Secrets the server is asked for the metadata only. What
/// cuts a watch off for a while is not written, as the watch goes on where it was; what refuses it is. Lines of logs are
/// written that are not older than `logs_from`, without the tokens, keys and accounts that the objects name. `progress`
/// is told the number of frames, and whether every list is complete or refused, whenever there is nothing more to write
/// for the moment.
pub async fn record<W: Write>(
    cluster: &Cluster,
    scope: &Scope,
    now: &Now,
    (writer, logs_from): (Writer<W>, Time),
    until: impl Future<Output = ()>,
    mut progress: impl FnMut(usize, bool),
) -> io::Result<usize> {
    let (out, mut lines) = mpsc::channel(limits::RECORD_QUEUE);
    let plans = plans(scope);
    let mut ledger = Ledger::of(plans.iter().map(|plan| plan.key.clone()), writer);
    let watches = start(cluster, plans, now, &out);
    drop(out);
    let (heard, mut said) = mpsc::channel(limits::RECORD_QUEUE);
    let mut logs = Logs::new(cluster.clone(), now.clone(), heard);
    let mut until = pin!(until);
    loop {
        tokio::select! {
            biased;
            () = &mut until => break,
            line = lines.recv() => match line {
                Some(line) => ledger.note(line)?,
                None => break,
            },
            Some(batch) = said.recv() => ledger.hear(batch, logs_from)?,
        }
        if let Some(voices) = ledger.new_voices() {
            logs.follow(&voices);
        }
        if lines.is_empty() {
            ledger.flush()?;
            progress(ledger.frames(), ledger.is_complete());
        }
    }
    watches.shutdown().await;
    drop(logs);
    while let Some(line) = lines.recv().await {
        ledger.note(line)?;
    }
    while let Some(batch) = said.recv().await {
        ledger.hear(batch, logs_from)?;
    }
    ledger.flush()?;
    Ok(ledger.frames())
}

fn start(cluster: &Cluster, plans: Vec<Plan>, now: &Now, out: &mpsc::Sender<Line>) -> Watches {
    let mut watches = Watches::new(Kept::default());
    for plan in plans {
        let (now, out, resync) = (now.clone(), out.clone(), watches.resync.subscribe());
        if plan.key.kind == Kind::Secret {
            watches.start(Feed::new(plan, cluster, Whole::<true>::default(), now, out, (resync, None)));
        } else {
            watches.start(Feed::new(plan, cluster, Whole::<false>::default(), now, out, (resync, None)));
        }
    }
    watches
}

/// What a feed tells the recorder.
struct Line {
    at: Time,
    feed: FeedKey,
    what: What,
}

enum What {
    Objects(Vec<Change>),
    News(News),
}

/// What happened to an object, and all of it.
struct Change {
    op: Op,
    listed: bool,
    object: Value,
}

/// An object as it came, field for field.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
struct Raw(Value);

impl Payload for Raw {
    fn version(&self) -> Option<&str> {
        self.0.get("metadata")?.get("resourceVersion")?.as_str()
    }
}

/// Keeps objects whole.
#[derive(Default)]
struct Whole<const META: bool>(Vec<Change>);

impl<const META: bool> Whole<META> {
    fn put(&mut self, op: Op, object: Watched<Raw, META>, by: By) {
        let object = object.object.0;
        // What is no object cannot be told from any other by who reads the file.
        if object.is_object() {
            self.0.push(Change { op, listed: by == By::List, object });
        }
    }
}

impl<const META: bool> Intake for Whole<META> {
    type Object = Watched<Raw, META>;
    type Message = Line;

    fn upsert(&mut self, object: Self::Object, by: By) {
        self.put(Op::Upsert, object, by);
    }

    fn remove(&mut self, object: Self::Object) {
        self.put(Op::Delete, object, By::Watch);
    }

    fn unreadable(&mut self, _what: String) {}

    fn waiting(&self) -> usize {
        self.0.len()
    }

    fn take(&mut self, at: Time, feed: &FeedKey) -> Vec<Line> {
        let changes = std::mem::take(&mut self.0);
        let line = Line { at, feed: feed.clone(), what: What::Objects(changes) };
        if matches!(&line.what, What::Objects(changes) if changes.is_empty()) { Vec::new() } else { vec![line] }
    }

    fn news(&self, at: Time, feed: &FeedKey, news: News) -> Line {
        Line { at, feed: feed.clone(), what: What::News(news) }
    }
}
