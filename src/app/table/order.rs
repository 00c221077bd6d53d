//! [`Order`]: every row in the order that was chosen, whether it is shown or not. So a filter only leaves rows out: sorting
//! all of a hundred thousand takes longer than a person takes to type the next letter.

use std::cmp::Ordering;
use std::collections::HashSet;

use rustc_hash::FxBuildHasher;

use super::column::Column;
use super::row_set::RowSet;
use super::selection::Selection;
use super::world::World;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::triage::row::Row;

/// Rows that are put in one by one; more are merged in one pass.
const FEW: usize = 16;

/// Every row, in order.
///
/// **Invariant:** it equals the order made from nothing, provided that it was told of every row that changed.
#[derive(Debug, Default)]
pub(super) struct Order {
    rows: Vec<Id<Certificate>>,
    /// By which column, and whether the other way round; `None` where the rows are of another model.
    by: Option<(Column, bool)>,
}

impl Order {
    pub(super) fn rows(&self) -> &[Id<Certificate>] {
        &self.rows
    }

    /// The rows are of another model from now on.
    pub(super) fn forget(&mut self) {
        self.by = None;
    }

    /// Puts changed rows where they belong now; all of them, where another order was chosen.
    pub(super) fn follow(
        &mut self,
        world: World,
        selection: &Selection,
        changed: &HashSet<Id<Certificate>, FxBuildHasher>,
    ) {
        let by = (selection.column.clone(), selection.reversed);
        if self.by.as_ref() == Some(&by) {
            self.put(world, selection, changed);
        } else {
            self.sort(world, selection);
            self.by = Some(by);
        }
    }

    fn sort(&mut self, world: World, selection: &Selection) {
        let ids = world.model.certificates.iter().map(|(id, _)| id);
        // Looked up once, not at each comparison.
        let mut rows: Vec<(Row, Id<Certificate>)> = ids.filter_map(|id| Some((world.row(id)?, id))).collect();
        rows.sort_unstable_by(|(a, _), (b, _)| selection.compare(a, b));
        self.rows.clear();
        self.rows.extend(rows.into_iter().map(|(_, id)| id));
    }

    /// Moves ids, but compares only the changed rows.
    fn put(&mut self, world: World, selection: &Selection, changed: &HashSet<Id<Certificate>, FxBuildHasher>) {
        if changed.is_empty() {
            return;
        }
        let mut moved = RowSet::default();
        changed.iter().for_each(|id| moved.insert(*id));
        self.rows.retain(|id| !moved.contains(*id));
        let mut fresh: Vec<(Row, Id<Certificate>)> =
            changed.iter().filter_map(|id| Some((world.row(*id)?, *id))).collect();
        fresh.sort_unstable_by(|(a, _), (b, _)| selection.compare(a, b));
        self.merge(world, selection, &fresh);
    }

    fn merge(&mut self, world: World, selection: &Selection, fresh: &[(Row, Id<Certificate>)]) {
        let before = |rows: &[Id<Certificate>], fresh: &Row| {
            let is_before = |known: &Id<Certificate>| {
                world.row(*known).is_none_or(|known| selection.compare(&known, fresh) == Ordering::Less)
            };
            rows.partition_point(is_before)
        };
        if fresh.len() <= FEW {
            for (row, id) in fresh {
                self.rows.insert(before(&self.rows, row), *id);
            }
            return;
        }
        let mut merged = Vec::with_capacity(self.rows.len() + fresh.len());
        let mut rest = self.rows.as_slice();
        for (row, id) in fresh {
            let (head, tail) = rest.split_at(before(rest, row));
            merged.extend_from_slice(head);
            merged.push(*id);
            rest = tail;
        }
        merged.extend_from_slice(rest);
        self.rows = merged;
    }
}
