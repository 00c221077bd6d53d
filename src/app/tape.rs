//! [`Tape`]: a recording, or what was watched lately, so that any moment of it can be shown.
//!
//! **Invariant:** a moment on the tape is the model that had taken in everything that came until then in the order of
//! the recording, and nothing that came later: going there and replaying end at the same facts.

mod live;

use std::collections::VecDeque;

use chrono::TimeDelta;

use crate::limits;
use crate::model::meta::Time;
use crate::model::{Batch, Model};

/// All news of a recording, and some moments between them kept whole.
#[derive(Debug, Default)]
pub struct Tape {
    /// When each comes, never earlier than the one before.
    times: VecDeque<Time>,
    batches: VecDeque<Batch>,
    /// How things are after so many batches, and when that was.
    keys: Vec<(usize, Time, Model)>,
    /// How many batches lie between two of them.
    stride: usize,
    /// How many batches were let go of: they are counted from the first that ever was there.
    gone: usize,
    /// Since when what is watched now is taken down; `None` for a recording.
    since: Option<Time>,
    /// How much there is, and how much came since a moment was kept whole.
    weight: usize,
    fresh: usize,
    kept_at: Time,
    /// How many rows are kept that the present does not have, as it was counted last, and how much came since.
    apart: usize,
    uncounted: usize,
    /// Whether something was let go for want of room.
    cut: bool,
}

impl Tape {
    /// Adds news at the end. False when there is no more room, and it was not added.
    pub fn push(&mut self, batch: Batch) -> bool {
        if self.batches.len() >= limits::TAPE {
            return false;
        }
        self.put(batch);
        true
    }

    fn put(&mut self, batch: Batch) {
        // A frame may lie a little before the one above it: it comes with that one.
        self.times.push_back(self.times.back().map_or(batch.at, |last| batch.at.max(*last)));
        self.batches.push_back(batch);
    }

    /// Takes in the batch at a place when it is played for the first time; moments are kept on the way.
    pub(super) fn take_in(&mut self, place: usize, model: &mut Model) {
        let Some(batch) = self.batches.get(place.saturating_sub(self.gone)) else { return };
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
        let at = count.checked_sub(1).and_then(|place| self.time_of(place)).unwrap_or_default();
        self.keys.push((count, at, model.clone()));
        while self.keys.len() > most {
            self.stride = 2 * self.stride.max(limits::KEYFRAME);
            let stride = self.stride;
            self.keys.retain(|(count, ..)| count.is_multiple_of(stride));
        }
    }

    /// The first and the last moment. `None` when nothing was recorded.
    pub fn range(&self) -> Option<(Time, Time)> {
        let first = self.since.or_else(|| self.times.front().copied())?;
        Some((first, self.times.back().map_or(first, |last| first.max(*last))))
    }

    /// How many batches came until a moment, those among them that were let go of.
    pub fn count(&self, at: Time) -> usize {
        self.gone + self.times.partition_point(|time| *time <= at)
    }

    /// How many batches came in all.
    pub fn end(&self) -> usize {
        self.gone + self.batches.len()
    }

    /// How things are at a moment.
    pub fn model(&self, at: Time) -> Model {
        let count = self.count(at);
        let key = self.keys.iter().rev().find(|(known, ..)| *known <= count);
        let (from, mut model) = key.map_or_else(|| (0, Model::default()), |(known, _, key)| (*known, key.clone()));
        self.between(from, count).for_each(|batch| model.apply(batch.clone()));
        model
    }

    /// The batches from one to another; those that were let go of are left out.
    pub(super) fn between(&self, from: usize, to: usize) -> impl Iterator<Item = &Batch> {
        let (from, to) = (from.saturating_sub(self.gone), to.saturating_sub(self.gone).min(self.batches.len()));
        self.batches.range(from.min(to)..to)
    }

    /// How many batches were let go of.
    pub(super) const fn gone(&self) -> usize {
        self.gone
    }

    /// When the batch at a place comes.
    pub(super) fn time_of(&self, place: usize) -> Option<Time> {
        self.times.get(place.checked_sub(self.gone)?).copied()
    }

    /// How many batches are on it.
    pub fn len(&self) -> usize {
        self.batches.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
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
    /// At a moment, from which it goes on.
    pub const fn new(at: Time, wall: Time, speed: f64) -> Self {
        Self { at, wall, speed, paused: false }
    }

    /// At a moment, where it stands still.
    pub const fn still(at: Time) -> Self {
        Self { paused: true, ..Self::new(at, at, 1.0) }
    }

    /// The same at another moment.
    pub(super) const fn placed(self, at: Time, wall: Time) -> Self {
        Self { at, wall, ..self }
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
