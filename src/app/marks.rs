//! Marks: Certificates that are acted upon together.

use super::App;
use crate::model::meta::Time;

impl App {
    /// Marks the selected Certificate, or takes its mark away.
    pub(super) fn mark(&mut self, now: Time) {
        let Some(id) = self.selected() else { return };
        if !self.ui.marks.remove(&id) {
            self.ui.marks.insert(id);
        }
        self.ui.last_mark = Some(id);
        self.step(1, now);
    }

    /// Marks everything from the last mark to the selected row.
    pub(super) fn mark_range(&mut self) {
        let rows = self.roster.rows();
        let from = self.ui.last_mark.and_then(|last| rows.iter().position(|id| *id == last));
        let here = self.ui.table.cursor;
        let (from, to) = from.map_or((here, here), |from| (from.min(here), from.max(here)));
        self.ui.marks.extend(rows.get(from..=to.min(rows.len().saturating_sub(1))).unwrap_or_default());
        self.ui.last_mark = self.selected();
    }
}
