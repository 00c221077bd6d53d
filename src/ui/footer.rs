//! The last line: the keys that work now, or what is being typed.

use super::painter::Painter;
use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::app::ui_state::Mode;
use crate::text::width;
use crate::theme::Role;

pub(super) fn paint(painter: &mut Painter, app: &App, areas: &Areas) {
    let area = areas.footer;
    match app.mode() {
        Mode::Normal => keys(painter, app, area),
        Mode::Filter { prompt, error, .. } => {
            let help = "text  !text  -l app=web  issuer:^le-   enter keeps it, esc does not";
            line(painter, area, "/", prompt.text(), prompt.before_cursor(), error.as_deref(), help);
        }
        Mode::LogSearch { prompt, .. } => {
            let help = "lines with this text alone   enter keeps it, esc does not";
            line(painter, area, "/", prompt.text(), prompt.before_cursor(), None, help);
        }
        Mode::Palette { prompt, error } => {
            let help = app.palette_hint(prompt.text());
            line(painter, area, ":", prompt.text(), prompt.before_cursor(), error.as_deref(), &help);
        }
        Mode::Search { prompt, .. } => {
            let help = match app.matches() {
                Some((_, 0)) => "not on this page".to_owned(),
                Some((here, all)) => format!("{here} of {all}   enter keeps it, esc does not"),
                None => "a text on this page; capitals matter where there are some".to_owned(),
            };
            line(painter, area, "/", prompt.text(), prompt.before_cursor(), None, &help);
        }
        Mode::Namespaces(_) => {
            painter.put(
                area.x + 1,
                area.y,
                area.width,
                "enter shows it   space adds or removes it   0–9 by digit   esc closes",
                Role::KeyTitle,
            );
        }
        Mode::Contexts { .. } => {
            let text = "enter connects to it: everything begins anew   esc closes";
            painter.put(area.x + 1, area.y, area.width, text, Role::KeyTitle);
        }
        Mode::Action(_) => {
            painter.put(area.x + 1, area.y, area.width, "enter sends it   esc does not   j k scroll", Role::KeyTitle);
        }
        Mode::Quit => {
            let x = painter.put(area.x + 1, area.y, area.width, "Quit cmtop?  ", Role::Prompt);
            painter.put(x, area.y, area.width, "q or enter: yes   any other key: no", Role::KeyTitle);
        }
    }
}

fn line(painter: &mut Painter, area: Area, sign: &str, text: &str, before: &str, error: Option<&str>, help: &str) {
    let x = painter.put(area.x, area.y, 1, sign, Role::Accent);
    let after = painter.put(x, area.y, area.width.saturating_sub(x), text, Role::Prompt);
    // The terminal's own cursor stays hidden: a reversed cell stands for it.
    let cursor = x + width(before) as u16;
    painter.underlay(Area { x: cursor, y: area.y, width: 1, height: 1 }, Role::ToastNeutral);
    let x = after + 3;
    let (text, role) = error.map_or((help, Role::KeyTitle), |error| (error, Role::PromptError));
    painter.put(x, area.y, area.width.saturating_sub(x), text, role);
}

fn keys(painter: &mut Painter, app: &App, area: Area) {
    for hint in app.hints(area.width) {
        let (of_key, of_title) =
            if hint.missing { (Role::TextDim, Role::TextDim) } else { (Role::Key, Role::KeyTitle) };
        let x = area.x + hint.x;
        let after = painter.put(x, area.y, hint.cells, &hint.key, of_key) + 1;
        painter.put(after, area.y, hint.cells, &hint.title, of_title);
    }
}
