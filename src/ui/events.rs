//! The pane of events: what happened last, the youngest first.

use super::detail::paint_line;
use super::painter::Painter;
use crate::app::App;
use crate::app::areas::Area;
use crate::theme::Role;

pub(super) fn paint(painter: &mut Painter, app: &App, area: Area) {
    let lines = app.event_lines(usize::from(area.height));
    for (i, line) in lines.iter().enumerate() {
        paint_line(painter, line, Area { x: area.x + 1, y: area.y + i as u16, width: area.width - 1, height: 1 });
    }
    if lines.is_empty() {
        painter.put(area.x + 1, area.y, area.width, "nothing happened yet", Role::TextDim);
    }
}
