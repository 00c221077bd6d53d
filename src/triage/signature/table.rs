//! [`Table`]: every finding that can be made, and the one pass that recognises a text.

use std::collections::HashMap;
use std::sync::OnceLock;

use rustc_hash::FxBuildHasher;

use super::patterns::{Patterns, SIZE};
use super::place::Place;
use super::row::Row;
use super::{Context, RowId};
use crate::limits;

/// The rows, and the patterns of all of them as one automaton: a text is read once, however many rows there are.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    by_id: HashMap<Box<str>, RowId, FxBuildHasher>,
    /// Compiled when the first text is read: most of the work of a table, and not everybody reads a text.
    patterns: OnceLock<Option<Patterns>>,
    /// Whose each pattern is.
    owners: Vec<RowId>,
}

impl Table {
    /// A table of rows whose patterns are known to compile, each by itself.
    pub(super) fn of(rows: Vec<Row>) -> Self {
        let numbered = || rows.iter().zip(0u16..).map(|(row, n)| (row, RowId(n)));
        let by_id = numbered().map(|(row, id)| (row.id.clone(), id)).collect();
        let owners = numbered().filter(|(row, _)| row.pattern.is_some()).map(|(_, id)| id).collect();
        Self { rows, by_id, patterns: OnceLock::new(), owners }
    }

    /// The patterns as one automaton; whoever comes while it is made waits for it. One that would be too large
    /// recognises nothing: the rules in Rust still work.
    pub(super) fn patterns(&self) -> Option<&Patterns> {
        let patterns = || Patterns::of(self.rows.iter().filter_map(|row| row.pattern.as_deref()), SIZE);
        self.patterns.get_or_init(patterns).as_ref()
    }

    /// All rows, in the order of the files.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// A row by its number.
    pub fn row(&self, id: RowId) -> Option<&Row> {
        self.rows.get(usize::from(id.0))
    }

    /// The number of the row with a name.
    pub fn id(&self, name: &str) -> Option<RowId> {
        self.by_id.get(name).copied()
    }

    /// The row that fits a text best.
    pub fn recognise(&self, place: Place, context: Context, text: &str) -> Option<RowId> {
        self.matches(text, |row| row.at.contains(&place) && row.fits(context)).into_iter().next()
    }

    /// Every row that fits a text, wherever it may stand: the narrowest first.
    pub fn explain(&self, text: &str) -> Vec<RowId> {
        self.matches(text, |_| true)
    }

    fn matches(&self, text: &str, wanted: impl Fn(&Row) -> bool) -> Vec<RowId> {
        if text.is_empty() {
            return Vec::new();
        }
        let text = text.get(..text.floor_char_boundary(limits::MESSAGE)).unwrap_or(text);
        let found = self.patterns().map(|patterns| patterns.matches(text)).unwrap_or_default();
        let owners = found.into_iter().filter_map(|n| self.owners.get(n).copied());
        let mut rows: Vec<RowId> = owners.filter(|id| self.row(*id).is_some_and(&wanted)).collect();
        rows.sort_by_key(|id| self.row(*id).map(|row| (row.general, std::cmp::Reverse(row.priority), *id)));
        rows
    }
}
