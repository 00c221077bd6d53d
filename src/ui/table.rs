//! The table of Certificates: only the rows on the screen are ever looked at.

use std::borrow::Cow;

use super::empty;
use super::painter::Painter;
use super::role;
use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::app::screen::Pane;
use crate::app::table::column::{Column, GUTTER};
use crate::app::table::plan::Plan;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::text::{fit, number, width};
use crate::theme::Role;
use crate::triage::row::Row;
use crate::triage::verdict::Verdict;

pub(super) fn paint(painter: &mut Painter, app: &App, areas: &Areas) {
    let rows = app.roster.rows();
    if rows.is_empty() {
        title(painter, app, areas.title);
        return empty::paint(painter, app, areas.main);
    }
    let plan = app.certificate_plan(areas.main.width);
    let titles: Vec<String> = plan.left_out.iter().map(|column| column.title().to_lowercase()).collect();
    left_out(painter, areas.title, (plan.page, plan.more), &titles, |painter, area| title(painter, app, area));
    heads(painter, app, areas.heads, &plan);
    let window = app.ui.table.range(rows.len());
    for (i, id) in rows.get(window.clone()).unwrap_or_default().iter().enumerate() {
        let y = areas.main.y + i as u16;
        let Some(row) = app.world().row(*id) else { continue };
        if window.start + i == app.ui.table.cursor {
            select(painter, areas.main, y, app.ui.pane == Pane::Table);
        }
        if app.ui.marks.contains(id) {
            painter.put(areas.main.x + 1, y, 1, painter.glyphs().mark, Role::Accent);
        }
        changed(painter, areas.main, y, app.ui.flashes.get(id).copied());
        let mut x = areas.main.x + GUTTER;
        for (column, cells) in &plan.columns {
            cell(painter, app, *id, &row, column, (x, y, *cells));
            x += cells + plan.gap;
        }
    }
}

/// Marks the selected row.
pub(super) fn select(painter: &mut Painter, area: Area, y: u16, focus: bool) {
    let line = Area { y, height: 1, ..area };
    painter.underlay(line, if focus { Role::RowSelected } else { Role::RowSelectedDim });
    if focus {
        painter.put(area.x, y, 1, painter.glyphs().cursor, Role::Accent);
    }
}

/// Marks a row that changed a moment ago: at the right, where neither the cursor nor a mark ever stands.
pub(super) fn changed(painter: &mut Painter, area: Area, y: u16, until: Option<Time>) {
    if until.is_some_and(|until| painter.shows_until(until)) {
        painter.put(area.x + area.width - 1, y, 1, painter.glyphs().changed, Role::RowChanged);
    }
}

fn title(painter: &mut Painter, app: &App, area: Area) -> u16 {
    let (shown, all) = (app.roster.rows().len(), app.model.certificates.len());
    let mut x = painter.put(area.x + 1, area.y, area.width, "Certificates", Role::Title) + 1;
    let count = if shown == all { number(all) } else { format!("{} of {}", number(shown), number(all)) };
    let mut say =
        |text: &str, role: Role| x = painter.put(x, area.y, (area.x + area.width).saturating_sub(x), text, role);
    say(&count, Role::Text);
    say(&format!(" · {}", app.selection.column.order()), Role::TextDim);
    if app.selection.reversed {
        say(", reversed", Role::TextDim);
    }
    let chosen: Vec<&str> = app.selection.namespaces.iter().map(|n| n.as_str()).collect();
    if !chosen.is_empty() {
        say(&format!(" · in {}", chosen.join(", ")), Role::AlarmBusy);
    }
    if let Some((what, _)) = &app.selection.only {
        say(&format!(" · {what}"), Role::AlarmBusy);
    }
    if app.selection.only_faults {
        say(" · only what needs a person", Role::AlarmBusy);
    }
    if !app.ui.filter.is_empty() {
        say(&format!(" · /{}", app.ui.filter), Role::AlarmBusy);
    }
    if !app.ui.marks.is_empty() {
        say(&format!(" · {} marked", number(app.ui.marks.len())), Role::Accent);
    }
    if app.roster.is_frozen() {
        say(" · frozen", Role::AlarmAmber);
    }
    if app.ledger.pending() > 0 {
        say(&format!(" · judging {}", number(app.ledger.pending())), Role::TextDim);
    }
    x
}

fn heads(painter: &mut Painter, app: &App, area: Area, plan: &Plan<Column>) {
    let mut x = area.x + GUTTER;
    for (column, cells) in &plan.columns {
        let order = (*column == app.selection.column).then_some(app.selection.reversed);
        // The glyph of the verdict stands before its word.
        let indent = if *column == Column::Verdict { 2.min(*cells) } else { 0 };
        head(painter, (x + indent, area.y, cells - indent), &column.title(), order, column.is_right());
        x += cells + plan.gap;
    }
}

/// The title of a column; behind it the order, when it is sorted by: `true` the other way round. The title is cut before
/// the sign of the order is.
pub(super) fn head(
    painter: &mut Painter,
    (x, y, cells): (u16, u16, u16),
    title: &str,
    order: Option<bool>,
    is_right: bool,
) {
    let (glyphs, role) = (painter.glyphs(), if order.is_some() { Role::ColumnSorted } else { Role::ColumnTitle });
    let room = usize::from(cells);
    let text = match order.map(|reversed| if reversed { glyphs.descending } else { glyphs.ascending }) {
        None => title.to_owned(),
        Some(sign) if width(title) + 1 + width(sign) <= room => format!("{title} {sign}"),
        Some(sign) => format!("{}{sign}", fit(title, room.saturating_sub(width(sign)))),
    };
    if is_right {
        painter.put_right(x, y, cells, &text, role);
    } else {
        painter.put(x, y, cells, &text, role);
    }
}

