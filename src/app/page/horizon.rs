//! [`HorizonPage`]: what is coming, for the whole cluster.

use chrono::TimeDelta;

use crate::app::App;
use crate::app::areas::Area;
use crate::app::screen::{Pane, Screen};
use crate::app::toast::Tone;
use crate::app::viewport::Viewport;
use crate::model::meta::Time;
use crate::query::host::{covers, host_in};
use crate::triage::horizon::{Census, Horizon, Rows, Section};

/// How old the page may become while things change: it looks at every Certificate.
const AGE: TimeDelta = TimeDelta::seconds(10);

/// The page of what is coming.
#[derive(Debug, Default)]
pub struct HorizonPage {
    /// What is coming.
    pub horizon: Horizon,
    /// The window over its lines.
    pub view: Viewport,
    /// How far local time is ahead of UTC: where a day begins.
    pub offset: TimeDelta,
    /// What is being found out anew.
    census: Option<Census>,
    /// Whether something changed since that was begun.
    changed: bool,
}

impl HorizonPage {
    /// What was found out is of another moment.
    pub(in crate::app) fn forget(&mut self) {
        (self.census, self.horizon.at, self.changed) = (None, None, true);
    }

    /// When something that changed is to be looked at.
    fn looks_at(&self) -> Option<Time> {
        self.changed.then(|| self.horizon.at.map_or(Time::MIN_UTC, |at| at + AGE))
    }
}

impl App {
    pub(in crate::app) fn open_horizon(&mut self, now: Time) {
        self.look_ahead(now);
        self.horizon.view = Viewport::default();
        self.turn_page(Screen::Horizon, now);
    }

    /// Begins to look at every Certificate.
    fn look_ahead(&mut self, now: Time) {
        self.horizon.changed = false;
        self.horizon.census = Some(Census::begin(now, self.horizon.offset));
        self.census();
    }

    /// Looks at some more; true when there is nothing left to look at.
    fn census(&mut self) -> bool {
        let Some(mut census) = self.horizon.census.take() else { return true };
        if !census.look(&self.model, &self.ledger, self.kinds.stride()) {
            self.horizon.census = Some(census);
            return false;
        }
        self.horizon.horizon = census.into_horizon();
        self.fit();
        true
    }

    /// Looks again when something changed, not more often than [`AGE`], some at a time while there is time.
    pub(in crate::app) fn refresh_horizon(&mut self, changed: bool, now: Time, more_time: &mut impl FnMut() -> bool) {
        self.horizon.changed |= changed;
        if self.ui.screen() != Screen::Horizon {
            return;
        }
        if self.horizon.census.is_none() && self.horizon.looks_at().is_some_and(|at| now >= at) {
            self.look_ahead(now);
        }
        while !self.census() && more_time() {}
    }

    /// When the page is to be looked at again.
    pub(in crate::app) fn horizon_due(&self, now: Time) -> Option<Time> {
        if self.ui.screen() != Screen::Horizon {
            return None;
        }
        if self.horizon.census.is_some() { Some(now) } else { self.horizon.looks_at() }
    }

    /// Goes to the rows of the selected line.
    pub(in crate::app) fn open_line(&mut self, now: Time) {
        let Some(line) = self.horizon.horizon.lines.get(self.horizon.view.cursor) else { return };
        let what = match line.section {
            Section::AtRisk => format!("{} {}", line.name, line.what),
            Section::Stampede => format!("{}: {}", line.name, line.what),
            Section::Issuer | Section::Namespace => line.name.clone(),
        };
        let rows = line.rows.clone();
        self.show_only(what, rows, now);
    }

    /// Shows some Certificates alone, and says what they have in common.
    fn show_only(&mut self, what: String, rows: Rows, now: Time) {
        self.selection.only = Some((what, rows));
        self.ui.stack = vec![Screen::Home];
        (self.ui.pane, self.ui.selected, self.ui.table) = (Pane::Table, None, Viewport::default());
        self.rearrange(now);
    }

    /// Shows the Certificates that cover a host name.
    pub(in crate::app) fn find_host(&mut self, typed: &str, now: Time) {
        let host = host_in(typed);
        let found = self.model.certificates.iter().filter(|(_, row)| row.dns_names.iter().any(|it| covers(it, host)));
        let rows: Rows = found.map(|(id, _)| id).collect();
        if rows.is_empty() {
            self.toasts.show(format!("no Certificate covers {host}"), Tone::Bad, now);
            return;
        }
        // What was chosen before may hide them.
        self.selection.namespaces.clear();
        self.selection.only_faults = false;
        self.ui.stack = vec![Screen::Home];
        self.filter("", now);
        self.show_only(format!("covers {host}"), rows, now);
    }
}

/// Rows above the lines: the summary, the scale, two rows of bars, a rule.
const ABOVE: u16 = 5;

/// Where the lines of the page are.
pub const fn lines_area(main: Area) -> Area {
    let above = if ABOVE > main.height { main.height } else { ABOVE };
    Area { y: main.y + above, height: main.height - above, ..main }
}
