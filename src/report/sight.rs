//! What could be seen, and what could not: nothing is concluded from the unseen, and a report says what it is.

use serde::Serialize;

use super::exit::ExitStatus;
use crate::model::Model;
use crate::model::feed::{Feed, FeedState};
use crate::model::kind::Kind;

/// A kind that could not be seen, in one place or everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unseen {
    /// As RBAC names it: `orders.acme.cert-manager.io`.
    pub resource: String,
    /// `forbidden`, `absent`, `not delivered` or `listing`.
    pub why: &'static str,
    /// The right that is missing.
    pub right: Option<String>,
}

/// Whether Certificates can be read at all; other kinds that cannot be seen are told where they are missed.
pub fn outcome(model: &Model) -> ExitStatus {
    let mut feeds = model.feeds.iter().filter(|(key, _)| key.kind == Kind::Certificate);
    let readable = feeds.any(|(_, feed)| feed.complete || matches!(feed.state, FeedState::Listing { .. }));
    if readable { ExitStatus::Good } else { ExitStatus::Blind }
}

/// Everything that would be read and could not be seen.
pub fn unseen(model: &Model) -> Vec<Unseen> {
    // Without routes or names of namespaces nothing is missed: few clusters serve the former, few people may list the
    // latter.
    let kinds = Kind::all().filter(|kind| !matches!(kind, Kind::HttpRoute | Kind::Namespace));
    let mut found: Vec<Unseen> = Vec::new();
    for kind in kinds {
        let feeds: Vec<&Feed> = model.feeds.iter().filter(|(key, _)| key.kind == kind).map(|(_, feed)| feed).collect();
        let told =
            |why, right: Option<&str>| Unseen { resource: kind.resource(), why, right: right.map(str::to_owned) };
        if feeds.is_empty() {
            found.push(told("not delivered", None));
        }
        for feed in feeds.into_iter().filter(|feed| !feed.complete) {
            let one = match &feed.state {
                FeedState::Forbidden { right } => told("forbidden", Some(right)),
                FeedState::Absent => told("absent", None),
                FeedState::Listing { .. } => told("listing", None),
                FeedState::Connecting | FeedState::Retrying { .. } | FeedState::Live => told("not delivered", None),
            };
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}
