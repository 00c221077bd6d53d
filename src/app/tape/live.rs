//! The tape of what is watched now: the last minutes, bounded, and always there.
//!
//! A moment that is kept whole shares its rows with the present until they change, so it costs what has changed since.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::Tape;
use crate::limits;
use crate::model::delta::News;
use crate::model::meta::Time;
use crate::model::{Batch, Model};

/// How often a moment is kept whole, where anything happened at all.
const EVERY: TimeDelta = TimeDelta::minutes(5);

/// How far one can look back at most.
const LATELY: TimeDelta = TimeDelta::hours(1);

/// How much of the memory news take.
pub(super) fn weight(batch: &Batch) -> usize {
    match &batch.news {
        News::Objects(objects) => objects.len(),
        News::Log(lines) => lines.len(),
        _ => 1,
    }
}

impl Tape {
    /// Since when what is watched now is on the tape; `None` for a recording, and before the first lists are complete.
    pub const fn live_since(&self) -> Option<Time> {
        self.since
    }

    /// Whether something of the last hour was let go for want of room.
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// Takes down what arrives, once the tape has begun.
    pub(in crate::app) fn take_down(&mut self, batch: &Batch) {
        if self.since.is_some() {
            self.fresh += weight(batch);
            self.weight += weight(batch);
            self.put(batch.clone());
        }
    }

    /// Begins with how things are, keeps a moment whole where that is due, and lets go of what is old or too much.
    /// Nothing is let go while somebody `looks`, unless it is too much.
    pub(in crate::app) fn keep_up(&mut self, model: &Model, now: Time, looks: bool) {
        if self.since.is_none() {
            // What a first list delivers is no news.
            if model.feeds.iter().next().is_some() && !model.feeds.any_listing() {
                (self.since, self.kept_at) = (Some(now), now);
                self.keys = vec![(self.gone, now, model.clone())];
            }
            return;
        }
        let due = now - self.kept_at >= EVERY && self.fresh > 0;
        if due || self.fresh >= limits::KEYFRAME {
            (self.fresh, self.kept_at) = (0, now);
            self.keys.push((self.end(), now, model.clone()));
            if self.keys.len() > limits::LIVE_KEYFRAMES {
                self.thin();
            }
        }
        let old = |at: Time| now - at > LATELY && !looks;
        while let Some((_, next, _)) = self.keys.get(1) {
            let too_much = self.weight > limits::LIVE_NEWS || self.rows_apart(model) > limits::LIVE_ROWS;
            if !old(*next) && !too_much {
                return;
            }
            self.cut = too_much;
            self.let_go();
        }
    }

    /// Every second moment goes, but the first and the last.
    fn thin(&mut self) {
        let last = self.keys.len() - 1;
        let mut place = 0;
        self.keys.retain(|_| {
            place += 1;
            place == last + 1 || (place - 1) % 2 == 0
        });
    }

    /// The first moment goes, and the news up to the next one.
    fn let_go(&mut self) {
        self.keys.remove(0);
        let Some((count, at, _)) = self.keys.first() else { return };
        let news = (count - self.gone).min(self.batches.len());
        self.weight -= self.batches.drain(..news).map(|batch| weight(&batch)).sum::<usize>();
        self.times.drain(..news);
        (self.gone, self.since) = (*count, Some(*at));
    }

    /// How many rows are kept that the present does not have any more.
    fn rows_apart(&self, present: &Model) -> usize {
        let mut known: HashSet<usize> = present.pieces().map(|(place, _)| place).collect();
        let apart = self.keys.iter().flat_map(|(_, _, model)| model.pieces());
        apart.filter(|(place, _)| known.insert(*place)).map(|(_, rows)| rows).sum()
    }
}
