//! The themes that come with cmtop: every role has a look, every page can be read in each, and faults are told.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[path = "support/harness.rs"]
mod harness;
#[path = "support/pages.rs"]
mod pages;

use std::collections::BTreeSet;

use cmtop::theme::contrast::{LINES, READABLE};
use cmtop::theme::depth::Depth;
use cmtop::theme::ground::{Ground, contrast};
use cmtop::theme::{BUNDLED, Role, Theme};
use cmtop::ui::Look;
use harness::{Harness, look};
use pages::VIEWS;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

fn opened() -> impl Iterator<Item = (&'static str, Harness)> {
    VIEWS.iter().map(|(name, ..)| (*name, pages::open(name, 140, 42)))
}

fn painted(theme: Theme, harness: &Harness) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 140, 42));
    cmtop::ui::view(&harness.app, &Look { theme, ..look() }, harness.now, &mut buffer);
    buffer
}

#[test]
fn every_theme_gives_every_role_a_look_and_carries_its_own_name() {
    let mut names = BTreeSet::new();
    for (name, _) in BUNDLED {
        let theme = Theme::bundled(name).unwrap();
        assert_eq!(theme.name, *name);
        names.insert(*name);
        let marked = |role: Role| {
            let (own, text) = (theme.style(role), theme.style(Role::Text));
            own != text
        };
        for role in [Role::RowSelected, Role::RowSelectedDim, Role::AlarmRed, Role::ToneBad, Role::ToastBad] {
            assert!(marked(role), "{name}: {} looks like any text", role.name());
        }
    }
    assert_eq!(names.len(), 9);
}

#[test]
fn every_role_stands_out_from_the_background_and_from_the_selected_row() {
    for (name, _) in BUNDLED {
        let theme = Theme::bundled(name).unwrap();
        if theme.background.is_none() {
            // Colours of the terminal's own choice: nobody can measure them, so none may be named but those.
            let named = |colour: Option<Color>| !matches!(colour, Some(Color::Rgb(..) | Color::Indexed(_)));
            assert!(
                Role::ALL.iter().all(|role| named(theme.style(*role).fg) && theme.style(*role).bg.is_none()),
                "{name}"
            );
        }
        let faint: Vec<String> = theme.faint().iter().map(ToString::to_string).collect();
        assert!(faint.is_empty(), "{name}: {}", faint.join("; "));
    }
}

/// What is painted, and not only what is named: the pages in every theme, cell by cell.
#[test]
fn every_page_can_be_read_in_every_theme() {
    let views: Vec<_> = opened().collect();
    for (name, _) in BUNDLED {
        let theme = Theme::bundled(name).unwrap();
        let ground = theme.background;
        let lines: Vec<_> = LINES.iter().map(|role| theme.style(*role).fg).collect();
        for (view, harness) in &views {
            let buffer = painted(theme.clone(), harness);
            let words = buffer.content.iter().filter(|cell| !cell.symbol().trim().is_empty());
            let words = words.filter(|cell| cell.symbol().chars().any(char::is_alphanumeric));
            for cell in words {
                let behind = if cell.bg == Color::Reset { ground.unwrap_or(Color::Reset) } else { cell.bg };
                if lines.contains(&Some(cell.fg)) {
                    continue;
                }
                if let Some(ratio) = contrast(cell.fg, behind) {
                    assert!(ratio >= READABLE, "{name}, {view}: `{}` at {ratio:.2}: {cell:?}", cell.symbol());
                }
            }
        }
    }
}

#[test]
fn a_theme_changes_the_colours_and_nothing_that_is_written() {
    for (view, harness) in opened() {
        let text = |theme: Theme| cmtop::ui::picture::text(&painted(theme, &harness));
        let plain = text(Theme::bundled("dark").unwrap());
        for (name, _) in BUNDLED {
            let theme = Theme::bundled(name).unwrap();
            assert_eq!(text(theme.clone()), plain, "{name}, {view}");
            for depth in [Depth::Ansi256, Depth::Ansi16, Depth::None] {
                assert_eq!(text(theme.at(depth)), plain, "{name}, {view}, {depth:?}");
            }
        }
    }
}

#[test]
fn without_colour_no_cell_has_one_and_the_selected_row_is_still_told() {
    let harness = pages::open("home", 140, 42);
    for (name, _) in BUNDLED {
        let buffer = painted(Theme::bundled(name).unwrap().on(Ground::Light).at(Depth::None), &harness);
        assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset), "{name}");
        assert!(buffer.content.iter().any(|cell| cell.modifier.contains(Modifier::REVERSED)), "{name}");
    }
}

#[test]
fn a_theme_that_fills_leaves_no_cell_to_the_terminal() {
    let views: Vec<_> = opened().collect();
    for (name, _) in BUNDLED {
        let theme = Theme::bundled(name).unwrap();
        let Some(floor) = theme.floor() else { continue };
        for (view, harness) in &views {
            let buffer = painted(theme.clone(), harness);
            assert!(buffer.content.iter().all(|cell| cell.bg != Color::Reset), "{name}, {view}: not on {floor}");
        }
    }
}
