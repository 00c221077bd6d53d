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
            self.uncounted += weight(batch);
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
            let next = *next;
            self.count_apart(model);
            let too_much = self.weight > limits::LIVE_NEWS || self.apart > limits::LIVE_ROWS;
            if !old(next) && !too_much {
                return;
            }
            self.cut = too_much;
            self.let_go();
            self.uncounted = limits::LIVE_LOOK;
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

    /// Counts what is kept and not of the present, when enough has come since that was counted: it looks at every piece of
    /// every moment.
    fn count_apart(&mut self, present: &Model) {
        if self.uncounted >= limits::LIVE_LOOK {
            (self.apart, self.uncounted) = (self.rows_apart(present), 0);
        }
    }

    /// How many rows are kept that the present does not have any more.
    fn rows_apart(&self, present: &Model) -> usize {
        let mut known: HashSet<usize> = present.pieces().map(|(place, _)| place).collect();
        let apart = self.keys.iter().flat_map(|(_, _, model)| model.pieces());
        apart.filter(|(place, _)| known.insert(*place)).map(|(_, rows)| rows).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::feed::FeedKey;
    use crate::model::kind::Kind;
    use crate::wire::kinds::Certificate;

    /// A change of one of some Certificates.
    fn change(n: usize, version: usize) -> Batch {
        let text = format!(
            r#"{{"metadata":{{"name":"n{n}","namespace":"shop","uid":"{n:08x}-0000-4000-8000-000000000001",
            "resourceVersion":"{version}"}},"spec":{{"secretName":"s"}}}}"#
        );
        let mut batch = crate::project::row_batch::RowBatch::default();
        let read: Certificate = serde_json::from_str(&text).unwrap();
        crate::project::Project::upsert(read, &mut crate::project::Projector::default(), &mut batch);
        let objects = batch.take().into_iter().next().unwrap();
        Batch { at: Time::UNIX_EPOCH, feed: FeedKey::cluster(Kind::Certificate), news: News::Objects(objects) }
    }

    #[test]
    fn what_is_kept_is_counted_when_enough_has_come_and_not_before_each_frame() {
        let (mut tape, mut model, mut now) = (Tape::default(), Model::default(), Time::UNIX_EPOCH);
        for n in 0..1_000 {
            model.apply(change(n, 0));
        }
        (tape.since, tape.kept_at) = (Some(now), now);
        tape.keys = vec![(0, now, model.clone())];
        for round in 1..=6 {
            now += EVERY;
            for n in 0..limits::LIVE_LOOK / 2 {
                let batch = change(n * 7, round);
                tape.take_down(&batch);
                model.apply(batch);
            }
            let before = tape.apart;
            tape.keep_up(&model, now, false);
            let looked = round % 2 == 0;
            assert_eq!(tape.apart != before, looked, "{round}: {before} and {}", tape.apart);
            if looked {
                assert_eq!(tape.apart, tape.rows_apart(&model), "{round}");
            }
        }
    }
}
