//! What the program says about itself: to a file, never to the screen.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use tracing_subscriber::EnvFilter;

/// What never goes into the log, whatever is asked for: kube's client writes whole answers where one cannot be read,
/// and Secrets could be among them.
const NEVER: &str = ",kube_client::client=off";

/// Writes the log into a file from here on. `level` is a level or a filter such as `cmtop=debug`.
pub fn to_file(file: &Path, level: &str) -> io::Result<()> {
    let output = OpenOptions::new().create(true).append(true).open(file)?;
    let filter = EnvFilter::try_new(format!("{level}{NEVER}")).map_err(|error| io::Error::other(error.to_string()))?;
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_env_filter(filter).with_writer(output);
    subscriber.try_init().map_err(|error| io::Error::other(error.to_string()))
}
