//! The time of a simulated cluster.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// When every story begins, unless it says otherwise: one o'clock on a Monday night.
pub const STORY_START: &str = "2026-11-23T01:00:00Z";

/// The clock of a simulated cluster: it starts at a fixed moment and runs at a speed of its own.
///
/// It is measured with tokio's time, so it stands still and jumps with `tokio::time::pause` and `advance`. Nothing in
/// the simulated cluster asks for any other time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Face>);

#[derive(Debug)]
struct Face {
    start: DateTime<Utc>,
    origin: Instant,
    speed: f64,
    /// Milliseconds that were skipped.
    skipped: AtomicI64,
}

impl Clock {
    /// A clock that shows [`STORY_START`] now and runs `speed` times as fast as the wall's.
    pub fn new(speed: f64) -> Self {
        Self::starting_at(STORY_START.parse().unwrap_or_default(), speed)
    }

    /// A clock that shows `start` now and runs `speed` times as fast as the wall's.
    pub fn starting_at(start: DateTime<Utc>, speed: f64) -> Self {
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        Self(Arc::new(Face { start, origin: Instant::now(), speed, skipped: AtomicI64::new(0) }))
    }

    /// The moment this clock started from.
    pub fn start(&self) -> DateTime<Utc> {
        self.0.start
    }

    /// What the clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        let passed = self.0.origin.elapsed().mul_f64(self.0.speed);
        self.0.start + TimeDelta::from_std(passed).unwrap_or_default() + self.skipped()
    }

    fn skipped(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.0.skipped.load(Ordering::Relaxed))
    }

    /// Goes on from a later moment; what lies between is skipped.
    pub fn skip_to(&self, moment: DateTime<Utc>) {
        let ahead = (moment - self.now()).num_milliseconds().max(0);
        self.0.skipped.fetch_add(ahead, Ordering::Relaxed);
    }

    /// Waits until the clock shows `moment`.
    pub async fn sleep_until(&self, moment: DateTime<Utc>) {
        let ahead = (moment - self.0.start - self.skipped()).to_std().unwrap_or(Duration::ZERO);
        // Tokio's timers have a grain of a millisecond: what rounding leaves is awaited in the next round.
        while self.now() < moment {
            let target = self.0.origin + ahead.div_f64(self.0.speed);
            tokio::time::sleep_until(target.max(Instant::now() + Duration::from_millis(1))).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn runs_at_its_speed() {
        let clock = Clock::new(60.0);
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(clock.now() - clock.start(), TimeDelta::minutes(2));
    }

    #[tokio::test(start_paused = true)]
    async fn wakes_no_sooner_than_asked() {
        let clock = Clock::new(7.0);
        let moment = clock.start() + TimeDelta::milliseconds(12_345);
        clock.sleep_until(moment).await;
        assert!(clock.now() >= moment && clock.now() - moment < TimeDelta::milliseconds(20));
    }
}
