//! The forms in which a report is told.

use clap::{Args, ValueEnum};

use crate::report::document::Format;

/// How a status is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatusFormat {
    /// One line each.
    Table,
    /// One line each, with revision, Secret, names and moments.
    Wide,
    /// Everything that belongs to each.
    Tree,
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
}

/// How a line is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LineFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON document a line.
    Json,
}

/// The forms of the other reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum TextFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
}

impl TextFormat {
    /// The document that is wanted; `None` where it is words.
    pub const fn document(self) -> Option<Format> {
        match self {
            Self::Text => None,
            Self::Json => Some(Format::Json),
            Self::Yaml => Some(Format::Yaml),
        }
    }
}

/// How a report is told.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Output {
    /// How it is told.
    #[arg(short = 'o', long = "output", value_name = "FORMAT", value_enum, default_value_t)]
    pub format: TextFormat,
}
