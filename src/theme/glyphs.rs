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
    /// A horizontal line.
    pub rule: &'static str,
    /// A vertical line.
    pub bar: &'static str,
    /// A horizontal line that meets one from below.
    pub tee_down: &'static str,
    /// A horizontal line that meets one from above.
    pub tee_up: &'static str,
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
        rule: "─",
        bar: "│",
        tee_down: "┬",
        tee_up: "┴",
        branch: "├",
        corner: "└",
        trunk: "│",
        open: "▾",
        closed: "▸",
        none: "–",
        minus: "−",
        ascending: "↑",
        descending: "↓",
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
        busy: ">",
        waiting: "~",
        cursor: ">",
        rule: "-",
        bar: "|",
        tee_down: "+",
        tee_up: "+",
        branch: "+",
        corner: "`",
        trunk: "|",
        open: "-",
        closed: "+",
        none: "-",
        minus: "-",
        ascending: "^",
        descending: "v",
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
