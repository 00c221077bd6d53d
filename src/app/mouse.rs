//! What the mouse does.

use super::App;
use super::column::Column;
use super::effect::Effect;
use super::message::{Mouse, MouseAction};
use super::ui_state::{Mode, Pane, Screen};
use crate::model::meta::Time;

/// Rows that one notch of the wheel moves.
const NOTCH: isize = 3;

impl App {
    pub(super) fn mouse(&mut self, mouse: Mouse, now: Time) -> Vec<Effect> {
        if let Mode::Namespaces(view) = &mut self.ui.mode {
            match mouse.what {
                MouseAction::WheelUp => view.cursor = view.cursor.saturating_sub(1),
                MouseAction::WheelDown => view.cursor += 1,
                MouseAction::Click => self.ui.mode = Mode::Normal,
            }
            return Vec::new();
        }
        if let Mode::Contexts { names, view } = &mut self.ui.mode {
            match mouse.what {
                MouseAction::WheelUp => view.step(-1, names.len()),
                MouseAction::WheelDown => view.step(1, names.len()),
                MouseAction::Click => self.ui.mode = Mode::Normal,
            }
            return Vec::new();
        }
        if self.ui.mode != Mode::Normal {
            return Vec::new();
        }
        match mouse.what {
            MouseAction::WheelUp => self.wheel(mouse, -NOTCH, now),
            MouseAction::WheelDown => self.wheel(mouse, NOTCH, now),
            MouseAction::Click => self.click(mouse, now),
        }
        Vec::new()
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

    fn click(&mut self, mouse: Mouse, now: Time) {
        let areas = self.ui.areas();
        match self.ui.screen() {
            Screen::Home if areas.main.holds(mouse.x, mouse.y) => {
                let row = self.ui.table.offset + usize::from(mouse.y - areas.main.y);
                let again = self.ui.pane == Pane::Table && row == self.ui.table.cursor && self.ui.selected.is_some();
                self.ui.pane = Pane::Table;
                if again {
                    self.run(crate::command::Command::Open, now);
                } else if row < self.roster.rows().len() {
                    self.ui.table.cursor = row;
                    self.follow(now);
                }
            }
            Screen::Home if areas.heads.holds(mouse.x, mouse.y) => {
                let column = super::columns::at(self.certificate_plan(areas.heads.width), mouse.x);
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
                self.run(crate::command::Command::Events, now);
            }
            Screen::Causes if areas.main.holds(mouse.x, mouse.y) => {
                let row = self.ailments.view.offset + usize::from(mouse.y - areas.main.y);
                self.ui.pane = Pane::Table;
                self.step(row as isize - self.ailments.view.cursor as isize, now);
            }
            Screen::Kind(kind) if areas.main.holds(mouse.x, mouse.y) => {
                self.ui.pane = Pane::Table;
                self.click_row(kind, usize::from(mouse.y - areas.main.y), now);
            }
            Screen::Kind(kind) if areas.heads.holds(mouse.x, mouse.y) => {
                let field = super::columns::at(self.kind_plan(kind, areas.heads.width), mouse.x);
                if let Some(field) = field.filter(super::kinds::field::Field::sorts) {
                    self.sort_rows_by(kind, field, now);
                }
            }
            Screen::Kind(_) if areas.detail.holds(mouse.x, mouse.y) => self.ui.pane = Pane::Detail,
            Screen::Tree if areas.main.holds(mouse.x, mouse.y) => {
                self.click_node(usize::from(mouse.y - areas.main.y), now);
            }
            _ => {}
        }
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
