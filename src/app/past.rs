//! [`Past`]: the recording that is played, or what was watched lately, and where in it one is.

pub mod bar;
mod index;
mod lately;

use chrono::TimeDelta;

use super::App;
use super::tape::{Playhead, Tape};
use super::toast::Tone;
use super::way::Way;
use crate::model::id::ObjectKey;
use crate::model::meta::Time;
use crate::text::count;
use crate::triage::verdict::Verdict;

pub use self::lately::Present;

/// The speeds that can be chosen.
const SPEEDS: [f64; 9] = [0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0];

/// Into how many steps the keys cut a recording.
const STEPS: i32 = 60;

/// A recording, or what was watched lately, and where in it one is.
#[derive(Debug, Default)]
pub struct Past {
    /// What was recorded.
    pub tape: Tape,
    /// Where one is; `None` where no recording is played.
    pub head: Option<Playhead>,
    /// When verdicts changed, and to what.
    marks: Vec<(Time, Verdict)>,
    /// Whose they were, one for each.
    whose: Vec<ObjectKey>,
    /// When the first Certificate of a recording comes.
    first: Option<Time>,
    /// How many batches the model has taken in.
    applied: usize,
    /// What the machine's clock showed last.
    wall: Option<Time>,
    /// How things are now, while a moment before it is shown of something that is watched.
    present: Option<Box<Present>>,
    /// The verdicts of now.
    verdicts: lately::Verdicts,
}

impl Past {
    /// When verdicts changed, and to what.
    pub fn marks(&self) -> &[(Time, Verdict)] {
        &self.marks
    }

    /// When the first Certificate of a recording comes.
    pub const fn first_certificate(&self) -> Option<Time> {
        self.first
    }

    /// The first and the last moment that can be shown. `None` where there is nothing.
    pub fn range(&self) -> Option<(Time, Time)> {
        let (begin, end) = self.tape.range()?;
        Some((begin, if self.present.is_some() { self.wall.map_or(end, |wall| wall.max(end)) } else { end }))
    }

    /// The moment that is shown, where that is not now.
    pub(super) fn moment(&self) -> Option<Time> {
        self.head.zip(self.wall).map(|(head, wall)| head.now(wall, self.end()))
    }

    fn end(&self) -> Time {
        self.range().map_or(Time::MAX_UTC, |(_, end)| end)
    }
}

impl App {
    /// Notes what the machine's clock shows, and tells what time it is for the person who looks: of the recording, where
    /// one is played.
    pub fn note_wall(&mut self, wall: Time) -> Time {
        (self.past.wall, self.toasts.wall) = (Some(wall), self.past.head.map(|_| wall));
        self.past.head.map_or(wall, |head| head.now(wall, self.past.end()))
    }

    /// When the machine's clock shows that a moment has come; `None` for never, as things stand.
    pub fn wall_of(&self, moment: Time) -> Option<Time> {
        self.past.head.map_or(Some(moment), |head| head.wall_of(moment, self.past.end()))
    }

    /// Lets a recording run from its beginning, or from a moment.
    pub(super) fn play(&mut self, tape: Tape, from: Option<Time>, speed: f64, wall: Time) {
        self.past = Past { tape, wall: Some(wall), ..Past::default() };
        self.past.index();
        if let Some((begin, end)) = self.past.tape.range() {
            let at = from.unwrap_or(begin).clamp(begin, end);
            self.past.head = Some(Playhead::new(at, wall, speed));
            self.show(at);
        }
    }

    /// Shows a moment of the recording.
    fn show(&mut self, at: Time) {
        (self.model, self.past.applied) = (self.past.tape.model(at), self.past.tape.count(at));
        self.forget_derived();
    }

    /// Takes in what comes until a moment, as the recording runs.
    pub(super) fn roll(&mut self, now: Time) {
        let Some(head) = self.past.head else { return };
        if self.looks_back() && !head.paused && self.past.wall.is_some_and(|wall| now >= wall) {
            return self.come_back(now);
        }
        if self.past.applied < self.past.tape.gone() {
            // What would come next was let go of meanwhile.
            return self.show(now);
        }
        let count = self.past.tape.count(now);
        for batch in self.past.tape.between(self.past.applied, count) {
            self.model.apply(batch.clone());
        }
        self.past.applied = self.past.applied.max(count);
    }

