//! The command line on paper: the manual page.

use std::io;

use clap::CommandFactory as _;

use super::Cli;

/// The manual page, in roff.
pub fn man() -> io::Result<String> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}
