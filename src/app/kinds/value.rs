//! [`Value`]: what a column says of an object, and by what the rows of a column are sorted.

use std::borrow::Cow;

use crate::model::meta::Time;
use crate::triage::tree::Tone;

/// What a column says.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'m> {
    /// Words.
    Text(Cow<'m, str>),
    /// A state, and how it is to be taken.
    State(&'static str, Tone),
    /// How many.
    Number(usize),
    /// How long ago something was.
    Ago(Time),
    /// When something ends.
    Ends(Time),
    /// Nothing.
    None,
}

/// What rows are sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A number or a moment.
    Number(i64),
    /// A text.
    Text(Box<str>),
    /// Nothing: last.
    Last,
}
