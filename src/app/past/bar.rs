//! [`Bar`]: where the bar over a recording lies, and which moment stands where: paint and mouse use the same one.

use chrono::TimeDelta;

use crate::app::App;
use crate::app::areas::Area;
use crate::model::meta::Time;
use crate::text::width;

/// Cells of a time of day.
const CLOCK: u16 = 8;

/// The bar over a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Its line, with the times of day beside it.
    pub line: Area,
    /// The bar itself.
    pub bar: Area,
    /// Its ends.
    pub ends: (Time, Time),
    /// How it goes on, in a word.
    pub state: String,
}

impl App {
    /// Whether the line below the header has something to say: that nothing is heard, or what is down.
    pub fn has_banner(&self) -> bool {
        self.outage.is_some() || self.model.feeds.deaf_since().is_some()
    }

    /// The bar below the header, where there is room. The banner keeps the left half.
    pub fn bar(&self, now: Time) -> Option<Bar> {
        let (head, (begin, end)) = self.past.head.zip(self.past.tape.range())?;
        let line = self.ui.areas().rules[0];
        let left = if self.has_banner() { line.width / 2 } else { 0 };
        let line = Area { x: line.x + left, width: line.width - left, ..line };
        let end = end.max(now);
        let state = if self.looks_back() {
            if head.paused { "looking back".to_owned() } else { format!("looking back {}x", head.speed) }
        } else if now >= end {
            "the end".to_owned()
        } else if head.paused {
            "paused".to_owned()
        } else {
            format!("{}x", head.speed)
        };
        let (start, tail) = (line.x + CLOCK + 3, CLOCK + width(&state) as u16 + 4);
        let edge = line.x + line.width;
        let room = line.height > 0 && start + tail + 8 <= edge;
        let bar = || Area { x: start, width: edge - start - tail, ..line };
        room.then(|| Bar { line, bar: bar(), ends: (begin, end), state })
    }

    /// Goes to the moment at a cell of the bar; false where the bar is not.
    pub(in crate::app) fn click_bar(&mut self, x: u16, y: u16, now: Time) -> bool {
        let Some(bar) = self.bar(now).filter(|bar| bar.bar.holds(x, y)) else { return false };
        self.seek(bar.at(x), now);
        true
    }
}

impl Bar {
    fn whole(&self) -> i64 {
        (self.ends.1 - self.ends.0).num_milliseconds().max(1)
    }

    /// The column of a moment.
    pub fn cell(&self, at: Time) -> u16 {
        let passed = (at - self.ends.0).num_milliseconds().clamp(0, self.whole());
        self.bar.x + (passed * i64::from(self.bar.width - 1) / self.whole()) as u16
    }

    /// The first moment of a column.
    pub fn at(&self, x: u16) -> Time {
        let (cells, cell) = (i64::from(self.bar.width - 1).max(1), i64::from(x - self.bar.x));
        self.ends.0 + TimeDelta::milliseconds((self.whole() * cell + cells - 1) / cells)
    }
}
