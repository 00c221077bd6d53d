//! The commands and what each takes.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::act::{Decide, Delete, Reissue, Release};
use super::output::{LineFormat, Output, StatusFormat, TextFormat};
use super::value::{self, name};
use crate::query::name::Name;
use crate::triage::finding::Severity;
use crate::triage::verdict::Verdict;

/// What can be done besides opening the dashboard.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum Command {
    /// Open the dashboard on a simulated cluster.
    #[command(
        after_help = "Examples:\n  cmtop demo\n  cmtop demo --speed 10 --certificates 1000\n  cmtop demo --story full-queue"
    )]
    Demo(Demo),
    /// Write what the watches of a cluster deliver into a file.
    Record(Record),
    /// Open the dashboard on a recording.
    Replay(Replay),
    /// Print the Certificates: verdict, reason, expiry, or everything that belongs to one.
    Status(Status),
    /// See what name servers, addresses and the cluster each see of a proof.
    Probe(Box<super::probe::Probe>),
    /// Check names before any Order exists.
    Preflight(super::probe::Preflight),
    /// Look into a certificate: every block, the chain to its root, and whether it is what was asked for.
    Inspect(super::inspect::Inspect),
    /// Print how a Certificate was issued, stage by stage, and everything that happened to it.
    Timeline(Timeline),
    /// Print every change of a verdict, one a line, until it is ended.
    Watch(Watch),
    /// Wait until Certificates have a verdict.
    Wait(Wait),
    /// Write a directory for a ticket: Markdown, JSON, a recording; without tokens, keys and accounts.
    Bundle(Bundle),
    /// Issue Certificates again now.
    Renew(Reissue),
    /// Delete the request that failed or is stuck, and begin again without the wait.
    Retry(Reissue),
    /// Delete a Challenge, an Order or a CertificateRequest that is stuck.
    Delete(Delete),
    /// Take the ACME finalizer off a Challenge whose clean-up will not come.
    Release(Release),
    /// Approve the CertificateRequest that waits.
    Approve(Decide),
    /// Deny the CertificateRequest that waits.
    Deny(Decide),
    /// Say what is wrong, why, and what mends it.
    Doctor(Doctor),
    /// Explain a finding, a verdict, a phase, a word of cert-manager, or a message.
    Explain(Explain),
    /// Serve a simulated cluster, so that kubectl and other programs can talk to it.
    Simulate(Simulate),
    /// Print every path and setting in use, and where each came from.
    Info(Output),
    /// Print, check or describe the settings of the config file.
    Config(Config),
    /// Print the version.
    Version(Output),
    /// Print the completions for a shell.
    Completion {
        /// Which shell.
        shell: Shell,
    },
    /// Print a manual page, or write all of them.
    Man(Man),
    /// Print what can follow words that were typed, for kubectl.
    #[command(hide = true)]
    Complete {
        /// The words after `kubectl cmtop`, the one that is being typed last.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<std::ffi::OsString>,
    },
}

/// Which manual page.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct Man {
    /// The command that it is about; cmtop itself when none is named.
    pub about: Option<String>,
    /// Write the pages of cmtop and of every command into this directory: cmtop.1, cmtop-status.1 …
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "about")]
    pub out: Option<PathBuf>,
}

/// What the simulated cluster does.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct Demo {
    /// What happens in it: `busy-night`, `quiet`, `full-queue`, `dead-controller`, or a file with a story.
    #[arg(long, value_name = "STORY")]
    pub story: Option<String>,
    /// How fast time passes.
    #[arg(long, value_name = "FACTOR", value_parser = value::speed)]
    pub speed: Option<f64>,
    /// Equal seeds give equal clusters.
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// How many Certificates it has besides those of the story.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub certificates: Option<u32>,
}

/// Where a recording goes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Secrets are written without their data. It ends with ctrl-c.\n\n\
    Examples:\n  cmtop record outage.jsonl -n shop\n  cmtop record - -A | gzip > outage.jsonl.gz")]
