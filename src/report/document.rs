//! Documents for programs: JSON and YAML.

use serde::Serialize;
use thiserror::Error;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Indented JSON.
    Json,
    /// YAML.
    Yaml,
}

/// Why a document cannot be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// As JSON.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// As YAML.
    #[error("cannot write YAML: {0}")]
    Yaml(#[from] serde_yaml::Error),
}

/// A document, with a line feed at its end.
pub fn write(document: &impl Serialize, format: Format) -> Result<String, WriteError> {
    Ok(match format {
        Format::Json => serde_json::to_string_pretty(document)? + "\n",
        Format::Yaml => serde_yaml::to_string(document)?,
    })
}

/// An empty text is a field that does not apply.
pub(super) fn or_null<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() { serializer.serialize_none() } else { serializer.serialize_str(text) }
}
