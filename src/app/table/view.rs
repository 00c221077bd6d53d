//! [`TableView`]: how a person wants a table to look.

use std::collections::BTreeMap;

use crate::model::kind::Kind;

/// How a table looks, where that was chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableView {
    /// Its columns: `state`, `name=40`, `label:team`. None for those of its own.
    pub columns: Vec<String>,
    /// The column that it is sorted by, after a `-` the other way round. None for its first one.
    pub sort: Option<String>,
    /// Whether it shows more columns.
    pub wide: bool,
}

/// How tables look.
pub type Views = BTreeMap<Kind, TableView>;
