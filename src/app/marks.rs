//! Marks: Certificates that are acted upon together.

use super::App;
use super::toast::Tone;
use super::ui_state::Screen;
use crate::model::meta::Time;

impl App {
    /// Marks the selected Certificate, or takes its mark away.
    pub(super) fn mark(&mut self, now: Time) {
        if self.ui.screen() != Screen::Home {
            return self.toasts.show("only Certificates are marked", Tone::Neutral, now);
        }
        let Some(id) = self.row_of_home() else { return };
        if !self.ui.marks.remove(&id) {
            self.ui.marks.insert(id);
        }
        self.ui.last_mark = Some(id);
        self.step(1, now);
    }

    /// Marks everything from the last mark to the selected row.
    pub(super) fn mark_range(&mut self) {
        if self.ui.screen() != Screen::Home {
            return;
        }
        let rows = self.roster.rows();
        let from = self.ui.last_mark.and_then(|last| rows.iter().position(|id| *id == last));
        let here = self.ui.table.cursor;
        let (from, to) = from.map_or((here, here), |from| (from.min(here), from.max(here)));
        self.ui.marks.extend(rows.get(from..=to.min(rows.len().saturating_sub(1))).unwrap_or_default());
        self.ui.last_mark = self.row_of_home();
    }
}
