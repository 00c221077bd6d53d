//! [`Visits`]: the views where one was, to go back to and forward again.

use std::collections::VecDeque;

use super::App;
use super::screen::Screen;
use super::toast::Tone;
use crate::command::Command;
use crate::limits;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey};
use crate::model::meta::Time;

/// A view: the pages that lie on each other, and what was selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    stack: Vec<Screen>,
    selected: Option<Id<Certificate>>,
    node: Option<ObjectKey>,
}

/// The views where one was.
#[derive(Debug, Default)]
pub struct Visits {
    before: VecDeque<Visit>,
    after: Vec<Visit>,
}

impl App {
    pub(super) fn visit(&self) -> Visit {
        Visit { stack: self.ui.stack.clone(), selected: self.ui.selected, node: self.ui.node.clone() }
    }

    /// Remembers where one was before a command that led elsewhere.
    pub(super) fn remember(&mut self, visit: Visit, command: Command) {
        let travels = matches!(command, Command::HistoryBack | Command::HistoryForward);
        if travels || visit.stack == self.ui.stack {
            return;
        }
        let visits = &mut self.ui.visits;
        visits.after.clear();
        visits.before.push_back(visit);
        if visits.before.len() > limits::VISITS {
            visits.before.pop_front();
        }
    }

    pub(super) fn travel_back(&mut self, now: Time) {
        let here = self.visit();
        match self.ui.visits.before.pop_back() {
            Some(visit) => {
                self.ui.visits.after.push(here);
                self.go_to(visit, now);
            }
            None => self.toasts.show("this is where you began", Tone::Neutral, now),
        }
    }

    pub(super) fn travel_forward(&mut self, now: Time) {
        let here = self.visit();
        match self.ui.visits.after.pop() {
            Some(visit) => {
                self.ui.visits.before.push_back(here);
                self.go_to(visit, now);
            }
            None => self.toasts.show("this is the last view where you were", Tone::Neutral, now),
        }
    }

    fn go_to(&mut self, visit: Visit, now: Time) {
        (self.ui.stack, self.ui.selected) = (visit.stack, visit.selected);
        (self.ui.text, self.ui.search) = (super::viewport::Viewport::default(), super::page::search::Search::default());
        // A row that is gone, or that a filter hides, leaves the cursor where it is.
        if let Some(row) = self.ui.selected.and_then(|id| self.roster.rows().iter().position(|known| *known == id)) {
            self.ui.table.cursor = row;
        }
        self.lay_out(now);
        self.ui.node = visit.node;
        self.rearrange_kinds();
        self.after_paging(now);
        self.settle(now, || false);
    }
}
