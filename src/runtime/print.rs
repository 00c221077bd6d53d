//! What a command prints: reports in the form that was asked for, and remarks beside them.

use std::io::{self, Write as _};

use super::failure::Failure;
use crate::report::document::{Format, WriteError};

/// A report in the form that was asked for: in words, or as a document.
pub fn told(
    form: Option<Format>,
    words: impl FnOnce() -> String,
    document: impl FnOnce(Format) -> Result<String, WriteError>,
) -> Result<String, Failure> {
    form.map_or_else(|| Ok(words()), |format| document(format).map_err(Failure::blind))
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
