//! The tree of the selected Certificate: state, reason and age on every row.

use super::painter::Painter;
use super::role;
use super::table::select;
use crate::app::App;
use crate::app::areas::Area;
use crate::app::page::outline::OutlineRow;
use crate::text::{middle, width};
use crate::theme::Role;
use crate::triage::stage;

/// Whose tree it is, and what it waits for.
pub(super) fn title(painter: &mut Painter, app: &App, area: Area, focus: bool) {
    let Some(id) = app.selected() else { return };
    let Some(certificate) = app.model.certificates.get(id) else { return };
    let name = format!(" {}/{} ", certificate.meta.namespace, certificate.meta.name);
    let mut x = painter.put(area.x + 1, area.y, area.width, &name, if focus { Role::Accent } else { Role::Title });
    if let Some(stage) = stage(&app.model, id) {
        let at_most = if stage.at_most { "at most " } else { "" };
        let text =
            format!("· {} for {at_most}{}, waits for {} ", stage.phase, painter.ago(stage.since), stage.waits_for);
        x = painter.put(x, area.y, area.width.saturating_sub(x + 1), &text, Role::TextDim);
    }
    let _ = x;
}

pub(super) fn paint(painter: &mut Painter, app: &App, area: Area, focus: bool) {
    let rows = app.outline.rows();
    let window = app.ui.tree.range(rows.len());
    let shown = rows.get(window.clone()).unwrap_or_default().iter();
    let ages = shown.filter_map(|row| row.node.since).map(|since| width(&painter.ago(since)));
    let age = ages.max().unwrap_or(0) as u16;
    for (i, row) in rows.get(window.clone()).unwrap_or_default().iter().enumerate() {
        let y = area.y + i as u16;
        if window.start + i == app.ui.tree.cursor && y < area.y + area.height {
            select(painter, area, y, focus);
        }
        paint_row(painter, row, (area, age), y);
    }
}

fn paint_row(painter: &mut Painter, row: &OutlineRow, (area, ages): (Area, u16), y: u16) {
    let wide = area.width >= 100;
    let glyphs = painter.glyphs();
    let node = &row.node;
    let right = area.x + area.width - 1;
    let mut x = area.x + 1;
    if row.parent.is_some() {
        for line in &row.lines {
            painter.put(x, y, 1, if *line { glyphs.trunk } else { " " }, Role::TreeGuide);
            x += 2;
        }
        painter.put(x, y, 1, if row.last { glyphs.corner } else { glyphs.branch }, Role::TreeGuide);
        x += 1;
    }
    let sign = match row.open {
        Some(true) => glyphs.open,
        Some(false) => glyphs.closed,
        None => " ",
    };
    x = painter.put(x, y, 1, sign, Role::TextDim) + 1;

    let age = node.since.map(|since| painter.ago(since)).unwrap_or_default();
    painter.put_right(right.saturating_sub(8), y, 8, &age, Role::TextDim);

    // The state begins in the same column on every row, whatever the depth.
    let state_at = area.x + if wide { 62 } else { area.width * 5 / 9 };
    let faded = !node.current && row.parent.is_some();
    let kind_role = if faded { Role::TextDim } else { Role::Text };
    x = painter.put(x, y, state_at.saturating_sub(x + 1), node.kind(), kind_role) + 1;
    let room = state_at.saturating_sub(x + 1);
    let name = middle(&node.object.name, usize::from(room));
    painter.put(x, y, room, &name, if faded { Role::TextDim } else { Role::TextStrong });

    let room = right.saturating_sub(state_at + ages + 1);
    let after = painter.put(state_at, y, room, node.state, role::of_tone(node.tone));
    let left = room.saturating_sub(width(node.state) as u16 + 2);
    if left > 3 && !node.reason.is_empty() {
        painter.put(after + 2, y, left, &node.reason, if faded { Role::TextDim } else { Role::Text });
    }
}
