//! The page of messages: what the last line said in this session, in full, the youngest first.

use super::line::{Emphasis, Line, Piece, text};
use crate::app::toast::{Toasts, Tone};
use crate::text::wrap;

/// Cells before what was said.
const LEAD: usize = 12;

pub(in crate::app) fn message_lines(toasts: &Toasts, cells: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for toast in toasts.said() {
        let tone = match toast.tone {
            Tone::Good => Emphasis::Good,
            Tone::Neutral => Emphasis::Plain,
            Tone::Bad => Emphasis::Bad,
        };
        for (i, words) in wrap(&toast.words(), cells.saturating_sub(LEAD)).into_iter().enumerate() {
            let lead = if i == 0 { Piece::Clock(toast.at) } else { text(Emphasis::Plain, " ".repeat(8)) };
            lines.push(vec![lead, text(Emphasis::Plain, " ".repeat(LEAD - 8)), text(tone, words)]);
        }
    }
    if lines.is_empty() {
        lines.push(vec![text(Emphasis::Dim, "nothing was said yet".to_owned())]);
    }
    lines
}
