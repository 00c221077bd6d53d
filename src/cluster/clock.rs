//! [`ClockOffset`]: how far the cluster's clock is from ours. Countdowns are in cluster time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Tells what time it is. Only the caller knows: nothing on this rim reads a clock of its own.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Nothing was measured yet.
const UNKNOWN: i64 = i64::MIN;

/// Below this a `Date` header, which counts whole seconds and travels, cannot tell clocks apart.
const NOISE: TimeDelta = TimeDelta::seconds(2);

/// What must be added to our clock to get the cluster's, by the `Date` header of its answers.
#[derive(Debug)]
pub struct ClockOffset(AtomicI64);

impl Default for ClockOffset {
    fn default() -> Self {
        Self(AtomicI64::new(UNKNOWN))
    }
}

impl ClockOffset {
    /// The offset; `None` before the first answer, zero where the clocks agree as far as can be told.
    pub fn get(&self) -> Option<TimeDelta> {
        let millis = self.0.load(Ordering::Relaxed);
        let offset = (millis != UNKNOWN).then(|| TimeDelta::milliseconds(millis))?;
        Some(if offset.abs() < NOISE { TimeDelta::zero() } else { offset })
    }

    /// Takes in the `Date` of an answer that has just arrived.
    pub(super) fn note(&self, date: &str, now: DateTime<Utc>) {
        let Ok(date) = DateTime::parse_from_rfc2822(date) else { return };
        // The header cuts the fraction off: on average half a second.
        let offset = date.to_utc() + TimeDelta::milliseconds(500) - now;
        self.0.store(offset.num_milliseconds(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_header_tells_how_far_the_clocks_are_apart() {
        let clock = ClockOffset::default();
        assert_eq!(clock.get(), None);
        clock.note("Sun, 22 Nov 2026 16:00:00 GMT", at("2026-11-22T16:00:01Z"));
        assert_eq!(clock.get(), Some(TimeDelta::zero()));
        clock.note("nonsense", at("2026-11-22T16:00:01Z"));
        clock.note("Sun, 22 Nov 2026 16:05:00 GMT", at("2026-11-22T16:00:00Z"));
        assert_eq!(clock.get(), Some(TimeDelta::milliseconds(300_500)));
    }
}
