//! [`Failure`]: why a command did not do what it was asked for; and what it prints.

use std::io::{self, Write as _};

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

    /// It could not look.
    pub fn blind(what: impl ToString) -> Self {
        Self { status: ExitStatus::Blind, what: what.to_string() }
    }
}

/// Prints to standard output; a reader that has gone away is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    is_read(text).map(|_| ())
}

/// The same, for what goes on printing: whether anybody still reads.
pub fn is_read(text: &str) -> Result<bool, Failure> {
    match io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::blind(format!("cannot print: {error}"))),
    }
}

/// Says something on the error output that the report itself has no place for. Whatever it names, the terminal gets words.
pub fn warn(what: &str) {
    let _ = io::stderr().write_all(format!("cmtop: {}\n", crate::text::clean_lines(what)).as_bytes());
}
