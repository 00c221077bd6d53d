//! The bar over a recording: where in it one is, where verdicts changed, and how fast it goes on.

use super::header::role;
use super::painter::Painter;
use crate::app::App;
use crate::app::areas::Area;
use crate::model::meta::Time;
use crate::text::width;
use crate::theme::Role;

/// Paints the bar into the line below the header. The banner keeps the left half.
pub(super) fn paint(painter: &mut Painter, app: &App, line: Area) {
    let Some((head, (begin, end))) = app.past.head.zip(app.past.tape.range()) else { return };
    let left = if super::banner::speaks(app) { line.width / 2 } else { 0 };
    let area = Area { x: line.x + left, width: line.width - left, ..line };
    let (first, last) = (painter.clock(begin), painter.clock(end));
    let end = end.max(painter.now);
    let state = if app.looks_back() {
        if head.paused { "looking back".to_owned() } else { format!("looking back {}x", head.speed) }
    } else if painter.now >= end {
        "the end".to_owned()
    } else if head.paused {
        "paused".to_owned()
    } else {
        format!("{}x", head.speed)
    };
    let edge = area.x + area.width;
    let tail = width(&last) as u16 + width(&state) as u16 + 4;
    let start = area.x + width(&first) as u16 + 3;
    if area.height == 0 || start + tail + 8 > edge {
        return;
    }
    painter.clear(area);
    painter.put(area.x + 1, area.y, area.width, &first, Role::TextDim);
    let bar = Area { x: start, width: edge - start - tail, ..area };
    painter.rule(bar, Role::Rule);
    let whole = (end - begin).num_milliseconds().max(1);
    let cell = |at: Time| {
        let passed = (at - begin).num_milliseconds().clamp(0, whole);
        bar.x + (passed * i64::from(bar.width - 1) / whole) as u16
    };
    // Where work and trouble fall into one cell, trouble is what one looks for.
    for loud in [false, true] {
        for (at, verdict) in app.past.marks().iter().filter(|(_, verdict)| verdict.needs_a_person() == loud) {
            let sign = if loud { painter.glyphs().bad } else { painter.glyphs().none };
            painter.put(cell(*at), bar.y, 1, sign, role(verdict.alarm()));
        }
    }
    painter.underlay(Area { x: cell(painter.now), y: bar.y, width: 1, height: 1 }, Role::ToastNeutral);
    let after = painter.put(bar.x + bar.width + 1, bar.y, edge, &last, Role::TextDim);
    painter.put(after + 1, bar.y, edge - after - 1, &state, Role::AlarmAmber);
}
