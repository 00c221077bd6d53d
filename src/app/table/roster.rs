//! [`Roster`]: the rows of the table, sorted and filtered, kept so by work on what changed.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, BinaryHeap, HashSet};

use rustc_hash::FxBuildHasher;

use super::column::Column;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;
use crate::query::filter::{Judged, Query, moments};
use crate::triage::horizon::Rows;
use crate::triage::ledger::Ledger;
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
    fn admits(&self, id: Id<Certificate>, row: &Row, now: Time) -> bool {
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
    fn turns(&self, row: &Row, now: Time) -> Option<Time> {
        self.query.turns(moments(row.certificate, judged(row)), now)
    }

    fn compare(&self, a: &Row, b: &Row) -> Ordering {
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

/// The model and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The model.
    pub model: &'a Model,
    /// The diagnoses.
    pub ledger: &'a Ledger,
}

impl<'a> World<'a> {
    /// What a row is sorted and filtered by.
    pub fn row(&self, id: Id<Certificate>) -> Option<Row<'a>> {
        let ledger = self.ledger;
        Some(Row { certificate: self.model.certificates.get(id)?, diagnosis: ledger.get(id) })
    }
}

/// Rows that are put in one by one; more are merged in one pass.
const FEW: usize = 16;

/// Numbers, a bit for each.
#[derive(Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn set(&mut self, number: usize) {
        if self.0.len() <= number / 64 {
            self.0.resize(number / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    fn get(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word & 1 << (number % 64) != 0)
    }
}

/// The visible order.
///
/// **Invariant:** unless it is frozen, it equals the roster built from nothing.
#[derive(Debug, Default)]
pub struct Roster {
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

    /// Sorts and filters everything anew.
    pub fn rebuild(&mut self, world: World, selection: &Selection, now: Time) {
        self.rows = world
            .model
            .certificates
            .iter()
            .map(|(id, _)| id)
            .filter(|id| world.row(*id).is_some_and(|row| selection.admits(*id, &row, now)))
            .collect();
        self.rows.sort_unstable_by(|a, b| compare(world, selection, *a, *b));
        self.look_ahead(world, selection, now);
    }

    /// Puts changed rows where they belong now. Moves ids, but compares only the changed ones.
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
        let admits = |id: &Id<Certificate>| world.row(*id).is_some_and(|row| selection.admits(*id, &row, now));
        if self.frozen {
            let known: HashSet<Id<Certificate>, FxBuildHasher> =
                self.rows.iter().copied().filter(|id| changed.contains(id)).collect();
            self.rows.retain(|id| world.row(*id).is_some());
            self.rows.extend(changed.iter().copied().filter(|id| !known.contains(id)).filter(admits));
            return;
        }
        // Every row is looked at, so a bit has to do: a look into a set takes ten times as long.
        let mut moved = Bits::default();
        changed.iter().for_each(|id| moved.set(id.index()));
        self.rows.retain(|id| !moved.get(id.index()));
        let mut fresh: Vec<Id<Certificate>> = changed.iter().copied().filter(admits).collect();
        fresh.sort_unstable_by(|a, b| compare(world, selection, *a, *b));
        self.merge(world, selection, &fresh);
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

    fn merge(&mut self, world: World, selection: &Selection, fresh: &[Id<Certificate>]) {
        let before = |rows: &[Id<Certificate>], id| {
            rows.partition_point(|known| compare(world, selection, *known, id) == Ordering::Less)
        };
        if fresh.len() <= FEW {
            for id in fresh {
                self.rows.insert(before(&self.rows, *id), *id);
            }
            return;
        }
        let mut merged = Vec::with_capacity(self.rows.len() + fresh.len());
        let mut rest = self.rows.as_slice();
        for id in fresh {
            let (head, tail) = rest.split_at(before(rest, *id));
            merged.extend_from_slice(head);
            merged.push(*id);
            rest = tail;
        }
        merged.extend_from_slice(rest);
        self.rows = merged;
    }
}

fn compare(world: World, selection: &Selection, a: Id<Certificate>, b: Id<Certificate>) -> Ordering {
    match (world.row(a), world.row(b)) {
        (Some(a), Some(b)) => selection.compare(&a, &b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}
