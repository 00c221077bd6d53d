//! The action log as lines: what was done in this session, the youngest first.

use std::collections::VecDeque;

use super::line::{Emphasis, Line, Piece};
use crate::app::acting::dialog::LogEntry;
use crate::text::wrap;

pub(in crate::app) fn action_lines(log: &VecDeque<LogEntry>, cells: usize) -> Vec<Line> {
    let text = |emphasis, text: String| Piece::Text(emphasis, text);
    if log.is_empty() {
        return vec![vec![text(Emphasis::Dim, "Nothing was done in this session.".to_owned())]];
    }
    let mut lines: Vec<Line> = Vec::new();
    for entry in log.iter().rev() {
        let report = &entry.report;
        let tone = if entry.is_well() { Emphasis::Good } else { Emphasis::Bad };
        lines.push(vec![
            Piece::Clock(report.at),
            text(tone, format!(" {:<10}", report.outcome)),
            text(Emphasis::Heading, format!("{} {}", report.action, report.object)),
        ]);
        let mut say = |emphasis, words: &str| {
            let wrapped = wrap(words, cells.saturating_sub(20).max(16)).into_iter();
            lines.extend(wrapped.map(|line| vec![text(Emphasis::Plain, " ".repeat(19)), text(emphasis, line)]));
        };
        say(Emphasis::Plain, &report.message);
        for sent in &report.requests {
            let status = sent.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            say(Emphasis::Dim, &format!("{} {} → {status}", sent.verb, sent.path));
        }
        say(Emphasis::Heading, entry.end.as_deref().unwrap_or_default());
    }
    lines
}
