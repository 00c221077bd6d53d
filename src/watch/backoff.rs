//! [`Backoff`]: how long to wait after the next failure.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use tokio::time::Instant;

/// The first wait; it doubles.
const FIRST: Duration = Duration::from_millis(800);

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(30);

/// Failures so far, in a row.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
    last: Option<Instant>,
}

impl Backoff {
    /// One more failure: how often in a row, and how long to wait now.
    pub(super) fn fail(&mut self) -> (u32, Duration) {
        let wait = FIRST.saturating_mul(1 << self.failures.min(10)).min(LONGEST);
        self.failures += 1;
        (self.failures, jittered(wait).min(LONGEST))
    }

    /// It works again.
    pub(super) fn calm(&mut self) {
        self.failures = 0;
    }

    /// The same for something that is allowed once in a while: `None` for the first time in a quiet period.
    pub(super) fn once_in(&mut self, quiet: Duration) -> Option<(u32, Duration)> {
        let now = Instant::now();
        let before = self.last.replace(now);
        if before.is_none_or(|before| now.duration_since(before) > quiet) {
            self.calm();
            return None;
        }
        Some(self.fail())
    }
}

/// Up to half as long again: what failed together must not come back together.
fn jittered(wait: Duration) -> Duration {
    let chance = RandomState::new().hash_one(0_u8) % 1_024;
    wait + wait.mul_f64(chance as f64 / 2_048.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_half_a_minute_and_begin_again() {
        let mut backoff = Backoff::default();
        let waits: Vec<f64> = (0..8).map(|_| backoff.fail().1.as_secs_f64()).collect();
        for (wait, least) in waits.iter().zip([0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0, 30.0]) {
            assert!((least..=(least * 1.5_f64).min(30.0)).contains(wait), "{waits:?}");
        }
        backoff.calm();
        assert_eq!(backoff.fail().0, 1);
    }
}
