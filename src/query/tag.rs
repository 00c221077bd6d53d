//! [`Tag`]: a label or an annotation that a person names: `label:team`, `annotation:example.com/team`.

use std::fmt;

use crate::model::meta::Labels;
use crate::model::symbol::Symbol;

/// A label or an annotation, by its key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Tag {
    /// A label.
    Label(Symbol),
    /// An annotation.
    Annotation(Symbol),
}

impl Tag {
    /// Reads `label:KEY` or `annotation:KEY`.
    pub fn parse(text: &str) -> Option<Self> {
        let (what, key) = text.split_once(':').filter(|(_, key)| !key.is_empty())?;
        match what {
            "label" => Some(Self::Label(Symbol::from(key))),
            "annotation" => Some(Self::Annotation(Symbol::from(key))),
            _ => None,
        }
    }

    /// Its value, where an object has it.
    pub fn of<'l>(&self, labels: &'l Labels) -> Option<&'l str> {
        match self {
            Self::Label(key) => labels.get(key),
            Self::Annotation(key) => labels.annotation(key),
        }
    }

    /// Its key without the domain before it: what a title has room for.
    pub fn short(&self) -> &str {
        let (Self::Label(key) | Self::Annotation(key)) = self;
        key.rsplit('/').next().unwrap_or(key)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label(key) => write!(f, "label:{key}"),
            Self::Annotation(key) => write!(f, "annotation:{key}"),
        }
    }
}
