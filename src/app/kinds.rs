//! [`Kinds`]: the tables of the other kinds: requests, Orders, the queue of Challenges, issuers, Secrets, Events.
//!
//! A table is put in order while it is shown, a stride of rows at a time, at most once a second, and less often the more
//! rows it has. What is painted is looked up when it is painted, so a row is never older than the frame.

mod facts;
pub mod field;
mod need;
mod open;
pub mod subject;
pub mod value;

use std::collections::BTreeMap;

use chrono::TimeDelta;

use self::facts::Facts;
use self::field::{Field, columns};
use self::subject::{Handle, Subject};
use self::value::Key;
use super::App;
use super::table::selection::Selection;
use super::viewport::Viewport;
use crate::limits;
use crate::model::Model;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::query::filter::Query;
use crate::triage::tree::Tone;

/// The kinds that have a table of their own, in the order of the lifecycle.
pub const KINDS: [Kind; 7] = [
    Kind::CertificateRequest,
    Kind::Order,
    Kind::Challenge,
    Kind::Issuer,
    Kind::ClusterIssuer,
    Kind::Secret,
    Kind::Event,
];

/// The table of one kind.
#[derive(Debug, Default)]
pub struct KindTable {
    /// The rows, in order.
    pub rows: Vec<Handle>,
    /// How many there would be without a filter.
    pub all: usize,
    /// The window over them.
    pub view: Viewport,
    /// What is typed in its filter.
    pub filter: String,
    /// The other way round.
    pub reversed: bool,
    /// What is known of all rows together.
    pub facts: Facts,
    query: Query,
    column: Option<Field>,
    selected: Option<Handle>,
    /// When it was last put in order; `None` when it has to be at once.
    at: Option<Time>,
    /// When a row comes or goes because time passes.
    until: Option<Time>,
    changed: bool,
    work: Option<Work>,
}

/// A table that is being put in order.
#[derive(Debug)]
struct Work {
    /// How many places of Certificates were counted for the facts.
    counted: usize,
    next: usize,
    all: usize,
    facts: Facts,
    until: Option<Time>,
    keyed: Vec<(Key, i64, Handle)>,
}

impl KindTable {
    /// The column that is sorted by.
    pub fn sorted_by(&self, kind: Kind) -> Field {
        let first = || columns(kind).first().map_or(Field::Name, |(field, _)| field.clone());
        self.column.clone().unwrap_or_else(first)
    }

    /// The row that is selected: the object one moved to, wherever it stands now.
    pub fn selected(&self) -> Option<Handle> {
        self.selected.or_else(|| self.rows.get(self.view.cursor).copied())
    }

    /// Whether it is being put in order.
    pub const fn is_working(&self) -> bool {
        self.work.is_some()
    }

    /// The order that somebody chose, where it is not that of its own.
    pub(super) fn chosen_order(&self, kind: Kind) -> Option<(Field, bool)> {
        let field = self.sorted_by(kind);
        let by_itself = columns(kind).first().is_some_and(|(first, _)| *first == field);
        (!by_itself || self.reversed).then_some((field, self.reversed))
    }

    fn again(&mut self) {
        (self.at, self.work) = (None, None);
    }

    /// How old it may become while things change.
    fn age(&self) -> TimeDelta {
        TimeDelta::seconds(1 + (self.all / limits::KIND_ROWS_A_SECOND) as i64)
    }

    fn is_due(&self, now: Time) -> bool {
        self.work.is_some() || self.at.is_none() || self.due(now).is_some_and(|due| due <= now)
    }

    /// When it is to be put in order again, not more often than its age allows.
    fn due(&self, now: Time) -> Option<Time> {
        let passes = self.until.map(|until| until.max(now));
        let due = if self.changed { Some(now) } else { passes }?;
        Some(due.max(self.at? + self.age()))
    }
}

/// The tables.
#[derive(Debug)]
pub struct Kinds {
    tables: BTreeMap<Kind, KindTable>,
    stride: usize,
}

