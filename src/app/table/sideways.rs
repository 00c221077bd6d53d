//! The columns of a table as they stand on the screen: what each wants, which page of them is shown, how wide labels are.

use super::chosen::{Chosen, WIDEST};
use super::column::{Column, GUTTER};
use super::plan::{Part, Plan, Wish};
use crate::app::App;
use crate::app::kinds::field::{self, Field};
use crate::model::kind::Kind;
use crate::model::meta::Labels;
use crate::query::tag::Tag;
use crate::text::width;

/// Cells of the column of a label or an annotation, where its values have that many.
const TAG: u16 = 14;

/// What columns want that somebody chose: what was chosen last is left out first.
fn chosen<C>(columns: &Chosen<C>, wish: impl Fn(&C) -> Wish<C>) -> Vec<Wish<C>> {
    let wish = |(place, (column, cells)): (usize, &(C, Option<u16>))| {
        let wish = Wish { rank: place as u8, ..wish(column) };
        match cells {
            None => wish,
            Some(cells) => {
                let part = if wish.part == Part::Stays { Part::Stays } else { Part::Plain };
                Wish { least: wish.least.min(*cells), usual: *cells, most: *cells, part, firm: true, ..wish }
            }
        }
    };
    columns.iter().enumerate().map(wish).collect()
}

/// What the column of a label or an annotation wants, when the widest value that was seen has so many cells.
fn tagged<C>(column: C, title: &str, widest: u16) -> Wish<C> {
    let title = (width(title) as u16).max(3);
    let least = title.min(TAG);
    let usual = title.max(widest.min(TAG));
    let most = usual.max(widest.min(WIDEST));
    Wish { column, least, usual, most, rank: 0, part: Part::Plain, firm: false }
}

impl App {
    /// The columns of the table of Certificates on a screen of so many cells.
    pub fn certificate_plan(&self, screen: u16) -> Plan<Column> {
        let wish = |column: &Column| match column {
            Column::Tag(tag) => tagged(column.clone(), &column.title(), self.widest(Kind::Certificate, tag)),
            _ => column.wish(u16::MAX),
        };
        let wishes = if self.columns.certificates.is_empty() {
            Column::ALL.iter().map(|column| column.wish(screen)).collect()
        } else {
            chosen(&self.columns.certificates, wish)
        };
        self.plan(&wishes, Kind::Certificate, screen.saturating_sub(GUTTER))
    }

    /// The columns of the table of a kind on a screen of so many cells.
    pub fn kind_plan(&self, kind: Kind, screen: u16) -> Plan<Field> {
        let wish = |field: &Field| match field {
            Field::Tag(tag) => tagged(field.clone(), &field.title(), self.widest(kind, tag)),
            _ => field::at_most(kind, field).unwrap_or_else(|| tagged(field.clone(), &field.title(), TAG)),
        };
        let wishes = match self.columns.kinds.get(&kind) {
            Some(columns) => chosen(columns, wish),
            None => field::wishes(kind, screen),
        };
        self.plan(&wishes, kind, screen.saturating_sub(field::GUTTER))
    }

    fn plan<C: Clone>(&self, wishes: &[Wish<C>], kind: Kind, screen: u16) -> Plan<C> {
        Plan::of(wishes, self.width_of(kind), screen, self.ui.sideways.get(&kind).copied().unwrap_or_default())
    }

    /// The widest value of a label or an annotation among the rows that were on the screen since its column was chosen.
    fn widest(&self, kind: Kind, tag: &Tag) -> u16 {
        let of_kind = self.ui.widest.get(&kind).into_iter().flatten();
        of_kind.filter(|(known, _)| known == tag).map(|(_, cells)| *cells).next().unwrap_or_default()
    }

    /// To the columns that have no room beside those that are shown, or back.
    pub(in crate::app) fn step_columns(&mut self, by: isize) {
        let Some(kind) = self.table_shown() else { return };
        let page = match kind {
            Kind::Certificate => self.certificate_plan(self.ui.size.0).step(by),
            _ => self.kind_plan(kind, self.ui.size.0).step(by),
        };
        self.ui.sideways.insert(kind, page);
    }

    /// Goes to the page of columns on which the one is that a table is sorted by.
    pub(in crate::app) fn reveal_order(&mut self) {
        let Some(kind) = self.table_shown() else { return };
        let left_out = |app: &Self| match kind {
            Kind::Certificate => app.certificate_plan(app.ui.size.0).left_out.contains(&app.selection.column),
            _ => {
                let sorted = app.kinds.table(kind).map(|table| table.sorted_by(kind));
                sorted.is_some_and(|sorted| app.kind_plan(kind, app.ui.size.0).left_out.contains(&sorted))
            }
        };
        if !left_out(self) {
            return;
        }
        let here = self.ui.sideways.remove(&kind).unwrap_or_default();
        // There are no more pages than columns, and none has as many as this.
        for page in 0..=usize::from(u8::MAX) {
            self.ui.sideways.insert(kind, page);
            if !left_out(self) {
                return;
            }
        }
        self.ui.sideways.insert(kind, here);
    }

    /// The labels and annotations that have a column in a table, and the widest value that was seen of each.
    fn tags(&self, kind: Kind) -> Vec<(Tag, u16)> {
        let tags: Vec<&Tag> = match kind {
            Kind::Certificate => self.columns.certificates.iter().filter_map(|(column, _)| column.tag()).collect(),
            _ => self.columns.kinds.get(&kind).into_iter().flatten().filter_map(|(field, _)| field.tag()).collect(),
        };
        tags.into_iter().map(|tag| (tag.clone(), self.widest(kind, tag))).collect()
    }

    /// Looks how wide the labels and annotations are that have a column, in the rows on the screen. A column grows with
    /// what is seen in it and never shrinks, so that nothing jumps to and fro.
    pub(in crate::app) fn measure_tags(&mut self) {
        let Some(kind) = self.table_shown() else { return };
        let mut tags = self.tags(kind);
        if tags.is_empty() {
            return;
        }
        let mut measure = |labels: &Labels| {
            for (tag, cells) in &mut tags {
                *cells = (*cells).max(tag.of(labels).map_or(0, |value| width(value).min(usize::from(WIDEST)) as u16));
            }
        };
        match (kind, self.kinds.table(kind)) {
            (Kind::Certificate, _) => {
                let rows = self.visible();
                rows.iter().filter_map(|id| self.model.certificates.get(*id)).for_each(|row| measure(&row.meta.labels));
            }
            (_, Some(table)) => {
                let rows = table.rows.get(table.view.range(table.rows.len())).unwrap_or_default();
                let subjects = rows.iter().filter_map(|row| row.subject(&self.model));
                subjects.for_each(|subject| subject.labels().into_iter().for_each(&mut measure));
            }
            (_, None) => {}
        }
        self.ui.widest.insert(kind, tags);
    }
}
