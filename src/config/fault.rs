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

/// A fault in a config file: `config.yaml:3:1: there is no setting `them` here; did you mean `theme`?`
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

    /// A value that cannot be, below a key.
    pub(super) fn of_setting(file: &Path, text: &str, key: &str, what: &str) -> Self {
        let what = crate::text::clean(what, crate::limits::MESSAGE).into_owned();
        Self::File(Fault { file: file.to_owned(), place: place_of(text, key), what })
    }

    /// From what the parser says, in words for people.
    pub(super) fn of_yaml(file: &Path, text: &str, error: &serde_yaml::Error) -> Self {
        let said = error.to_string();
        let place = error.location().map(|at| Place { line: at.line(), column: at.column() });
        // The parser points at the map where the fault is a key; the key itself stands further down.
        let (what, place) = if let Some((key, known)) = unknown_key(&said) {
            (suggestion(key, &known), keys(text, key, place).next().or(place))
        } else if let Some(key) = repeated_key(&said) {
            (format!("`{key}` is set twice"), keys(text, key, place).nth(1).or(place))
        } else {
            let what = wrong_value(&said).or_else(|| no_yaml(text, place));
            (what.unwrap_or_else(|| plain(&said).to_owned()), place)
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
        Some(nearest) => format!("there is no setting `{key}` here; did you mean `{nearest}`?"),
        None => format!("there is no setting `{key}` here; there are {}", known.join(", ")),
    }
}

/// The key of ``duplicate field `x` ``.
fn repeated_key(said: &str) -> Option<&str> {
    said.split_once("duplicate field `")?.1.split_once('`').map(|(key, _)| key)
}

/// What the parser says of a value of the wrong kind: `utc: invalid type: string "x", expected a boolean`.
fn wrong_value(said: &str) -> Option<String> {
    if let Some((key, tail)) = said.split_once(": unknown variant ") {
        let (found, known) = tail.split_once(", expected ")?;
        let known = plain(known).trim_start_matches("one of ").replace(" or ", ", ");
        return Some(format!("`{key}` is {found}; it can be {known}"));
    }
    let (key, tail) = said.split_once("invalid type: ")?;
    let (found, expected) = plain(tail).split_once(", expected ")?;
    let found = match found {
        "sequence" => "a list",
        "map" => "a map",
        "unit value" => "nothing",
        other => other.split_once(' ').map_or(other, |(_, value)| value),
    };
    let expected = match expected {
        "a boolean" => "true or false",
        "a sequence" => "a list, such as [a, b]",
        "a string" => "a text",
        other if other.starts_with("struct ") => "settings, one `name: value` a line",
        other => other,
    };
    let key = key.trim_end_matches(": ");
    let subject = if key.is_empty() { "this".to_owned() } else { format!("`{key}`") };
    Some(format!("{subject} is {found}; expected {expected}"))
}

/// What the parser words for programmers: tabs, and more than one document.
fn no_yaml(text: &str, place: Option<Place>) -> Option<String> {
    let Some(place) = place else {
        return text
            .lines()
            .skip(1)
            .any(|line| line.trim_end() == "---")
            .then(|| "there is a second document".to_owned());
    };
    let line = text.lines().nth(place.line.saturating_sub(1))?;
    line.starts_with('\t').then(|| "a line begins with a tab; YAML indents with blanks".to_owned())
}

/// Where a key stands first.
pub(super) fn place_of(text: &str, key: &str) -> Option<Place> {
    keys(text, key, None).next()
}

/// Where a key stands, at or after a place.
fn keys<'t>(text: &'t str, key: &'t str, after: Option<Place>) -> impl Iterator<Item = Place> {
    let begin = after.map_or(0, |place| place.line.saturating_sub(1));
    text.lines().enumerate().skip(begin).filter_map(move |(i, line)| {
        let bare = line.trim_start();
        let rest = bare.trim_start_matches(['"', '\'']).strip_prefix(key)?;
        let is_key = rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':');
        is_key.then_some(Place { line: i + 1, column: line.len() - bare.len() + 1 })
    })
}

/// The parser's sentence without its own note of the place.
fn plain(said: &str) -> &str {
    said.split_once(" at line ").map_or(said, |(what, _)| what)
}
