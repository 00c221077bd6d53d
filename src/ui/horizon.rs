//! What is coming, for the whole cluster: ends and renewals by day or week, and what is worth a line.

use chrono::TimeDelta;

use super::painter::Painter;
use super::table::select;
use crate::app::App;
use crate::app::areas::Area;
use crate::app::page::horizon::lines_area;
use crate::model::meta::Time;
use crate::text::{count, number, width};
use crate::theme::Role;
use crate::triage::horizon::{DAYS, Line, Section};

/// Cells before the bars.
const LABEL: u16 = 9;

pub(super) fn title(painter: &mut Painter, app: &App, area: Area) {
    let horizon = &app.horizon.horizon;
    let renewals: u32 = horizon.renewals.iter().sum();
    let mut text = format!(
        "Horizon {DAYS} days · {} · {} · {}",
        count(horizon.certificates, "certificate"),
        count(renewals as usize, "renewal"),
        count(horizon.expiries.iter().sum::<u32>() as usize, "end"),
    );
    if let Some(busiest) =
        horizon.lines.iter().filter(|line| line.section == Section::Stampede).max_by_key(|line| line.count)
        && let Some(when) = busiest.when
    {
        text = format!("{text} · busiest {} ({})", painter.stamp(when), number(busiest.count));
    }
    let after = painter.put(area.x + 1, area.y, area.width, &text, Role::Title);
    if let Some(at) = horizon.at {
        let text = format!("as of {}", painter.clock(at));
        if after + width(&text) as u16 + 3 <= area.x + area.width {
            painter.put_right(area.x, area.y, area.width - 1, &text, Role::TextDim);
        }
    }
}

pub(super) fn paint(painter: &mut Painter, app: &App, area: Area) {
    let horizon = &app.horizon.horizon;
    let Some(from) = horizon.from else { return };
    // A day takes a cell where there is room for all; else a week takes some.
    let room = area.width.saturating_sub(LABEL + 2);
    let by_day = usize::from(room) >= DAYS;
    let (step, cells) = if by_day { (1, (room / DAYS as u16).max(1)) } else { (7, (room / 13).max(1)) };
    scale(painter, from, (step, cells), Area { height: 1, ..area });
    let peak = |days: &[u32]| days.chunks(step).map(|days| days.iter().sum::<u32>()).max().unwrap_or(0);
    let ended =
        if horizon.ended > 0 { format!("{}{}", painter.glyphs().bad, number(horizon.ended)) } else { String::new() };
    let rows = [("expire", &horizon.expiries, Role::AlarmAmber), ("renew", &horizon.renewals, Role::ToneBusy)];
    for (i, (label, days, role)) in rows.into_iter().enumerate() {
        let y = area.y + 1 + i as u16;
        if y >= area.y + area.height {
            return;
        }
        painter.put(area.x + 1, y, LABEL, label, Role::Text);
        let top = peak(days);
        for (column, days) in days.chunks(step).enumerate() {
            let sum: u32 = days.iter().sum();
            let x = area.x + LABEL + 1 + column as u16 * cells;
            if x + cells > area.x + area.width {
                break;
            }
            let sign = painter.glyphs().level(sum, top);
            painter.put(x, y, cells, &sign.repeat(usize::from(cells)), role);
        }
        if i == 0 && !ended.is_empty() {
            painter.put(area.x + LABEL - 1, y, 2, painter.glyphs().bad, Role::AlarmRed);
        }
    }
    let most = peak(&horizon.renewals);
    let unit = if by_day { "day" } else { "week" };
    let mut text = format!(
        "a full bar: {} renewals or {} ends a {unit}",
        number(most as usize),
        number(peak(&horizon.expiries) as usize)
    );
    if horizon.ended > 0 {
        text = format!("{} ended already · {text}", number(horizon.ended));
    }
    painter.put(area.x + 1, area.y + 3, area.width.saturating_sub(1), &text, Role::TextDim);
    let below = lines_area(area);
    if below.height > 0 {
        painter.rule(Area { y: below.y - 1, height: 1, ..below }, Role::Rule);
    }
    lines(painter, app, below);
}

/// The date of the first of every week.
fn scale(painter: &mut Painter, from: Time, (step, cells): (usize, u16), area: Area) {
    let mut free = area.x + LABEL + 1;
    for week in 0..=DAYS / 7 {
        let x = area.x + LABEL + 1 + (week * 7 / step) as u16 * cells;
        if x < free || x + 6 > area.x + area.width {
            continue;
        }
        let day = painter.date(from + TimeDelta::days(week as i64 * 7));
        free = painter.put(x, area.y, 6, &day, Role::TextDim) + 1;
    }
}

fn lines(painter: &mut Painter, app: &App, area: Area) {
    let lines = &app.horizon.horizon.lines;
    if lines.is_empty() {
        painter.put(area.x + 1, area.y, area.width, "There are no certificates.", Role::TextDim);
        return;
    }
    let window = app.horizon.view.range(lines.len());
    let mut section = window.start.checked_sub(1).and_then(|i| lines.get(i)).map(|line| line.section);
    for (i, line) in lines.get(window.clone()).unwrap_or_default().iter().enumerate() {
        let y = area.y + i as u16;
        if window.start + i == app.horizon.view.cursor {
            select(painter, area, y, true);
        }
        // The heading stands before the first line of its section.
        let heading = if section == Some(line.section) && i > 0 { "" } else { line.section.title() };
        section = Some(line.section);
        painter.put(area.x + 1, y, 16, heading, Role::ColumnTitle);
        row(painter, line, Area { x: area.x + 18, y, width: area.width.saturating_sub(18), height: 1 });
    }
}

fn row(painter: &mut Painter, line: &Line, area: Area) {
    let of_many = matches!(line.section, Section::Issuer | Section::Namespace);
    // `ClusterIssuer/letsencrypt-http` stands whole.
    let name = (area.width * 2 / 5).max(if of_many { area.width.saturating_sub(31).min(30) } else { 12 });
    let shown = crate::text::middle(&line.name, usize::from(name));
    painter.put(area.x, area.y, name, &shown, Role::TextStrong);
    let x = area.x + name + 1;
    let room = (area.x + area.width).saturating_sub(x);
    match line.section {
        Section::AtRisk => {
            let left = line.when.map(|end| painter.lasts(end)).unwrap_or_default();
            let ended = line.when.is_some_and(|end| end <= painter.now);
            painter.put_right(x, area.y, 8.min(room), &left, if ended { Role::AlarmRed } else { Role::AlarmAmber });
            painter.put(x + 10, area.y, room.saturating_sub(10), &line.what, Role::Text);
        }
        Section::Stampede => {
            let when = line.when.map(|hour| painter.stamp(hour)).unwrap_or_default();
            let when = when.get(..16).unwrap_or(&when).to_owned();
            painter.put(x, area.y, room, &format!("{when}  {}", line.what), Role::AlarmAmber);
        }
        Section::Issuer | Section::Namespace => {
            let first = line.when.map_or_else(String::new, |end| format!(" · first end in {}", painter.lasts(end)));
            let week = format!("{} due within 7 days", count(line.week, "renewal"));
            let whole = format!("{} · {week}", count(line.count, "certificate"));
            let short = format!("{} · {week}", count(line.count, "cert"));
            let fits = |text: &String| width(text) <= usize::from(room);
            let text = [format!("{whole}{first}"), whole].into_iter().find(fits).unwrap_or(short);
            painter.put(x, area.y, room, &text, Role::Text);
        }
    }
}
