//! [`Keymap`]: from chords to [`Command`]s. Keys are data: there is no `match` over keys.

mod binding;
pub mod chord;

use std::collections::BTreeMap;

pub use self::binding::{BindingError, Bindings, Preset};
use self::chord::Chord;
use crate::command::{COMMANDS, Command, Scope};

/// Which commands make sense where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// A table has the focus.
    pub table: bool,
    /// A tree has the focus.
    pub tree: bool,
    /// A recording is played.
    pub recording: bool,
    /// The scope of a page that has commands of its own; else everywhere.
    pub page: Scope,
}

impl Place {
    /// Whether commands of a scope make sense here.
    pub const fn admits(self, scope: Scope) -> bool {
        match scope {
            Scope::Everywhere => true,
            Scope::Table => self.table,
            Scope::Rows => self.table && !self.tree,
            Scope::Tree => self.tree,
            Scope::Recording => self.recording,
            Scope::Timeline => matches!(self.page, Scope::Timeline),
            Scope::Logs => matches!(self.page, Scope::Logs),
            Scope::Document => matches!(self.page, Scope::Document),
            Scope::Probe => matches!(self.page, Scope::Probe),
            Scope::Text => matches!(self.page, Scope::Text | Scope::Document | Scope::Probe),
        }
    }
}

/// What a typed chord leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// A command.
    Found(Command),
    /// The beginning of a longer sequence.
    Prefix,
    /// Nothing.
    Nothing,
}

/// The keys.
#[derive(Debug, Clone)]
pub struct Keymap(BTreeMap<Vec<Chord>, Vec<Command>>);

impl Default for Keymap {
    /// The keys that users of k9s bring.
    fn default() -> Self {
        let mut map: BTreeMap<Vec<Chord>, Vec<Command>> = BTreeMap::new();
        for row in COMMANDS {
            for key in row.keys {
                let chords: Result<Vec<Chord>, String> = key.split(' ').map(Chord::parse).collect();
                if let Ok(chords) = chords {
                    map.entry(chords).or_default().push(row.command);
                }
            }
        }
        Self(map)
    }
}

impl Keymap {
    /// What a sequence of chords means in a place. Of two commands on one key, the one of the narrower scope counts.
    pub fn lookup(&self, typed: &[Chord], place: Place) -> Lookup {
        let here = self
            .0
            .get(typed)
            .into_iter()
            .flatten()
            .filter(|command| command.row().is_some_and(|row| place.admits(row.scope)));
        let narrowest = here.max_by_key(|command| command.row().is_some_and(|row| row.scope != Scope::Everywhere));
        if let Some(command) = narrowest {
            return Lookup::Found(*command);
        }
        if self.after(typed, place).is_empty() { Lookup::Nothing } else { Lookup::Prefix }
    }

    /// What can be typed after the beginning of a sequence, and what it leads to.
    pub fn after(&self, typed: &[Chord], place: Place) -> Vec<(String, Command)> {
        let longer = self.0.iter().filter(|(keys, _)| keys.len() > typed.len() && keys.starts_with(typed));
        let rest = |keys: &[Chord]| shown(keys.get(typed.len()..).unwrap_or_default());
        longer
            .flat_map(|(keys, commands)| commands.iter().map(move |command| (rest(keys), *command)))
            .filter(|(_, command)| command.row().is_some_and(|row| place.admits(row.scope)))
            .collect()
    }

    /// The keys of a command, those of the table first.
    pub fn keys_of(&self, command: Command) -> Vec<String> {
        let defaults = command.row().map(|row| row.keys).unwrap_or_default();
        let bound = self.0.iter().filter(|(_, commands)| commands.contains(&command)).map(|(keys, _)| shown(keys));
        let mut keys: Vec<String> = bound.collect();
        keys.sort_by_key(|key| defaults.iter().position(|default| default == key).unwrap_or(usize::MAX));
        keys
    }

    /// The first key of a command, for hints.
    pub fn key_of(&self, command: Command) -> Option<String> {
        self.keys_of(command).into_iter().next()
    }

    /// Keys that mean two things in the same place.
    pub fn clashes(&self) -> Vec<(String, Command, Command)> {
        let mut clashes = Vec::new();
        for (keys, commands) in &self.0 {
            for (i, a) in commands.iter().enumerate() {
                let same = |b: &&Command| a.row().map(|row| row.scope) == b.row().map(|row| row.scope);
                clashes.extend(commands.iter().skip(i + 1).filter(same).map(|b| (shown(keys), *a, *b)));
            }
        }
        clashes
    }
}

fn shown(keys: &[Chord]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Place = Place { table: true, tree: false, recording: false, page: Scope::Everywhere };

    #[test]
    fn every_key_of_the_table_is_a_key_and_none_means_two_things() {
        for row in COMMANDS {
            for key in row.keys {
                assert!(key.split(' ').all(|chord| Chord::parse(chord).is_ok()), "{key}");
            }
        }
        assert_eq!(Keymap::default().clashes(), vec![]);
    }

    #[test]
    fn names_are_unique_and_lead_back() {
        for row in COMMANDS {
            assert_eq!(Command::named(row.name), Some(row.command));
            assert_eq!(COMMANDS.iter().filter(|other| other.command == row.command).count(), 1);
        }
    }

    #[test]
    fn a_key_means_what_its_place_admits() {
        let keymap = Keymap::default();
        let typed = |key: &str| vec![Chord::parse(key).unwrap()];
        assert_eq!(keymap.lookup(&typed("j"), TABLE), Lookup::Found(Command::Down));
        assert_eq!(
            keymap
                .lookup(&typed("space"), Place { table: false, tree: true, recording: false, page: Scope::Everywhere }),
            Lookup::Nothing
        );
        assert_eq!(
            keymap
                .lookup(&typed("left"), Place { table: false, tree: true, recording: false, page: Scope::Everywhere }),
            Lookup::Found(Command::Fold)
        );
        assert_eq!(keymap.key_of(Command::Down).as_deref(), Some("j"));
    }
}
