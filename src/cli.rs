//! The command line: what can be asked, in the words of `--help`.
//!
//! **Invariant:** parsing reads no environment and no file; what a flag does not say, the [settings](crate::config) do.

mod act;
mod alone;
mod command;
pub mod complete;
mod connection;
mod inspect;
mod look;
mod output;
mod paper;
pub mod probe;
mod source;
pub mod value;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser};

pub use self::act::{ActionFormat, Conduct, Decide, Delete, Reissue, Release};
pub use self::command::{
    Bundle, Command, Config, ConfigAct, Demo, Doctor, Explain, FailOn, Man, Record, Replay, Simulate, Status, Timeline,
    Wait, Watch,
};
pub use self::connection::Connection;
pub use self::inspect::{Inspect, Subject};
pub use self::look::{ColorChoice, Look};
pub use self::output::{LineFormat, Output, StatusFormat, TextFormat};
pub use self::paper::{man, man_pages};
pub use self::probe::{Preflight, Probe, What};
pub use self::source::{Recorded, Scope, Source};

use crate::report::exit::ExitStatus;

/// A terminal dashboard for cert-manager: what is stuck, why, and what mends it.
///
/// Without a command it opens the dashboard on the cluster that kubectl would use.
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(name = "cmtop", version, max_term_width = 100, after_help = EXAMPLES, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do; the dashboard when nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Which part of the cluster.
    #[command(flatten)]
    pub scope: Scope,
    /// Instead of a cluster.
    #[command(flatten)]
    pub recorded: Recorded,
    /// Which cluster, and as whom.
    #[command(flatten)]
    pub connection: Connection,
    /// How things look and behave.
    #[command(flatten)]
    pub look: Look,
}

const EXAMPLES: &str = "\
Examples:
  cmtop                               every Certificate that may be seen
  cmtop -n shop -n blog               two namespaces
  cmtop demo                          no cluster needed
  cmtop status                        the same table on paper
  cmtop status shop/www               one Certificate with everything that belongs to it
  cmtop probe dns01 shop.example      who sees the record of a proof, and who does not
  cmtop inspect certificate shop/www  the chain, its root, and whether it is what was asked for
  cmtop timeline shop/www             how it was issued, stage by stage
  cmtop renew shop/www --wait         issue it again, and tell how it goes
  cmtop doctor                        what is wrong, why, and what mends it
  cmtop explain InvalidKeyPair        what a word or a message means
  cmtop record outage.jsonl -A        what the watches deliver, without any Secret's data
  cmtop replay outage.jsonl --speed 10

Exit status: 0 good, 1 found trouble, 2 could not look, 3 no such object, 64 wrong usage,
130 interrupted, 143 told to end.";

/// The command line as it is taken and told.
pub fn definition() -> clap::Command {
    alone::without_flags(Cli::command())
}

/// Reads a command line, the program's own name first.
///
/// The error is also how `--help` and `--version` come out: print it, then end with [`exit_status`].
pub fn parse(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Cli, clap::Error> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let mut command = definition();
    // kubectl runs `kubectl-cmtop` for `kubectl cmtop`: the help says what was typed.
    let called = arguments.first().map(std::path::Path::new).and_then(|path| path.file_stem());
    if let Some(plugin) = called.and_then(|name| name.to_str()).and_then(|name| name.strip_prefix("kubectl-")) {
        command = command.bin_name(format!("kubectl {}", plugin.replace('_', "-")));
    }
    let mut found = command.try_get_matches_from_mut(arguments)?;
    let typed: Vec<String> = commands(&found).map(str::to_owned).collect();
    let cli = Cli::from_arg_matches_mut(&mut found)?;
    cli.check().map_err(|what| {
        command.build();
        wrong(&mut command, &typed, what)
    })?;
    Ok(cli)
}

/// The words of the command that was typed: `probe`, `dns01`.
fn commands(found: &ArgMatches) -> impl Iterator<Item = &str> {
    std::iter::successors(found.subcommand(), |(_, found)| found.subcommand()).map(|(name, _)| name)
}

