//! The commands that change something: each asks first.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::value;
use crate::model::kind::Kind;
use crate::query::name::Name;
use crate::query::target::Target;

/// How long `--wait` waits when it is not said: some authorities take their time.
const WAIT: &str = "10m";

/// How an action is done.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Conduct {
    /// Do not ask. Without it, and without a terminal, nothing is done.
    #[arg(short = 'y', long)]
    pub yes: bool,
    /// Ask the server what it would do, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Wait for the end and tell the progress; 10 minutes unless it is said.
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = WAIT,
          value_parser = value::timeout)]
    pub wait: Option<Duration>,
    /// How it is told.
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: ActionFormat,
}

/// How the outcome is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ActionFormat {
    /// For people.
    #[default]
    Text,
    /// A JSON document a line, one for each object.
    Json,
}

/// Certificates that are issued again.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Examples:
  cmtop renew shop/www --wait
  cmtop renew -n shop -l app=web --dry-run
  cmtop retry www -n shop --yes -o json
  cmtop renew --all -n staging --yes")]
pub struct Reissue {
    /// A Certificate: `name`, `namespace/name` or `certificate/name`.
    #[arg(value_name = "NAME", value_parser = value::name)]
    pub names: Vec<Name>,
    /// Every Certificate of the scope.
    #[arg(long)]
    pub all: bool,
    /// How it is done.
    #[command(flatten)]
    pub conduct: Conduct,
}

/// Challenges, Orders or requests that go.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Examples:
  cmtop delete challenge/edge-1-175414559-945231260 -n edge
  cmtop delete certificaterequest/shop/www-2 --dry-run")]
pub struct Delete {
    /// `challenge/NAME`, `order/NAME` or `certificaterequest/NAME`.
    #[arg(value_name = "KIND/NAME", required = true, value_parser = deletable)]
    pub objects: Vec<Target>,
    /// How it is done.
    #[command(flatten)]
    pub conduct: Conduct,
}

/// Challenges whose finalizer is taken off.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(
    after_help = "Only the ACME finalizer goes, and only where the clean-up fails or nobody is there to do it.\n\n\
    Examples:\n  cmtop release challenge/old-1-2-3 -n legacy"
)]
pub struct Release {
    /// `challenge/NAME`.
    #[arg(value_name = "KIND/NAME", required = true, value_parser = releasable)]
    pub objects: Vec<Target>,
    /// How it is done.
    #[command(flatten)]
    pub conduct: Conduct,
}

/// Requests that are decided.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = "Examples:
  cmtop approve shop/www
  cmtop deny certificaterequest/www-2 -n shop --message 'not before the audit'")]
pub struct Decide {
    /// A Certificate, which means its pending request, or `certificaterequest/NAME`.
    #[arg(value_name = "NAME", required = true, value_parser = decidable)]
    pub names: Vec<Target>,
    /// One word for machines.
    #[arg(long, value_name = "WORD", value_parser = word)]
    pub reason: Option<String>,
    /// One sentence for people.
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
    /// How it is done.
    #[command(flatten)]
    pub conduct: Conduct,
}

fn deletable(text: &str) -> Result<Target, String> {
    let kinds = [Some(Kind::Challenge), Some(Kind::Order), Some(Kind::CertificateRequest)];
    value::object(text, &kinds, "challenge/NAME, order/NAME or certificaterequest/NAME; nothing else is deleted")
}

fn releasable(text: &str) -> Result<Target, String> {
    value::object(text, &[Some(Kind::Challenge)], "challenge/NAME")
}

fn decidable(text: &str) -> Result<Target, String> {
    let kinds = [None, Some(Kind::Certificate), Some(Kind::CertificateRequest)];
    value::object(text, &kinds, "a Certificate or certificaterequest/NAME")
}

/// A reason as the API takes it: one word in `CamelCase`.
fn word(text: &str) -> Result<String, String> {
    let fits = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() <= 128
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if fits { Ok(text.to_owned()) } else { Err("expected one word of letters and digits, such as NotToday".to_owned()) }
}

impl Reissue {
    /// What cannot be meant.
    pub(super) fn check(&self, selected: bool) -> Result<(), String> {
        match (self.names.is_empty(), self.all || selected) {
            (true, false) => Err("name a Certificate, or say --selector or --all".to_owned()),
            (false, true) => Err("names exclude --selector and --all".to_owned()),
            _ => Ok(()),
        }
    }
}
