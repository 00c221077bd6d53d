//! [`Pace`]: how soon the next request may be sent.
//!
//! kube's watcher starts a watch again the moment it ends, without an error and so without any backoff of ours. A
//! server or a proxy that ends each watch at once would draw hundreds of thousands of requests a second.

use std::collections::HashMap;
use std::time::Duration;

use http::Uri;
use tokio::time::Instant;

use crate::limits;

/// A watch that lived this long was worth its request.
const WORTHWHILE: Duration = Duration::from_secs(30);

/// Short watches in a row that are started again at once: a streaming list that is refused, a list, its watch.
const FREE: u32 = 3;

/// The wait before the first one that is not free; it doubles.
const STEP: Duration = Duration::from_millis(500);

/// The longest wait between two short watches.
const LONGEST: Duration = Duration::from_secs(30);

/// When each watch was last sent, and what the server asked to be spared.
#[derive(Debug, Default)]
pub(super) struct Pace {
    watches: HashMap<String, Watch>,
    /// Until when a path is left alone, by `Retry-After`.
    spared: HashMap<String, Instant>,
}

#[derive(Debug)]
struct Watch {
    sent: Instant,
    short: u32,
}

impl Pace {
    /// When a request to `uri` may be sent. Asking counts as sending.
    pub(super) fn turn(&mut self, uri: &Uri, now: Instant) -> Instant {
        let spared = self.spared(uri.path(), now);
        let at = if is_watch(uri) { self.watch_turn(key(uri), spared) } else { spared };
        at.max(now)
    }

    fn spared(&mut self, path: &str, now: Instant) -> Instant {
        self.spared.retain(|_, until| *until > now);
        self.spared.get(path).copied().unwrap_or(now)
    }

    fn watch_turn(&mut self, key: String, earliest: Instant) -> Instant {
        if self.watches.len() >= limits::PACED {
            self.watches.retain(|_, watch| watch.sent + WORTHWHILE > earliest);
        }
        let Some(watch) = self.watches.get_mut(&key) else {
            self.watches.insert(key, Watch { sent: earliest, short: 1 });
            return earliest;
        };
        let lived = earliest.saturating_duration_since(watch.sent);
        watch.short = if lived < WORTHWHILE { watch.short.saturating_add(1) } else { 1 };
        let wait = match watch.short.checked_sub(FREE + 1) {
            None => Duration::ZERO,
            Some(doublings) => STEP.saturating_mul(1 << doublings.min(10)).min(LONGEST),
        };
        watch.sent = earliest + wait;
        watch.sent
    }

    /// A watch that was refused did not end too soon: whoever asked is told, and waits by itself.
    pub(super) fn refused(&mut self, uri: &Uri) {
        if let Some(watch) = self.watches.get_mut(&key(uri)) {
            watch.short = watch.short.saturating_sub(1);
        }
    }

    /// Leaves a path alone for as long as the server asked.
    pub(super) fn spare(&mut self, path: &str, wait: Duration, now: Instant) {
        if self.spared.len() < limits::PACED {
            self.spared.insert(path.to_owned(), now + wait);
        }
    }
}

pub(super) fn is_watch(uri: &Uri) -> bool {
    parameters(uri).any(|(name, value)| name == "watch" && matches!(value, "true" | "1"))
}

/// Watches of one path differ by what they select.
fn key(uri: &Uri) -> String {
    let selectors = parameters(uri).filter(|(name, _)| matches!(*name, "labelSelector" | "fieldSelector"));
    selectors.fold(uri.path().to_owned(), |key, (name, value)| key + "&" + name + "=" + value)
}

fn parameters(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch() -> Uri {
        Uri::from_static("/apis/cert-manager.io/v1/certificates?watch=true&resourceVersion=1")
    }

    #[test]
    fn watches_that_end_at_once_are_started_less_and_less_often() {
        let (mut pace, begin) = (Pace::default(), Instant::now());
        let mut now = begin;
        let mut in_first_minute = 0;
        while now < begin + Duration::from_mins(1) {
            in_first_minute += 1;
            now = pace.turn(&watch(), now);
        }
        assert!((8..=12).contains(&in_first_minute), "{in_first_minute}");
    }

    #[test]
    fn pages_and_watches_that_lived_are_not_held_up() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        let next_page = Uri::from_static("/api/v1/secrets?limit=500&continue=abc");
        for _ in 0..1_000 {
            assert_eq!(pace.turn(&next_page, now), now);
        }
        for n in 0..20 {
            let later = now + WORTHWHILE * n;
            assert_eq!(pace.turn(&watch(), later), later);
        }
    }

    #[test]
    fn watches_that_are_refused_are_not_held_up() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        for _ in 0..20 {
            assert_eq!(pace.turn(&watch(), now), now);
            pace.refused(&watch());
        }
    }

    #[test]
    fn a_path_is_left_alone_for_as_long_as_was_asked() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        pace.spare("/api/v1/secrets", Duration::from_secs(7), now);
        let secrets = Uri::from_static("/api/v1/secrets?limit=500");
        assert_eq!(pace.turn(&secrets, now), now + Duration::from_secs(7));
        assert_eq!(pace.turn(&Uri::from_static("/api/v1/events"), now), now);
        let later = now + Duration::from_secs(8);
        assert_eq!(pace.turn(&secrets, later), later);
    }
}
