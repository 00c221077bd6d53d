//! `cmtop version`.

use crate::cli;
use crate::report::document::write;
use crate::report::exit::ExitStatus;
use crate::runtime::failure::Failure;
use crate::runtime::print::{print, told};

/// `cmtop version`.
pub fn version(wanted: &cli::Output) -> Result<ExitStatus, Failure> {
    let version = crate::report::version::Version::of_this_program();
    let text = told(wanted.format.document(), || version.text(), |format| write(&version, format))?;
    print(&text).map(|()| ExitStatus::Good)
}
