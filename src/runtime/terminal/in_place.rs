//! [`InPlace`]: a report that is told again where it stands, on a terminal. What is below the screen is counted; the last
//! telling stays.

use std::io::{self, Write};

use crossterm::cursor::{MoveToColumn, MoveUp};
use crossterm::queue;
use crossterm::style::Print;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};

use crate::report::tint::bare;
use crate::text::{fit, number, width};

/// A report on a terminal.
#[derive(Debug, Default)]
pub struct InPlace {
    /// The lines that stand there, in cells.
    lines: Vec<usize>,
}

impl InPlace {
    /// Writes the report over the one before, on a terminal of so many columns and rows.
    pub fn tell(&mut self, out: &mut impl Write, text: &str, (columns, rows): (u16, u16)) -> io::Result<()> {
        let columns = usize::from(columns.max(1));
        // The row below is the cursor's.
        let room = usize::from(rows).saturating_sub(1).max(1);
        let lines: Vec<String> = cut(text, room).into_iter().map(|line| fits(line, columns)).collect();
        // A terminal that has become narrower has broken the lines that stand there.
        let up: usize = self.lines.iter().map(|cells| cells.div_ceil(columns).max(1)).sum();
        queue!(out, BeginSynchronizedUpdate)?;
        if up > 0 {
            queue!(out, MoveUp(up.min(room) as u16))?;
        }
        queue!(out, MoveToColumn(0))?;
        for line in &lines {
            queue!(out, Clear(ClearType::UntilNewLine), Print(line), Print("\n"), MoveToColumn(0))?;
        }
        queue!(out, Clear(ClearType::FromCursorDown), EndSynchronizedUpdate)?;
        self.lines = lines.iter().map(|line| width(&bare(line))).collect();
        out.flush()
    }
}

/// A line in so many columns; one that is too long loses its colours.
fn fits(line: String, columns: usize) -> String {
    let plain = bare(&line);
    if width(&plain) <= columns { line } else { fit(&plain, columns).into_owned() }
}

/// As many lines as there is room for: what comes first is what needs a person. The last line of a report that has one
/// below a blank line closes it, and stays.
fn cut(text: &str, room: usize) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= room {
        return lines.into_iter().map(str::to_owned).collect();
    }
    let closing = match lines.as_slice() {
        [.., "", closing] if room > 3 => Some(*closing),
        _ => None,
    };
    let body = lines.len() - if closing.is_some() { 2 } else { 0 };
    let shown = room.saturating_sub(if closing.is_some() { 2 } else { 1 });
    let more = format!("and {} more", number(body.saturating_sub(shown)));
    let head = lines.iter().take(shown).map(|line| (*line).to_owned());
    head.chain([more]).chain(closing.map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_counted_and_the_closing_line_stays() {
        let text = "HEAD\na\nb\nc\nd\n\n4 certificates\n";
        assert_eq!(cut(text, 7).len(), 7);
        assert_eq!(cut(text, 5), ["HEAD", "a", "b", "and 2 more", "4 certificates"]);
        assert_eq!(cut(text, 2), ["HEAD", "and 6 more"]);
        assert_eq!(cut("a\nb\nc\n", 2), ["a", "and 2 more"]);
    }
}
