//! What the containers of simulated Pods print.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use tokio::sync::watch;

use super::refusal::Refusal;
use super::route::Query;

/// Lines kept of one Pod; a real kubelet rotates at 10 MiB, which is of this order.
const LINES: usize = 20_000;

/// The logs of all Pods, by `namespace/name`.
#[derive(Debug)]
pub(crate) struct Logs {
    books: Mutex<HashMap<String, Book>>,
    grown: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Book {
    /// The number of the first line that is still there.
    first: u64,
    lines: VecDeque<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    at: DateTime<Utc>,
    text: String,
}

/// What a client wants to read of a log.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) follow: bool,
    tail: Option<u64>,
    since: Option<DateTime<Utc>>,
    timestamps: bool,
}

impl Default for Logs {
    fn default() -> Self {
        Self { books: Mutex::default(), grown: watch::channel(0).0 }
    }
}

impl Logs {
    /// Appends a line to the log of a Pod.
    pub(crate) fn print(&self, pod: &str, at: DateTime<Utc>, text: String) {
        let mut books = self.books();
        let book = books.entry(pod.to_owned()).or_default();
        book.lines.push_back(Line { at, text });
        if book.lines.len() > LINES {
            book.lines.pop_front();
            book.first += 1;
        }
        self.grown.send_modify(|count| *count += 1);
    }

    /// Wakes at every new line.
    pub(crate) fn growth(&self) -> watch::Receiver<u64> {
        self.grown.subscribe()
    }

    /// The lines that a reader who starts now wants, and the number of the line after them.
    pub(crate) fn start(&self, pod: &str, reading: &Reading) -> (String, u64) {
        let books = self.books();
        let Some(book) = books.get(pod) else { return (String::new(), 0) };
        let end = book.first + book.lines.len() as u64;
        let skipped = reading.tail.map_or(0, |tail| book.lines.len().saturating_sub(tail as usize));
        (book.text(skipped, reading), end)
    }

    /// The lines from number `from` on, and the number of the line after them.
    pub(crate) fn more(&self, pod: &str, from: u64, reading: &Reading) -> (String, u64) {
        let books = self.books();
        let Some(book) = books.get(pod) else { return (String::new(), from) };
        let end = book.first + book.lines.len() as u64;
        (book.text(from.saturating_sub(book.first) as usize, reading), end)
    }

    fn books(&self) -> MutexGuard<'_, HashMap<String, Book>> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn text(&self, skipped: usize, reading: &Reading) -> String {
        let wanted = |line: &&Line| reading.since.is_none_or(|since| line.at >= since);
        let mut text = String::new();
        for line in self.lines.iter().skip(skipped).filter(wanted) {
            if reading.timestamps {
                text += &line.at.to_rfc3339_opts(SecondsFormat::Nanos, true);
                text.push(' ');
            }
            text += &line.text;
            text.push('\n');
        }
        text
    }
}

impl Reading {
    /// Reads the parameters of a request for logs.
    pub(crate) fn parse(query: &Query, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let ago = query.number("sinceSeconds")?.map(|seconds| now - TimeDelta::seconds(seconds as i64));
        Ok(Self {
            follow: query.flag("follow"),
            tail: query.number("tailLines")?,
            since: ago.or_else(|| query.get("sinceTime").parse().ok()),
            timestamps: query.flag("timestamps"),
        })
    }
}
