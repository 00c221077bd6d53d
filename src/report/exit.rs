//! [`ExitStatus`]: what a command's end means, the same for every command.

use std::process::ExitCode;

use crate::query::pick::PickError;

/// What a command ends with. Scripts rely on the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// Good.
    Good = 0,
    /// It found what it looks for: trouble.
    Trouble = 1,
    /// It could not look: the cluster, the file, or Certificates themselves cannot be read.
    Blind = 2,
    /// It was asked for an object that is not there.
    Missing = 3,
    /// It was used wrongly.
    Usage = 64,
    /// Its terminal went away: SIGHUP.
    HungUp = 129,
    /// It was interrupted: ctrl-c, or SIGINT.
    Interrupted = 130,
    /// It was told to end: SIGTERM.
    Terminated = 143,
}

impl ExitStatus {
    /// The number.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

impl From<&PickError> for ExitStatus {
    fn from(error: &PickError) -> Self {
        match error {
            PickError::Missing { .. } | PickError::Nowhere { .. } => Self::Missing,
            PickError::Ambiguous { .. } => Self::Usage,
        }
    }
}
