//! From YAML to rows: a bad file is refused as a whole, with its line and the reason; the rest is used.

use std::fmt;

use serde::Deserialize;

use super::patterns::compile;
use super::row::{Advice, Row};
use super::table::Table;

/// A file that is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its name.
    pub file: String,
    /// The line that is to blame, where that is known.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

/// What a team adds to a finding that is known: a runbook, and remedies that come first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Addition {
    extends: Box<str>,
    #[serde(default)]
    remedies: Vec<Advice>,
    #[serde(default)]
    docs: Option<Box<str>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Addition(Addition),
    Row(Box<serde_yaml::Value>),
}

/// A table from files: their names and their texts.
pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> (Table, Vec<Refusal>) {
    onto(Vec::new(), files)
}

/// The rows of files that a test has checked, so that the start of the program need not.
pub(super) fn trusted(files: &[(&str, &str)]) -> Vec<Row> {
    files.iter().flat_map(|(_, text)| parsed(text).unwrap_or_default()).collect()
}

/// A table from rows that are known, and from files.
pub(super) fn onto<'f>(
    mut rows: Vec<Row>,
    files: impl IntoIterator<Item = (&'f str, &'f str)>,
) -> (Table, Vec<Refusal>) {
    let mut refusals = Vec::new();
    for (file, text) in files {
        match read(text, &rows) {
            Ok((new, additions)) => {
                rows.extend(new);
                for addition in additions {
                    add(&mut rows, addition);
                }
            }
            Err((line, reason)) => refusals.push(Refusal { file: file.to_owned(), line, reason }),
        }
    }
    (Table::of(rows), refusals)
}

type Fault = (Option<usize>, String);

fn read(text: &str, known: &[Row]) -> Result<(Vec<Row>, Vec<Addition>), Fault> {
    let syntax = |error: serde_yaml::Error| (error.location().map(|at| at.line()), error.to_string());
    // Most files hold rows only, and those errors name their line.
    let (rows, additions) = match parsed(text) {
        Ok(rows) => (rows, Vec::new()),
        Err(error) if !text.contains("extends:") => return Err(syntax(error)),
        Err(_) => mixed(text).map_err(syntax)?,
    };
    let line = |what: &str| text.lines().position(|line| line.contains(what)).map(|n| n + 1);
    for (n, row) in rows.iter().enumerate() {
        let earlier = known.iter().chain(rows.iter().take(n));
        if earlier.into_iter().any(|other| other.id == row.id) {
            return Err((line(&row.id), format!("there is a finding {} already", row.id)));
        }
        if !super::families::FAMILIES.contains(&&*row.family) {
            return Err((line(&row.id), format!("{} is no family of findings", row.family)));
        }
        if let Some(pattern) = &row.pattern {
            compile(pattern).map_err(|error| (line(&row.id), format!("the pattern of {}: {error}", row.id)))?;
        }
        if row.pattern.is_some() == row.at.is_empty() {
            return Err((line(&row.id), format!("{} needs both `pattern` and `at`, or neither", row.id)));
        }
    }
    let there = |name: &str| known.iter().chain(&rows).any(|row| *row.id == *name);
    if let Some(addition) = additions.iter().find(|addition| !there(&addition.extends)) {
        return Err((line(&addition.extends), format!("there is no finding {} to extend", addition.extends)));
    }
    Ok((rows, additions))
}

fn parsed(text: &str) -> Result<Vec<Row>, serde_yaml::Error> {
    serde_yaml::from_str::<Vec<Row>>(text).map(|rows| rows.into_iter().map(Row::named).collect())
}

fn mixed(text: &str) -> Result<(Vec<Row>, Vec<Addition>), serde_yaml::Error> {
    let (mut rows, mut additions) = (Vec::new(), Vec::new());
    for entry in serde_yaml::from_str::<Vec<Entry>>(text)? {
        match entry {
            Entry::Addition(addition) => additions.push(addition),
            Entry::Row(value) => rows.push(serde_yaml::from_value::<Row>(*value)?.named()),
        }
    }
    Ok((rows, additions))
}

fn add(rows: &mut [Row], addition: Addition) {
    let Some(row) = rows.iter_mut().find(|row| row.id == addition.extends) else { return };
    let own = std::mem::replace(&mut row.remedies, addition.remedies);
    row.remedies.extend(own);
    if addition.docs.is_some() {
        row.docs = addition.docs;
    }
}
