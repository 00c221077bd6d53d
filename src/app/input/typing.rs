//! `Typing`: a line of the palette as it is read, and which commands its name can mean.

use crate::command::argument::Argument;
use crate::command::{ALIASES, COMMANDS, Command};

/// A typed line: the name of a command, and what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Typing<'t> {
    /// The name, whole or not.
    pub(in crate::app) name: &'t str,
    /// What follows its blank; `None` where there is no blank yet.
    pub(in crate::app) argument: Option<&'t str>,
}

impl<'t> Typing<'t> {
    /// Reads a line. A `:` that was pasted along is not of the name.
    pub(in crate::app) fn of(line: &'t str) -> Self {
        let line = line.trim_start().trim_start_matches(':');
        match line.split_once(' ') {
            Some((name, argument)) => Self { name, argument: Some(argument.trim_start()) },
            None => Self { name: line, argument: None },
        }
    }

    /// The command that is meant: its name, a short one, or as much of it as belongs to no other.
    pub(in crate::app) fn command(self) -> Option<Command> {
        Command::called(self.name).or_else(|| match completions(self.name).as_slice() {
            [only] => Command::named(only),
            _ => None,
        })
    }

    /// What may follow the name.
    pub(in crate::app) fn takes(self) -> Option<Argument> {
        self.command()?.argument()
    }
}

/// The names of commands that begin with a text; the short ones stand for theirs.
pub fn completions(text: &str) -> Vec<&'static str> {
    let short = ALIASES.iter().filter(|(short, _)| *short == text).map(|(_, whole)| *whole);
    let mut names: Vec<&str> = COMMANDS.iter().map(|row| row.name).filter(|name| name.starts_with(text)).collect();
    let short: Vec<&str> = short.filter(|whole| !names.contains(whole)).collect();
    names.extend(short);
    names
}

/// The command that was probably meant.
pub(in crate::app) fn likely(name: &str) -> Option<&'static str> {
    nearest(name, COMMANDS.iter().map(|row| row.name).chain(ALIASES.iter().map(|(short, _)| *short)))
}

/// The word that was probably meant.
pub(in crate::app) fn nearest<'w>(meant: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let likeness = |word: &str| strsim::jaro_winkler(meant, word);
    known.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).filter(|word| likeness(word) > 0.85)
}
