//! Watches: the initial events of a streaming list, then the log as it grows.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;
use tokio::time::Instant;

use super::cluster::Cluster;
use super::fault::Effect;
use super::refusal::{Cause, Refusal};
use super::resource::Resource;
use super::route::{Query, Target};
use super::selector::Selector;
use super::store::{Change, Event, Object, Store};
use super::view::View;

/// How long a watch lasts that sets no time itself; a real server takes 30 to 60 minutes.
const DEFAULT_TIMEOUT: Duration = Duration::from_mins(40);
/// How often a bookmark is sent, as a real server does.
const BOOKMARK_PERIOD: Duration = Duration::from_mins(1);
/// Lines that are made under one lock of the store: enough to be fast, few enough not to keep writers waiting.
const BATCH: usize = 500;

/// One watch that a client has open.
#[derive(Debug)]
pub(crate) struct Watching {
    cluster: Cluster,
    scope: Scope,
    view: View,
    initial: std::vec::IntoIter<Arc<Object>>,
    /// The bookmark that says that the initial events are over is still to come.
    owes_end: bool,
    bookmarks: bool,
    /// How far bookmarks are off, when they lie.
    skew: i64,
    cursor: u64,
    changed: watch::Receiver<u64>,
    deadline: Instant,
    next_bookmark: Instant,
    over: bool,
}

/// What a watch is about.
#[derive(Debug)]
struct Scope {
    resource: &'static Resource,
    namespace: Option<String>,
    name: Option<String>,
    selector: Selector,
}

impl Scope {
    fn covers(&self, object: &Object) -> bool {
        let same = |wanted: &Option<String>, actual: &str| wanted.as_deref().is_none_or(|wanted| wanted == actual);
        same(&self.namespace, object.namespace()) && same(&self.name, object.name()) && self.selector.matches(object)
    }

    /// What a change looks like from here: an object that comes into the selection is added, one that leaves it is
    /// deleted.
    fn sees(&self, change: &Change) -> Option<Event> {
        if !std::ptr::eq(change.resource, self.resource) {
            return None;
        }
        let before = change.before.as_deref().is_some_and(|object| self.covers(object));
        let after = change.event != Event::Deleted && self.covers(&change.object);
        match (before, after) {
            (false, false) => None,
            (false, true) => Some(Event::Added),
            (true, true) => Some(Event::Modified),
            (true, false) => Some(Event::Deleted),
        }
    }
}

impl Watching {
    /// Opens a watch; refused when its parameters do not go together.
    pub(crate) fn open(
        cluster: &Cluster,
        target: &Target,
        query: &Query,
        view: View,
        effects: &[Effect],
    ) -> Result<Self, Refusal> {
        let streaming = query.get("sendInitialEvents");
        check_streaming(streaming, query, effects)?;
        let scope = Scope {
            resource: target.resource,
            namespace: Some(target.namespace.clone()).filter(|namespace| !namespace.is_empty()),
            name: Some(target.name.clone()).filter(|name| !name.is_empty()),
            selector: Selector::parse(query.get("labelSelector"), query.get("fieldSelector"), target.resource)?,
        };
        let changed = cluster.changes();
        let bookmarks = query.flag("allowWatchBookmarks");
        let from = query.number("resourceVersion")?.unwrap_or(0);
        // Without a version a watch begins with what is there, and says so with a bookmark where bookmarks are wanted.
        let begins_with_all = streaming == "true" || (streaming.is_empty() && from == 0);
        let (initial, cursor) = cluster
            .read(|store| if begins_with_all { (scope.snapshot(store), store.version()) } else { (Vec::new(), from) });
        let timeout = query.number("timeoutSeconds")?.filter(|seconds| *seconds > 0);
        let now = Instant::now();
        Ok(Self {
            cluster: cluster.clone(),
            scope,
            view,
            initial: initial.into_iter(),
            owes_end: begins_with_all && bookmarks,
            bookmarks,
            skew: effects
                .iter()
                .find_map(|it| if let Effect::Bookmark(skew) = it { Some(*skew) } else { None })
                .unwrap_or(0),
            cursor,
            changed,
            deadline: now + timeout.map_or(DEFAULT_TIMEOUT, Duration::from_secs),
            next_bookmark: now + BOOKMARK_PERIOD,
            over: false,
        })
    }

