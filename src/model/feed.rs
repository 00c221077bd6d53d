//! [`Feed`]: the health of one watch. Nothing that happens to a watch is fatal; it is a state, and it is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::kind::Kind;
use super::meta::Time;
use super::symbol::Symbol;
use crate::text::number;

/// Which watch: one kind, in one namespace or everywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedKey {
    /// What is watched.
    pub kind: Kind,
    /// Where: empty for the whole cluster.
    pub namespace: Symbol,
    /// Which part of the kind: the same kind is watched more than once (Pods of solvers, Pods of cert-manager).
    pub part: Part,
}

impl FeedKey {
    /// The watch of a whole kind, everywhere.
    pub fn cluster(kind: Kind) -> Self {
        Self { kind, namespace: Symbol::default(), part: Part::Whole }
    }
}

impl fmt::Display for FeedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.part == Part::Logs {
            f.write_str("logs of ")?;
        }
        f.write_str(self.kind.row().plural)?;
        match self.part {
            Part::Whole | Part::Logs => {}
            Part::Solvers => f.write_str(" of solvers")?,
            Part::Own => f.write_str(" of cert-manager")?,
            Part::Issuing => f.write_str(" about cert-manager.io")?,
            Part::Acme => f.write_str(" about acme.cert-manager.io")?,
        }
        if !self.namespace.is_empty() {
            write!(f, " in {}", self.namespace)?;
        }
        Ok(())
    }
}

/// Which objects of a kind a watch is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All of them.
    Whole,
    /// Those with the label of HTTP-01 solvers.
    Solvers,
    /// cert-manager's own.
    Own,
    /// Events about objects of `cert-manager.io`.
    Issuing,
    /// Events about objects of `acme.cert-manager.io`.
    Acme,
    /// Not the objects, but what they print.
    Logs,
}

/// How a watch does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FeedState {
    /// Nothing was heard yet.
    #[default]
    Connecting,
    /// A list is arriving.
    Listing {
        /// Objects so far.
        seen: usize,
        /// How many more the server said there are, where it says.
        remaining: Option<usize>,
    },
    /// Everything that exists is known, and changes arrive.
    Live,
    /// Cut off; what is known stays.
    Retrying {
        /// How often in a row.
        attempt: u32,
        /// When it is tried again.
        next: Time,
        /// What went wrong, in words.
        why: Box<str>,
    },
    /// We may not read it.
    Forbidden {
        /// The right that is missing: `list orders.acme.cert-manager.io in namespace shop`.
        right: Box<str>,
    },
    /// The server does not serve the kind.
    Absent,
}

impl FeedState {
    /// How far a list is: `12,000 of 100,000`, or `12,000` where the server does not say how many there are.
    pub fn progress(&self) -> Option<String> {
        let Self::Listing { seen, remaining } = self else { return None };
        let total = remaining.map(|remaining| format!(" of {}", number(seen + remaining)));
        Some(format!("{}{}", number(*seen), total.unwrap_or_default()))
    }
}

/// Attempts after which what a cut-off watch knew no longer counts as seen (about a minute of backoff).
const STALE_AFTER: u32 = 5;

/// Attempts after which nobody waits for a watch any longer before anything is said.
const HOPELESS_AFTER: u32 = 4;

/// cert-manager's own kinds: each of them is watched, as far as that is allowed.
const OWN: [Kind; 6] =
    [Kind::Certificate, Kind::CertificateRequest, Kind::Order, Kind::Challenge, Kind::Issuer, Kind::ClusterIssuer];

/// One watch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    /// How it does.
    pub state: FeedState,
    /// Whether a list of it was ever complete, and is still worth something.
    pub complete: bool,
    /// Since when it does so.
    pub since: Option<Time>,
}

impl Feed {
    fn enter(&mut self, at: Time, state: FeedState) {
        if std::mem::discriminant(&self.state) != std::mem::discriminant(&state) {
            self.since = Some(at);
        }
        self.complete = match &state {
            FeedState::Live => true,
            FeedState::Connecting | FeedState::Listing { .. } => self.complete,
            FeedState::Retrying { attempt, .. } => self.complete && *attempt < STALE_AFTER,
            FeedState::Forbidden { .. } | FeedState::Absent => false,
        };
        self.state = state;
    }

    /// Whether what was there already has come, or will not.
    pub const fn has_settled(&self) -> bool {
        match self.state {
            FeedState::Live | FeedState::Forbidden { .. } | FeedState::Absent => true,
            FeedState::Retrying { attempt, .. } => attempt >= HOPELESS_AFTER,
            FeedState::Connecting | FeedState::Listing { .. } => false,
        }
    }
}

