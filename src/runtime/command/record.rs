//! `cmtop record`: what the watches of a cluster deliver, into a file.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::sync::Arc;

use crate::cli;
use crate::cluster::connect;
use crate::recording::writer::Writer;
use crate::report::exit::ExitStatus;
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::runtime::program::Program;
use crate::runtime::signals::Interrupt;
use crate::text::count;
use crate::watch::discover::choose;

/// Records until somebody ends it.
pub async fn record(program: &Program, wanted: &cli::Record) -> Result<ExitStatus, Failure> {
    let file = wanted.file.display();
    let there = || Failure::usage(format!("{file}: it is there already: give another name, or remove it"));
    let is_output = wanted.file.as_os_str() == "-";
    if !is_output && wanted.file.exists() {
        return Err(there());
    }
    // Moments of a recording are the cluster's, as the stamps of its objects are: its clock is measured against ours.
    let clock = Clock::wall();
    let cluster = connect(program.options(), Arc::new(crate::runtime::clock::machine)).await.map_err(Failure::blind)?;
    let choice = choose(&cluster, program.wish()).await;
    let kubernetes =
        cluster.kubernetes().await.map_err(|error| Failure::blind(format!("the cluster refuses: {error}")))?;
    if let Some(ahead) = cluster.clock.get() {
        clock.set_offset(ahead);
    }
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => there(),
        _ => Failure::blind(format!("{file}: {error}")),
    };
    let output: Box<dyn Write + Send> = if is_output {
        Box::new(io::stdout())
    } else {
        // A recording is evidence: an older one is never overwritten.
        Box::new(OpenOptions::new().write(true).create_new(true).open(&wanted.file).map_err(failed)?)
    };
    let name = cluster.names.context.as_deref().unwrap_or(&cluster.names.cluster);
    let begun = clock.now();
    let writer = Writer::begin(BufWriter::new(output), begun, name, &kubernetes, &choice.scope.namespaces);
    let writer = writer.map_err(failed)?;
    let shown = io::stderr().is_terminal();
    let progress = |frames: usize, _| {
        if shown {
            let _ = write!(io::stderr(), "\r{} written; ctrl-c ends it", count(frames, "frame"));
        }
    };
    let mut interrupt = Interrupt::heard()?;
    let until = async {
        interrupt.came().await;
    };
    let now = clock.reader();
    let written = crate::watch::record::record(&cluster, &choice.scope, &now, (writer, begun), until, progress);
    let frames = written.await.map_err(failed)?;
    let _ = writeln!(io::stderr(), "\r{} written into {file}", count(frames, "frame"));
    Ok(ExitStatus::Good)
}
