//! Where one goes from a row of the table of a kind, and how one moves in it.

use super::field::Field;
use super::subject::Subject;
use crate::app::App;
use crate::app::screen::{Pane, Screen};
use crate::app::toast::Tone;
use crate::app::viewport::Viewport;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey};
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::query::filter::Query;

impl App {
    /// Shows the table of a kind.
    pub(in crate::app) fn show_kind(&mut self, kind: Kind, now: Time) {
        self.kinds.table_mut(kind).again();
        self.ui.pane = Pane::Table;
        self.turn_page(Screen::Kind(kind), now);
        self.settle(now, || false);
    }

    fn row(&self, kind: Kind) -> Option<Subject<'_>> {
        self.kinds.table(kind)?.selected()?.subject(&self.model)
    }

    /// The object of the selected row, where the pages above the table are about it.
    pub(in crate::app) fn object_of_row(&self) -> Option<ObjectKey> {
        let below = self.ui.stack.iter().rev().find(|it| matches!(it, Screen::Kind(_) | Screen::Tree | Screen::Home));
        let Some(Screen::Kind(kind)) = below else { return None };
        Some(self.row(*kind)?.key())
    }

    /// The table of another kind that the pages are about; `None` where they are about that of Certificates.
    pub(in crate::app) fn kind_below(&self) -> Option<Kind> {
        let below = self.ui.stack.iter().rev().find(|it| matches!(it, Screen::Kind(_) | Screen::Home));
        if let Some(Screen::Kind(kind)) = below { Some(*kind) } else { None }
    }

    /// The Certificate of the selected row of the table of a kind.
    pub(in crate::app) fn certificate_of_row(&self, kind: Kind) -> Option<Id<Certificate>> {
        self.row(kind)?.root(&self.model)
    }

    /// Goes to the selected row: an object in the tree of its Certificate, an issuer to what it issues.
    pub(in crate::app) fn open_row(&mut self, kind: Kind, now: Time) {
        let Some(row) = self.row(kind) else { return };
        let (key, root) = (row.key(), row.root(&self.model));
        if let Subject::Issuer(..) = row {
            return self.open_issued(&key, now);
        }
        if root.is_none() {
            return self.turn_page(Screen::Describe, now);
        }
        self.lay_out(now);
        if self.outline.position(&key).is_none() {
            self.reveal(&key, now);
        }
        self.ui.node = Some(key);
        self.turn_page(Screen::Tree, now);
    }

    fn open_issued(&mut self, issuer: &ObjectKey, now: Time) {
        let rows = self.model.certificates_of_issuer(issuer.kind, &issuer.namespace, &issuer.name);
        if rows.is_empty() {
            self.toasts.show(format!("no Certificate names {} {}", issuer.kind, issuer.name), Tone::Neutral, now);
            return;
        }
        self.selection.only = Some((format!("of {} {}", issuer.kind, issuer.name), rows.into_iter().collect()));
        (self.ui.pane, self.ui.selected, self.ui.table) = (Pane::Table, None, Viewport::default());
        self.ui.go(Screen::Home);
        self.rearrange(now);
    }

    /// Takes the filter of the table of a kind away, if there is one: the first step back.
    pub(in crate::app) fn leave_rows(&mut self, now: Time) -> bool {
        let Screen::Kind(kind) = self.ui.screen() else { return false };
        let filtered = !self.kinds.table_mut(kind).filter.is_empty();
        if filtered {
            self.filter_rows(kind, "", now);
        }
        filtered
    }

    /// Moves in the table of a kind.
    pub(in crate::app) fn step_row(&mut self, kind: Kind, by: isize, now: Time) {
        let table = self.kinds.table_mut(kind);
        table.view.step(by, table.rows.len());
        self.follow_row(kind, now);
    }

    /// Moves the window of the table of a kind.
    pub(in crate::app) fn scroll_rows(&mut self, kind: Kind, by: isize, now: Time) {
        let table = self.kinds.table_mut(kind);
        table.view.scroll(by, table.rows.len());
        self.follow_row(kind, now);
    }

    fn follow_row(&mut self, kind: Kind, now: Time) {
        let table = self.kinds.table_mut(kind);
        table.selected = table.rows.get(table.view.cursor).copied();
        self.ui.text = Viewport::default();
        self.fit();
        self.lay_out(now);
    }

    /// Shows what matches in the table of a kind; the error says why a text is no filter.
    pub(in crate::app) fn filter_rows(&mut self, kind: Kind, text: &str, now: Time) -> Option<String> {
        let (query, error) = Query::read(text);
        let table = self.kinds.table_mut(kind);
        if error.is_none() {
            text.clone_into(&mut table.filter);
        } else {
            table.filter.clear();
        }
        table.query = query;
        table.again();
        self.settle(now, || false);
        error
    }

    /// Sorts the table of a kind; by the same column again, the other way round.
    pub(in crate::app) fn sort_rows_by(&mut self, kind: Kind, field: Field, now: Time) {
        let table = self.kinds.table_mut(kind);
        table.reversed = table.sorted_by(kind) == field && !table.reversed;
        table.column = Some(field);
        table.again();
        self.reveal_order();
        self.settle(now, || false);
    }

    /// Sorts by a neighbouring column.
    pub(in crate::app) fn sort_rows_by_neighbour(&mut self, kind: Kind, by: isize, now: Time) {
        let fields: Vec<Field> = self.columns.of_kind(kind).into_iter().filter(Field::sorts).collect();
        let sorted = self.kinds.table_mut(kind).sorted_by(kind);
        let here = fields.iter().position(|field| *field == sorted).unwrap_or(0);
        let there = (here as isize + by).rem_euclid(fields.len().max(1) as isize) as usize;
        if let Some(field) = fields.get(there).filter(|field| **field != sorted) {
            self.sort_rows_by(kind, field.clone(), now);
        }
    }

    /// Sorts the table of a kind the other way round.
    pub(in crate::app) fn reverse_rows(&mut self, kind: Kind, now: Time) {
        let table = self.kinds.table_mut(kind);
        table.reversed = !table.reversed;
        table.again();
        self.settle(now, || false);
    }

    /// A click on a row selects it; a second one opens it.
    pub(in crate::app) fn click_row(&mut self, kind: Kind, row: usize, now: Time) {
        let table = self.kinds.table_mut(kind);
        let row = table.view.offset + row;
        let again = row == table.view.cursor && table.selected.is_some();
        if again {
            self.open_row(kind, now);
        } else if row < table.rows.len() {
            table.view.cursor = row;
            self.follow_row(kind, now);
        }
    }
}
