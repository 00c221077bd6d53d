//! [`Failure`]: why a command did not do what it was asked for.

use crate::query::pick::PickError;
use crate::report::exit::ExitStatus;

/// Why a command did not do what it was asked for, and what it ends with.
#[derive(Debug)]
pub struct Failure {
    /// What the program ends with.
    pub status: ExitStatus,
    /// What is said.
    pub what: String,
}

impl Failure {
    /// It was used wrongly.
    pub fn usage(what: impl ToString) -> Self {
        Self { status: ExitStatus::Usage, what: what.to_string() }
    }

    /// It was asked for an object that is not there, or for one of several.
    pub fn missing(error: PickError) -> Self {
        Self { status: (&error).into(), what: error.to_string() }
    }

    /// It was asked for what is not there.
    pub fn absent(what: impl ToString) -> Self {
        Self { status: ExitStatus::Missing, what: what.to_string() }
    }

    /// It could not look.
    pub fn blind(what: impl ToString) -> Self {
        Self { status: ExitStatus::Blind, what: what.to_string() }
    }
}
