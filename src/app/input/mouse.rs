//! What the mouse does.

use crate::app::App;
use crate::app::effect::Effect;
use crate::app::kinds::field::{self, Field};
use crate::app::message::{Mouse, MouseAction};
use crate::app::page::horizon;
use crate::app::page::logs;
use crate::app::screen::{Mode, Pane, Screen};
use crate::app::table::column::{Column, GUTTER};
use crate::command::Command;
use crate::keymap::chord::{Chord, Key};
use crate::model::meta::Time;

/// Rows that one notch of the wheel moves.
const NOTCH: isize = 3;

impl App {
    pub(in crate::app) fn mouse(&mut self, mouse: Mouse, now: Time) -> Vec<Effect> {
        match (&self.ui.mode, mouse.what) {
            (Mode::Normal, _) => {}
            (mode, MouseAction::Click) if mode.is_menu() => return self.click_menu(mouse, now),
            (mode, what) if mode.is_menu() || matches!(mode, Mode::Action(_)) => match what {
                MouseAction::WheelUp => return self.key(Chord::plain(Key::Up), now),
                MouseAction::WheelDown => return self.key(Chord::plain(Key::Down), now),
                MouseAction::Click => return Vec::new(),
            },
            _ => return Vec::new(),
        }
        match mouse.what {
            MouseAction::WheelUp => self.wheel(mouse, -NOTCH, now),
            MouseAction::WheelDown => self.wheel(mouse, NOTCH, now),
            MouseAction::Click => return self.click(mouse, now),
        }
        Vec::new()
    }

    /// A click on a row of a menu takes it; one beside the menu closes it.
    fn click_menu(&mut self, mouse: Mouse, now: Time) -> Vec<Effect> {
        let row = self.menu_row(mouse.x, mouse.y);
        match (&mut self.ui.mode, row) {
            (Mode::Namespaces(view) | Mode::Contexts { view, .. } | Mode::Remedies(view), Some(row)) => {
                view.cursor = row;
            }
            _ => {
                self.ui.mode = Mode::Normal;
                return Vec::new();
            }
        }
        self.key(Chord::plain(Key::Enter), now)
    }

    fn wheel(&mut self, mouse: Mouse, by: isize, now: Time) {
        let areas = self.ui.areas();
        let over_tree = areas.tree.holds(mouse.x, mouse.y) || self.ui.screen() == Screen::Tree;
        if let (Screen::Kind(kind), true) = (self.ui.screen(), areas.main.holds(mouse.x, mouse.y)) {
            self.ui.pane = Pane::Table;
            self.scroll_rows(kind, by, now);
        } else if self.ui.screen() == Screen::Causes && areas.main.holds(mouse.x, mouse.y) {
            self.ui.pane = Pane::Table;
            self.step(by, now);
        } else if over_tree {
            self.ui.tree.scroll(by, self.outline.rows().len());
            self.follow_node();
        } else if self.ui.screen() == Screen::Home && !areas.detail.holds(mouse.x, mouse.y) {
            self.ui.table.scroll(by, self.roster.rows().len());
            self.follow(now);
        } else {
            let pane = std::mem::replace(&mut self.ui.pane, Pane::Detail);
            self.step(by, now);
            self.ui.pane = pane;
        }
    }

    fn click(&mut self, mouse: Mouse, now: Time) -> Vec<Effect> {
        let areas = self.ui.areas();
        if areas.footer.holds(mouse.x, mouse.y) {
            let hints = self.hints(now);
            let hint = hints.into_iter().find(|hint| (hint.x..hint.x + hint.cells).contains(&mouse.x));
            return hint.map(|hint| self.run(hint.command, now)).unwrap_or_default();
        }
        if areas.header.holds(mouse.x, mouse.y) {
            return self.click_headline(mouse.x, now);
        }
        if areas.summary.holds(mouse.x, mouse.y) {
            return self.click_tally(mouse.x, now);
        }
        if self.click_bar(mouse.x, mouse.y, now) {
            return Vec::new();
        }
        match self.ui.screen() {
            Screen::Home if areas.main.holds(mouse.x, mouse.y) => {
                let row = self.ui.table.offset + usize::from(mouse.y - areas.main.y);
                let again = self.ui.pane == Pane::Table && row == self.ui.table.cursor && self.ui.selected.is_some();
                self.ui.pane = Pane::Table;
                if again {
                    return self.run(Command::Open, now);
                } else if row < self.roster.rows().len() {
                    self.ui.table.cursor = row;
                    self.follow(now);
                }
            }
            Screen::Home if areas.heads.holds(mouse.x, mouse.y) => {
                let column = self.certificate_plan(areas.heads.width).at(GUTTER, mouse.x);
                if let Some(column) = column.filter(Column::sorts) {
                    self.sort_by(column, now);
                }
            }
            Screen::Home if areas.tree.holds(mouse.x, mouse.y) => {
                self.ui.pane = Pane::Tree;
                self.click_node(usize::from(mouse.y - areas.tree.y), now);
            }
            Screen::Home if areas.detail.holds(mouse.x, mouse.y) => self.ui.pane = Pane::Detail,
            Screen::Home if areas.events.holds(mouse.x, mouse.y) => {
                return self.run(Command::Events, now);
            }
            Screen::Kind(kind) if areas.main.holds(mouse.x, mouse.y) => {
                self.ui.pane = Pane::Table;
                self.click_row(kind, usize::from(mouse.y - areas.main.y), now);
            }
            Screen::Kind(kind) if areas.heads.holds(mouse.x, mouse.y) => {
                let field = self.kind_plan(kind, areas.heads.width).at(field::GUTTER, mouse.x);
                if let Some(field) = field.filter(Field::sorts) {
                    self.sort_rows_by(kind, field, now);
                }
            }
            Screen::Kind(_) | Screen::Causes if areas.detail.holds(mouse.x, mouse.y) => self.ui.pane = Pane::Detail,
            Screen::Tree if areas.main.holds(mouse.x, mouse.y) => {
                self.click_node(usize::from(mouse.y - areas.main.y), now);
            }
            _ => return self.click_list(mouse, now),
        }
        Vec::new()
    }

    /// A click on a row of a list selects it; a second one opens it.
    fn click_list(&mut self, mouse: Mouse, now: Time) -> Vec<Effect> {
        let main = self.ui.areas().main;
        let (area, view, rows) = match self.ui.screen() {
            Screen::Causes => (main, self.causes_page.view, self.causes_page.rows.len()),
            Screen::Timeline => (self.timeline_areas(main).1, self.timeline.view, self.timeline.len()),
            Screen::Logs => (logs::log_areas(main).0, self.logs.view, self.logs.len()),
            Screen::Horizon => (horizon::lines_area(main), self.horizon.view, self.horizon.horizon.lines.len()),
            _ => return Vec::new(),
        };
        if !area.holds(mouse.x, mouse.y) {
            return Vec::new();
        }
        self.ui.pane = Pane::Table;
        let row = view.offset + usize::from(mouse.y - area.y);
        if row == view.cursor {
            return self.run(Command::Open, now);
        }
        if row < rows {
            self.step(row as isize - view.cursor as isize, now);
        }
        Vec::new()
    }

    /// A click selects a node; a second one opens or closes it.
    fn click_node(&mut self, row: usize, now: Time) {
        let row = self.ui.tree.offset + row;
        if row >= self.outline.rows().len() {
            return;
        }
        let again = row == self.ui.tree.cursor;
        self.ui.tree.cursor = row;
        self.follow_node();
        if again {
            self.toggle(now);
        }
    }
}
