//! `cmtop man`: the manual, on standard output or as pages in a directory.

use crate::cli;
use crate::report::exit::ExitStatus;
use crate::runtime::failure::Failure;
use crate::runtime::print::print;

/// `cmtop man`.
pub fn man(wanted: &cli::Man) -> Result<ExitStatus, Failure> {
    let text = match &wanted.out {
        Some(directory) => {
            let failed = |error| Failure::blind(format!("cannot write into {}: {error}", directory.display()));
            format!("{} pages in {}\n", cli::man_pages(directory).map_err(failed)?, directory.display())
        }
        None => cli::man(wanted.about.as_deref()).map_err(Failure::blind)?.ok_or_else(|| {
            Failure::usage(format!("there is no command {}", wanted.about.as_deref().unwrap_or_default()))
        })?,
    };
    print(&text).map(|()| ExitStatus::Good)
}
