//! An object that was written as YAML, as lines of a page: keys, values and what is hidden told apart.

use super::line::{Emphasis, Line, text};
use crate::limits;
use crate::text::{clean, width};

/// The lines of an object, as many as a page holds.
pub(super) fn lines(yaml: &str, cells: usize) -> impl Iterator<Item = Line> {
    yaml.lines().take(limits::DOCUMENT_LINES).flat_map(move |line| split(line, cells))
}

/// A line of YAML in its parts; what is longer than the screen goes on below.
fn split(line: &str, cells: usize) -> Vec<Line> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let body = clean(line.trim_start_matches(' '), limits::MESSAGE);
    let dashes = body.len() - body.trim_start_matches("- ").len();
    let (lead, rest) = body.split_at(dashes);
    let key = rest.find(": ").or_else(|| rest.ends_with(':').then(|| rest.len() - 1));
    // A colon inside of a quoted or spaced text is none of YAML's.
    let key = key.filter(|end| rest.get(..*end).is_some_and(|key| !key.contains([' ', '"', '\''])));
    let mut first = vec![text(Emphasis::Dim, format!("{}{lead}", " ".repeat(indent.min(cells / 2))))];
    let mut used = indent.min(cells / 2) + dashes;
    let value = match key {
        Some(end) => {
            let (key, value) = rest.split_at(end);
            used += width(key) + 1;
            first.push(text(Emphasis::Key, key.to_owned()));
            first.push(text(Emphasis::Dim, ":".to_owned()));
            value.strip_prefix(':').unwrap_or(value)
        }
        None => rest,
    };
    let hidden = value.trim_start_matches([' ', '\'']).starts_with('<');
    let tone = if hidden || value.trim_start().starts_with('#') { Emphasis::Dim } else { Emphasis::Plain };
    let mut lines = Vec::new();
    let (mut piece, mut room) = (String::new(), cells.saturating_sub(used).max(8));
    let mut line = first;
    let below = indent.min(cells / 2) + dashes + 2;
    for c in value.chars() {
        let cell = width(c.encode_utf8(&mut [0; 4]));
        if cell > room {
            line.push(text(tone, std::mem::take(&mut piece)));
            lines.push(std::mem::replace(&mut line, vec![text(Emphasis::Dim, " ".repeat(below))]));
            room = cells.saturating_sub(below).max(8);
        }
        room = room.saturating_sub(cell);
        piece.push(c);
    }
    line.push(text(tone, piece));
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::page::line::Piece;

    fn words(lines: &[Line]) -> Vec<String> {
        let text = |piece: &Piece| match piece {
            Piece::Text(_, text) => text.clone(),
            _ => String::new(),
        };
        lines.iter().map(|line| line.iter().map(text).collect()).collect()
    }

    #[test]
    fn long_lines_go_on_below_and_lose_nothing() {
        let lines = words(&split("    request: aaaaaaaaaabbbbbbbbbbcccccccccc", 24));
        assert_eq!(lines, ["    request: aaaaaaaaaab", "      bbbbbbbbbccccccccc", "      c"]);
        assert_eq!(words(&split("- name: a\u{1b}[31m", 40)), ["- name: a\u{fffd}[31m"]);
        assert_eq!(words(&split("  - 'a: b'", 40)), ["  - 'a: b'"]);
    }
}