pub struct Record {
    /// The file; `-` for standard output.
    pub file: PathBuf,
}

/// What is replayed.
#[derive(Debug, Clone, PartialEq, Args)]
#[command(after_help = "Examples:\n  cmtop replay outage.jsonl --speed 10")]
pub struct Replay {
    /// The recording, gzipped or not; `-` for standard input.
    pub file: PathBuf,
    /// How fast time passes.
    #[arg(long, value_name = "FACTOR", default_value = "1", value_parser = value::speed)]
    pub speed: f64,
}

/// Which Certificates are told, and how.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Examples:
  cmtop status                            all of them, what needs a person first
  cmtop status -n shop -l app=web -o wide
  cmtop status shop/www                   one, as a tree
  cmtop status www -n shop -o json
  cmtop status --host www.shop.example    which Certificate covers it
  cmtop status --from outage.jsonl --at 2026-11-22T16:03:05Z")]
pub struct Status {
    /// A Certificate: `name`, `namespace/name` or `certificate/name`.
    #[arg(value_name = "NAME", value_parser = name)]
    pub names: Vec<Name>,
    /// How it is told; a table without a name, a tree with one.
    #[arg(short, long, value_name = "FORMAT", value_enum)]
    pub output: Option<StatusFormat>,
    /// Only what covers this host name, or that of a URL: a wildcard covers one label.
    #[arg(long, value_name = "NAME", value_parser = value::host)]
    pub host: Option<String>,
    /// Tell it again whenever it changes.
    #[arg(short, long)]
    pub watch: bool,
    /// Leave out the headings and the closing line.
    #[arg(long)]
    pub no_headers: bool,
}

impl Status {
    /// How it is told, where that was not said.
    pub fn format(&self) -> StatusFormat {
        let default = if self.names.is_empty() { StatusFormat::Table } else { StatusFormat::Tree };
        self.output.unwrap_or(default)
    }
}

/// Whose story is told, and how.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Examples:
  cmtop timeline shop/www
  cmtop timeline www -n shop --from outage.jsonl --at 2026-11-22T16:03:05Z
  cmtop timeline shop/www -o json")]
pub struct Timeline {
    /// A Certificate: `name`, `namespace/name` or `certificate/name`.
    #[arg(value_name = "NAME", value_parser = name)]
    pub name: Name,
    /// How it is told.
    #[command(flatten)]
    pub output: Output,
}

/// Whose changes are told, and how.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Examples:
  cmtop watch -A
  cmtop watch -n shop -o json | jq -r 'select(.to == \"stuck\") | .certificate'")]
pub struct Watch {
    /// A Certificate: `name`, `namespace/name` or `certificate/name`; all of the scope without one.
    #[arg(value_name = "NAME", value_parser = name)]
    pub names: Vec<Name>,
    /// How a line is told.
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: LineFormat,
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "It ends with 0 when all of them have it, and with 1 when the time is over.

Examples:
  cmtop wait shop/www
  cmtop wait www cdn -n shop --for ok,issuing --timeout 5m")]
pub struct Wait {
    /// A Certificate: `name`, `namespace/name` or `certificate/name`.
    #[arg(value_name = "NAME", value_parser = name, required = true)]
    pub names: Vec<Name>,
    /// The verdict to wait for; any of several, with commas.
    #[arg(long = "for", value_name = "VERDICT", default_value = "ok", value_delimiter = ',', value_parser = value::verdict)]
    pub verdicts: Vec<Verdict>,
    /// How long to wait, such as 90s or 10m; 0 for as long as it takes.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = value::timeout)]
    pub timeout: std::time::Duration,
    /// Do not tell what changes meanwhile.
    #[arg(short, long)]
    pub quiet: bool,
}

/// What is bundled, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Examples:
  cmtop bundle shop/www --out ticket-4711
  cmtop bundle shop/www --probe --out ticket-4711
  cmtop bundle --from outage.jsonl --last 30m --out evidence")]
pub struct Bundle {
    /// A Certificate: `name`, `namespace/name` or `certificate/name`; all of the scope without one.
    #[arg(value_name = "NAME", value_parser = name)]
    pub names: Vec<Name>,
    /// The directory; it is made where it is missing.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How much of a recording goes with it, before the moment that is looked at.
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = value::timeout)]
    pub last: std::time::Duration,
    /// Probe the open Challenges of what is stuck: who sees the proof, and who does not. A probe leaves traces.
    #[arg(long)]
    pub probe: bool,
}

