//! [`Toasts`]: notices that go away by themselves, and are kept to be read again.
//!
//! **Invariant:** they last by the clock of the person who reads them: in a recording, and in a story that runs faster,
//! as long as anywhere else.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::App;
use super::screen::Mode;
use crate::command::Command;
use crate::limits;
use crate::model::meta::Time;
use crate::text::{fit, number, width};

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Good,
    /// Something to know.
    Neutral,
    /// It did not work.
    Bad,
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// What it says.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    /// How often it was said while it was to be seen.
    pub count: u32,
    /// When it was said last.
    pub at: Time,
    /// When it goes away.
    pub until: Time,
}

/// Bytes that are read in four seconds.
const LINE: i64 = 80;

/// Fewer cells than these say nothing.
const FEWEST: u16 = 24;

/// The notices of this session, the youngest last.
#[derive(Debug, Default)]
pub struct Toasts {
    said: VecDeque<Toast>,
    /// What the machine's clock shows, where what is looked at has a clock of its own.
    pub(super) wall: Option<Time>,
    /// How fast the clock runs, where it is a story's.
    pub(super) pace: Option<f64>,
}

impl Toast {
    /// What it says, and how often that was said.
    pub(super) fn words(&self) -> String {
        match self.count {
            0 | 1 => self.text.clone(),
            count => format!("{} ×{}", self.text, number(count as usize)),
        }
    }
}

impl Toasts {
    /// Shows a notice: bad ones for eight seconds, others for four; one that takes more than a line, longer. One that is
    /// still to be seen is counted.
    pub fn show(&mut self, text: impl Into<String>, tone: Tone, now: Time) {
        let (text, at) = (text.into(), self.wall.unwrap_or(now));
        let seconds = if tone == Tone::Bad { 8 } else { 4 } + text.len() as i64 / LINE * 4;
        let until = at + self.lasting(TimeDelta::seconds(seconds));
        let same = self.said.iter().position(|it| it.until > at && it.tone == tone && it.text == text);
        let count = same.and_then(|place| self.said.remove(place)).map_or(1, |it| it.count.saturating_add(1));
        if self.said.len() == limits::TOASTS {
            self.said.pop_front();
        }
        self.said.push_back(Toast { text, tone, count, at, until });
    }

    /// How long something lasts by this clock that is to last so long for a person.
    pub(super) fn lasting(&self, length: TimeDelta) -> TimeDelta {
        let Some(pace) = self.pace else { return length };
        TimeDelta::milliseconds((length.num_milliseconds() as f64 * pace.clamp(1e-3, 1e6)) as i64)
    }

    /// The notices that are still to be seen, the youngest first.
    pub fn at(&self, wall: Time) -> impl Iterator<Item = &Toast> {
        self.said.iter().rev().filter(move |toast| toast.until > wall)
    }

    /// Takes those away that are to be seen: they are of another moment.
    pub(super) fn dismiss(&mut self) {
        self.said.iter_mut().for_each(|toast| toast.until = toast.at);
    }

    /// All of them, the youngest first.
    pub(super) fn said(&self) -> impl Iterator<Item = &Toast> {
        self.said.iter().rev()
    }
}

/// The youngest notice, as the last line shows it at its right end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says, cut to what there is room for.
    pub text: String,
    /// How many more there are, and the key that shows all.
    pub more: String,
    /// How it is meant.
    pub tone: Tone,
    /// Cells that it takes.
    pub cells: u16,
    /// When it goes away.
    pub until: Time,
}

impl App {
    /// What the machine's clock shows: what is for the person's eyes alone lasts by it.
    pub fn wall(&self, now: Time) -> Time {
        self.toasts.wall.unwrap_or(now)
    }

    /// How fast the clock runs that the program is given: 1 for the machine's own.
    pub const fn keep_pace(&mut self, speed: f64) {
        self.toasts.pace = Some(speed);
    }

    /// When a notice or the mark of a change ends by the machine's clock, while what is looked at has another one.
    pub fn lapses(&self) -> Option<Time> {
        let wall = self.toasts.wall?;
        let marks = self.ui.flashes.values().chain(self.ui.changed.values()).copied();
        self.toasts.at(wall).map(|toast| toast.until).chain(marks).filter(|until| *until > wall).min()
    }

    /// The notice in the last line, where nothing is asked or typed there. It covers no row: keys that it leaves no room
    /// for come back when it goes.
    pub fn notice(&self, now: Time) -> Option<Notice> {
        matches!(self.ui.mode, Mode::Normal).then(|| self.notice_within(now, self.ui.areas().footer.width))?
    }

    /// The notice in so many cells of the last line: beside what is asked or typed there.
    pub fn notice_within(&self, now: Time, cells: u16) -> Option<Notice> {
        let mut seen = self.toasts.at(self.wall(now));
        let (toast, others) = (seen.next()?, seen.count());
        let room = cells.saturating_sub(1);
        if room < FEWEST {
            return None;
        }
        let words = toast.words();
        let key = self.keymap.key_of(Command::Messages).map(|key| format!("{key} all ")).unwrap_or_default();
        let more = match others {
            0 if width(&words) + 2 <= usize::from(room) => String::new(),
            0 => format!(" {key}"),
            others => format!(" +{others}  {key}"),
        };
        let words = fit(&words, usize::from(room).saturating_sub(width(&more) + 2)).into_owned();
        let cells = (width(&words) + width(&more) + 2) as u16;
        Some(Notice { text: words, more, tone: toast.tone, cells, until: toast.until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: i64) -> Time {
        Time::UNIX_EPOCH + TimeDelta::seconds(n)
    }

    #[test]
    fn the_same_is_said_once_and_counted_and_nothing_is_lost() {
        let mut toasts = Toasts::default();
        toasts.show("no request waits", Tone::Bad, seconds(0));
        toasts.show("copied", Tone::Good, seconds(1));
        toasts.show("no request waits", Tone::Bad, seconds(2));
        let seen: Vec<(&str, u32)> = toasts.at(seconds(3)).map(|it| (it.text.as_str(), it.count)).collect();
        assert_eq!(seen, [("no request waits", 2), ("copied", 1)]);
        assert_eq!(toasts.at(seconds(11)).count(), 0);
        toasts.show("copied", Tone::Good, seconds(20));
        assert_eq!(toasts.said().count(), 3, "what is over can still be read, and begins anew");
        for n in 0..2 * limits::TOASTS as i64 {
            toasts.show(n.to_string(), Tone::Neutral, seconds(n));
        }
        assert_eq!(toasts.said().count(), limits::TOASTS);
    }

    #[test]
    fn a_notice_lasts_for_the_person_whatever_the_clock_does() {
        let mut toasts = Toasts { pace: Some(10.0), ..Toasts::default() };
        toasts.show("copied", Tone::Good, seconds(0));
        assert_eq!(toasts.at(seconds(39)).count(), 1, "four seconds of a story ten times as fast");
        assert_eq!(toasts.at(seconds(40)).count(), 0);
        let mut toasts = Toasts { wall: Some(seconds(1_000)), ..Toasts::default() };
        toasts.show("copied", Tone::Good, seconds(0));
        assert_eq!(toasts.at(seconds(1_003)).count(), 1, "not by the recording's clock");
    }
}
