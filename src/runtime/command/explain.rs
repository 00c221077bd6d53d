//! `cmtop explain`: what a finding, a verdict or a message means.

use crate::cli;
use crate::report::document::write;
use crate::report::exit::ExitStatus;
use crate::report::explanation::Explanation;
use crate::runtime::failure::Failure;
use crate::runtime::print::{print, told};
use crate::runtime::program::Program;
use crate::runtime::signatures;

/// `cmtop explain`.
pub fn explain(program: &Program, wanted: &cli::Explain) -> Result<ExitStatus, Failure> {
    // Here a person waits for one row: what need not be compiled for it is not.
    signatures::install(&program.environment);
    let mut about = wanted.words.join(" ");
    if about == "-" {
        let most = crate::limits::EXPLAINED as u64;
        let mut read = String::new();
        std::io::Read::read_to_string(&mut std::io::Read::take(std::io::stdin(), most), &mut read)
            .map_err(|error| Failure::blind(format!("standard input: {error}")))?;
        about = read;
    }
    let Some(explanation) = Explanation::of_all(&wanted.words, &about) else {
        let what = Explanation::nothing_about_any(&wanted.words, &about);
        return Err(Failure::absent(what));
    };
    let text =
        told(wanted.output.document(), || explanation.text(&program.style()), |format| write(&explanation, format))?;
    print(&text).map(|()| ExitStatus::Good)
}
