//! [`Ledger`]: from the feeds' lines to frames that replay to the same model.
//!
//! A recording knows kinds, not watches, while several watches can be of one kind (namespaces, the two kinds of Pods).
//! So a kind is `SYNCED` when all its watches are, it ends in an `ERROR` when all of them are refused, and what a new
//! list of one watch no longer has is written as deleted. The Pods among them say whose logs are read.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use serde_json::{Value, json};

use super::log_sources::LogSources;
use super::{Change, Line, What};
use crate::model::Batch;
use crate::model::delta::News;
use crate::model::feed::{FeedKey, FeedState};
use crate::model::kind::Kind;
use crate::model::logs::Voice;
use crate::model::meta::Time;
use crate::recording::frame::Op;
use crate::recording::writer::Writer;

/// What was written of each watch.
pub(super) struct Ledger<W> {
    writer: Writer<W>,
    watches: BTreeMap<FeedKey, Watched>,
    log_sources: LogSources,
}

#[derive(Default)]
struct Watched {
    standing: Standing,
    round: u32,
    /// The objects that there are, and in which list each was last seen.
    known: HashMap<Identity, u32>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Standing {
    #[default]
    Unheard,
    Complete,
    Refused,
}

#[derive(PartialEq, Eq, Hash, PartialOrd, Ord, Clone)]
struct Identity {
    namespace: String,
    name: String,
    uid: String,
}

impl Identity {
    fn of(object: &Value) -> Self {
        let text = |field| object["metadata"][field].as_str().unwrap_or_default().to_owned();
        Self { namespace: text("namespace"), name: text("name"), uid: text("uid") }
    }

    fn object(&self) -> Value {
        json!({"metadata": {"namespace": self.namespace, "name": self.name, "uid": self.uid}})
    }
}

impl<W: Write> Ledger<W> {
    pub(super) fn of(watches: impl Iterator<Item = FeedKey>, writer: Writer<W>) -> Self {
        let watches = watches.map(|key| (key, Watched::default())).collect();
        Self { writer, watches, log_sources: LogSources::default() }
    }

    /// Whose logs are to be read from now on, where that changed.
    pub(super) fn new_voices(&mut self) -> Option<Vec<Voice>> {
        self.log_sources.new_voices()
    }

    /// Writes lines of logs that are not older than `from`.
    pub(super) fn hear(&mut self, batch: Batch, from: Time) -> io::Result<()> {
        let News::Log(lines) = batch.news else { return Ok(()) };
        for line in lines.iter().filter(|line| line.at >= from) {
            self.writer.log(line.at, &line.voice, &self.log_sources.clean(&line.text))?;
        }
        Ok(())
    }

    pub(super) const fn frames(&self) -> usize {
        self.writer.frames()
    }

    /// Whether of every watch it is known what there is, or that it is refused.
    pub(super) fn is_complete(&self) -> bool {
        self.watches.values().all(|watch| watch.standing != Standing::Unheard)
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    pub(super) fn note(&mut self, line: Line) -> io::Result<()> {
        let Line { at, feed, what } = line;
        match what {
            What::Objects(changes) => changes.into_iter().try_for_each(|change| self.change(at, &feed, change)),
            What::News(News::ListBegan) => {
                self.watch(&feed).round += 1;
                Ok(())
            }
            What::News(News::ListEnded) => self.list_ended(at, &feed),
            What::News(News::Health(FeedState::Forbidden { right })) => {
                self.refused(at, &feed, 403, &format!("forbidden: {right}"))
            }
            What::News(News::Health(FeedState::Absent)) => self.refused(at, &feed, 404, "404 page not found"),
            What::News(
                News::Expected(_) | News::Health(_) | News::Objects(_) | News::Odd(_) | News::Log(_) | News::Around(_),
            ) => Ok(()),
        }
    }

    fn watch(&mut self, feed: &FeedKey) -> &mut Watched {
        self.watches.entry(feed.clone()).or_default()
    }

    fn change(&mut self, at: Time, feed: &FeedKey, change: Change) -> io::Result<()> {
        let Change { op, listed, object } = change;
        self.log_sources.meet(op, feed.kind, &object);
        let (identity, watch) = (Identity::of(&object), self.watch(feed));
        let round = watch.round;
        let op = match op {
            Op::Delete => {
                watch.known.remove(&identity);
                "DELETED"
            }
            Op::Upsert if watch.known.insert(identity, round).is_none() || listed => "ADDED",
            Op::Upsert => "MODIFIED",
        };
        self.writer.object(at, op, feed.kind, object)
    }

    fn list_ended(&mut self, at: Time, feed: &FeedKey) -> io::Result<()> {
        let watch = self.watch(feed);
        let round = watch.round;
        let mut gone: Vec<Identity> = watch.known.extract_if(|_, seen| *seen < round).map(|(gone, _)| gone).collect();
        gone.sort();
        watch.standing = Standing::Complete;
        for identity in gone {
            self.writer.object(at, "DELETED", feed.kind, identity.object())?;
        }
        if self.all_of(feed.kind, |standing| standing != Standing::Unheard) {
            self.writer.synced(at, feed.kind)?;
        }
        Ok(())
    }

    fn refused(&mut self, at: Time, feed: &FeedKey, code: u16, why: &str) -> io::Result<()> {
        let before = std::mem::replace(&mut self.watch(feed).standing, Standing::Refused);
        if before == Standing::Refused {
            return Ok(());
        }
        if self.all_of(feed.kind, |standing| standing == Standing::Refused) {
            return self.writer.error(at, feed.kind, code, why);
        }
        if before == Standing::Unheard && self.all_of(feed.kind, |standing| standing != Standing::Unheard) {
            return self.writer.synced(at, feed.kind);
        }
        Ok(())
    }

    fn all_of(&self, kind: Kind, holds: impl Fn(Standing) -> bool) -> bool {
        self.watches.iter().filter(|(key, _)| key.kind == kind).all(|(_, watch)| holds(watch.standing))
    }
}
