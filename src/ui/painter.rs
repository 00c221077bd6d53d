//! [`Painter`]: puts text into the buffer, and remembers when what it put there will read differently.

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;
use crate::app::areas::Area;
use crate::model::meta::Time;
use crate::text::{ascii, fit, grows_for, shrinks_for, span, width};
use crate::theme::Role;
use crate::theme::glyphs::Glyphs;

/// A brush.
pub(super) struct Painter<'a> {
    buffer: &'a mut Buffer,
    look: &'a Look,
    /// The moment that is painted.
    pub(super) now: Time,
    /// What the machine's clock shows then: the same but in a recording.
    wall: Time,
    until: Option<Time>,
}

impl<'a> Painter<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, look: &'a Look, (now, wall): (Time, Time)) -> Self {
        if let Some(floor) = look.theme.floor() {
            let ink = look.theme.style(Role::Text).fg;
            buffer.set_style(buffer.area, Style { fg: ink, ..Style::new().bg(floor) });
        }
        Self { buffer, look, now, wall, until: None }
    }

    /// When the picture changes by itself.
    pub(super) fn until(&self) -> Option<Time> {
        self.until
    }

    pub(super) fn glyphs(&self) -> &'a Glyphs {
        &self.look.glyphs
    }

    pub(super) fn style(&self, role: Role) -> Style {
        self.look.theme.style(role)
    }

    /// Remembers that something changes at a moment.
    pub(super) fn changes_at(&mut self, moment: Time) {
        if moment > self.now {
            self.until = Some(self.until.map_or(moment, |until| until.min(moment)));
        }
    }

    /// Whether something is still to be seen that is for the person's eyes alone, and lasts by the machine's clock.
    pub(super) fn shows_until(&mut self, until: Time) -> bool {
        if self.wall == self.now {
            self.changes_at(until);
        }
        until > self.wall
    }

    fn changes_in(&mut self, length: TimeDelta) {
        if let Some(moment) = self.now.checked_add_signed(length) {
            self.changes_at(moment);
        }
    }

    /// Puts text at a cell, at most `room` cells of it; returns the column after it.
    pub(super) fn put(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) -> u16 {
        let bounds = self.buffer.area;
        if y >= bounds.bottom() || x >= bounds.right() || room == 0 {
            return x;
        }
        let room = room.min(bounds.right() - x);
        let mut text = fit(text, usize::from(room));
        if self.look.glyphs.is_ascii() {
            // What the core says has signs too, and what the cluster says may be of any script.
            text = ascii(&text).into_owned().into();
        }
        self.buffer.set_stringn(x, y, &*text, usize::from(room), self.look.theme.style(role)).0
    }

    /// Puts text at the right end of `room` cells that begin at `x`.
    pub(super) fn put_right(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) {
        let used = width(text).min(usize::from(room)) as u16;
        self.put(x + room - used, y, used, text, role);
    }

    /// Lays a role under what is already painted.
    pub(super) fn underlay(&mut self, area: Area, role: Role) {
        let rect = Rect::new(area.x, area.y, area.width, area.height).intersection(self.buffer.area);
        let style = self.style(role);
        self.buffer.set_style(rect, style);
    }

    /// Empties an area.
    pub(super) fn clear(&mut self, area: Area) {
        let rect = Rect::new(area.x, area.y, area.width, area.height).intersection(self.buffer.area);
        for position in rect.positions() {
            self.buffer[position].reset();
            self.buffer[position]
                .set_style(self.look.theme.floor().map_or(Style::new(), |floor| Style::new().bg(floor)));
        }
    }

    /// A horizontal line.
    pub(super) fn rule(&mut self, area: Area, role: Role) {
        let line = self.look.glyphs.rule.repeat(usize::from(area.width));
        self.put(area.x, area.y, area.width, &line, role);
    }

    /// A vertical line that hangs from the horizontal one at row `top`.
    pub(super) fn bar(&mut self, area: Area, top: u16, role: Role) {
        let glyphs = self.glyphs();
        self.put(area.x, top, 1, glyphs.tee_down, Role::Rule);
        for y in area.y..area.y + area.height {
            self.put(area.x, y, 1, glyphs.bar, role);
        }
    }

    /// Where a vertical line ends in a horizontal one.
    pub(super) fn joint(&mut self, x: u16, y: u16) {
        self.put(x, y, 1, self.glyphs().tee_up, Role::Rule);
    }

    /// How long ago a moment was: `4m12s`. A moment that is yet to come reads as 0 s.
    pub(super) fn ago(&mut self, moment: Time) -> String {
        let age = self.now - moment;
        if age < TimeDelta::zero() {
            self.changes_at(moment);
            return span(TimeDelta::zero());
        }
        self.changes_in(grows_for(age));
        span(age)
    }

    /// How long until a moment: `in 54m`; `now` once it came.
    pub(super) fn ahead(&mut self, moment: Time) -> String {
        let left = moment - self.now;
        if left <= TimeDelta::zero() {
            return "now".to_owned();
        }
        self.changes_in(shrinks_for(left));
        format!("in {}", span(left))
    }

    /// How long something lasts: `6d 02h`, or `−2d 03h` when it is over.
    pub(super) fn lasts(&mut self, end: Time) -> String {
        let left = end - self.now;
        if left > TimeDelta::zero() {
            self.changes_in(shrinks_for(left));
            span(left)
        } else {
            let over = TimeDelta::zero() - left;
            self.changes_in(grows_for(over));
            format!("{}{}", self.glyphs().minus, span(over))
        }
    }

    /// A moment on the wall clock: `2026-11-22 16:58:29`.
    pub(super) fn stamp(&self, moment: Time) -> String {
        moment.with_timezone(&self.look.offset).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The day: `Nov 22`.
    pub(super) fn date(&self, moment: Time) -> String {
        moment.with_timezone(&self.look.offset).format("%b %d").to_string()
    }

    /// The time of day, with the day where that is another one than today: `16:58:29`, `Nov 22 16:58:29`.
    pub(super) fn moment(&self, moment: Time) -> String {
        let clock = self.clock(moment);
        if self.is_today(moment) { clock } else { format!("{} {clock}", self.date(moment)) }
    }

    fn is_today(&self, moment: Time) -> bool {
        (self.now - moment).num_hours().abs() < 24 && self.date(moment) == self.date(self.now)
    }

    /// The same in twelve cells, for lists that are read by the hour, or by the day: `16:58:29.120`, `Nov 22 16:58`.
    pub(super) fn exact_moment(&self, moment: Time) -> String {
        let there = moment.with_timezone(&self.look.offset);
        there.format(if self.is_today(moment) { "%H:%M:%S%.3f" } else { "%b %d %H:%M" }).to_string()
    }

    /// The time of day: `16:58:29`.
    pub(super) fn clock(&self, moment: Time) -> String {
        moment.with_timezone(&self.look.offset).format("%H:%M:%S").to_string()
    }
}
