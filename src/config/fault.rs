//! [`ConfigError`]: what is wrong with a choice, where it stands, and what was probably meant.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::setting::Origin;
use crate::text::clean;
use crate::yaml::fault::Fault;
use crate::yaml::place::{Place, Places};

/// A fault of a value that can be read and cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The path to it: `columns.certificates[0]`.
    pub path: String,
    /// Whether it is about the key at the end of the path, and not about its value.
    pub key: bool,
    /// The path to another key that it does not go with.
    pub against: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl Misfit {
    /// About a key.
    pub fn key(path: String, what: impl fmt::Display) -> Self {
        Self { path, key: true, against: None, what: what.to_string() }
    }

    /// About a value.
    pub fn value(path: String, what: impl fmt::Display) -> Self {
        Self { path, key: false, against: None, what: what.to_string() }
    }

    /// With the place where it stands in a text.
    pub(super) fn within(self, text: &str) -> Fault {
        let places = Places::of(text);
        let place = if self.key { places.key(&self.path) } else { None };
        let also = self.against.as_deref().and_then(|path| Some((path.rsplit('.').next()?, places.key(path)?)));
        let also = also.map_or_else(String::new, |(key, place)| format!("; `{key}` stands in line {}", place.line));
        Fault::at(place.or_else(|| places.near(&self.path)), self.what + &also)
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
    /// Something in a file is wrong: `config.yaml:3:1: there is no setting `them` here; did you mean `theme`?`
    #[error("{}{}{fault}", .file.display(), if .fault.place.is_some() { ":" } else { ": " })]
    File {
        /// The file.
        file: PathBuf,
        /// What, and where.
        fault: Fault,
    },
    /// An environment variable is wrong.
    #[error("${variable}: {what}")]
    Variable {
        /// Which one.
        variable: &'static str,
        /// What is wrong.
        what: String,
    },
    /// A flag is wrong.
    #[error("{flag}: {what}")]
    Flag {
        /// Which one.
        flag: &'static str,
        /// What is wrong.
        what: String,
    },
}

impl ConfigError {
    /// Where it stands in its file, as far as that can be told.
    pub const fn place(&self) -> Option<Place> {
        match self {
            Self::File { fault, .. } => fault.place,
            Self::Unreadable { .. } | Self::Variable { .. } | Self::Flag { .. } => None,
        }
    }

    pub(super) fn variable(variable: &'static str, value: &str, expected: &'static str) -> Self {
        let value = clean(value, crate::limits::NAME);
        Self::Variable { variable, what: format!("`{value}` is not {expected}") }
    }

    pub(super) fn unreadable(file: &Path, error: std::io::Error) -> Self {
        Self::Unreadable { file: file.to_owned(), error }
    }

    /// A fault in a file.
    pub fn file(file: &Path, fault: Fault) -> Self {
        Self::File { file: file.to_owned(), fault }
    }

    /// A value that cannot be, of a setting by its name, where it was chosen.
    pub fn of_setting(name: &str, origin: &Origin, what: &str) -> Self {
        let of_file = |file: &Path, path: String| {
            // Whoever chose it wrote it a moment ago: it is still there, or the place is not told.
            let text = std::fs::read_to_string(file).unwrap_or_default();
            Self::file(file, Misfit::value(path, what).within(&text))
        };
        match origin {
            Origin::Flag(flag) => Self::Flag { flag, what: what.to_owned() },
            Origin::Environment(variable) => Self::Variable { variable, what: what.to_owned() },
            Origin::File(file) | Origin::State(file) => of_file(file, name.to_owned()),
            Origin::Context(file, context) => of_file(file, format!("contexts.{context}.{name}")),
            Origin::Default => Self::Flag { flag: "the default", what: what.to_owned() },
        }
    }
}
