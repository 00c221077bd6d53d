//! [`ConfigError`]: what is wrong with a choice, where it stands, and what was probably meant.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A place in a file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A fault in a config file: `config.yaml:3:1: there is no setting `them`; did you mean `theme`?`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// Where in it, as far as that can be told.
    pub place: Option<Place>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file.display())?;
        if let Some(Place { line, column }) = self.place {
            write!(f, "{line}:{column}:")?;
        }
        write!(f, " {}", self.what)
    }
}

/// Why the settings cannot be told.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A file that was asked for cannot be read.
    #[error("cannot read the config file {}: {error}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Something in a file is wrong.
    #[error("{0}")]
    File(Fault),
    /// An environment variable is wrong.
    #[error("${variable}: `{value}` is not {expected}")]
    Variable {
        /// Which one.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
}

impl ConfigError {
    pub(super) fn variable(variable: &'static str, value: &str, expected: &'static str) -> Self {
        Self::Variable { variable, value: crate::text::clean(value, crate::limits::NAME).into_owned(), expected }
    }

    pub(super) fn unreadable(file: &Path, error: std::io::Error) -> Self {
        Self::Unreadable { file: file.to_owned(), error }
    }

    /// From what the parser says, in words for people.
    pub(super) fn of_yaml(file: &Path, text: &str, error: &serde_yaml::Error) -> Self {
        let said = error.to_string();
        let place = error.location().map(|at| Place { line: at.line(), column: at.column() });
        let (what, place) = match unknown_key(&said) {
            // The parser points at the map; the key itself stands further down.
            Some((key, known)) => (suggestion(key, &known), find_key(text, key, place).or(place)),
            None => (plain(&said).to_owned(), place),
        };
        let what = crate::text::clean(&what, crate::limits::MESSAGE).into_owned();
        Self::File(Fault { file: file.to_owned(), place, what })
    }
}

/// The words between back-quotes of ``unknown field `x`, expected one of `a`, `b` ``: the key, then the known ones.
fn unknown_key(said: &str) -> Option<(&str, Vec<&str>)> {
    let (_, tail) = said.split_once("unknown field ")?;
    let mut words = tail.split('`').skip(1).step_by(2);
    Some((words.next()?, words.collect()))
}

fn suggestion(key: &str, known: &[&str]) -> String {
    let lower = key.to_ascii_lowercase();
    let likeness = |word: &&str| strsim::jaro_winkler(&lower, &word.to_ascii_lowercase());
    let nearest = known.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|word| likeness(word) > 0.8) {
        Some(nearest) => format!("there is no setting `{key}`; did you mean `{nearest}`?"),
        None => format!("there is no setting `{key}`; there are {}", known.join(", ")),
    }
}

/// Where a key stands, at or after a place.
fn find_key(text: &str, key: &str, after: Option<Place>) -> Option<Place> {
    let begin = after.map_or(0, |place| place.line.saturating_sub(1));
    text.lines().enumerate().skip(begin).find_map(|(i, line)| {
        let bare = line.trim_start();
        let rest = bare.trim_start_matches(['"', '\'']).strip_prefix(key)?;
        let is_key = rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':');
        is_key.then_some(Place { line: i + 1, column: line.len() - bare.len() + 1 })
    })
}

/// The parser's sentence without its own note of the place.
fn plain(said: &str) -> &str {
    said.rsplit_once(" at line ").map_or(said, |(what, _)| what)
}
