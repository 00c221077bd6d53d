//! What lies above the page: the menu of namespaces, and what can follow the keys that were typed.

use super::painter::Painter;
use super::table::select;
use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::text::{count, number, width};
use crate::theme::Role;

pub(super) fn paint(painter: &mut Painter, app: &App) {
    let Some((frame, viewport, _)) = app.menu() else { return };
    let choices = app.namespace_choices();
    let name = |i: usize| choices.get(i).and_then(|c| c.namespace.as_ref()).map_or("all namespaces", |n| n.as_str());
    border(painter, frame, " Namespaces ");
    beyond(painter, frame, &viewport.range(choices.len()), choices.len());
    let inner = Area { x: frame.x + 1, y: frame.y + 1, width: frame.width - 2, height: frame.height - 2 };
    for (i, row) in viewport.range(choices.len()).enumerate() {
        let Some(choice) = choices.get(row) else { continue };
        let y = inner.y + i as u16;
        if row == viewport.cursor {
            select(painter, inner, y, true);
        }
        let digit = choice.digit.map_or_else(|| " ".to_owned(), |d| d.to_string());
        painter.put(inner.x + 1, y, 1, &digit, Role::Key);
        let mark = if choice.chosen { painter.glyphs().mark } else { " " };
        painter.put(inner.x + 3, y, 1, mark, Role::AlarmBusy);
        let role = if choice.certificates == 0 { Role::TextDim } else { Role::TextStrong };
        painter.put(inner.x + 5, y, inner.width.saturating_sub(24), name(row), role);
        painter.put_right(inner.x, y, inner.width - 1, &count(choice.certificates, "certificate"), Role::TextDim);
    }
}

/// How many rows of a menu are above and below those that are seen, on its frame.
fn beyond(painter: &mut Painter, frame: Area, seen: &std::ops::Range<usize>, all: usize) {
    let glyphs = painter.glyphs();
    let (above, below) = (seen.start, all.saturating_sub(seen.end));
    for (rows, sign, y) in [(above, glyphs.ascending, frame.y), (below, glyphs.descending, frame.y + frame.height - 1)]
    {
        if rows > 0 {
            let text = format!(" {sign} {} more ", number(rows));
            painter.put_right(frame.x, y, frame.width - 2, &text, Role::TextDim);
        }
    }
}

/// The menu of contexts.
pub(super) fn contexts(painter: &mut Painter, app: &App, names: &[(String, bool)]) {
    let Some((frame, viewport, _)) = app.menu() else { return };
    border(painter, frame, " Contexts ");
    beyond(painter, frame, &viewport.range(names.len()), names.len());
    let inner = Area { x: frame.x + 1, y: frame.y + 1, width: frame.width - 2, height: frame.height - 2 };
    for (i, row) in viewport.range(names.len()).enumerate() {
        let Some((name, in_use)) = names.get(row) else { continue };
        let y = inner.y + i as u16;
        if row == viewport.cursor {
            select(painter, inner, y, true);
        }
        painter.put(inner.x + 1, y, 1, if *in_use { painter.glyphs().mark } else { " " }, Role::AlarmBusy);
        painter.put(inner.x + 3, y, inner.width.saturating_sub(4), name, Role::TextStrong);
    }
}

/// The menu of remedies: what each says, and what cmtop does for it.
pub(super) fn remedies(painter: &mut Painter, app: &App) {
    let Some((frame, viewport, rows)) = app.menu() else { return };
    border(painter, frame, " What mends it ");
    let inner = Area { x: frame.x + 1, y: frame.y + 1, width: frame.width - 2, height: frame.height - 2 };
    for (i, (row, (.., remedy))) in app.remedies().enumerate().skip(viewport.range(rows).start).enumerate() {
        if i >= usize::from(inner.height) {
            break;
        }
        let y = inner.y + i as u16;
        if row == viewport.cursor {
            select(painter, inner, y, true);
        }
        let digit = if row < 9 { (row + 1).to_string() } else { " ".to_owned() };
        painter.put(inner.x + 1, y, 1, &digit, Role::Key);
        let does = app.deed(remedy).and_then(|(action, _)| Some(action.row()?.name));
        let does = does.or_else(|| remedy.command.is_some().then_some("copy")).unwrap_or_default();
        let role = if does.is_empty() { Role::TextDim } else { Role::TextStrong };
        let room = inner.width.saturating_sub(6 + width(does) as u16);
        painter.put(inner.x + 3, y, room, &remedy.text, role);
        painter.put_right(inner.x, y, inner.width - 1, does, Role::Key);
    }
}

/// What can follow the keys of a sequence that is being typed.
pub(super) fn sequence(painter: &mut Painter, app: &App, areas: &Areas) {
    let Some((typed, follow)) = app.sequence() else { return };
    let room = areas.footer.y.saturating_sub(2);
    let height = (follow.len() as u16 + 2).min(room);
    let keys = follow.iter().map(|(keys, _)| width(keys)).max().unwrap_or(0) as u16;
    let wide = (keys + 54).min(areas.footer.width.saturating_sub(2));
    let frame = Area { x: 1, y: areas.footer.y - height, width: wide, height };
    border(painter, frame, &format!(" {typed} … "));
    for (i, (rest, command)) in follow.iter().take(usize::from(height.saturating_sub(2))).enumerate() {
        let y = frame.y + 1 + i as u16;
        painter.put(frame.x + 2, y, keys, rest, Role::Key);
        let title = command.row().map_or("", |row| row.title);
        painter.put(frame.x + 4 + keys, y, wide.saturating_sub(keys + 5), title, Role::Text);
    }
}

/// Empties a place and frames it, with a title: the only frames on the screen are those of what lies above it.
pub(super) fn border(painter: &mut Painter, area: Area, title: &str) {
    // A blank margin, so that no word of the page below reads on into it.
    painter.clear(Area { x: area.x.saturating_sub(1), width: area.width + 1 + area.x.min(1), ..area });
    let glyphs = painter.glyphs();
    let (right, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
    for y in [area.y, bottom] {
        painter.rule(Area { y, height: 1, ..area }, Role::RuleFocus);
    }
    for ((x, y), corner) in
        [(area.x, area.y), (right, area.y), (right, bottom), (area.x, bottom)].into_iter().zip(glyphs.corners)
    {
        painter.put(x, y, 1, corner, Role::RuleFocus);
    }
    for y in area.y + 1..bottom {
        painter.put(area.x, y, 1, glyphs.bar, Role::RuleFocus);
        painter.put(right, y, 1, glyphs.bar, Role::RuleFocus);
    }
    painter.put(area.x + 2, area.y, area.width - 4, title, Role::Title);
}
