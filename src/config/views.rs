//! [`Kept`]: the theme, and how tables look, as they were chosen on the screen: the file that cmtop itself writes. What a
//! config file says wins over it.
//!
//! ```yaml
//! theme: nord
//! certificates: {columns: [verdict, name=40, why], sort: -expires}
//! orders: {wide: true}
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::file::File;
use super::setting::Origin;
use crate::app::table::chosen;
use crate::app::table::view::{TableView, Views};
use crate::model::kind::Kind;
use crate::yaml::fault;

/// What the file begins with.
const HEAD: &str = "# The theme, and how tables look, as they were chosen in cmtop. What config.yaml says wins.\n";

/// The file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<String>,
    #[serde(flatten)]
    tables: BTreeMap<String, Table>,
}

/// One table in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    columns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    wide: bool,
}

/// What was chosen on the screen before, and where it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The file; `None` where not even a home directory is known.
    pub file: Option<PathBuf>,
    /// The theme, by name or by file.
    pub theme: Option<String>,
    /// How tables look.
    pub views: Views,
    /// What of the file cannot be used, and why.
    pub fault: Option<String>,
}

impl Kept {
    /// Reads what is kept in a file. One that is missing keeps nothing; a fault is told, and never fatal.
    pub fn read(file: Option<PathBuf>) -> Self {
        let Some(path) = file else { return Self::default() };
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let (theme, views, fault) = parse(&text);
                let fault = fault.map(|fault| format!("{}: {fault}", path.display()));
                Self { file: Some(path), theme, views, fault }
            }
            Err(error) => {
                let fault =
                    (error.kind() != std::io::ErrorKind::NotFound).then(|| format!("{}: {error}", path.display()));
                Self { file: Some(path), fault, ..Self::default() }
            }
        }
    }

    /// The same without its theme, which cannot be put on.
    #[must_use]
    pub fn without_theme(self, why: &str) -> Self {
        let file = self.file.as_deref().map_or_else(String::new, |file| format!("{}: ", file.display()));
        let fault = self.fault.or_else(|| Some(format!("{file}{why}")));
        Self { theme: None, fault, ..self }
    }
}

/// The theme and the tables of a file, and what of it cannot be used.
fn parse(text: &str) -> (Option<String>, Views, Option<String>) {
    let Written { theme, tables } = match fault::read::<Option<_>>(text) {
        Ok(written) => written.unwrap_or_default(),
        Err(fault) => return (None, Views::default(), Some(fault.to_string())),
    };
    let (mut views, mut fault) = (Views::default(), None);
    for (name, Table { columns, sort, wide }) in tables {
        let view = TableView { columns, sort, wide };
        match chosen::table(&name).and_then(|kind| view.fault(kind).map_or(Ok(kind), Err)) {
            Ok(kind) => drop(views.insert(kind, view)),
            Err(why) => fault = Some(format!("{}: {}", clean(&name), clean(&why))),
        }
    }
    (theme, views, fault)
}

fn clean(text: &str) -> String {
    crate::text::clean(text, crate::limits::MESSAGE).into_owned()
}

/// Writes how some tables look into the file.
pub fn keep(file: &Path, changed: &Views) -> std::io::Result<()> {
    rewrite(file, |kept| {
        for (kind, view) in changed {
            if *view == TableView::default() {
                kept.views.remove(kind);
            } else {
                kept.views.insert(*kind, view.clone());
            }
        }
    })
}

/// Writes the theme into the file; none for one that suits the terminal.
pub fn keep_theme(file: &Path, theme: Option<&str>) -> std::io::Result<()> {
    rewrite(file, |kept| kept.theme = theme.map(str::to_owned))
}

