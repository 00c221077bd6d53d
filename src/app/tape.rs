//! [`Tape`]: a recording, so that any moment of it can be shown.
//!
//! **Invariant:** a moment on the tape is the model that had taken in everything that came until then in the order of
//! the recording, and nothing that came later: going there and replaying end at the same facts.

use chrono::TimeDelta;

use crate::limits;
use crate::model::meta::Time;
use crate::model::{Batch, Model};

/// All news of a recording, and some moments between them kept whole.
#[derive(Debug, Default)]
pub struct Tape {
    /// When each comes, never earlier than the one before.
    times: Vec<Time>,
    batches: Vec<Batch>,
    /// How things are after so many batches.
    keys: Vec<(usize, Model)>,
    /// How many batches lie between two of them.
    stride: usize,
}

impl Tape {
    /// Adds news at the end. False when there is no more room, and it was not added.
    pub fn push(&mut self, batch: Batch) -> bool {
        if self.batches.len() >= limits::TAPE {
            return false;
        }
        // A frame may lie a little before the one above it: it comes with that one.
        self.times.push(self.times.last().map_or(batch.at, |last| batch.at.max(*last)));
        self.batches.push(batch);
        true
    }

    /// Takes in the batch at a place when it is played for the first time; moments are kept on the way.
    pub(super) fn take_in(&mut self, place: usize, model: &mut Model) {
        let Some(batch) = self.batches.get(place) else { return };
        model.apply(batch.clone());
        if (place + 1).is_multiple_of(self.stride.max(limits::KEYFRAME)) {
            self.keep(place + 1, model);
        }
    }

    /// Keeps how things are after so many batches. Of too many every second one goes.
    fn keep(&mut self, count: usize, model: &Model) {
        let rows = model.certificates.len()
            + model.requests.len()
            + model.orders.len()
            + model.challenges.len()
            + model.secrets.len();
        let most = (limits::KEYFRAME_ROWS / (rows + 1)).clamp(1, limits::KEYFRAMES);
        self.keys.push((count, model.clone()));
        while self.keys.len() > most {
            self.stride = 2 * self.stride.max(limits::KEYFRAME);
            let stride = self.stride;
            self.keys.retain(|(count, _)| count.is_multiple_of(stride));
        }
    }

    /// The first and the last moment. `None` when nothing was recorded.
    pub fn range(&self) -> Option<(Time, Time)> {
        self.times.first().copied().zip(self.times.last().copied())
    }

    /// How many batches come until a moment.
    pub fn count(&self, at: Time) -> usize {
        self.times.partition_point(|time| *time <= at)
    }

    /// How things are at a moment.
    pub fn model(&self, at: Time) -> Model {
        let count = self.count(at);
        let key = self.keys.iter().rev().find(|(known, _)| *known <= count);
        let (from, mut model) = key.map_or_else(|| (0, Model::default()), |(known, key)| (*known, key.clone()));
        self.between(from, count).iter().for_each(|batch| model.apply(batch.clone()));
        model
    }

    /// The batches from one to another.
    pub(super) fn between(&self, from: usize, to: usize) -> &[Batch] {
        self.batches.get(from..to).unwrap_or_default()
    }

    /// When the batch at a place comes.
    pub(super) fn time_of(&self, place: usize) -> Option<Time> {
        self.times.get(place).copied()
    }

    /// How many batches are on it.
    pub const fn len(&self) -> usize {
        self.batches.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }
}

/// Where on a tape one is, and how it goes on from there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Playhead {
    /// The moment that was shown at [`Playhead::wall`].
    at: Time,
    /// The machine's clock then.
    wall: Time,
    /// How fast it goes on.
    pub speed: f64,
    /// Whether it stands still.
    pub paused: bool,
}

impl Playhead {
    /// At a moment.
    pub const fn new(at: Time, wall: Time, speed: f64, paused: bool) -> Self {
        Self { at, wall, speed, paused }
    }

    /// The moment that is shown, not later than `end`: nothing is known of what comes after it.
    pub fn now(&self, wall: Time, end: Time) -> Time {
        if self.paused {
            return self.at.min(end);
        }
        let passed = (wall - self.wall).num_microseconds().unwrap_or(i64::MAX) as f64 * self.speed;
        let passed = TimeDelta::microseconds(passed.clamp(0.0, 1e17) as i64);
        self.at.checked_add_signed(passed).map_or(end, |now| now.min(end))
    }

    /// When the machine's clock will show that a moment has come; `None` while it stands still, and after the end.
    pub fn wall_of(&self, moment: Time, end: Time) -> Option<Time> {
        if self.paused || moment > end {
            return None;
        }
        let left = (moment - self.at).num_microseconds().unwrap_or(i64::MAX) as f64 / self.speed.max(1e-6);
        self.wall.checked_add_signed(TimeDelta::microseconds(left.clamp(0.0, 1e17).ceil() as i64))
    }
}
