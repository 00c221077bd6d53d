//! The page of causes: one row each, and the card of the selected one below.

use super::detail;
use super::painter::Painter;
use super::role;
use super::table::select;
use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::app::page::causes::Ailment;
use crate::app::screen::Pane;
use crate::model::meta::Time;
use crate::text::{count, number};
use crate::theme::Role;

/// Cells of the columns at the right: since, how many, first outage.
const RIGHT: [u16; 3] = [9, 8, 12];

/// From this width on, the mend has a column.
const MEND_FROM: u16 = 110;

pub(super) fn paint(painter: &mut Painter, app: &App, areas: &Areas) {
    title(painter, app, areas.title);
    let columns = Columns::of(areas.main.width);
    columns.heads(painter, areas.heads);
    let rows = &app.causes_page.rows;
    let window = app.causes_page.view.range(rows.len());
    for (i, row) in rows.get(window.clone()).unwrap_or_default().iter().enumerate() {
        let y = areas.main.y + i as u16;
        if window.start + i == app.causes_page.view.cursor {
            select(painter, areas.main, y, app.ui.pane != Pane::Detail);
        }
        columns.row(painter, row, row.whose(&app.model), areas.main.x, y);
    }
    painter.rule(areas.rules[1], Role::Rule);
    let focus = if app.ui.pane == Pane::Detail { Role::Accent } else { Role::Title };
    painter.put(areas.rules[1].x + 2, areas.rules[1].y, areas.rules[1].width, " Why, and what mends it ", focus);
    detail::paint(painter, app, areas.detail);
}

fn title(painter: &mut Painter, app: &App, area: Area) {
    let x = painter.put(area.x + 1, area.y, area.width, "Causes", Role::Title) + 1;
    let namespaces = &app.selection.namespaces;
    let all = app.causes.len(&app.model, namespaces);
    let x = painter.put(x, area.y, area.width, &number(all), Role::Text);
    let words = format!(" · {} affected", count(app.causes.affected(namespaces), "certificate"));
    let mut x = painter.put(x, area.y, area.width, &words, Role::TextDim);
    if !namespaces.is_empty() {
        let chosen: Vec<&str> = namespaces.iter().map(|namespace| namespace.as_str()).collect();
        x = painter.put(x, area.y, area.width, &format!(" · in {}", chosen.join(", ")), Role::AlarmBusy);
    }
    if app.causes_page.rows.len() < all {
        let words = format!(" · the {} most urgent are shown", number(app.causes_page.rows.len()));
        painter.put(x, area.y, area.width, &words, Role::TextDim);
    }
}

/// Where the columns begin.
struct Columns {
    title: u16,
    mend: Option<(u16, u16)>,
    right: u16,
}

impl Columns {
    fn of(width: u16) -> Self {
        let right: u16 = RIGHT.iter().sum();
        let left = width.saturating_sub(right + 4);
        let title = if width < MEND_FROM { left } else { left * 11 / 20 };
        let mend = (width >= MEND_FROM).then(|| (3 + title + right + 2, left.saturating_sub(title + 2)));
        Self { title, mend, right: 3 + title }
    }

    fn heads(&self, painter: &mut Painter, area: Area) {
        painter.put(area.x + 3, area.y, self.title, "CAUSE", Role::ColumnTitle);
        let mut x = area.x + self.right;
        for (cells, words) in RIGHT.into_iter().zip(["SINCE", "CERTS", "OUTAGE"]) {
            painter.put_right(x, area.y, cells, words, Role::ColumnTitle);
            x += cells;
        }
        if let Some((x, cells)) = self.mend {
            painter.put(area.x + x, area.y, cells, "MEND", Role::ColumnTitle);
        }
    }

    /// What is wrong, and whose it is: of many rows the words are the same.
    fn title(&self, painter: &mut Painter, title: &str, whose: Option<String>, x: u16, y: u16, role: Role) {
        let cells = self.title.saturating_sub(1);
        let Some(whose) = whose else {
            painter.put(x, y, cells, title, role);
            return;
        };
        let own = (crate::text::width(&whose) as u16).min(cells / 2);
        let end = painter.put(x, y, cells.saturating_sub(own + 2), title, role);
        painter.put(end + 2, y, own, &whose, Role::TextDim);
    }

    fn row(&self, painter: &mut Painter, row: &Ailment, whose: Option<String>, left: u16, y: u16) {
        let finding = row.finding();
        let (sign, role) = role::of_finding(painter, finding);
        painter.put(left + 1, y, 1, sign, role);
        self.title(painter, &finding.title, whose, left + 3, y, role);
        let (since, certificates, outage) = match row {
            Ailment::System(finding) => (finding.since, String::new(), Some(String::new())),
            Ailment::Cause(cause) => {
                (cause.since, number(cause.subjects.len()), cause.first_outage.map(|end| outage(painter, end)))
            }
        };
        let since = since.map(|since| painter.ago(since)).unwrap_or_default();
        let outage = outage.unwrap_or_else(|| "has none".to_owned());
        let mut x = left + self.right;
        for (cells, words) in RIGHT.into_iter().zip([since, certificates, outage]) {
            painter.put_right(x, y, cells, &words, Role::Text);
            x += cells;
        }
        if let (Some((x, cells)), Some(remedy)) = (self.mend, finding.remedies.first()) {
            painter.put(left + x, y, cells, &remedy.text, Role::TextDim);
        }
    }
}

/// When the first certificate runs out: `in 5h40m`, `2d 03h ago`.
fn outage(painter: &mut Painter, end: Time) -> String {
    painter.changes_at(end);
    if end > painter.now { painter.ahead(end) } else { format!("{} ago", painter.ago(end)) }
}
