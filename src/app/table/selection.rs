//! [`Selection`]: which rows a person chose to see, and in which order.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::column::Column;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;
use crate::query::filter::{Judged, Query, moments};
use crate::triage::horizon::Rows;
use crate::triage::row::Row;
use crate::triage::signature::RowId;
use crate::triage::verdict::Verdict;

/// Which rows, in which order.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The column that is sorted by.
    pub column: Column,
    /// The other way round.
    pub reversed: bool,
    /// Only these namespaces; empty for all.
    pub namespaces: BTreeSet<Symbol>,
    /// Only what needs a person.
    pub only_faults: bool,
    /// Only what matches.
    pub query: Query,
    /// Only these, and what they have in common.
    pub only: Option<(String, Rows)>,
}

impl Selection {
    pub(super) fn admits(&self, id: Id<Certificate>, row: &Row, now: Time) -> bool {
        if self.only.as_ref().is_some_and(|(_, rows)| !rows.contains(&id)) {
            return false;
        }
        if !self.namespaces.is_empty() && !self.namespaces.contains(&row.certificate.meta.namespace) {
            return false;
        }
        if self.only_faults && !row.verdict().is_some_and(Verdict::needs_a_person) {
            return false;
        }
        self.query.is_empty() || self.query.matches(row.certificate, judged(row), now)
    }

    /// When a row comes or goes because time passes.
    pub(super) fn turns(&self, row: &Row, now: Time) -> Option<Time> {
        self.query.turns(moments(row.certificate, judged(row)), now)
    }

    pub(super) fn compare(&self, a: &Row, b: &Row) -> Ordering {
        let order = self.column.compare(a, b);
        if self.reversed { order.reverse() } else { order }
    }
}

/// What a filter looks at beside the Certificate.
fn judged(row: &Row) -> Judged {
    Judged {
        verdict: row.verdict(),
        cause: row.diagnosis.and_then(|d| d.first).and_then(RowId::row).map(|row| &*row.id),
        phase: row.diagnosis.and_then(|d| d.phase).map(crate::triage::stage::Phase::as_str),
        next: row.next(),
    }
}
