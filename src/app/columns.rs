//! [`Columns`]: columns that somebody chose for a table, in place of those that it has by itself.
//!
//! ```yaml
//! columns:
//!   orders: [state, name=40, certificate, "label:team", why]
//! ```

use std::collections::BTreeMap;

use super::App;
use super::column::Column;
use super::kinds::KINDS;
use super::kinds::field::{self, Field};
use super::toast::Tone;
use super::ui_state::Screen;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;

/// A column, and its cells where they were chosen as well.
type Chosen<C> = Vec<(C, Option<u16>)>;

/// The most cells of a column: more than a screen has.
const WIDEST: u16 = 200;

/// Cells of the column of a label that has none of its own.
const LABEL: u16 = 14;

/// The columns that were chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    certificates: Chosen<Column>,
    kinds: BTreeMap<Kind, Chosen<Field>>,
}

impl Columns {
    /// From the names of tables, each with the words of its columns. The error says which word is none.
    pub fn of(tables: &BTreeMap<String, Vec<String>>) -> Result<Self, (String, String)> {
        let mut columns = Self::default();
        for (table, words) in tables {
            let wrong = |why: String| (table.clone(), why);
            let kind = Kind::parse(table).filter(|kind| *kind == Kind::Certificate || KINDS.contains(kind));
            let kind =
                kind.ok_or_else(|| wrong(format!("there is no table `{table}`; there are {}", tables_known())))?;
            columns.choose(kind, words.iter().map(String::as_str)).map_err(wrong)?;
        }
        Ok(columns)
    }

    /// Chooses the columns of a table; none for those that it has by itself.
    pub fn choose<'w>(&mut self, kind: Kind, words: impl Iterator<Item = &'w str>) -> Result<(), String> {
        let mut of_certificates = Vec::new();
        let mut of_kind = Vec::new();
        for word in words {
            let (name, cells) = match word.rsplit_once('=') {
                Some((name, cells)) => {
                    let number = cells.parse().ok().filter(|cells| (1..=WIDEST).contains(cells));
                    (name, Some(number.ok_or_else(|| format!("`{cells}` is no number of cells from 1 to {WIDEST}"))?))
                }
                None => (word, None),
            };
            if kind == Kind::Certificate {
                let known = Column::ALL.into_iter().find(|column| column.title().eq_ignore_ascii_case(name));
                let names = || Column::ALL.map(|column| column.title().to_lowercase()).join(", ");
                let column = known.ok_or_else(|| format!("there is no column `{name}`; there are {}", names()))?;
                of_certificates.push((column, cells));
                continue;
            }
            if let Some(key) = name.strip_prefix("label:").filter(|key| !key.is_empty()) {
                of_kind.push((Field::Label(Symbol::from(key)), cells));
                continue;
            }
            let fields = || field::columns(kind).iter().map(|(field, _)| field);
            let known = fields().find(|field| field.title().eq_ignore_ascii_case(name));
            let names = || fields().map(|field| field.title().to_lowercase()).collect::<Vec<_>>().join(", ");
            let field =
                known.ok_or_else(|| format!("there is no column `{name}`; there are {}, label:KEY", names()))?;
            of_kind.push((field.clone(), cells));
        }
        if kind == Kind::Certificate {
            self.certificates = of_certificates;
        } else if of_kind.is_empty() {
            self.kinds.remove(&kind);
        } else {
            self.kinds.insert(kind, of_kind);
        }
        Ok(())
    }

    /// As they are written in a config file.
    pub fn written(&self) -> BTreeMap<String, Vec<String>> {
        let word = |name: String, cells: Option<u16>| cells.map_or(name.clone(), |cells| format!("{name}={cells}"));
        let name = |field: &Field| match field {
            Field::Label(key) => format!("label:{key}"),
            other => other.title().to_lowercase(),
        };
        let mut tables: BTreeMap<String, Vec<String>> = self
            .kinds
            .iter()
            .map(|(kind, chosen)| {
                (kind.row().plural.to_owned(), chosen.iter().map(|(f, c)| word(name(f), *c)).collect())
            })
            .collect();
        if !self.certificates.is_empty() {
            let words = self.certificates.iter().map(|(column, cells)| word(column.title().to_lowercase(), *cells));
            tables.insert(Kind::Certificate.row().plural.to_owned(), words.collect());
        }
        tables
    }
}

fn tables_known() -> String {
    let kinds = std::iter::once(Kind::Certificate).chain(KINDS);
    kinds.map(|kind| kind.row().plural).collect::<Vec<_>>().join(", ")
}

/// Columns with their cells: what has none takes what the others leave.
fn fill<C: Clone>(chosen: &[(C, Option<u16>)], usual: impl Fn(&C) -> u16, width: u16) -> (Vec<(C, u16)>, u16) {
    let gap = if width < 100 { 1 } else { 2 };
    let cells: Vec<(C, u16)> = chosen.iter().map(|(c, cells)| (c.clone(), cells.unwrap_or_else(|| usual(c)))).collect();
    let used = cells.iter().fold(0u16, |used, (_, cells)| used.saturating_add(cells + gap));
    let left = width.saturating_sub(used.saturating_add(1));
    (cells.into_iter().map(|(c, cells)| (c, if cells == 0 { left } else { cells })).collect(), gap)
}

impl App {
    /// The columns of the table of Certificates with their cells, and the gap between them.
    pub fn certificate_plan(&self, width: u16) -> (Vec<(Column, u16)>, u16) {
        if self.columns.certificates.is_empty() {
            return super::column::plan(width, self.ui.wide);
        }
        let (usual, _) = super::column::plan(200, self.ui.wide);
        let cells = |column: &Column| match column {
            Column::Why => 0,
            _ => usual.iter().find(|(known, _)| known == column).map_or(LABEL, |(_, cells)| *cells),
        };
        fill(&self.columns.certificates, cells, width)
    }

    /// The columns of the table of a kind with their cells, and the gap between them.
    pub fn kind_plan(&self, kind: Kind, width: u16) -> (Vec<(Field, u16)>, u16) {
        let Some(chosen) = self.columns.kinds.get(&kind) else { return field::plan(kind, width, self.ui.wide) };
        let cells = |wanted: &Field| match wanted {
            Field::Why => 0,
            _ => field::usual(kind, wanted).unwrap_or(LABEL),
        };
        fill(chosen, cells, width)
    }

    /// `:columns state name why`: chooses the columns of the table that is shown; without words, those of its own.
    pub(super) fn choose_columns(&mut self, words: &str, now: Time) {
        let kind = match self.ui.screen() {
            Screen::Kind(kind) => kind,
            Screen::Home => Kind::Certificate,
            _ => return self.toasts.show("there is no table here", Tone::Neutral, now),
        };
        if let Err(why) = self.columns.choose(kind, words.split_whitespace()) {
            return self.toasts.show(why, Tone::Bad, now);
        }
        let table = kind.row().plural;
        let text = self.columns.written().get(table).map(|words| words.join(", "));
        let said = text.map_or_else(
            || "the columns are as they were".to_owned(),
            |words| format!("to keep them: `columns: {{{table}: [{words}]}}` in config.yaml"),
        );
        self.toasts.show(said, Tone::Neutral, now);
    }
}

/// The column at a cell, in columns with their cells and the gap between them.
pub fn at<C>((plan, gap): (Vec<(C, u16)>, u16), x: u16) -> Option<C> {
    let mut left = 1;
    plan.into_iter().find_map(|(column, cells)| {
        let here = (left..left + cells + gap).contains(&x);
        left += cells + gap;
        here.then_some(column)
    })
}
