//! Text: the selected object in words, what happened, the help.

use super::painter::Painter;
use super::role;
use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::app::page::line::{Line, Piece};
use crate::app::screen::{Pane, Screen};
use crate::command::Command;
use crate::model::kind::Kind;
use crate::text::{number, width};
use crate::theme::Role;

/// What the detail pane is about, on the line above it.
pub(super) fn heading(painter: &mut Painter, app: &App, areas: &Areas) {
    let Some(key) = app.selected_object() else { return };
    let text = format!(" {} {} ", key.kind, key.name);
    let focus = app.ui.pane == Pane::Detail;
    let x = areas.divider.x + 2;
    painter
        .rule(Area { x: areas.divider.x + 1, y: areas.rules[1].y, width: areas.detail.width, height: 1 }, Role::Rule);
    painter.put(x, areas.rules[1].y, areas.detail.width - 2, &text, if focus { Role::Accent } else { Role::Title });
}

/// The first line of a full page.
pub(super) fn title(painter: &mut Painter, app: &App, area: Area) {
    let text = match app.ui.screen() {
        Screen::Help => "Help".to_owned(),
        Screen::Actions => format!("Actions of this session · {}", number(app.acting.log.len())),
        Screen::Messages => "Messages: what the last line said in this session".to_owned(),
        Screen::Feeds => "Feeds: what is watched, and how it does".to_owned(),
        Screen::Probe => {
            let object = app.probes.open.as_ref().map(ToString::to_string).unwrap_or_default();
            let ahead = app.probes.open.as_ref().is_some_and(|object| object.kind == Kind::Certificate);
            let what = if ahead { "Preflight: what would go wrong" } else { "Propagation: who sees what" };
            format!("{what} · {object}")
        }
        Screen::X509 => {
            let object = app.x509.open.as_ref().map(ToString::to_string).unwrap_or_default();
            let key = app.keymap.key_of(Command::X509).filter(|_| app.x509.names_list());
            let more = key.map(|key| format!(" · {key} asks whether it was revoked")).unwrap_or_default();
            format!("X.509 · {object}{more}")
        }
        Screen::Yaml => {
            let object = app.yaml.open.as_ref().map(ToString::to_string).unwrap_or_default();
            match (app.yaml.compares(), app.yaml.count()) {
                (true, _) => format!("What changed · {object}"),
                (false, 0 | 1) => format!("YAML · {object}"),
                (false, _) => format!("YAML · {object} · v shows what differs"),
            }
        }
        Screen::Events => {
            let (events, changes) = (&app.model.events, &app.model.journal);
            let dropped = events.dropped() + changes.dropped();
            let dropped =
                if dropped > 0 { format!(" · {} older ones dropped", number(dropped)) } else { String::new() };
            format!(
                "What happened · {} changes seen, {} Events noted{dropped}",
                number(changes.len()),
                number(events.len())
            )
        }
        _ => app.selected_object().map(|key| key.to_string()).unwrap_or_default(),
    };
    let mut room = area.width;
    if app.page_lines().len() > app.ui.text.height {
        let (top, all) = (app.ui.text.offset + 1, app.page_lines().len());
        let found = app.matches().map(|(here, all)| format!("{here} of {all} “{}” · ", app.ui.search.text));
        let place = format!("{}line {} of {}", found.unwrap_or_default(), number(top), number(all));
        painter.put_right(area.x, area.y, area.width - 1, &place, Role::TextDim);
        room = room.saturating_sub(width(&place) as u16 + 4);
    }
    painter.put(area.x + 1, area.y, room, &text, Role::Title);
}

pub(super) fn paint(painter: &mut Painter, app: &App, area: Area) {
    for (i, line) in app.page_lines().iter().skip(app.ui.text.offset).take(usize::from(area.height)).enumerate() {
        let row = Area { x: area.x + 1, y: area.y + i as u16, width: area.width.saturating_sub(1), height: 1 };
        paint_line(painter, line, row);
        if app.ui.search.fits(line) {
            let here = app.ui.search.found == Some(app.ui.text.offset + i);
            painter.underlay(row, if here { Role::RowSelected } else { Role::RowSelectedDim });
        }
    }
}

pub(super) fn paint_line(painter: &mut Painter, line: &Line, area: Area) {
    let (mut x, end) = (area.x, area.x + area.width);
    for piece in line {
        let room = end.saturating_sub(x);
        x = match piece {
            Piece::Text(emphasis, text) => painter.put(x, area.y, room, text, role::of_emphasis(*emphasis)),
            Piece::Ago(moment) => {
                let text = format!("{:>7}", painter.ago(*moment));
                painter.put(x, area.y, room, &text, Role::TextDim)
            }
            Piece::Clock(moment) => painter.put(x, area.y, room, &painter.clock(*moment), Role::TextDim),
            Piece::Ahead(moment) => {
                painter.changes_at(*moment);
                let text = painter.ahead(*moment);
                painter.put(x, area.y, room, &text, Role::TextDim)
            }
            Piece::Moment(moment) => {
                let distance = if *moment > painter.now {
                    painter.ahead(*moment)
                } else {
                    format!("{} ago", painter.ago(*moment))
                };
                if *moment > painter.now {
                    painter.changes_at(*moment);
                }
                let after = painter.put(x, area.y, room, &painter.stamp(*moment), Role::Text);
                painter.put(after + 2, area.y, end.saturating_sub(after + 2), &distance, Role::TextDim)
            }
            Piece::Verdict(verdict) => {
                let text = format!("{} {verdict}", painter.glyphs().verdict(*verdict));
                painter.put(x, area.y, room, &text, role::of_alarm(verdict.alarm()))
            }
        };
    }
}
