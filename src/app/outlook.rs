//! [`OutlookPage`]: what is coming, for the whole cluster.

use chrono::TimeDelta;

use super::App;
use super::areas::Area;
use super::ui_state::{Pane, Screen};
use super::viewport::Viewport;
use crate::model::meta::Time;
use crate::triage::horizon::{Horizon, Section, horizon};

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
        self.selection.only = Some((what, line.rows.clone()));
        self.ui.stack = vec![Screen::Home];
        (self.ui.pane, self.ui.selected, self.ui.table) = (Pane::Table, None, Viewport::default());
        self.rearrange(now);
    }
}

/// Rows above the lines: the summary, the scale, two rows of bars, a rule.
const ABOVE: u16 = 5;

/// Where the lines of the page are.
pub const fn lines_area(main: Area) -> Area {
    let above = if ABOVE > main.height { main.height } else { ABOVE };
    Area { y: main.y + above, height: main.height - above, ..main }
}
