//! Moving: by rows and pages in what has the focus, along a tree, from pane to pane.

use crate::app::App;
use crate::app::screen::{Pane, Screen};
use crate::app::viewport::Viewport;
use crate::model::meta::Time;

impl App {
    pub(in crate::app) fn page(&self) -> isize {
        let height = match (self.ui.screen(), self.ui.pane) {
            (Screen::Home, Pane::Table) => self.ui.table.height,
            (Screen::Causes, pane) if pane != Pane::Detail => self.causes_page.view.height,
            (Screen::Kind(kind), pane) if pane != Pane::Detail => {
                self.kinds.table(kind).map_or(0, |table| table.view.height)
            }
            (Screen::Home, Pane::Tree) | (Screen::Tree, _) => self.ui.tree.height,
            (Screen::Timeline, _) => self.timeline.view.height,
            (Screen::Logs, _) => self.logs.view.height,
            (Screen::Horizon, _) => self.horizon.view.height,
            _ => self.ui.text.height,
        };
        height.saturating_sub(1).max(1) as isize
    }

    pub(in crate::app) fn step(&mut self, by: isize, now: Time) {
        match (self.ui.screen(), self.ui.pane) {
            (Screen::Home, Pane::Table) => {
                self.ui.table.step(by, self.roster.rows().len());
                self.follow(now);
            }
            (Screen::Causes, pane) if pane != Pane::Detail => {
                self.causes_page.view.step(by, self.causes_page.rows.len());
                self.ui.text = Viewport::default();
                self.fit();
            }
            (Screen::Kind(kind), pane) if pane != Pane::Detail => self.step_row(kind, by, now),
            (Screen::Home, Pane::Tree) | (Screen::Tree, _) => {
                self.ui.tree.step(by, self.outline.rows().len());
                self.follow_node();
            }
            (Screen::Timeline, _) => {
                self.timeline.view.step(by, self.timeline.len());
                self.fit();
            }
            (Screen::Logs, _) => {
                self.logs.view.step(by, self.logs.len());
                self.fit();
            }
            (Screen::Horizon, _) => {
                self.horizon.view.step(by, self.horizon.horizon.lines.len());
                self.fit();
            }
            _ => {
                let (view, len) = (&mut self.ui.text, self.page.len());
                // A page of text has no cursor: moving is scrolling.
                view.offset = view.offset.saturating_add_signed(by).min(len.saturating_sub(view.height));
                view.cursor = view.offset;
            }
        }
    }

    /// From now on the selection follows the object under the cursor.
    pub(in crate::app) fn follow(&mut self, now: Time) {
        let selected = self.row_of_home();
        if std::mem::replace(&mut self.ui.selected, selected) != selected {
            // What is said of another one is read from its beginning.
            self.ui.text = Viewport::default();
        }
        self.fit();
        self.lay_out(now);
    }

    pub(in crate::app) fn follow_node(&mut self) {
        self.ui.node = self.outline.rows().get(self.ui.tree.cursor).map(|row| row.node.object.clone());
        self.ui.text = Viewport::default();
        self.fit();
    }

    pub(in crate::app) fn toggle(&mut self, now: Time) {
        let Some(row) = self.outline.rows().get(self.ui.tree.cursor) else { return };
        let key = row.node.object.clone();
        if !self.ui.toggled.remove(&key) {
            self.ui.toggled.insert(key.clone());
        }
        self.ui.node = Some(key);
        self.lay_out(now);
    }

    pub(in crate::app) fn fold(&mut self, now: Time) {
        let Some(row) = self.outline.rows().get(self.ui.tree.cursor) else { return };
        match (row.open, row.parent) {
            (Some(true), _) => self.toggle(now),
            (_, Some(parent)) => {
                self.ui.tree.cursor = parent;
                self.follow_node();
            }
            _ => {}
        }
    }

    pub(in crate::app) fn unfold(&mut self, now: Time) {
        match self.outline.rows().get(self.ui.tree.cursor).and_then(|row| row.open) {
            Some(false) => self.toggle(now),
            Some(true) => self.step(1, now),
            None => {}
        }
    }

    /// The panes that the page has.
    pub(in crate::app) fn panes(&self) -> Vec<Pane> {
        let areas = self.ui.areas();
        let all = [(Pane::Table, areas.main), (Pane::Tree, areas.tree), (Pane::Detail, areas.detail)];
        all.into_iter().filter(|(_, area)| area.height > 0).map(|(pane, _)| pane).collect()
    }

    pub(in crate::app) fn turn_to(&mut self, by: isize) {
        let panes = self.panes();
        let here = panes.iter().position(|pane| *pane == self.ui.pane).unwrap_or(0);
        let there = (here as isize + by).rem_euclid(panes.len().max(1) as isize) as usize;
        self.ui.pane = panes.get(there).copied().unwrap_or_default();
    }
}
