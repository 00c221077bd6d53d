//! The table of a kind other than Certificate: only the rows on the screen are ever looked at.

use super::detail;
use super::painter::Painter;
use super::role;
use super::table::{changed, head, larger_unit, left_out, select};
use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::app::kinds::KindTable;
use crate::app::kinds::field::{Field, GUTTER};
use crate::app::kinds::subject::Subject;
use crate::app::kinds::value::Value;
use crate::app::screen::Pane;
use crate::app::table::plan::Plan;
use crate::model::kind::Kind;
use crate::text::{middle, number, wrap};
use crate::theme::Role;
use crate::triage::tree::Tone;

pub(super) fn paint(painter: &mut Painter, app: &App, areas: &Areas) {
    let Some((kind, table)) = app.kind_table() else { return };
    if table.rows.is_empty() {
        title(painter, app, (kind, table), areas.title);
        empty(painter, app, (kind, table), areas.main);
    } else {
        let plan = app.kind_plan(kind, areas.main.width);
        let titles: Vec<String> = plan.left_out.iter().map(|field| field.title().to_lowercase()).collect();
        left_out(painter, areas.title, (plan.page, plan.more), &titles, |painter, area| {
            title(painter, app, (kind, table), area)
        });
        heads(painter, (kind, table), areas.heads, &plan);
        let window = table.view.range(table.rows.len());
        for (i, handle) in table.rows.get(window.clone()).unwrap_or_default().iter().enumerate() {
            let y = areas.main.y + i as u16;
            if window.start + i == table.view.cursor {
                select(painter, areas.main, y, app.ui.pane != Pane::Detail);
            }
            match handle.subject(&app.model) {
                Some(subject) => {
                    let until = subject.uid().and_then(|uid| app.ui.changed.get(&uid)).copied();
                    changed(painter, areas.main, y, until);
                    row(painter, app, (table, subject), (areas.main.x, y), &plan);
                }
                None => drop(painter.put(areas.main.x + 1, y, areas.main.width, "it is gone", Role::TextDim)),
            }
        }
    }
    if areas.detail.height > 0 {
        painter.rule(areas.rules[1], Role::Rule);
        let name = app.selected_object().map(|key| format!(" {key} ")).unwrap_or_default();
        let role = if app.ui.pane == Pane::Detail { Role::Accent } else { Role::Title };
        painter.put(areas.rules[1].x + 2, areas.rules[1].y, areas.rules[1].width.saturating_sub(3), &name, role);
        detail::paint(painter, app, areas.detail);
    }
}

fn title(painter: &mut Painter, app: &App, (kind, table): (Kind, &KindTable), area: Area) -> u16 {
    let name = if kind == Kind::Secret { "Secrets of Certificates".to_owned() } else { format!("{kind}s") };
    let mut x = painter.put(area.x + 1, area.y, area.width, &name, Role::Title) + 1;
    let (shown, all) = (table.rows.len(), table.all);
    let count = if shown == all { number(all) } else { format!("{} of {}", number(shown), number(all)) };
    let mut say =
        |text: &str, role: Role| x = painter.put(x, area.y, (area.x + area.width).saturating_sub(x), text, role);
    say(&count, Role::Text);
    if kind == Kind::Challenge {
        let (running, waiting) = (app.model.challenges_running(), app.model.challenges_waiting());
        let full = if running >= table.facts.slots { Role::AlarmAmber } else { Role::Text };
        say(&format!(" · {} of {} slots used", number(running), number(table.facts.slots)), full);
        say(&format!(" · {} waiting", number(waiting)), if waiting > 0 { Role::AlarmBusy } else { Role::TextDim });
    }
    say(&format!(" · {}", table.sorted_by(kind).order()), Role::TextDim);
    if table.reversed {
        say(", reversed", Role::TextDim);
    }
    let chosen: Vec<&str> = app.selection.namespaces.iter().map(|n| n.as_str()).collect();
    if !chosen.is_empty() && kind != Kind::ClusterIssuer {
        say(&format!(" · in {}", chosen.join(", ")), Role::AlarmBusy);
    }
    if app.selection.only_faults {
        say(" · only what needs a person", Role::AlarmBusy);
    }
    if !table.filter.is_empty() {
        say(&format!(" · /{}", table.filter), Role::AlarmBusy);
    }
    if app.roster.is_frozen() {
        say(" · frozen", Role::AlarmAmber);
    }
    x
}

