//! The last line: the keys that work now, or what is being typed.

use super::painter::Painter;
use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::app::screen::Mode;
use crate::app::toast::{Notice, Tone};
use crate::text::width;
use crate::theme::Role;

pub(super) fn paint(painter: &mut Painter, app: &App, areas: &Areas) {
    let area = areas.footer;
    // Keys give way to a notice; what is asked or typed does not.
    if matches!(app.mode(), Mode::Normal) {
        if let Some(notice) = app.notice(painter.now) {
            self::notice(painter, &notice, area);
        }
        return keys(painter, app, area);
    }
    let taken = asked(painter, app, areas).saturating_sub(area.x) + 1;
    if let Some(notice) = app.notice_within(painter.now, area.width.saturating_sub(taken)) {
        self::notice(painter, &notice, area);
    }
}

/// What is asked or typed; returns the column after it.
fn asked(painter: &mut Painter, app: &App, areas: &Areas) -> u16 {
    let area = areas.footer;
    let end = area.x + area.width;
    let hint = |painter: &mut Painter, text: &str| {
        painter.put(area.x + 1, area.y, area.width.saturating_sub(1), text, Role::KeyTitle)
    };
    match app.mode() {
        Mode::Normal => area.x,
        Mode::Filter { prompt, error, .. } => {
            let help = "text  !text  ^re|gex  -l app=web  issuer:^le-  expires:<30d   enter keeps it, esc does not";
            line(painter, area, "/", prompt.text(), prompt.before_cursor(), error.as_deref(), help)
        }
        Mode::LogSearch { prompt, .. } => {
            let help = "lines with this text alone   enter keeps it, esc does not";
            line(painter, area, "/", prompt.text(), prompt.before_cursor(), None, help)
        }
        Mode::Palette { prompt, error } => {
            let help = app.palette_hint(prompt.text());
            line(painter, area, ":", prompt.text(), prompt.before_cursor(), error.as_deref(), &help)
        }
        Mode::Search { prompt, .. } => {
            let help = match app.matches() {
                Some((_, 0)) => "not on this page".to_owned(),
                Some((here, all)) => format!("{here} of {all}   enter keeps it, esc does not"),
                None => "a text on this page; capitals matter where there are some".to_owned(),
            };
            line(painter, area, "/", prompt.text(), prompt.before_cursor(), None, &help)
        }
        Mode::Namespaces(_) => hint(painter, "enter shows it   space adds or removes it   0–9 by digit   esc closes"),
        Mode::Remedies(_) => {
            hint(painter, "enter or its digit does it, after a dialog, or copies its command   esc closes")
        }
        Mode::Contexts { .. } => hint(painter, "enter connects to it: everything begins anew   esc closes"),
        Mode::Action(dialog) => {
            let (_, inner) = dialog.areas(areas);
            let scrolls = dialog.lines(usize::from(inner.width)).len() > usize::from(inner.height);
            let mut x = area.x + 1;
            for (key, does) in dialog.keys(scrolls) {
                let room = end.saturating_sub(x);
                if width(key) + 1 + width(&does) > usize::from(room) {
                    break;
                }
                x = painter.put(x, area.y, room, key, Role::Key) + 1;
                x = painter.put(x, area.y, room, &does, Role::KeyTitle) + 3;
            }
            x
        }
        Mode::Quit { .. } => {
            let x = painter.put(area.x + 1, area.y, area.width, "Quit cmtop?  ", Role::Prompt);
            let x = painter.put(x, area.y, area.width, "q or enter: yes   any other key: no", Role::KeyTitle);
            let Some(begun) = app.under_way() else { return x };
            let text = format!("   ends first: {begun}");
            painter.put(x, area.y, end.saturating_sub(x), &text, Role::PromptError)
        }
    }
}

fn line(
    painter: &mut Painter,
    area: Area,
    sign: &str,
    text: &str,
    before: &str,
    error: Option<&str>,
    help: &str,
) -> u16 {
    let x = painter.put(area.x, area.y, 1, sign, Role::Accent);
    let after = painter.put(x, area.y, area.width.saturating_sub(x), text, Role::Prompt);
    // The terminal's own cursor stays hidden: a reversed cell stands for it.
    let cursor = x + width(before) as u16;
    painter.underlay(Area { x: cursor, y: area.y, width: 1, height: 1 }, Role::ToastNeutral);
    let x = after + 3;
    let (text, role) = error.map_or((help, Role::KeyTitle), |error| (error, Role::PromptError));
    painter.put(x, area.y, area.width.saturating_sub(x), text, role)
}

fn keys(painter: &mut Painter, app: &App, area: Area) {
    for hint in app.hints(painter.now) {
        let (of_key, of_title) =
            if hint.missing { (Role::TextDim, Role::TextDim) } else { (Role::Key, Role::KeyTitle) };
        let x = area.x + hint.x;
        let after = painter.put(x, area.y, hint.cells, &hint.key, of_key) + 1;
        painter.put(after, area.y, hint.cells, &hint.title, of_title);
    }
}

/// A notice at the right end: no row gives way to it.
fn notice(painter: &mut Painter, notice: &Notice, area: Area) {
    painter.shows_until(notice.until);
    let role = match notice.tone {
        Tone::Good => Role::ToastGood,
        Tone::Neutral => Role::ToastNeutral,
        Tone::Bad => Role::ToastBad,
    };
    let text = format!(" {}{} ", notice.text, notice.more);
    painter.put_right(area.x, area.y, area.width, &text, role);
}