/// Which Certificates are examined, and how the findings are told.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "It ends with 1 when it found something at least as bad as --fail-on, of a Certificate or of \
    cert-manager itself.\n\nExamples:
  cmtop doctor                            everything, for a ticket
  cmtop doctor shop/www -o json
  cmtop doctor -A --fail-on warning       in a script
  cmtop doctor --probe                    ask name servers and addresses why, too
  cmtop doctor --from outage.jsonl --at 2026-11-22T16:03:05Z")]
pub struct Doctor {
    /// A Certificate: `name`, `namespace/name` or `certificate/name`.
    #[arg(value_name = "NAME", value_parser = name)]
    pub names: Vec<Name>,
    /// How bad a finding must be for the command to end with 1.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value = "error")]
    pub fail_on: FailOn,
    /// Probe the open Challenges of what is stuck: who sees the proof, and who does not. A probe leaves traces.
    #[arg(long)]
    pub probe: bool,
    /// How it is told.
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: TextFormat,
}

/// What is explained.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "It needs no cluster, and knows also what only kubectl, helm or a log says.\n\nExamples:
  cmtop explain dns01-split-horizon
  cmtop explain InvalidKeyPair
  cmtop explain \"wrong status code '404', expected '200'\"
  kubectl apply -f issuer.yaml 2>&1 | cmtop explain -")]
pub struct Explain {
    /// Ids and words, each explained, or a text; `-` reads the text from standard input.
    #[arg(value_name = "ID|REASON", required = true, num_args = 1..)]
    pub words: Vec<String>,
    /// How it is told.
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: TextFormat,
}

/// How bad a finding must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Something is down now.
    Critical,
    /// Time alone will not mend it, or worse.
    Error,
    /// It will need a person, or worse.
    Warning,
    /// Anything that is worth knowing.
    Info,
}

impl From<FailOn> for Severity {
    fn from(least: FailOn) -> Self {
        match least {
            FailOn::Critical => Self::Critical,
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Info => Self::Info,
        }
    }
}

/// Where the simulated cluster listens.
#[derive(Debug, Clone, PartialEq, Args)]
#[command(after_help = "It prints a kubeconfig, and serves until ctrl-c.\n\n\
    Examples:\n  cmtop simulate > simulated.yaml &\n  KUBECONFIG=simulated.yaml kubectl get certificates -A\n  \
    KUBECONFIG=simulated.yaml cmtop")]
pub struct Simulate {
    /// The address; port 0 takes a free one and says which.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Listen also where other machines can reach it.
    #[arg(long)]
    pub any_address: bool,
    /// What happens in it.
    #[command(flatten)]
    pub demo: Demo,
}

/// What is done with the settings.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Examples:
  cmtop config print                      what is in force, as a config file
  cmtop config check                      the config file, its keys and its theme
  cmtop config check team.yaml
  cmtop config schema > cmtop.schema.json for an editor")]
pub struct Config {
    /// What is done.
    #[command(subcommand)]
    pub what: ConfigAct,
}

/// What is done with the settings.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum ConfigAct {
    /// Print every setting in force, as a config file that says where each came from.
    Print,
    /// Say whether the config file, its keys and its theme can be used.
    Check {
        /// Another file than the one in use.
        file: Option<PathBuf>,
    },
    /// Print the JSON schema of the config file.
    Schema,
}