/// Changes what is kept, beside what is kept there of others: another cmtop may have chosen too. A file of which something
/// cannot be used is left as it is: a slip of the hand must not cost the rest of it.
fn rewrite(file: &Path, change: impl FnOnce(&mut Kept)) -> std::io::Result<()> {
    let mut kept = Kept::read(Some(file.to_owned()));
    if let Some(fault) = kept.fault {
        return Err(std::io::Error::other(format!("what is there cannot be read, so mend or move it ({fault})")));
    }
    change(&mut kept);
    let table = |(kind, TableView { columns, sort, wide }): (Kind, TableView)| {
        (kind.row().plural.to_owned(), Table { columns, sort, wide })
    };
    let written = Written { theme: kept.theme, tables: kept.views.into_iter().map(table).collect() };
    let text = serde_yaml::to_string(&written).map_err(std::io::Error::other)?;
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory)?;
    }
    // Whoever reads it meanwhile finds the old one or the new one, and never half of it.
    let beside = file.with_extension(format!("yaml.{}", std::process::id()));
    std::fs::write(&beside, format!("{HEAD}{text}"))?;
    std::fs::rename(&beside, file).inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

/// The same by hand: what a config file has to say.
pub fn by_hand(changed: &Views) -> String {
    let of = |key: &str, say: &dyn Fn(&TableView) -> Option<String>| {
        let tables: Vec<String> =
            changed.iter().filter_map(|(kind, view)| Some(format!("{}: {}", kind.row().plural, say(view)?))).collect();
        (!tables.is_empty()).then(|| format!("`{key}: {{{}}}`", tables.join(", ")))
    };
    let columns = of("columns", &|view| (!view.columns.is_empty()).then(|| format!("[{}]", view.columns.join(", "))));
    let sort = of("sort", &|view| view.sort.clone());
    [columns, sort].into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

/// Where a part of how a table looks came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// `columns`, `sort` or `wide`.
    pub part: &'static str,
    /// The table.
    pub kind: Kind,
    /// Where it came from.
    pub origin: Origin,
}

/// How tables look by the config file, and where it is silent, by what was kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looks {
    /// How tables look.
    pub views: Views,
    /// Where that came from.
    pub sources: Vec<Source>,
}

impl Looks {
    /// Puts both together; what of a config file cannot be was told when it was read.
    pub fn of((path, file): (&Path, &File), kept: &Kept) -> Self {
        let mut looks = Self { views: kept.views.clone(), sources: Vec::new() };
        let kept_in = || Origin::State(kept.file.clone().unwrap_or_default());
        let mut settled: Vec<(&'static str, Kind)> = Vec::new();
        for (name, words) in &file.columns {
            let Ok(kind) = chosen::table(name) else { continue };
            looks.views.entry(kind).or_default().columns.clone_from(words);
            settled.push(("columns", kind));
        }
        for (name, sort) in &file.sort {
            let Ok(kind) = chosen::table(name) else { continue };
            looks.views.entry(kind).or_default().sort = Some(sort.clone());
            settled.push(("sort", kind));
        }
        for (kind, view) in &looks.views {
            let parts = [("columns", !view.columns.is_empty()), ("sort", view.sort.is_some()), ("wide", view.wide)];
            for (part, _) in parts.into_iter().filter(|(_, chosen)| *chosen) {
                let by_file = settled.contains(&(part, *kind));
                let origin = if by_file { Origin::File(path.to_owned()) } else { kept_in() };
                looks.sources.push(Source { part, kind: *kind, origin });
            }
        }
        looks
    }

    /// The tables of which the config file says something.
    pub fn settled(&self) -> impl Iterator<Item = Kind> {
        self.sources.iter().filter(|source| matches!(source.origin, Origin::File(_))).map(|source| source.kind)
    }

    /// The annotations that have a column, by their keys.
    pub fn annotations(&self) -> Vec<String> {
        let words = self.views.values().flat_map(|view| &view.columns);
        let keys = words.filter_map(|word| word.strip_prefix("annotation:"));
        keys.map(|key| key.rsplit_once('=').map_or(key, |(key, _)| key).to_owned()).collect()
    }

    /// What a part of how a table looks is.
    pub fn value(&self, source: &Source) -> Vec<String> {
        let Some(view) = self.views.get(&source.kind) else { return Vec::new() };
        match source.part {
            "columns" => view.columns.clone(),
            "sort" => view.sort.iter().cloned().collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
#[path = "views/tests.rs"]
mod tests;
