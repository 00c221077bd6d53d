//! Where a menu lies: paint and mouse use the same frame.

use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::app::screen::Mode;
use crate::app::viewport::Viewport;
use crate::keymap::chord::Key;
use crate::text::width;

impl App {
    /// The frame of the menu that is open, and the window over its rows. `None` where the screen is too small for one.
    pub fn menu(&self) -> Option<(Area, Viewport, usize)> {
        let (mut view, rows, longest, beside) = match &self.ui.mode {
            Mode::Namespaces(view) => {
                let choices = self.namespace_choices();
                let name = |i: usize| choices.get(i).and_then(|choice| choice.namespace.as_ref());
                let cells = (0..choices.len()).map(|i| width(name(i).map_or("all namespaces", |name| name.as_str())));
                (*view, choices.len(), cells.max().unwrap_or(0), 28)
            }
            Mode::Contexts { names, view } => {
                let longest = names.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
                (*view, names.len(), longest, 10)
            }
            Mode::Remedies(view) => {
                let texts = self.remedies().map(|(.., remedy)| width(&remedy.text));
                (*view, self.remedies().count(), texts.max().unwrap_or(0), 18)
            }
            _ => return None,
        };
        let areas = self.ui.areas();
        if areas.too_small {
            return None;
        }
        let frame = frame(&areas, rows, longest as u16 + beside);
        view.fit(rows, usize::from(frame.height - 2));
        Some((frame, view, rows))
    }

    /// Moves the cursor of a menu by a key; its window follows.
    pub(in crate::app) fn move_in_menu(&self, view: &mut Viewport, key: Key, rows: usize) {
        match key {
            Key::Down | Key::Char('j') => view.step(1, rows),
            Key::Up | Key::Char('k') => view.step(-1, rows),
            Key::PageDown => view.step(10, rows),
            Key::PageUp => view.step(-10, rows),
            Key::Home | Key::Char('g') => view.step(isize::MIN, rows),
            Key::End | Key::Char('G') => view.step(isize::MAX, rows),
            _ => {}
        }
        view.fit(rows, usize::from(self.ui.size.1.saturating_sub(6)));
    }

    /// The row of the open menu at a cell.
    pub(in crate::app) fn menu_row(&self, x: u16, y: u16) -> Option<usize> {
        let (frame, view, rows) = self.menu()?;
        let inside = frame.holds(x, y) && y > frame.y && y + 1 < frame.y + frame.height;
        let row = view.offset + usize::from(y.checked_sub(frame.y + 1)?);
        (inside && row < rows).then_some(row)
    }
}

/// In the middle of the screen, above the last line.
fn frame(areas: &Areas, rows: usize, cells: u16) -> Area {
    let (screen, room) = (areas.footer.width, areas.footer.y.saturating_sub(2));
    let height = (rows as u16).saturating_add(2).min(room);
    let wide = cells.clamp(36, screen - 4);
    Area { x: (screen - wide) / 2, y: (areas.footer.y - height) / 2, width: wide, height }
}