impl Default for Kinds {
    fn default() -> Self {
        Self::in_strides(limits::KIND_STRIDE)
    }
}

impl Kinds {
    /// Tables that look at so many rows between two looks at the clock.
    pub const fn in_strides(stride: usize) -> Self {
        Self { tables: BTreeMap::new(), stride }
    }

    /// How many rows are looked at between two looks at the clock.
    pub(super) const fn stride(&self) -> usize {
        self.stride
    }

    /// The table of a kind that was shown.
    pub fn table(&self, kind: Kind) -> Option<&KindTable> {
        self.tables.get(&kind)
    }

    /// Puts the table of a kind in an order.
    pub(super) fn sort(&mut self, kind: Kind, column: Option<Field>, reversed: bool) {
        let table = self.table_mut(kind);
        (table.column, table.reversed) = (column, reversed);
        table.again();
    }

    /// What is looked for in the tables.
    pub(super) fn queries(&self) -> impl Iterator<Item = &Query> {
        self.tables.values().map(|table| &table.query)
    }

    pub(super) fn fit(&mut self, kind: Kind, height: usize) {
        if let Some(table) = self.tables.get_mut(&kind) {
            table.view.fit(table.rows.len(), height);
        }
    }

    fn table_mut(&mut self, kind: Kind) -> &mut KindTable {
        self.tables.entry(kind).or_default()
    }
}

/// The places of a table of the model, and what stands in one.
fn places(model: &Model, kind: Kind) -> usize {
    match kind {
        Kind::CertificateRequest => model.requests.capacity(),
        Kind::Order => model.orders.capacity(),
        Kind::Challenge => model.challenges.capacity(),
        Kind::Issuer | Kind::ClusterIssuer => model.issuers.capacity(),
        Kind::Secret => model.secrets.capacity(),
        // The log of Events is bounded, and walked at once.
        Kind::Event => 1,
        _ => 0,
    }
}

fn stand_at(model: &Model, kind: Kind, place: usize) -> Option<Handle> {
    match kind {
        Kind::CertificateRequest => model.requests.at(place).map(|(id, _)| Handle::Request(id)),
        Kind::Order => model.orders.at(place).map(|(id, _)| Handle::Order(id)),
        Kind::Challenge => model.challenges.at(place).map(|(id, _)| Handle::Challenge(id)),
        Kind::Issuer | Kind::ClusterIssuer => model.issuers.at(place).map(|(id, _)| Handle::Issuer(id)),
        Kind::Secret => model.secrets.at(place).map(|(id, _)| Handle::Secret(id)),
        _ => None,
    }
}

/// Whether a choice admits a row.
fn admits(selection: &Selection, query: &Query, model: &Model, subject: &Subject, now: Time) -> bool {
    let (namespace, _) = subject.place();
    let elsewhere = |namespaces: &std::collections::BTreeSet<_>| {
        !namespaces.is_empty()
            && !namespace.is_empty()
            && !namespaces.iter().any(|known: &crate::model::symbol::Symbol| known.as_str() == namespace)
    };
    if elsewhere(&selection.namespaces) {
        return false;
    }
    if query.is_empty() && !selection.only_faults {
        return true;
    }
    let (state, tone) = subject.state(model);
    if selection.only_faults && !matches!(tone, Tone::Bad | Tone::Waiting) {
        return false;
    }
    query.is_empty() || query.finds(subject.sought(model, state), now)
}

impl App {
    /// The table of the present page, of a kind.
    pub fn kind_table(&self) -> Option<(Kind, &KindTable)> {
        let super::screen::Screen::Kind(kind) = self.ui.screen() else { return None };
        Some((kind, self.kinds.table(kind)?))
    }

