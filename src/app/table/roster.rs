//! [`Roster`]: the rows of the table, sorted and filtered, kept so by work on what changed.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use rustc_hash::FxBuildHasher;

use super::order::Order;
use super::row_set::RowSet;
use super::selection::Selection;
use super::world::World;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;

/// The visible order.
///
/// **Invariant:** unless it is frozen, it equals the roster built from nothing.
#[derive(Debug, Default)]
pub struct Roster {
    /// All rows, and those of them that the selection admits.
    order: Order,
    admitted: RowSet,
    rows: Vec<Id<Certificate>>,
    frozen: bool,
    /// When rows come or go because time passes, the next one first. Some dates are of what a row was before: then
    /// nothing comes of them.
    agenda: BinaryHeap<Reverse<(Time, Id<Certificate>)>>,
}

impl Roster {
    /// The rows.
    pub fn rows(&self) -> &[Id<Certificate>] {
        &self.rows
    }

    /// Whether the order is held.
    pub const fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// Holds the order, or lets it go; the caller rebuilds it then.
    pub const fn freeze(&mut self, frozen: bool) {
        self.frozen = frozen;
    }

    /// What is known of the rows is of another model from now on; the caller rebuilds it then.
    pub fn forget(&mut self) {
        self.order.forget();
    }

    /// When the next row comes or goes because time passes.
    pub fn due(&self) -> Option<Time> {
        self.agenda.peek().map(|Reverse((at, _))| *at)
    }

    /// The rows whose time has come: they are to be looked at again.
    pub fn take_due(&mut self, now: Time) -> Vec<Id<Certificate>> {
        let mut due = Vec::new();
        while let Some(Reverse((at, id))) = self.agenda.peek().copied()
            && at <= now
        {
            self.agenda.pop();
            due.push(id);
        }
        due
    }

    /// Looks at every row: another selection was made. It is sorted only where another order was chosen.
    pub fn rebuild(
        &mut self,
        world: World,
        selection: &Selection,
        changed: &HashSet<Id<Certificate>, FxBuildHasher>,
        now: Time,
    ) {
        self.order.follow(world, selection, changed);
        self.admitted.clear();
        let admits = |id: &Id<Certificate>| world.row(*id).is_some_and(|row| selection.admits(*id, &row, now));
        self.rows.clear();
        self.rows.extend(self.order.rows().iter().copied().filter(admits));
        self.rows.iter().for_each(|id| self.admitted.insert(*id));
        self.look_ahead(world, selection, now);
    }

    /// Puts changed rows where they belong now. Moves ids, but looks only at the changed rows.
    pub fn refresh(
        &mut self,
        world: World,
        selection: &Selection,
        changed: &HashSet<Id<Certificate>, FxBuildHasher>,
        now: Time,
    ) {
        if changed.is_empty() {
            return;
        }
        if selection.query.is_timed() {
            self.remind(world, selection, changed, now);
        }
        self.order.follow(world, selection, changed);
        // First all of them, for a row may stand where another one stood.
        changed.iter().for_each(|id| self.admitted.remove(*id));
        let admits = |id: &Id<Certificate>| world.row(*id).is_some_and(|row| selection.admits(*id, &row, now));
        let admitted = changed.iter().copied().filter(admits);
        if self.frozen {
            let admitted: Vec<Id<Certificate>> = admitted.collect();
            let known: HashSet<Id<Certificate>, FxBuildHasher> =
                self.rows.iter().copied().filter(|id| changed.contains(id)).collect();
            self.rows.retain(|id| world.row(*id).is_some());
            self.rows.extend(admitted.iter().copied().filter(|id| !known.contains(id)));
            admitted.iter().for_each(|id| self.admitted.insert(*id));
            return;
        }
        admitted.for_each(|id| self.admitted.insert(id));
        self.rows.clear();
        self.rows.extend(self.order.rows().iter().copied().filter(|id| self.admitted.contains(*id)));
    }

    /// Notes when every row comes or goes.
    fn look_ahead(&mut self, world: World, selection: &Selection, now: Time) {
        if !selection.query.is_timed() {
            return self.agenda.clear();
        }
        let ids = world.model.certificates.iter().map(|(id, _)| id);
        self.agenda = ids.filter_map(|id| Some(Reverse((selection.turns(&world.row(id)?, now)?, id)))).collect();
    }

    /// Notes when changed rows come or go.
    fn remind(
        &mut self,
        world: World,
        selection: &Selection,
        changed: &HashSet<Id<Certificate>, FxBuildHasher>,
        now: Time,
    ) {
        // Each change leaves an old date behind: now and then only those that hold are kept.
        if self.agenda.len() + changed.len() > 1_024 + 4 * world.model.certificates.len() {
            return self.look_ahead(world, selection, now);
        }
        let dates = changed.iter().filter_map(|id| Some(Reverse((selection.turns(&world.row(*id)?, now)?, *id))));
        self.agenda.extend(dates);
    }
}
