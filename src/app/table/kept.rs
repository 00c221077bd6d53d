//! How tables were chosen to look is taken up from the last session, and kept for the next.

use std::collections::BTreeSet;

use super::chosen::{certificate_column, certificate_word, kind_column, kind_word};
use super::column::Column;
use super::plan::Width;
use super::view::{TableView, Views};
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::kinds::KINDS;
use crate::app::kinds::field::Field;
use crate::app::screen::Mode;
use crate::model::kind::Kind;
use crate::model::symbol::Symbol;
use crate::query::filter::Query;

/// Reads a column to sort by, and whether the other way round.
fn reading(sort: &str) -> (&str, bool) {
    sort.strip_prefix('-').map_or((sort, false), |name| (name, true))
}

impl TableView {
    /// Why it cannot be the view of a table.
    pub fn fault(&self, kind: Kind) -> Option<String> {
        let columns = super::chosen::Columns::default().choose(kind, self.columns.iter().map(String::as_str));
        let sorted = self.sort.iter().try_for_each(|sort| {
            let (name, _) = reading(sort);
            let sorts = match kind {
                Kind::Certificate => certificate_column(name)?.sorts(),
                _ => kind_column(kind, name)?.sorts(),
            };
            sorts.then_some(()).ok_or_else(|| format!("`{name}` has no order of its own"))
        });
        columns.and(sorted).err()
    }
}

impl App {
    /// Takes up how tables were chosen to look. What a config file says of those that are `settled` wins again when
    /// cmtop begins the next time.
    pub fn take_up(&mut self, views: &Views, settled: BTreeSet<Kind>) {
        for (kind, view) in views.iter().filter(|(kind, view)| view.fault(**kind).is_none()) {
            let _ = self.columns.choose(*kind, view.columns.iter().map(String::as_str));
            if view.wide {
                self.ui.wide.insert(*kind);
            }
            let Some((name, reversed)) = view.sort.as_deref().map(reading) else { continue };
            match kind {
                Kind::Certificate => {
                    self.selection.column = certificate_column(name).unwrap_or_default();
                    self.selection.reversed = reversed;
                }
                _ => self.kinds.sort(*kind, kind_column(*kind, name).ok(), reversed),
            }
        }
        self.settled = settled;
        (self.views, self.kept) = (self.tables(), self.annotations());
    }

    /// How much a table shows.
    pub(in crate::app) fn width_of(&self, kind: Kind) -> Width {
        if self.ui.wide.contains(&kind) { Width::Wide } else { Width::Usual }
    }

    /// Shows more columns of the table that is shown, or fewer.
    pub(in crate::app) fn widen(&mut self) {
        if let Some(kind) = self.table_shown()
            && !self.ui.wide.remove(&kind)
        {
            self.ui.wide.insert(kind);
        }
    }

    /// How a table looks now.
    fn table_of(&self, kind: Kind) -> TableView {
        let sign = |reversed: bool| if reversed { "-" } else { "" };
        let (selection, table) = (&self.selection, self.kinds.table(kind));
        let by_itself = selection.column == Column::default() && !selection.reversed;
        let sort = match kind {
            Kind::Certificate if by_itself => None,
            Kind::Certificate => Some(sign(selection.reversed).to_owned() + &certificate_word(&selection.column)),
            _ => table.and_then(|table| {
                let (field, reversed): (Field, bool) = table.chosen_order(kind)?;
                Some(sign(reversed).to_owned() + &kind_word(&field))
            }),
        };
        TableView { columns: self.columns.written(kind), sort, wide: self.width_of(kind) == Width::Wide }
    }

    fn tables(&self) -> Views {
        let kinds = std::iter::once(Kind::Certificate).chain(KINDS);
        kinds.map(|kind| (kind, self.table_of(kind))).filter(|(_, view)| *view != TableView::default()).collect()
    }

    /// Keeps what was chosen for tables since it was last kept, and asks for the annotations that are wanted now.
    pub(in crate::app) fn keep_choices(&mut self) -> Vec<Effect> {
        // What is being typed is no choice yet.
        if self.ui.mode != Mode::Normal {
            return Vec::new();
        }
        let mut effects = Vec::new();
        let views = self.tables();
        if views != self.views {
            let known = views.keys().chain(self.views.keys());
            let changed: BTreeSet<Kind> =
                known.copied().filter(|kind| views.get(kind) != self.views.get(kind)).collect();
            let of = |kind| (kind, views.get(&kind).cloned().unwrap_or_default());
            effects.push(Effect::KeepViews(changed.into_iter().map(of).collect()));
            self.views = views;
        }
        let wanted = self.annotations();
        if wanted != self.kept {
            self.kept = wanted;
            effects.push(Effect::KeepAnnotations(self.kept.iter().cloned().collect()));
        }
        effects
    }

    /// The annotations that a column shows or a filter looks at, by their keys.
    fn annotations(&self) -> BTreeSet<Symbol> {
        let filters = self.kinds.queries().chain([&self.selection.query]);
        self.columns.annotations().chain(filters.flat_map(Query::annotations)).cloned().collect()
    }
}
