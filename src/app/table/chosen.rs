//! [`Columns`]: columns that somebody chose for a table, in place of those that it has by itself.
//!
//! ```yaml
//! columns:
//!   orders: [state, name=40, certificate, "label:team", why]
//! ```

use std::collections::BTreeMap;

use super::column::Column;
use crate::app::App;
use crate::app::kinds::KINDS;
use crate::app::kinds::field::{self, Field};
use crate::app::screen::Screen;
use crate::app::toast::Tone;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;
use crate::query::likely::likely;
use crate::query::tag::Tag;

/// A column, and its cells where they were chosen as well.
pub(super) type Chosen<C> = Vec<(C, Option<u16>)>;

/// The most cells of a column: more than a screen has.
pub(super) const WIDEST: u16 = 200;

/// The word for the columns that a table has by itself.
const USUAL: &str = "usual";

/// How a Certificate does is its verdict, how anything else does its state: either word is understood of both.
const VERDICT: &str = "verdict";
const STATE: &str = "state";

/// The columns that were chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    pub(super) certificates: Chosen<Column>,
    pub(super) kinds: BTreeMap<Kind, Chosen<Field>>,
}

impl Columns {
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
                of_certificates.push((certificate_column(name)?, cells));
            } else {
                of_kind.push((kind_column(kind, name)?, cells));
            }
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

    /// The columns that were chosen for a table, as they are written in a config file.
    pub fn written(&self, kind: Kind) -> Vec<String> {
        fn words<C>(chosen: &[(C, Option<u16>)], word: impl Fn(&C) -> String) -> Vec<String> {
            let cells = |cells: Option<u16>| cells.map_or(String::new(), |cells| format!("={cells}"));
            chosen.iter().map(|(column, wide)| word(column) + &cells(*wide)).collect()
        }
        match self.kinds.get(&kind) {
            Some(chosen) => words(chosen, kind_word),
            None if kind == Kind::Certificate => words(&self.certificates, certificate_word),
            None => Vec::new(),
        }
    }

    /// The columns that the table of Certificates has, on a screen where all have room.
    pub(in crate::app) fn of_certificates(&self) -> Vec<Column> {
        let chosen: Vec<Column> = self.certificates.iter().map(|(column, _)| column.clone()).collect();
        if chosen.is_empty() { Column::ALL.to_vec() } else { chosen }
    }

    /// The columns that the table of a kind has, on a screen where all have room.
    pub(in crate::app) fn of_kind(&self, kind: Kind) -> Vec<Field> {
        match self.kinds.get(&kind) {
            Some(chosen) => chosen.iter().map(|(field, _)| field.clone()).collect(),
            None => field::columns(kind).iter().map(|(field, _)| field.clone()).collect(),
        }
    }

    /// The annotations that have a column, by their keys.
    pub(in crate::app) fn annotations(&self) -> impl Iterator<Item = &Symbol> {
        let of_certificates = self.certificates.iter().filter_map(|(column, _)| match column {
            Column::Tag(Tag::Annotation(key)) => Some(key),
            _ => None,
        });
        let of_kinds = self.kinds.values().flatten().filter_map(|(field, _)| match field {
            Field::Tag(Tag::Annotation(key)) => Some(key),
            _ => None,
        });
        of_certificates.chain(of_kinds)
    }
}

/// The table with a name.
pub fn table(name: &str) -> Result<Kind, String> {
    let kinds = || std::iter::once(Kind::Certificate).chain(KINDS);
    let known = || kinds().map(|kind| kind.row().plural);
    kinds().find(|kind| kind.row().plural == name).ok_or_else(|| {
        // A short name is understood as it is meant, and not taken: a table has one name in a file.
        let short = Kind::parse(name).map(|kind| kind.row().plural).filter(|plural| known().any(|one| one == *plural));
        match short.or_else(|| likely(name, known())) {
            Some(meant) => format!("there is no table `{name}`; did you mean `{meant}`?"),
            None => format!("there is no table `{name}`; there are {}", known().collect::<Vec<_>>().join(", ")),
        }
    })
}

/// How a column of the table of Certificates is written.
pub(in crate::app) fn certificate_word(column: &Column) -> String {
    match column {
        Column::Tag(tag) => tag.to_string(),
        known => known.title().to_lowercase(),
    }
}

/// How a column of the table of another kind is written.
pub(in crate::app) fn kind_word(field: &Field) -> String {
    match field {
        Field::Tag(tag) => tag.to_string(),
        known => known.title().to_lowercase(),
    }
}

