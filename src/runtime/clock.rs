//! [`Clock`]: the only place that asks what time it is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Local, Offset, TimeDelta, Utc};
use tokio::time::Instant;

use crate::cluster::clock::Now;
use crate::sim;

/// What time it is in the data: cluster time for a cluster, a standing moment for a recording.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Face>);

#[derive(Debug)]
enum Face {
    /// The machine's clock, set right by what the cluster's clock was last seen to say.
    Wall { offset_ms: Mutex<i64> },
    /// The clock of a simulated cluster, and its speed.
    Story(sim::Clock, f64),
    /// A clock that stands still.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// The machine's clock.
    pub fn wall() -> Self {
        Self(Arc::new(Face::Wall { offset_ms: Mutex::new(0) }))
    }

    /// The clock of a simulated cluster that runs at a speed.
    pub fn story(clock: sim::Clock, speed: f64) -> Self {
        Self(Arc::new(Face::Story(clock, speed)))
    }

    /// A clock that stands still.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Arc::new(Face::Fixed(at)))
    }

    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        match &*self.0 {
            Face::Wall { offset_ms } => {
                machine() + TimeDelta::milliseconds(*offset_ms.lock().unwrap_or_else(PoisonError::into_inner))
            }
            Face::Story(clock, _) => clock.now(),
            Face::Fixed(at) => *at,
        }
    }

    /// What time it is, for the rims that ask it themselves.
    pub fn reader(&self) -> Now {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    /// How fast it runs.
    pub fn speed(&self) -> f64 {
        match &*self.0 {
            Face::Story(_, speed) => *speed,
            Face::Wall { .. } | Face::Fixed(_) => 1.0,
        }
    }

    /// How long to wait until a moment of this clock; `None` when it stands still before it.
    pub fn until(&self, moment: DateTime<Utc>) -> Option<Duration> {
        let left = (moment - self.now()).to_std().unwrap_or(Duration::ZERO);
        match &*self.0 {
            Face::Wall { .. } => Some(left),
            Face::Story(_, speed) => Some(left.div_f64(speed.max(1e-6))),
            Face::Fixed(_) => None,
        }
    }

    /// Sets a wall clock right by the cluster's: how much that one is ahead.
    pub fn set_offset(&self, ahead: TimeDelta) {
        if let Face::Wall { offset_ms } = &*self.0 {
            *offset_ms.lock().unwrap_or_else(PoisonError::into_inner) = ahead.num_milliseconds();
        }
    }
}

/// Waits for a moment of the machine's own time; without one, for ever.
pub async fn sleep(until: Option<Instant>) {
    match until {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// The machine's clock.
#[expect(clippy::disallowed_methods, reason = "the one place that asks")]
pub fn machine() -> DateTime<Utc> {
    Utc::now()
}

/// The machine's offset from UTC at a moment.
pub fn local_offset(at: DateTime<Utc>) -> chrono::FixedOffset {
    at.with_timezone(&Local).offset().fix()
}
