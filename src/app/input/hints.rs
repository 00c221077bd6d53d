//! [`Hint`]: the keys that work now, as the last line shows them, and where: what is painted there can be clicked.
//!
//! **Invariant:** a key that is hinted does something: what would only say why not is no hint.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::action::Action;
use crate::app::App;
use crate::app::page::causes::Ailment;
use crate::app::screen::{Body, Pane, Screen};
use crate::app::way::Way;
use crate::command::{COMMANDS, Command, CommandRow, Scope};
use crate::model::meta::Time;
use crate::text::width;

/// A key of the last line, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The column where it begins.
    pub x: u16,
    /// Cells that it takes.
    pub cells: u16,
    /// The key.
    pub key: String,
    /// What it does, in a word.
    pub title: Cow<'static, str>,
    /// Whether a right is missing for it.
    pub missing: bool,
    /// What it does.
    pub command: Command,
}

/// Cells between two.
const GAP: u16 = 3;

impl App {
    /// What the last line has room for, beside a notice.
    pub fn hints(&self, now: Time) -> Vec<Hint> {
        let taken = self.notice(now).map_or(0, |notice| notice.cells + 1);
        let room = self.ui.areas().footer.width.saturating_sub(taken);
        let place = self.place();
        let narrow_first = |scope: Scope| scope == Scope::Everywhere;
        let mut rows: Vec<_> =
            COMMANDS.iter().filter(|row| !self.word(row).is_empty() && place.admits(row.scope)).collect();
        rows.sort_by_key(|row| narrow_first(row.scope));
        // Help and quit are never crowded out; who plays a recording or looks back looks for its keys.
        let of_time = |row: &CommandRow| row.scope == Scope::Recording || row.command == Command::LookBack;
        rows.sort_by_key(|row| (!matches!(row.name, "open" | "help" | "quit"), !of_time(row)));
        let (mut x, mut shown, mut hints) = (1, BTreeSet::new(), Vec::new());
        for row in rows {
            // Of two commands on one key the one of the narrower scope counts, and it comes first.
            let Some(key) = self.keymap.key_of(row.command).filter(|key| shown.insert(key.clone())) else { continue };
            if !self.answers(row.command, now) {
                continue;
            }
            // What is not allowed is still to be found, with the verb that is missing; the dialog names the whole right.
            let missing = Action::of(row.command).and_then(|action| self.missing_right(action));
            let verb = missing.and_then(|right| right.split(' ').next());
            let word = self.word(row);
            let title = verb.map_or(Cow::Borrowed(word), |verb| format!("{word} (no {verb})").into());
            let cells = (width(&key) + 1 + width(&title)) as u16;
            if x + cells > room {
                break;
            }
            hints.push(Hint { x, cells, key, title, missing: missing.is_some(), command: row.command });
            x += cells + GAP;
        }
        hints
    }

    /// The commands that act here and have a key, those of this page before those of every page.
    pub(in crate::app) fn acting_here(&self, now: Time) -> Vec<Command> {
        let place = self.place();
        let is_general = |row: &CommandRow| row.scope == Scope::Everywhere;
        let acts = |row: &&CommandRow| !row.title.is_empty() && place.admits(row.scope) && row.command != Command::Help;
        let hinted = |row: &&CommandRow| !is_general(row) || !self.word(row).is_empty();
        let mut rows: Vec<_> = COMMANDS.iter().filter(acts).filter(hinted).collect();
        rows.sort_by_key(|row| is_general(row));
        let mut seen = BTreeSet::new();
        rows.retain(|row| self.keymap.key_of(row.command).is_some_and(|key| seen.insert(key)));
        rows.into_iter().map(|row| row.command).filter(|command| self.answers(*command, now)).collect()
    }

    /// What a command does here, in a word; empty where it is not worth a place.
    fn word(&self, row: &CommandRow) -> &'static str {
        match (row.command, self.ui.screen()) {
            (Command::Open, Screen::Probe) => "why and mend",
            // It is on the page that is opened for it.
            (Command::Versions, _) => "",
            (Command::LookBack, _) if self.looks_back() => "now",
            (Command::Leave, _) if self.ui.stack.len() > 1 => "back",
            _ => row.hint,
        }
    }

    /// Whether a command would do something here, and not only say why it does not.
    fn answers(&self, command: Command, now: Time) -> bool {
        let screen = self.ui.screen();
        match command {
            Command::Open => self.opens(),
            Command::Tree => self.selected().is_some(),
            Command::Describe => screen != Screen::Describe && self.selected_object().is_some(),
            Command::X509 => self.x509_object().is_some() && (screen != Screen::X509 || self.x509.names_list()),
            Command::Yaml | Command::CopyName => self.selected_object().is_some(),
            Command::Difference => self.has_version(Way::Back),
            Command::Newer => self.has_version(Way::On),
            Command::Timeline => screen != Screen::Timeline && self.selected().is_some(),
            Command::PreviousAttempt => self.timeline.has_earlier(),
            Command::Events => screen != Screen::Events,
            Command::Causes => screen != Screen::Causes,
            Command::Logs => screen != Screen::Logs,
            Command::Horizon => screen != Screen::Horizon,
            Command::Help => screen != Screen::Help,
            Command::Probe => screen != Screen::Probe && self.aim().is_ok(),
            Command::ProbeAgain => self.aim().is_ok(),
            Command::PreviousChange => self.past.range().is_some_and(|(begin, _)| begin < now),
            Command::NextPane => self.panes().len() > 1,
            Command::Mend => self.acts(None, now),
            _ => Action::of(command).is_none_or(|action| self.acts(Some(action), now)),
        }
    }

    /// Whether something is selected that can be opened.
    fn opens(&self) -> bool {
        match self.ui.screen().body() {
            Body::Home if self.ui.pane == Pane::Table => self.selected().is_some(),
            Body::Home | Body::Tree | Body::Probe => self.selected_object().is_some(),
            Body::Timeline => self.timeline.entry(self.timeline.view.cursor).is_some(),
            Body::Logs => self.logs.line(self.logs.view.cursor, &self.model.logs).is_some_and(|line| self.leads(line)),
            Body::Horizon => !self.horizon.horizon.lines.is_empty(),
            Body::Rows(_) => self.object_of_row().is_some(),
            Body::Causes => self.causes_page.selected().is_some_and(Ailment::leads),
            Body::Text => false,
        }
    }
}