fn heads(painter: &mut Painter, (kind, table): (Kind, &KindTable), area: Area, plan: &Plan<Field>) {
    let sorted = table.sorted_by(kind);
    let mut x = area.x + GUTTER;
    for (field, cells) in &plan.columns {
        let order = (*field == sorted).then_some(table.reversed);
        head(painter, (x, area.y, *cells), &field.title(), order, field.is_right());
        x += cells + plan.gap;
    }
}

fn row(
    painter: &mut Painter,
    app: &App,
    (table, subject): (&KindTable, Subject),
    (left, y): (u16, u16),
    plan: &Plan<Field>,
) {
    // State is a sign and a word: colours may not be told apart, and a small screen has no room for the word.
    let (_, tone) = subject.state(&app.model);
    painter.put(left + 1, y, 1, sign(painter, tone), role::of_tone(tone));
    let mut x = left + GUTTER;
    for (field, cells) in &plan.columns {
        let value = subject.value(field, &app.model, &table.facts);
        let (text, role) = match value {
            Value::Text(text) => (text.into_owned(), ink(field)),
            Value::State(state, tone) => (state.to_owned(), role::of_tone(tone)),
            Value::Number(0) if *field == Field::Troubles => (painter.glyphs().none.to_owned(), Role::TextDim),
            Value::Number(n) if *field == Field::Troubles => (number(n), role::of_tone(Tone::Bad)),
            Value::Number(n) => (number(n), Role::Text),
            Value::Ago(at) => (painter.ago(at), Role::TextDim),
            Value::Ends(at) => {
                painter.changes_at(at);
                let ended = at <= painter.now;
                (painter.lasts(at), if ended { Role::AlarmRed } else { Role::Text })
            }
            Value::None if matches!(field, Field::Why | Field::Tag(_)) => (String::new(), Role::TextDim),
            Value::None => (painter.glyphs().none.to_owned(), Role::TextDim),
        };
        let name = matches!(field, Field::Name | Field::Certificate | Field::Domain | Field::Object | Field::Issuer);
        let text = if name { middle(&text, usize::from(*cells)) } else { text.as_str().into() };
        if field.is_right() {
            painter.put_right(x, y, *cells, larger_unit(&text, *cells), role);
        } else {
            painter.put(x, y, *cells, &text, role);
        }
        x += cells + plan.gap;
    }
}

fn sign<'g>(painter: &Painter<'g>, tone: Tone) -> &'g str {
    let glyphs = painter.glyphs();
    match tone {
        Tone::Good => glyphs.dot,
        Tone::Busy => glyphs.busy,
        Tone::Waiting => glyphs.waiting,
        Tone::Bad => glyphs.bad,
        Tone::Absent => glyphs.hollow,
        Tone::Unseen => glyphs.none,
    }
}

const fn ink(field: &Field) -> Role {
    match field {
        Field::Name | Field::Domain | Field::Object => Role::TextStrong,
        Field::Issuer | Field::Solver | Field::Type => Role::TextDim,
        _ => Role::Text,
    }
}

/// Why there are no rows: never just nothing.
fn empty(painter: &mut Painter, app: &App, (kind, table): (Kind, &KindTable), area: Area) {
    let seen = app.model.feeds.sees(kind, "");
    let (headline, rest) = if table.is_working() {
        (format!("Looking at {kind}s…"), String::new())
    } else if table.all > 0 {
        ("Nothing matches.".to_owned(), "`/` changes the filter, `!` and `0` widen the choice.".to_owned())
    } else if !seen && kind != Kind::Event {
        let keys = app.keymap.key_of(crate::command::Command::Feeds).unwrap_or_default();
        (format!("{kind}s cannot be seen, or not all of them."), format!("`{keys}` says which right is missing."))
    } else {
        (format!("There are no {kind}s."), String::new())
    };
    let mut y = area.y + 1;
    for (text, role) in [(headline, Role::Text), (rest, Role::TextDim)] {
        for line in wrap(&text, usize::from(area.width.saturating_sub(4))) {
            if y < area.y + area.height {
                painter.put(area.x + 2, y, area.width.saturating_sub(2), &line, role);
            }
            y += 1;
        }
    }
}
