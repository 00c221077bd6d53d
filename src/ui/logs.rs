//! The page of logs: the lines, and the selected one in full.

use super::painter::Painter;
use super::table::select;
use crate::app::App;
use crate::app::areas::Area;
use crate::app::message::SourceKind;
use crate::app::page::logs::log_areas;
use crate::model::feed::{FeedState, Part};
use crate::model::logs::{LogLine, Severity};
use crate::text::{count, middle, number, wrap};
use crate::theme::Role;

/// What the lines are about, and what of them is shown.
pub(super) fn title(painter: &mut Painter, app: &App, area: Area) {
    let page = &app.logs;
    let about = match &page.about {
        Some(key) if !page.all => format!("Logs about {key}"),
        _ => "Logs about everything".to_owned(),
    };
    let mut text = format!("{about} · {}", count(page.len(), "line"));
    if page.only_trouble {
        text += " · warnings and errors alone";
    }
    if !page.query.is_empty() {
        text = format!("{text} · with “{}”", page.query);
    }
    let after = painter.put(area.x + 1, area.y, area.width, &text, Role::Title);
    let book = &app.model.logs;
    let (said, role) = match page.held {
        Some(end) => (format!("held, {} newer", number(book.end().saturating_sub(end))), Role::AlarmAmber),
        None => (follows(app), Role::TextDim),
    };
    let dropped =
        if book.dropped() > 0 { format!(", {} older dropped", number(book.dropped())) } else { String::new() };
    let said = format!("{said} · {} kept{dropped}", number(book.len()));
    if usize::from(after) + crate::text::width(&said) + 3 < usize::from(area.x + area.width) {
        painter.put_right(area.x, area.y, area.width - 1, &said, role);
    }
}

/// How many logs are followed.
fn follows(app: &App) -> String {
    match app.session.as_ref().map(|session| session.source) {
        Some(SourceKind::Recording) | None => "as recorded".to_owned(),
        _ => format!("{} followed", count(app.logs.followed().len(), "log")),
    }
}

pub(super) fn paint(painter: &mut Painter, app: &App, area: Area) {
    let (above, below) = log_areas(area);
    let page = &app.logs;
    if page.is_empty() {
        for (i, line) in empty(app, usize::from(above.width).saturating_sub(2)).into_iter().enumerate() {
            if i < usize::from(above.height) {
                painter.put(above.x + 1, above.y + i as u16, above.width, &line, Role::TextDim);
            }
        }
        return;
    }
    for (i, row) in page.view.range(page.len()).enumerate() {
        let y = above.y + i as u16;
        if row == page.view.cursor {
            select(painter, above, y, true);
        }
        if let Some(one) = page.line(row, &app.model.logs) {
            line(painter, one, Area { y, height: 1, ..above });
        }
    }
    if let Some(one) = page.line(page.view.cursor, &app.model.logs) {
        let voice = &one.voice;
        let heading = format!("{} {}/{}", painter.stamp(one.at), voice.namespace, voice.pod);
        in_full(painter, below, &heading, &one.text);
    }
}

/// The selected line of a list in full, below a rule with its heading.
pub(super) fn in_full(painter: &mut Painter, area: Area, heading: &str, text: &str) {
    if area.height == 0 {
        return;
    }
    painter.rule(Area { y: area.y - 1, height: 1, ..area }, Role::Rule);
    painter.put(area.x + 1, area.y - 1, area.width, &format!(" {heading} "), Role::Title);
    let lines = wrap(text, usize::from(area.width).saturating_sub(2));
    for (i, text) in lines.iter().take(usize::from(area.height)).enumerate() {
        painter.put(area.x + 1, area.y + i as u16, area.width - 1, text, Role::Text);
    }
}

/// One line: when, how loud, about what, what.
fn line(painter: &mut Painter, line: &LogLine, area: Area) {
    let role = match line.severity {
        Severity::Error | Severity::Fatal => Role::EventWarning,
        Severity::Warning => Role::AlarmAmber,
        Severity::Plain | Severity::Info => Role::Text,
    };
    painter.put(area.x + 1, area.y, 12, &painter.exact_moment(line.at), Role::TextDim);
    painter.put(area.x + 14, area.y, 1, &line.severity.letter().to_string(), role);
    let mut x = area.x + 16;
    if area.width >= 110 {
        let about = line.mentions.first().map_or_else(
            || line.voice.pod.to_string(),
            |mention| {
                let kind = mention.kind.map_or("", |kind| kind.name());
                format!("{kind} {}/{}", mention.namespace, mention.name).trim_start().to_owned()
            },
        );
        let cells = area.width / 4;
        painter.put(x, area.y, cells, &middle(&about, usize::from(cells)), Role::TextDim);
        x += cells + 1;
    }
    let room = (area.x + area.width).saturating_sub(x);
    let error = if line.error.is_empty() { String::new() } else { format!(": {}", line.error) };
    painter.put(x, area.y, room, &format!("{}{error}", line.message), role);
}

/// Why there is no line, and what can be done about it.
fn empty(app: &App, cells: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, feed) in app.model.feeds.iter().filter(|(key, _)| key.part == Part::Logs) {
        match &feed.state {
            _ if !app.logs.is_followed_in(&key.namespace) => {}
            FeedState::Forbidden { right } => lines.push(format!("The right that is missing: {right}.")),
            FeedState::Retrying { why, .. } => lines.push(format!("The log cannot be read now: {why}.")),
            _ => {}
        }
    }
    let live = app.session.as_ref().is_some_and(|session| session.source != SourceKind::Recording);
    if live && app.logs.followed().is_empty() {
        lines.push("No Pod of cert-manager's controller is to be seen, so no log is followed.".to_owned());
    } else if !app.model.logs.is_empty() {
        let key = |command| app.keymap.key_of(command).unwrap_or_default();
        let all = count(app.model.logs.len(), "line");
        lines.push(match app.logs.query.as_str() {
            "" => format!("None of {all} is about it."),
            text => format!("None of the lines about it holds “{text}”; there are {all} in all."),
        });
        lines.push(format!("{} shows the lines about everything.", key(crate::command::Command::AllLogs)));
    } else if lines.is_empty() {
        lines.push("Nothing was printed yet.".to_owned());
    }
    lines.iter().flat_map(|line| wrap(line, cells)).collect()
}
