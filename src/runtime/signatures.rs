//! A team's own findings and runbooks: `$XDG_CONFIG_HOME/cmtop/signatures/*.yaml`.

use std::fs;
use std::path::{Path, PathBuf};

use tokio::runtime::Runtime;

use crate::config::environment::Environment;
use crate::config::paths;
use crate::runtime::print::warn;
use crate::triage::signature;

/// Makes the table of findings ready beside everything else.
pub fn warm(runtime: &Runtime) {
    // On a thread that lives on: what it needed for a moment is used again for rows. One of its own would keep it.
    drop(runtime.spawn(async { signature::warm() }));
}

/// Adds the files of the directory to the table of findings. A bad file is refused with its line and the reason, on
/// the error output and in the log; the rest is used.
pub fn install(environment: &Environment) {
    let Some(directory) = paths::signature_directory(environment) else { return };
    let mut files = Vec::new();
    for path in listed(&directory) {
        match fs::read_to_string(&path) {
            Ok(text) => files.push((path.display().to_string(), text)),
            Err(error) => refuse(&format!("{}: {error}", path.display())),
        }
    }
    if !files.is_empty() {
        signature::install(&files).iter().for_each(|refusal| refuse(&refusal.to_string()));
    }
}

/// The files, in the order of their names: what is added later may extend what came before.
fn listed(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")).collect();
    paths.sort();
    paths
}

fn refuse(why: &str) {
    tracing::warn!("findings of your own: {why}");
    warn(&format!("this file is not used: {why}"));
}