    /// Puts the table that is shown in order again, when it is time.
    pub(super) fn refresh_kinds(&mut self, changed: bool, now: Time, more_time: &mut impl FnMut() -> bool) {
        for table in self.kinds.tables.values_mut() {
            table.changed |= changed;
        }
        let super::screen::Screen::Kind(kind) = self.ui.screen() else { return };
        let held = self.roster.is_frozen();
        let table = self.kinds.table_mut(kind);
        if !table.is_due(now) || held && table.at.is_some() {
            return;
        }
        while !self.arrange_kind(kind, now) && more_time() {}
    }

    /// Does a stride of the work; true when the table is in order.
    fn arrange_kind(&mut self, kind: Kind, now: Time) -> bool {
        let (model, ledger) = (&self.model, &self.ledger);
        let table = self.kinds.tables.entry(kind).or_default();
        let fresh =
            || Work { counted: 0, next: 0, all: 0, facts: Facts::of(kind, model), until: None, keyed: Vec::new() };
        let mut work = table.work.take().unwrap_or_else(|| {
            // What changes from here on may lie behind the work.
            table.changed = false;
            fresh()
        });
        let mut left = self.kinds.stride;
        let mut is_counted = true;
        if matches!(kind, Kind::Issuer | Kind::ClusterIssuer) {
            let until = (work.counted + left).min(model.certificates.capacity());
            left -= until.saturating_sub(work.counted);
            work.facts.count_issued(model, ledger, work.counted..until);
            work.counted = until;
            is_counted = until == model.certificates.capacity();
        }
        let field = table.sorted_by(kind);
        let end = (work.next + left).min(places(model, kind));
        let from = work.keyed.len();
        let mut take = |handle: Handle| {
            let Some(subject) = handle.subject(model).filter(|subject| subject.belongs(kind, model)) else { return };
            work.all += 1;
            if table.query.is_timed() {
                let turns = table.query.turns(subject.moments(model), now);
                work.until = work.until.into_iter().chain(turns).min();
            }
            if admits(&self.selection, &table.query, model, &subject, now) {
                let (key, then) = subject.sorts_by(&field, model, ledger, &work.facts);
                work.keyed.push((key, then, handle));
            }
        };
        if kind == Kind::Event {
            model.events.recent().for_each(|event| take(Handle::Event(event.uid)));
        } else {
            (work.next..end).filter_map(|place| stand_at(model, kind, place)).for_each(&mut take);
        }
        work.next = end;
        let order = |a: &(Key, i64, Handle), b: &(Key, i64, Handle)| {
            let place = |handle: Handle| handle.subject(model).map(|subject| subject.place());
            let by_key = (&a.0, a.1).cmp(&(&b.0, b.1));
            by_key.then_with(|| place(a.2).cmp(&place(b.2))).then_with(|| a.2.cmp(&b.2))
        };
        // Runs that are in order are merged at the end.
        work.keyed.get_mut(from..).unwrap_or_default().sort_by(order);
        if end < places(model, kind) || !is_counted {
            table.work = Some(work);
            return false;
        }
        work.keyed.sort_by(order);
        if table.reversed {
            work.keyed.reverse();
        }
        table.rows.clear();
        table.rows.extend(work.keyed.into_iter().map(|(_, _, handle)| handle));
        (table.all, table.facts, table.until) = (work.all, work.facts, work.until);
        table.at = Some(now);
        if let Some(selected) = table.selected {
            match table.rows.iter().position(|handle| *handle == selected) {
                Some(row) => table.view.cursor = row,
                None => table.selected = None,
            }
        }
        self.fit();
        true
    }

    /// When the table that is shown is to be put in order again.
    pub(super) fn kinds_due(&self, now: Time) -> Option<Time> {
        let (_, table) = self.kind_table()?;
        if table.work.is_some() {
            return Some(now);
        }
        let held = self.roster.is_frozen();
        if held { None } else { table.due(now) }
    }

    /// After a choice that changes which rows of tables of other kinds are shown.
    pub(super) fn rearrange_kinds(&mut self) {
        self.kinds.tables.values_mut().for_each(KindTable::again);
    }
}
