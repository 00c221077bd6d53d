//! [`OutlookPage`]: what is coming, for the whole cluster.

use chrono::TimeDelta;

use super::App;
use super::areas::Area;
use super::toast::Tone;
use super::ui_state::{Pane, Screen};
use super::viewport::Viewport;
use crate::model::meta::Time;
use crate::query::host::covers;
use crate::triage::horizon::{Horizon, Rows, Section, horizon};

/// How old the page may become while things change: it looks at every Certificate.
const AGE: TimeDelta = TimeDelta::seconds(10);

/// The page of what is coming.
#[derive(Debug, Default)]
pub struct OutlookPage {
    /// What is coming.
    pub horizon: Horizon,
    /// The window over its lines.
    pub view: Viewport,
    /// How far local time is ahead of UTC: where a day begins.
    pub offset: TimeDelta,
}

impl App {
    pub(super) fn open_horizon(&mut self, now: Time) {
        self.look_ahead(now);
        self.outlook.view = Viewport::default();
        self.turn_page(Screen::Horizon, now);
    }

    fn look_ahead(&mut self, now: Time) {
        self.outlook.horizon = horizon(&self.model, &self.ledger, now, self.outlook.offset);
    }

    /// Looks again when something changed, not more often than [`AGE`].
    pub(super) fn refresh_horizon(&mut self, changed: bool, now: Time) {
        let stale = self.outlook.horizon.at.is_none_or(|at| now - at >= AGE);
        if self.ui.screen() == Screen::Horizon && changed && stale {
            self.look_ahead(now);
        }
    }

    /// Goes to the rows of the selected line.
    pub(super) fn open_line(&mut self, now: Time) {
        let Some(line) = self.outlook.horizon.lines.get(self.outlook.view.cursor) else { return };
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
    pub(super) fn find_host(&mut self, host: &str, now: Time) {
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