    /// The next lines, as soon as there are any; `None` when the watch is over.
    pub(crate) async fn next(&mut self) -> Option<Vec<Vec<u8>>> {
        loop {
            if self.over {
                return None;
            }
            let lines = self.ready();
            if !lines.is_empty() {
                return Some(lines);
            }
            if Instant::now() >= self.deadline {
                return None;
            }
            let due = if self.bookmarks { self.next_bookmark.min(self.deadline) } else { self.deadline };
            tokio::select! {
                alive = self.changed.changed() => if alive.is_err() { return None },
                () = tokio::time::sleep_until(due) => {}
            }
        }
    }

    fn ready(&mut self) -> Vec<Vec<u8>> {
        let now = self.cluster.clock().now();
        let (view, resource) = (self.view, self.scope.resource);
        let write = |event: &str, object: &Object| {
            let mut line = format!(r#"{{"type":"{event}","object":"#).into_bytes();
            view.write(object, resource, now, &mut line);
            line.extend_from_slice(b"}\n");
            line
        };
        let mut lines: Vec<_> = self.initial.by_ref().take(BATCH).map(|object| write("ADDED", &object)).collect();
        if !lines.is_empty() {
            return lines;
        }
        if std::mem::take(&mut self.owes_end) {
            return vec![self.bookmark(true)];
        }
        self.changed.borrow_and_update();
        match self.unread() {
            None => {
                self.over = true;
                let oldest = self.cluster.read(Store::compacted);
                let refusal = Refusal::expired(format!("too old resource version: {} ({oldest})", self.cursor));
                lines.push(format!("{}\n", json!({"type": "ERROR", "object": refusal.status()})).into_bytes());
            }
            Some(changes) => lines.extend(changes.iter().map(|(event, object)| {
                let name = match event {
                    Event::Added => "ADDED",
                    Event::Modified => "MODIFIED",
                    Event::Deleted => "DELETED",
                };
                write(name, object)
            })),
        }
        if lines.is_empty() && self.bookmarks && Instant::now() >= self.next_bookmark {
            self.next_bookmark += BOOKMARK_PERIOD;
            lines.push(self.bookmark(false));
        }
        lines
    }

    /// The changes that concern this watch and were not sent yet; `None` when the log does not reach back that far.
    fn unread(&mut self) -> Option<Vec<(Event, Arc<Object>)>> {
        let (scope, cursor) = (&self.scope, self.cursor);
        let (found, cursor) = self.cluster.read(|store| {
            // A version that is yet to come is waited for.
            if cursor > store.version() {
                return Some((Vec::new(), cursor));
            }
            let mut reached = store.version();
            let mut found = Vec::new();
            for change in store.changes_after(cursor)? {
                if found.len() == BATCH {
                    reached = change.version - 1;
                    break;
                }
                found.extend(scope.sees(change).map(|event| (event, Arc::clone(&change.object))));
            }
            Some((found, reached))
        })?;
        self.cursor = cursor;
        Some(found)
    }

    fn bookmark(&self, ends_initial_events: bool) -> Vec<u8> {
        let version = self.cursor.saturating_add_signed(self.skew).to_string();
        let mut object = match self.view {
            View::Metadata => json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}),
            View::Table => json!({"kind": "Table", "apiVersion": "meta.k8s.io/v1"}),
            View::Whole => json!({"kind": self.scope.resource.kind, "apiVersion": self.scope.resource.api_version()}),
        };
        object["metadata"] = json!({"resourceVersion": version});
        if ends_initial_events {
            object["metadata"]["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        format!("{}\n", json!({"type": "BOOKMARK", "object": object})).into_bytes()
    }
}

impl Scope {
    fn snapshot(&self, store: &Store) -> Vec<Arc<Object>> {
        let found = store.range(self.resource, self.namespace.as_deref(), None);
        found.filter(|object| self.covers(object)).cloned().collect()
    }
}

fn check_streaming(streaming: &str, query: &Query, effects: &[Effect]) -> Result<(), Refusal> {
    let cause = |field: &str, why: &str| {
        let message = format!("Forbidden: {why}");
        Err(vec![Cause { reason: "FieldValueForbidden", field: field.to_owned(), message }])
    };
    let known = !effects.contains(&Effect::NoStreamingLists);
    let checked = match (streaming, query.get("resourceVersionMatch")) {
        ("", "") => Ok(()),
        ("", _) => cause(
            "resourceVersionMatch",
            "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
        ),
        (_, _) if !known => cause(
            "sendInitialEvents",
            "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled",
        ),
        (_, "NotOlderThan") => Ok(()),
        _ => cause("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"),
    };
    checked.map_err(|causes| Refusal::invalid_kind("ListOptions", "meta.k8s.io", "", &causes))
}