/// The columns that a table has by itself, as they are written.
pub(in crate::app) fn words(kind: Kind) -> Vec<String> {
    match kind {
        Kind::Certificate => Column::ALL.iter().map(certificate_word).collect(),
        _ => field::columns(kind).iter().map(|(field, _)| kind_word(field)).collect(),
    }
}

/// What can be typed after `:columns` where the table of a kind is shown.
pub fn example(kind: Kind) -> String {
    let known = words(kind);
    let first = known.first().map_or(STATE, String::as_str);
    // What tells one row from another: a Challenge is known by its domain, an Event by its object.
    let own = ["name", "domain", "object"].into_iter().find(|word| known.iter().any(|known| known == word));
    format!(":columns {first} {}=40 label:team why", own.unwrap_or("name"))
}

/// The column of the table of Certificates with a name.
pub(in crate::app) fn certificate_column(name: &str) -> Result<Column, String> {
    let known = || Column::ALL.into_iter();
    let tag = Tag::parse(name).map(Column::Tag);
    let name = if name.eq_ignore_ascii_case(STATE) { VERDICT } else { name };
    let column = tag.or_else(|| known().find(|column| certificate_word(column).eq_ignore_ascii_case(name)));
    column.ok_or_else(|| no_column(name, words(Kind::Certificate)))
}

/// The column of the table of a kind with a name.
pub(in crate::app) fn kind_column(kind: Kind, name: &str) -> Result<Field, String> {
    let known = || field::columns(kind).iter().map(|(field, _)| field);
    let tag = Tag::parse(name).map(Field::Tag);
    let name = if name.eq_ignore_ascii_case(VERDICT) { STATE } else { name };
    let field = tag.or_else(|| known().find(|field| kind_word(field).eq_ignore_ascii_case(name)).cloned());
    field.ok_or_else(|| no_column(name, words(kind)))
}

fn no_column(name: &str, mut known: Vec<String>) -> String {
    if let Some(meant) = likely(name, known.iter().map(String::as_str)) {
        return format!("there is no column `{name}`; did you mean `{meant}`?");
    }
    known.extend(["label:KEY".to_owned(), "annotation:KEY".to_owned()]);
    format!("there is no column `{name}`; there are {}", known.join(", "))
}

impl App {
    /// `:columns verdict name why`: chooses the columns of the table that is shown; without words, those of its own.
    pub(in crate::app) fn choose_columns(&mut self, words: &str, now: Time) {
        let Some(kind) = self.table_shown() else {
            return self.toasts.show("there is no table here", Tone::Neutral, now);
        };
        let chosen = words.split_whitespace();
        // Those of its own, written out, are no choice.
        let usual = words.trim() == USUAL || chosen.clone().eq(self::words(kind));
        if let Err(why) = self.columns.choose(kind, chosen.filter(|_| !usual)) {
            return self.toasts.show(why, Tone::Bad, now);
        }
        // They are other columns, and what was seen in those before says nothing of them.
        self.ui.sideways.remove(&kind);
        self.ui.widest.remove(&kind);
        self.fit();
        let words = self.columns.written(kind);
        if words.is_empty() {
            self.toasts.show("the columns are as they were", Tone::Neutral, now);
        } else if self.settled.contains(&kind) {
            let (table, words) = (kind.row().plural, words.join(", "));
            let said = format!(
                "config.yaml says otherwise of {table}, and wins when cmtop begins: `columns: {{{table}: [{words}]}}` there \
                 keeps this"
            );
            self.toasts.show(said, Tone::Neutral, now);
        }
    }

    /// `:columns` alone: the columns of the table that is shown, to be changed.
    pub(in crate::app) fn change_columns(&mut self) {
        let chosen = self.table_shown().map(|kind| (self.columns.written(kind), words(kind)));
        let words = chosen.map_or_else(Vec::new, |(chosen, usual)| if chosen.is_empty() { usual } else { chosen });
        let words: String = words.iter().map(|word| format!("{word} ")).collect();
        self.open_palette(&format!("columns {words}"));
    }

    /// The kind whose table is shown.
    pub(in crate::app) fn table_shown(&self) -> Option<Kind> {
        match self.ui.screen() {
            Screen::Kind(kind) => Some(kind),
            Screen::Home => Some(Kind::Certificate),
            _ => None,
        }
    }
}