/// All watches.
#[derive(Debug, Clone, Default)]
pub struct Feeds {
    watches: BTreeMap<FeedKey, Feed>,
    deaf_since: Option<Time>,
}

impl Feeds {
    /// Every watch, by kind.
    pub fn iter(&self) -> impl Iterator<Item = (&FeedKey, &Feed)> {
        self.watches.iter()
    }

    /// One watch.
    pub fn get(&self, key: &FeedKey) -> Option<&Feed> {
        self.watches.get(key)
    }

    /// Since when no watch is live, after some were: what is known is as of then.
    pub fn deaf_since(&self) -> Option<Time> {
        self.deaf_since
    }

    /// When the next of the watches that are cut off is tried again.
    pub fn next_attempt(&self) -> Option<Time> {
        let attempts = self.watches.values().map(|feed| match feed.state {
            FeedState::Retrying { next, .. } => Some(next),
            _ => None,
        });
        attempts.flatten().min()
    }

    /// Notes how a watch does, and when that was heard. True when it changes what counts as seen.
    pub(super) fn enter(&mut self, at: Time, key: &FeedKey, state: FeedState) -> bool {
        if !self.watches.contains_key(key) {
            self.watches.insert(key.clone(), Feed::default());
        }
        let Some(feed) = self.watches.get_mut(key) else { return false };
        let before = feed.complete;
        let was_live = feed.state == FeedState::Live;
        feed.enter(at, state);
        let changed = feed.complete != before;
        if self.any_live() {
            self.deaf_since = None;
        } else if was_live && key.part != Part::Logs {
            self.deaf_since = Some(at);
        }
        changed
    }

    fn any_live(&self) -> bool {
        self.watches.iter().any(|(key, feed)| key.part != Part::Logs && feed.state == FeedState::Live)
    }

    /// Counts objects into a list that is arriving.
    pub(super) fn count(&mut self, key: &FeedKey, objects: usize) {
        if let Some(Feed { state: FeedState::Listing { seen, remaining }, .. }) = self.watches.get_mut(key) {
            *seen += objects;
            *remaining = remaining.map(|remaining| remaining.saturating_sub(objects));
        }
    }

    /// Notes how many objects a list that is arriving will deliver.
    pub(super) fn expect(&mut self, key: &FeedKey, total: usize) {
        if let Some(Feed { state: FeedState::Listing { seen, remaining }, .. }) = self.watches.get_mut(key) {
            *remaining = Some(total.saturating_sub(*seen));
        }
    }

    /// Whether a list of this watch is arriving.
    pub(super) fn is_listing(&self, key: &FeedKey) -> bool {
        self.watches.get(key).is_none_or(|feed| matches!(feed.state, FeedState::Listing { .. } | FeedState::Connecting))
    }

    /// Whether "there is none" can be said of a kind in a namespace: a complete watch covers it.
    pub fn sees(&self, kind: Kind, namespace: &str) -> bool {
        self.watches.iter().any(|(key, feed)| {
            key.kind == kind
                && !matches!(key.part, Part::Own | Part::Logs)
                && feed.complete
                && (key.namespace.is_empty() || &*key.namespace == namespace)
        })
    }

    /// Whether a list is still arriving somewhere.
    pub fn any_listing(&self) -> bool {
        self.watches.values().any(|feed| matches!(feed.state, FeedState::Listing { .. } | FeedState::Connecting))
    }

    /// Whether what was there already has come, or will not: of every watch, and there is one of each kind of
    /// cert-manager's own.
    pub fn have_settled(&self) -> bool {
        let begun = |kind: &Kind| self.watches.keys().any(|key| key.kind == *kind);
        OWN.iter().all(begun)
            && self.watches.iter().filter(|(key, _)| key.part != Part::Logs).all(|(_, feed)| feed.has_settled())
    }

    /// The watches of cert-manager's own kinds that count as seen.
    pub fn seen(&self) -> BTreeSet<FeedKey> {
        let complete = self.watches.iter().filter(|(key, feed)| key.kind.is_cert_manager() && feed.complete);
        complete.map(|(key, _)| key.clone()).collect()
    }

    /// Whether a watch is cut off and may come back.
    pub fn may_come_back(&self, key: &FeedKey) -> bool {
        self.watches.get(key).is_some_and(|feed| {
            !feed.complete && !matches!(feed.state, FeedState::Forbidden { .. } | FeedState::Absent)
        })
    }

    /// Whether a kind is served, as far as is known.
    pub fn is_absent(&self, kind: Kind) -> bool {
        let mut watches = self.watches.iter().filter(|(key, _)| key.kind == kind && key.part != Part::Logs).peekable();
        watches.peek().is_some() && watches.all(|(_, feed)| feed.state == FeedState::Absent)
    }
}