/// What is wrong with a command, above its own usage.
fn wrong(command: &mut clap::Command, typed: &[String], what: String) -> clap::Error {
    if let Some((name, rest)) = typed.split_first()
        && let Some(next) = command.find_subcommand_mut(name)
    {
        return wrong(next, rest, what);
    }
    command.error(ErrorKind::ArgumentConflict, what)
}

/// What a program ends with that could not read its command line, or was asked for help.
pub fn exit_status(error: &clap::Error) -> ExitStatus {
    if error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Good }
}

impl Cli {
    /// The config file that the command line names.
    pub fn config_file(&self) -> Option<&std::path::Path> {
        match &self.command {
            Some(Command::Config(Config { what: ConfigAct::Check { file: Some(file) } })) => Some(file),
            _ => self.look.config.as_deref(),
        }
    }

    /// Where the facts of a report come from.
    pub fn source(&self) -> Source {
        self.recorded.source()
    }

    /// Whether settings mean anything to the command.
    pub const fn has_settings(&self) -> bool {
        !matches!(self.command, Some(Command::Completion { .. } | Command::Man(_) | Command::Version(_)))
    }

    /// Whether the command says what is wrong with Certificates: it will need the table of findings.
    pub const fn judges(&self) -> bool {
        !matches!(
            self.command,
            Some(
                Command::Complete { .. }
                    | Command::Completion { .. }
                    | Command::Config(_)
                    | Command::Explain(_)
                    | Command::Info(_)
                    | Command::Inspect(_)
                    | Command::Man(_)
                    | Command::Record(_)
                    | Command::Simulate(_)
                    | Command::Version(_)
            )
        )
    }

    /// Rules between flags that stand before and after a command, which the parser sees apart.
    fn check(&self) -> Result<(), String> {
        self.scope.check()?;
        alone::check(self)?;
        let of_cluster = self.connection.given().first().copied();
        match &self.command {
            Some(Command::Demo(_) | Command::Replay(_) | Command::Simulate(_)) if of_cluster.is_some() => {
                Err(format!("{} is about a cluster, and this command uses none", of_cluster.unwrap_or_default()))
            }
            // `--at` says where a replay begins.
            Some(Command::Replay(_)) => self.without_source(&["--from", "--demo"]),
            Some(Command::Demo(_) | Command::Record(_) | Command::Simulate(_)) => {
                self.without_source(&["--from", "--demo", "--at"])
            }
            Some(Command::Status(status)) if !status.names.is_empty() && self.scope.selector.is_some() => {
                Err("names and --selector exclude each other".to_owned())
            }
            Some(Command::Doctor(doctor)) if !doctor.names.is_empty() && self.scope.selector.is_some() => {
                Err("names and --selector exclude each other".to_owned())
            }
            Some(Command::Status(status)) if status.watch && matches!(self.source(), Source::Recording(..)) => {
                Err("--watch needs a cluster: a recording does not change".to_owned())
            }
            Some(Command::Probe(probe)) => probe.check().and_then(|()| {
                // There, `--token` is the challenge's.
                self.recorded.check(of_cluster.filter(|flag| *flag != "--token"))
            }),
            Some(Command::Renew(reissue) | Command::Retry(reissue)) => {
                reissue.check(self.scope.selector.is_some()).and_then(|()| self.recorded.check(of_cluster))
            }
            Some(Command::Delete(_) | Command::Release(_) | Command::Approve(_) | Command::Deny(_))
                if self.scope.selector.is_some() =>
            {
                Err("--selector is for renew and retry: name the objects".to_owned())
            }
            _ => self.recorded.check(of_cluster),
        }
    }

    /// Refuses flags that name a source to a command that has its own.
    fn without_source(&self, refused: &[&str]) -> Result<(), String> {
        match self.recorded.given().into_iter().find(|flag| refused.contains(flag)) {
            Some(flag) => Err(format!("{flag} cannot be used here: this command has a source of its own")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
