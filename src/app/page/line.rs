//! [`Line`]: a line of text in pieces that any screen can paint: what each piece is meant as, and moments whose distance
//! from now is said when they are painted.

use crate::model::meta::Time;
use crate::text::wrap;
use crate::triage::verdict::Verdict;

/// How a piece of a line is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// As it is.
    Plain,
    /// Less important: a label.
    Dim,
    /// A heading.
    Heading,
    /// A key to press.
    Key,
    /// A good state.
    Good,
    /// A bad state.
    Bad,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Words.
    Text(Emphasis, String),
    /// A moment, with its distance from now.
    Moment(Time),
    /// How long ago something was.
    Ago(Time),
    /// The time of day.
    Clock(Time),
    /// How long until something is.
    Ahead(Time),
    /// A verdict, with its glyph.
    Verdict(Verdict),
}

/// A line of pieces.
pub type Line = Vec<Piece>;

/// Words.
pub(in crate::app) fn text(emphasis: Emphasis, text: String) -> Piece {
    Piece::Text(emphasis, text)
}

/// Words over the whole width.
pub(in crate::app) fn plain(words: &str, emphasis: Emphasis, cells: usize) -> Vec<Line> {
    wrap(words, cells).into_iter().map(|line| vec![text(emphasis, line)]).collect()
}
