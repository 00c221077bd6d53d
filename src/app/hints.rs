//! [`Hint`]: the keys that work now, as the last line shows them, and where: what is painted there can be clicked.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::App;
use crate::action::Action;
use crate::command::{COMMANDS, Command, Scope};
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
    /// What the last line has room for.
    pub fn hints(&self, room: u16) -> Vec<Hint> {
        let place = self.place();
        let narrow_first = |scope: Scope| scope == Scope::Everywhere;
        let mut rows: Vec<_> = COMMANDS.iter().filter(|row| !row.hint.is_empty() && place.admits(row.scope)).collect();
        rows.sort_by_key(|row| narrow_first(row.scope));
        // Help and quit are never crowded out; who plays a recording looks for its keys.
        rows.sort_by_key(|row| (!matches!(row.name, "open" | "help" | "quit"), row.scope != Scope::Recording));
        let (mut x, mut shown, mut hints) = (1, BTreeSet::new(), Vec::new());
        for row in rows {
            // Of two commands on one key the one of the narrower scope counts, and it comes first.
            let Some(key) = self.keymap.key_of(row.command).filter(|key| shown.insert(key.clone())) else { continue };
            // What is not allowed is still to be found, with the verb that is missing; the dialog names the whole right.
            let missing = Action::of(row.command).and_then(|action| self.missing_right(action));
            let verb = missing.and_then(|right| right.split(' ').next());
            let title = verb.map_or(Cow::Borrowed(row.hint), |verb| format!("{} (no {verb})", row.hint).into());
            let cells = (width(&key) + 1 + width(&title)) as u16;
            if x + cells > room {
                break;
            }
            hints.push(Hint { x, cells, key, title, missing: missing.is_some(), command: row.command });
            x += cells + GAP;
        }
        hints
    }
}
