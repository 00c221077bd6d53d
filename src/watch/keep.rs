//! [`Keeper`]: gives what a feed receives to [`Recent`], whole, as it passes.
//!
//! The dashboard makes slim rows of objects and forgets the rest. For a bundle of the last minutes the rest is read from
//! the same bytes, of changes alone and of what a first list delivers as long as there is room: nothing is asked twice.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::Value;

use crate::cluster::Now;
use crate::limits;
use crate::model::kind::Kind;
use crate::recording::recent::{Recent, Turn};

/// What is kept, by all feeds together.
pub type Lately = Arc<Mutex<Recent>>;

/// The mark of the bookmark that ends a streamed list.
const LIST_ENDS: &[u8] = b"k8s.io/initial-events-end";

/// Bytes of a bookmark: it has metadata and little else.
const BOOKMARK: usize = 4 * 1024;

/// Keeps what one feed receives.
#[derive(Clone)]
pub(super) struct Keeper {
    pub(super) kind: Kind,
    pub(super) kept: Lately,
    pub(super) now: Now,
}

impl Keeper {
    /// What is to be done with the answer to a request; nothing with a list for which there is no room.
    pub(super) fn passing(&self, query: &str) -> Option<Passing> {
        let is_watch = query.contains("watch=");
        let is_list = !is_watch || query.contains("sendInitialEvents=true");
        let wanted = is_watch || self.kept().has_room();
        wanted.then(|| Passing { keeper: self.clone(), is_watch, is_list, gathered: Vec::new(), drops: false })
    }

    fn kept(&self) -> MutexGuard<'_, Recent> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer that passes.
pub(super) struct Passing {
    keeper: Keeper,
    is_watch: bool,
    /// Whether what comes is how things are, not what changes.
    is_list: bool,
    /// The beginning of a line, or of a page.
    gathered: Vec<u8>,
    /// Whether the rest of the line, or of the page, is too long to be kept.
    drops: bool,
}

/// A line of a watch.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    turn: String,
    object: Value,
}

/// A page of a list.
#[derive(Deserialize)]
struct Page {
    items: Vec<Value>,
}

impl Passing {
    /// Some more of it.
    pub(super) fn take(&mut self, mut data: &[u8]) {
        while let Some(end) = data.iter().position(|byte| *byte == b'\n').filter(|_| self.is_watch) {
            let (line, rest) = data.split_at(end);
            self.gather(line);
            let line = std::mem::take(&mut self.gathered);
            if !std::mem::take(&mut self.drops) {
                self.line(&line);
            }
            data = rest.get(1..).unwrap_or_default();
        }
        self.gather(data);
    }

    fn gather(&mut self, data: &[u8]) {
        // Of a streamed list for which there is no room, only the bookmark at its end is looked at.
        let full = self.is_watch && self.is_list && !self.keeper.kept().has_room();
        let most = if full { BOOKMARK } else { limits::RECORDING_LINE };
        self.drops |= self.gathered.len() + data.len() > most;
        if self.drops {
            self.gathered = Vec::new();
        } else {
            self.gathered.extend_from_slice(data);
        }
    }

    fn line(&mut self, line: &[u8]) {
        if self.is_list {
            if line.len() < BOOKMARK && line.windows(LIST_ENDS.len()).any(|part| part == LIST_ENDS) && is_bookmark(line)
            {
                self.is_list = false;
                return;
            }
            if !self.keeper.kept().has_room() {
                return;
            }
        }
        let Ok(Line { turn, object }) = serde_json::from_slice(line) else { return };
        let turn = match turn.as_str() {
            "ADDED" => Turn::Added,
            "MODIFIED" => Turn::Modified,
            "DELETED" => Turn::Deleted,
            _ => return,
        };
        let (kind, at) = (self.keeper.kind, (self.keeper.now)());
        let mut kept = self.keeper.kept();
        if self.is_list && turn == Turn::Added {
            kept.listed(at, kind, object);
        } else {
            kept.changed(at, turn, kind, object);
        }
    }
}

fn is_bookmark(line: &[u8]) -> bool {
    serde_json::from_slice::<Line>(line).is_ok_and(|line| line.turn == "BOOKMARK")
}

/// A page is whole when it has passed.
impl Drop for Passing {
    fn drop(&mut self) {
        if self.is_watch || self.drops {
            return;
        }
        let Ok(Page { items }) = serde_json::from_slice(&self.gathered) else { return };
        let (kind, at) = (self.keeper.kind, (self.keeper.now)());
        let mut kept = self.keeper.kept();
        items.into_iter().for_each(|object| kept.listed(at, kind, object));
    }
}
