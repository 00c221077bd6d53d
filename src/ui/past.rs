//! The bar over a recording: where in it one is, where verdicts changed, and how fast it goes on.

use super::painter::Painter;
use super::role::of_alarm;
use crate::app::App;
use crate::theme::Role;

/// Paints the bar into the line below the header. The banner keeps the left half.
pub(super) fn paint(painter: &mut Painter, app: &App) {
    let Some(bar) = app.bar(painter.now) else { return };
    let (first, last) =
        (painter.clock(bar.ends.0), painter.clock(app.past.tape.range().map_or(bar.ends.1, |(_, end)| end)));
    painter.clear(bar.line);
    painter.put(bar.line.x + 1, bar.line.y, bar.line.width, &first, Role::TextDim);
    painter.rule(bar.bar, Role::Rule);
    // Where work and trouble fall into one cell, trouble is what one looks for.
    for loud in [false, true] {
        for (at, verdict) in app.past.marks().iter().filter(|(_, verdict)| verdict.needs_a_person() == loud) {
            let sign = if loud { painter.glyphs().bad } else { painter.glyphs().none };
            painter.put(bar.cell(*at), bar.bar.y, 1, sign, of_alarm(verdict.alarm()));
        }
    }
    painter.put(bar.cell(painter.now), bar.bar.y, 1, painter.glyphs().here, Role::ToastNeutral);
    let edge = bar.line.x + bar.line.width;
    let after = painter.put(bar.bar.x + bar.bar.width + 1, bar.line.y, edge, &last, Role::TextDim);
    painter.put(after + 1, bar.line.y, edge - after - 1, &bar.state, Role::AlarmAmber);
}
