//! The windows over what is shown, for the size of the screen.

use super::App;
use super::page::horizon;
use super::page::logs;
use super::screen::Screen;

impl App {
    /// Puts every window over what it shows: the cursor stays in it, and on the screen.
    pub(super) fn fit(&mut self) {
        let places = self.ui.areas();
        if self.ui.screen() == Screen::Causes {
            self.causes_page.view.fit(self.causes_page.rows.len(), usize::from(places.main.height));
        } else if let Screen::Kind(kind) = self.ui.screen() {
            self.kinds.fit(kind, usize::from(places.main.height));
        } else if places.heads.height > 0 {
            self.ui.table.fit(self.roster.rows().len(), usize::from(places.main.height));
        }
        let tree = if self.ui.screen() == Screen::Tree { places.main } else { places.tree };
        self.ui.tree.fit(self.outline.rows().len(), usize::from(tree.height));
        let (entries, _) = self.entry_areas(places.main);
        self.timeline.view.fit(self.timeline.len(), usize::from(entries.height));
        let (lines, _) = logs::log_areas(places.main);
        self.logs.view.fit(self.logs.len(), usize::from(lines.height));
        let lines = horizon::lines_area(places.main);
        self.horizon.view.fit(self.horizon.horizon.lines.len(), usize::from(lines.height));
        self.measure_tags();
    }
}
