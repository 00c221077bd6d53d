//! [`Sheet`]: rows of cells laid out in columns.

use super::tint::tinted;
use crate::text::{middle, width};
use crate::triage::verdict::Alarm;

/// Between two columns.
const GAP: usize = 2;

/// The least that a column which gives way keeps.
const LEAST: usize = 20;

/// How a column is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// To the left; as wide as its widest cell, but a cell beyond this pushes its own row only. Never cut: people copy
    /// names.
    Left(usize),
    /// To the right: numbers.
    Right,
    /// To the left, cut beyond this, and the first to give way where a line is short. Both ends stay: an error begins
    /// with what was tried and ends with the cause.
    Gives(usize),
}

/// Rows of cells under headings.
#[derive(Debug, Default)]
pub struct Sheet {
    columns: Vec<(&'static str, Rule)>,
    rows: Vec<Vec<String>>,
    /// How loud the first cell of a row is, where that is told by a colour too.
    alarms: Vec<Option<Alarm>>,
    spare: &'static [&'static str],
}

impl Sheet {
    /// A sheet with these columns.
    pub fn new(columns: &[(&'static str, Rule)]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new(), alarms: Vec::new(), spare: &[] }
    }

    /// Columns that are left out where lines are too short for all, the first one first: a row that wraps is no row.
    #[must_use]
    pub fn sparing(mut self, titles: &'static [&'static str]) -> Self {
        self.spare = titles;
        self
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
        self.alarms.push(None);
    }

    /// Adds a row whose first cell has a colour, if there are colours.
    pub fn push_loud(&mut self, row: Vec<String>, alarm: Alarm, color: bool) {
        self.rows.push(row);
        self.alarms.push(color.then_some(alarm));
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines, without blanks at their ends; headings first unless it is bare.
    pub fn lines(mut self, bare: bool, limit: Option<usize>) -> Vec<String> {
        limit.into_iter().for_each(|limit| self.shrink(limit));
        let headings: Vec<String> = self.columns.iter().map(|(title, _)| (*title).to_owned()).collect();
        let shown: Vec<&Vec<String>> = (!bare).then_some(&headings).into_iter().chain(&self.rows).collect();
        let widths = self.widths(&shown, limit);
        let alarms = (!bare).then_some(&None).into_iter().chain(&self.alarms);
        shown.into_iter().zip(alarms).map(|(row, alarm)| self.line(row, *alarm, &widths)).collect()
    }

    /// Leaves out what can be spared, until the rest fits.
    fn shrink(&mut self, limit: usize) {
        for title in self.spare {
            let headings: Vec<String> = self.columns.iter().map(|(title, _)| (*title).to_owned()).collect();
            let rows: Vec<&Vec<String>> = std::iter::once(&headings).chain(&self.rows).collect();
            let widths = self.widths(&rows, Some(limit));
            if widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1) <= limit {
                return;
            }
            if let Some(place) = self.columns.iter().position(|(known, _)| known == title) {
                self.columns.remove(place);
                self.rows.iter_mut().filter(|row| place < row.len()).for_each(|row| drop(row.remove(place)));
            }
        }
    }

    fn widths(&self, rows: &[&Vec<String>], limit: Option<usize>) -> Vec<usize> {
        let widest = |i: usize| rows.iter().filter_map(|row| row.get(i)).map(|cell| width(cell)).max().unwrap_or(0);
        let mut widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(i, (_, rule))| match rule {
                Rule::Left(cap) | Rule::Gives(cap) => widest(i).min(*cap),
                Rule::Right => widest(i),
            })
            .collect();
        let total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        let excess = limit.map_or(0, |limit| total.saturating_sub(limit));
        for (cells, (_, rule)) in widths.iter_mut().zip(&self.columns) {
            if matches!(rule, Rule::Gives(_)) {
                *cells = cells.saturating_sub(excess).max((*cells).min(LEAST));
            }
        }
        widths
    }

    fn line(&self, row: &[String], alarm: Option<Alarm>, widths: &[usize]) -> String {
        let mut line = String::new();
        for (i, ((cell, cells), (_, rule))) in row.iter().zip(widths).zip(&self.columns).enumerate() {
            let cell = if matches!(rule, Rule::Gives(_)) { middle(cell, *cells) } else { cell.as_str().into() };
            let blanks = " ".repeat(cells.saturating_sub(width(&cell)));
            let (before, after) = if *rule == Rule::Right { (blanks.as_str(), "") } else { ("", blanks.as_str()) };
            line.push_str(before);
            match alarm.filter(|_| i == 0) {
                Some(alarm) => line.push_str(&tinted(&cell, alarm)),
                None => line.push_str(&cell),
            }
            line.push_str(after);
            line.push_str(&" ".repeat(GAP));
        }
        line.truncate(line.trim_end().len());
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let mut sheet = Sheet::new(&[("NAME", Rule::Left(6)), ("WHY", Rule::Gives(30)), ("NEXT", Rule::Right)]);
        let mut push = |cells: [&str; 3]| sheet.push(cells.map(str::to_owned).to_vec());
        push(["www", "self check gets 404, wants 200", "4m"]);
        push(["a-long-name", "", "now"]);
        sheet
    }

    #[test]
    fn columns_are_as_wide_as_their_cells_and_names_are_never_cut() {
        let expected = [
            "NAME    WHY                             NEXT",
            "www     self check gets 404, wants 200    4m",
            "a-long-name                                   now",
        ];
        assert_eq!(sheet().lines(false, None), expected);
    }

    #[test]
    fn on_a_short_line_the_reason_gives_way() {
        let expected = ["www     self check…wants 200   4m", "a-long-name                        now"];
        assert_eq!(sheet().lines(true, Some(31)), expected);
    }

    #[test]
    fn a_colour_takes_no_cell() {
        let row = || ["a-long-name", "it broke", "now"].map(str::to_owned).to_vec();
        let mut sheet = sheet();
        sheet.push_loud(row(), Alarm::Red, true);
        sheet.push_loud(row(), Alarm::Red, false);
        let lines = sheet.lines(true, None);
        assert!(lines[2].starts_with("\x1b[1;31ma-long-name\x1b[0m  it broke"), "{lines:?}");
        assert_eq!(lines[2].replace("\x1b[1;31m", "").replace("\x1b[0m", ""), lines[3]);
    }

    #[test]
    fn what_can_be_spared_goes_before_a_row_wraps() {
        let spared = |limit| sheet().sparing(&["NEXT"]).lines(true, Some(limit)).remove(0);
        assert_eq!(spared(34), "www     self check… wants 200   4m");
        assert_eq!(spared(30), "www     self check … wants 200");
    }
}
