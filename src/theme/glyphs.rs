//! [`Glyphs`]: the signs beside the words, in Unicode or ASCII.

use crate::triage::verdict::Verdict;

/// Signs and lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    ascii: bool,
    /// A good thing.
    pub dot: &'static str,
    /// A thing that is not there.
    pub hollow: &'static str,
    /// A bad thing.
    pub bad: &'static str,
    /// A thing that is worked on.
    pub busy: &'static str,
    /// A thing that waits.
    pub waiting: &'static str,
    /// The mark before the selected row.
    pub cursor: &'static str,
    /// Behind the cursor: a row that was marked, or what is chosen in a menu.
    pub mark: &'static str,
    /// At the end of a row that changed a moment ago.
    pub changed: &'static str,
    /// There is more at the left.
    pub left: &'static str,
    /// There is more at the right.
    pub right: &'static str,
    /// A horizontal line.
    pub rule: &'static str,
    /// A vertical line.
    pub bar: &'static str,
    /// A horizontal line that meets one from below.
    pub tee_down: &'static str,
    /// A horizontal line that meets one from above.
    pub tee_up: &'static str,
    /// The corners of a frame, from the upper left one clockwise.
    pub corners: [&'static str; 4],
    /// A branch of a tree.
    pub branch: &'static str,
    /// The last branch.
    pub corner: &'static str,
    /// The line beside a branch.
    pub trunk: &'static str,
    /// An open node.
    pub open: &'static str,
    /// A closed node.
    pub closed: &'static str,
    /// Nothing to show.
    pub none: &'static str,
    /// Before a length of time that is over.
    pub minus: &'static str,
    /// Ascending.
    pub ascending: &'static str,
    /// Descending.
    pub descending: &'static str,
    /// The place on a bar over time.
    pub here: &'static str,
    /// A bar over time.
    pub bar_full: &'static str,
    /// The bar after it.
    pub bar_other: &'static str,
    /// A bar that is only known from stamps.
    pub bar_hollow: &'static str,
    /// From nothing to a full bar.
    pub levels: [&'static str; 9],
}

impl Glyphs {
    /// Whether nothing but ASCII may reach the terminal.
    pub const fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// The bar for a part of the whole; something is never nothing.
    pub fn level(&self, part: u32, whole: u32) -> &'static str {
        let eighths = if part == 0 { 0 } else { (u64::from(part) * 8).div_ceil(u64::from(whole.max(1))).min(8) };
        self.levels.get(eighths as usize).copied().unwrap_or(" ")
    }

    /// For terminals with Unicode.
    pub const UNICODE: Self = Self {
        ascii: false,
        dot: "●",
        hollow: "○",
        bad: "▲",
        busy: "↻",
        waiting: "◌",
        cursor: "▌",
        mark: "✓",
        changed: "◂",
        left: "◂",
        right: "▸",
        rule: "─",
        bar: "│",
        tee_down: "┬",
        tee_up: "┴",
        corners: ["┌", "┐", "┘", "└"],
        branch: "├",
        corner: "└",
        trunk: "│",
        open: "▾",
        closed: "▸",
        none: "–",
        minus: "−",
        ascending: "↑",
        descending: "↓",
        here: "▼",
        bar_full: "█",
        bar_other: "▓",
        bar_hollow: "░",
        levels: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    };

    /// For all others.
    pub const ASCII: Self = Self {
        ascii: true,
        dot: "*",
        hollow: "o",
        bad: "!",
        busy: "@",
        waiting: "~",
        cursor: ">",
        mark: "+",
        changed: "<",
        left: "<",
        right: ">",
        rule: "-",
        bar: "|",
        tee_down: "+",
        tee_up: "+",
        corners: ["+"; 4],
        branch: "+",
        corner: "`",
        trunk: "|",
        open: "-",
        closed: "+",
        none: "-",
        minus: "-",
        ascending: "^",
        descending: "v",
        here: "V",
        bar_full: "#",
        bar_other: "=",
        bar_hollow: "-",
        levels: [" ", ".", ".", ":", ":", "+", "+", "#", "#"],
    };

    /// The sign of a verdict.
    pub const fn verdict(&self, verdict: Verdict) -> &'static str {
        if self.ascii { verdict.ascii_glyph() } else { verdict.glyph() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What stands on one row of a table is told apart without colour.
    #[test]
    fn the_cursor_a_mark_a_change_and_a_verdict_look_like_nothing_else() {
        for glyphs in [Glyphs::UNICODE, Glyphs::ASCII] {
            let verdicts = Verdict::ALL.map(|verdict| glyphs.verdict(verdict));
            let all: BTreeSet<&str> =
                verdicts.into_iter().chain([glyphs.cursor, glyphs.mark, glyphs.changed]).collect();
            assert_eq!(all.len(), Verdict::ALL.len() + 3, "{all:?}");
        }
    }
}