/// The line above a table: its title, and at the right how many columns have no room, and in which direction they are:
/// `+2 ▸ issuer, age`. The title says after which cell it ends.
pub(super) fn left_out(
    painter: &mut Painter,
    area: Area,
    (page, more): (usize, bool),
    titles: &[String],
    title: impl FnOnce(&mut Painter, Area) -> u16,
) {
    if titles.is_empty() {
        title(painter, area);
        return;
    }
    let glyphs = painter.glyphs();
    let (left, right) = (if page > 0 { glyphs.left } else { "" }, if more { glyphs.right } else { "" });
    let number = format!("{left} +{} {right}", titles.len());
    let short = number.trim();
    let long = format!("{short} {}", titles.join(", "));
    let cells = |text: &str| width(text) as u16;
    let after = title(painter, Area { width: area.width.saturating_sub(cells(short) + 2), ..area });
    let end = area.x + area.width - 1;
    let text = if after + 2 + cells(&long) <= end { &long } else { short };
    painter.put(end.saturating_sub(cells(text)), area.y, cells(text), text, Role::Accent);
}

fn cell(
    painter: &mut Painter,
    app: &App,
    id: Id<Certificate>,
    row: &Row,
    column: &Column,
    (x, y, cells): (u16, u16, u16),
) {
    let certificate = row.certificate;
    let verdict = row.verdict();
    match column {
        Column::Verdict => self::verdict(painter, row, (x, y, cells)),
        Column::Namespace => {
            painter.put(x, y, cells, &certificate.meta.namespace, Role::Text);
        }
        Column::Name => {
            painter.put(
                x,
                y,
                cells,
                &crate::text::middle(&certificate.meta.name, usize::from(cells)),
                Role::TextStrong,
            );
        }
        Column::Issuer => {
            // Issuers differ at the end: letsencrypt-http, letsencrypt-dns.
            let name = crate::text::middle(&certificate.issuer.name, usize::from(cells));
            painter.put(x, y, cells, &name, Role::TextDim);
        }
        Column::Why if app.progress_of(id).is_some() => {
            let Some((text, until)) = app.progress_of(id) else { return };
            until.into_iter().for_each(|until| painter.changes_at(until));
            painter.put(x, y, cells, text, Role::Accent);
        }
        Column::Why => {
            let why = app.probed_why(id).map_or_else(|| app.reason(id), Cow::Borrowed);
            painter.put(x, y, cells, &why, Role::Text);
        }
        Column::Age => {
            let none = painter.glyphs().none;
            let age = certificate.meta.created.map_or_else(|| none.to_owned(), |t| painter.ago(t));
            painter.put_right(x, y, cells, larger_unit(&age, cells), Role::TextDim);
        }
        Column::Expires => {
            let text = certificate.not_after.map_or_else(|| "none".to_owned(), |t| painter.lasts(t));
            let role = match verdict {
                Some(Verdict::Expired) => Role::AlarmRed,
                Some(Verdict::Expiring) => Role::AlarmAmber,
                _ if certificate.not_after.is_none() => Role::TextDim,
                _ => Role::Text,
            };
            painter.put_right(x, y, cells, larger_unit(&text, cells), role);
        }
        Column::Next => {
            let none = painter.glyphs().none;
            let text = row.next().map_or_else(|| none.to_owned(), |t| painter.ahead(t));
            let role = if text == "now" { Role::AlarmAmber } else { Role::Text };
            painter.put_right(x, y, cells, larger_unit(&text, cells), role);
        }
        Column::Tag(tag) => {
            painter.put(x, y, cells, tag.of(&certificate.meta.labels).unwrap_or_default(), Role::Text);
        }
    }
}

fn verdict(painter: &mut Painter, row: &Row, (x, y, cells): (u16, u16, u16)) {
    let Some(verdict) = row.verdict() else {
        painter.put(x + 2, y, cells.saturating_sub(2), "…", Role::TextDim);
        return;
    };
    let role = role::of_alarm(verdict.alarm());
    painter.put(x, y, 1, painter.glyphs().verdict(verdict), role);
    let words = if verdict == Verdict::Ok { Role::TextDim } else { role };
    let after = painter.put(x + 2, y, cells.saturating_sub(2), verdict.as_str(), words);
    let left = (x + cells).saturating_sub(after + 1);
    if let Some(since) = row.lasts_since()
        && left > 1
    {
        let age = painter.ago(since);
        let age = larger_unit(&age, left);
        if age.len() <= usize::from(left) {
            painter.put(after + 1, y, left, age, words);
        }
    }
}

/// A length of time that does not fit is told by its larger unit: half a number is another number.
pub(super) fn larger_unit(text: &str, cells: u16) -> &str {
    if width(text) <= usize::from(cells) {
        return text;
    }
    let number = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let unit = text.get(number..).unwrap_or_default().find(|c: char| c.is_ascii_alphabetic());
    unit.and_then(|unit| text.get(..=number + unit)).unwrap_or(text)
}
