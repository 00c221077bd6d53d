//! [`Setting`]: a value, and where it came from.

use std::path::PathBuf;

/// Where a value came from; a later one wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody chose it.
    Default,
    /// A config file.
    File(PathBuf),
    /// What was chosen on the screen, and kept in this file.
    State(PathBuf),
    /// The part of a config file that is about one context.
    Context(PathBuf, String),
    /// An environment variable.
    Environment(&'static str),
    /// A flag.
    Flag(&'static str),
}

impl Origin {
    /// In a word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File(_) | Self::Context(..) => "file",
            Self::State(_) => "state",
            Self::Environment(_) => "environment",
            Self::Flag(_) => "flag",
        }
    }

    /// Which file, variable or flag.
    pub fn source(&self) -> Option<String> {
        match self {
            Self::Default => None,
            Self::File(path) | Self::State(path) => Some(path.display().to_string()),
            Self::Context(path, context) => Some(format!("{} (context {context})", path.display())),
            Self::Environment(variable) => Some(format!("${variable}")),
            Self::Flag(flag) => Some((*flag).to_owned()),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// A value from somewhere.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// Another value from the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: change(self.value), origin: self.origin }
    }
}
