//! `cmtop version`.

use crate::cli::{self, TextFormat};
use crate::report::document::{Format, write};
use crate::report::exit::ExitStatus;
use crate::runtime::failure::{Failure, print};

/// `cmtop version`.
pub fn version(wanted: &cli::Output) -> Result<ExitStatus, Failure> {
    let version = crate::report::version::Version::of_this_program();
    let text = match wanted.format {
        TextFormat::Text => version.text(),
        TextFormat::Json => write(&version, Format::Json).map_err(Failure::blind)?,
        TextFormat::Yaml => write(&version, Format::Yaml).map_err(Failure::blind)?,
    };
    print(&text).map(|()| ExitStatus::Good)
}