    /// When more comes.
    pub(super) fn rolls_on(&self) -> Option<Time> {
        self.past.head.filter(|head| !head.paused).and_then(|_| self.past.tape.time_of(self.past.applied))
    }

    /// To the end; of what is watched, to now.
    pub(super) fn show_latest(&mut self, now: Time) {
        if self.looks_back() { self.come_back(now) } else { self.seek(Time::MAX_UTC, now) }
    }

    fn place_head(&mut self, at: Time, head: Playhead) {
        self.past.head = Some(head.placed(at, self.past.wall.unwrap_or(at)));
    }

    /// Goes to a moment and stays there.
    pub fn seek(&mut self, at: Time, now: Time) {
        let Some((mut head, (begin, end))) = self.past.head.zip(self.past.range()) else {
            return self.toasts.show("no recording is played here", Tone::Neutral, now);
        };
        let at = at.clamp(begin, end);
        head.paused = true;
        self.place_head(at, head);
        self.show(at);
    }

    /// Stands still, or goes on.
    pub(super) fn pause(&mut self, now: Time) {
        match self.past.head {
            None => self.seek(now, now),
            Some(mut head) => {
                head.paused = !head.paused;
                self.place_head(now, head);
            }
        }
    }

    /// To the next change of a verdict, or the one before; where there is none, to the end or to the beginning.
    pub(super) fn step_change(&mut self, way: Way, now: Time) {
        let marks = &self.past.marks;
        let at = match way {
            Way::On => {
                let next = marks.get(marks.partition_point(|(at, _)| *at <= now)).map(|(at, _)| *at);
                // Before there is any Certificate, the first one is what changes.
                let first = self.past.first.filter(|first| *first > now);
                next.into_iter().chain(first).min().unwrap_or(Time::MAX_UTC)
            }
            Way::Back => {
                let before = marks.partition_point(|(at, _)| *at < now).checked_sub(1);
                before.and_then(|place| marks.get(place)).map_or(Time::MIN_UTC, |(at, _)| *at)
            }
        };
        self.seek(at, now);
        self.tell_changes(at);
    }

    /// Says which verdicts changed at a moment.
    fn tell_changes(&mut self, at: Time) {
        let marks = self.past.marks.iter().zip(&self.past.whose).filter(|((when, _), _)| *when == at);
        let mut told = marks.map(|((_, verdict), key)| format!("{}/{} {}", key.namespace, key.name, verdict.told()));
        if let Some(first) = told.next() {
            let others = told.count();
            let more = if others > 0 { format!(", and {}", count(others, "more change")) } else { String::new() };
            self.toasts.show(format!("{first}{more}"), Tone::Neutral, at);
        }
    }

    /// Some sixtieths of the whole earlier or later.
    pub(super) fn scrub(&mut self, steps: i32, now: Time) {
        let whole = self.past.range().map_or_else(TimeDelta::zero, |(begin, end)| end - begin);
        let step = (whole / STEPS).max(TimeDelta::seconds(1));
        self.seek(now.checked_add_signed(step * steps).unwrap_or(now), now);
    }

    /// Faster or slower.
    pub(super) fn change_speed(&mut self, by: isize, now: Time) {
        let Some(mut head) = self.past.head else { return self.seek(now, now) };
        let here = SPEEDS.iter().position(|speed| *speed >= head.speed).unwrap_or(SPEEDS.len() - 1);
        head.speed = SPEEDS.get(here.saturating_add_signed(by).min(SPEEDS.len() - 1)).copied().unwrap_or(1.0);
        self.place_head(now, head);
        self.toasts.dismiss();
        self.toasts.show(format!("{}x", head.speed), Tone::Neutral, now);
    }
}
