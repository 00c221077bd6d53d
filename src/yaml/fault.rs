//! [`Fault`]: what is wrong in a YAML file that a person wrote, in words for people, and where.

use std::fmt;

use serde::de::DeserializeOwned;

use super::place::{Place, Places, below};
use crate::limits;
use crate::query::likely::likely;
use crate::text::clean;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, as far as that can be told.
    pub place: Option<Place>,
    /// What is wrong, and where one can tell, what was meant.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(place) => write!(f, "{place}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// Reads a text; what the parser refuses is told in words for people.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let read = serde_yaml::from_str(text).map_err(|error| Fault::of(text, &error))?;
    // A map of names takes the last of two silently.
    match Places::of(text).again().first() {
        Some((key, place)) => Err(Fault::twice(key, *place)),
        None => Ok(read),
    }
}

/// What the parser refused, with the path to it.
pub(super) struct Refused {
    pub(super) fault: Fault,
    /// Empty where it is about all of the text.
    pub(super) path: String,
    /// Whether it is about the key at the end of the path, and not about its value.
    pub(super) key: bool,
}

impl Fault {
    /// Something wrong at a place.
    pub fn at(place: Option<Place>, what: impl fmt::Display) -> Self {
        Self { place, what: clean(&what.to_string(), limits::MESSAGE).into_owned() }
    }

    /// A key that is there for the second time.
    pub(super) fn twice(key: &str, place: Place) -> Self {
        Self::at(Some(place), format!("`{key}` is set twice"))
    }

    /// From what the parser says.
    fn of(text: &str, error: &serde_yaml::Error) -> Self {
        Refused::of(text, error).fault
    }
}

impl Refused {
    /// From what the parser says.
    pub(super) fn of(text: &str, error: &serde_yaml::Error) -> Self {
        let of_all = |fault| Self { fault, path: String::new(), key: false };
        let said = error.to_string();
        let at = error.location().map(|at| Place { line: at.line(), column: at.column() });
        let places = Places::of(text);
        // `contexts.prod: invalid type: …`: the path of what is wrong stands in front.
        let (path, said) = said.split_once(": ").filter(|(path, _)| places.knows(path)).unwrap_or(("", &said));
        let said = said.split_once(" at line ").map_or(said, |(what, _)| what);
        if let Some((key, known)) = quoted(said, "unknown field ") {
            let (path, what) = (below(path, key), no_setting(key, &known));
            return Self { fault: Fault::at(places.key(&path).or(at), what), path, key: true };
        }
        if let Some((key, place)) = places.again().first().filter(|_| said.starts_with("duplicate ")) {
            return of_all(Fault::twice(key, *place));
        }
        if let Some((key, _)) = quoted(said, "missing field ") {
            let place = if path.is_empty() { Some(Place::BEGIN) } else { places.near(path) };
            return Self { fault: Fault::at(place, format!("`{key}` is missing")), path: path.to_owned(), key: false };
        }
        if let Some(fault) = no_yaml(text, at) {
            return of_all(fault);
        }
        let place = if path.is_empty() { at } else { places.near(path).or(at) };
        let plain = || if path.is_empty() { said.to_owned() } else { format!("{path}: {said}") };
        let what = wrong_word(path, said).or_else(|| wrong_value(path, said)).unwrap_or_else(plain);
        Self { fault: Fault::at(place, what), path: path.to_owned(), key: false }
    }
}

/// The words between back-quotes of ``unknown field `x`, expected one of `a`, `b` ``: the key, then the known ones.
fn quoted<'s>(said: &'s str, beginning: &str) -> Option<(&'s str, Vec<&'s str>)> {
    let mut words = said.strip_prefix(beginning)?.split('`').skip(1).step_by(2);
    Some((words.next()?, words.collect()))
}

fn no_setting(key: &str, known: &[&str]) -> String {
    match likely(key, known.iter().copied()) {
        Some(nearest) => format!("there is no setting `{key}` here; did you mean `{nearest}`?"),
        None => format!("there is no setting `{key}` here; there are {}", known.join(", ")),
    }
}

/// What the parser says of a word that is none of a few.
fn wrong_word(path: &str, said: &str) -> Option<String> {
    let (word, known) = quoted(said, "unknown variant ")?;
    let known = match likely(word, known.iter().copied()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("it can be {}", known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")),
    };
    Some(format!("`{path}` is `{word}`; {known}"))
}

/// What the parser says of a value of the wrong kind: `invalid type: string "x", expected a boolean`.
fn wrong_value(path: &str, said: &str) -> Option<String> {
    let (found, expected) = said.strip_prefix("invalid type: ")?.split_once(", expected ")?;
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
    let subject = if path.is_empty() { "this".to_owned() } else { format!("`{path}`") };
    Some(format!("{subject} is {found}; expected {expected}"))
}

/// What the parser words for programmers: tabs, and more than one document.
fn no_yaml(text: &str, at: Option<Place>) -> Option<Fault> {
    match at {
        None => {
            let second = text.lines().skip(1).position(|line| line.trim_end() == "---")?;
            Some(Fault::at(
                Some(Place { line: second + 2, column: 1 }),
                "a second document begins here, and only one is read",
            ))
        }
        Some(at) => {
            let tab = text.lines().nth(at.line.saturating_sub(1))?.starts_with('\t');
            tab.then(|| Fault::at(Some(at), "a line begins with a tab; YAML indents with blanks"))
        }
    }
}
