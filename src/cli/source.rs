//! Where the facts come from, and which of them are wanted.

use std::path::PathBuf;

use clap::Args;

use super::value::{self, At};
use crate::query::selector::Selector;

/// Which part of the cluster is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
#[command(next_help_heading = "Scope")]
pub struct Scope {
    /// Only this namespace; may be given more than once.
    #[arg(short = 'n', long = "namespace", value_name = "NAMESPACE", global = true, value_delimiter = ',')]
    pub namespaces: Vec<String>,
    /// All namespaces. This is also what happens without -n, where it is allowed.
    #[arg(short = 'A', long, global = true)]
    pub all_namespaces: bool,
    /// Only Certificates with these labels: `app=web,env in (live,test),!canary`; of several the last counts.
    #[arg(short = 'l', long, value_name = "LABELS", global = true, value_parser = value::selector, overrides_with = "selector")]
    pub selector: Option<Selector>,
}

impl Scope {
    /// The flags of this group that were given.
    pub(super) fn given(&self) -> Vec<&'static str> {
        let flags = [
            ("--namespace", !self.namespaces.is_empty()),
            ("--all-namespaces", self.all_namespaces),
            ("--selector", self.selector.is_some()),
        ];
        flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag).collect()
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.all_namespaces && !self.namespaces.is_empty() {
            return Err("-n and -A exclude each other".to_owned());
        }
        Ok(())
    }
}

/// What is looked at instead of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
#[command(next_help_heading = "Instead of a cluster")]
pub struct Recorded {
    /// A recording made by `cmtop record`, gzipped or not; `-` for standard input.
    #[arg(long, value_name = "FILE", global = true)]
    pub from: Option<PathBuf>,
    /// The built-in demo.
    #[arg(long, global = true)]
    pub demo: bool,
    /// The moment to look at, for --from and --demo: RFC 3339, or `end`.
    #[arg(long, value_name = "TIME|end", global = true)]
    pub at: Option<At>,
}

/// Where the facts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A live cluster.
    Cluster,
    /// A recording, as it was at a moment.
    Recording(PathBuf, At),
    /// The demo, as it is at a moment.
    Demo(At),
}

impl Recorded {
    pub(super) fn source(&self) -> Source {
        let at = self.at.unwrap_or_default();
        match &self.from {
            Some(file) => Source::Recording(file.clone(), at),
            None if self.demo => Source::Demo(at),
            None => Source::Cluster,
        }
    }

    pub(super) fn given(&self) -> Vec<&'static str> {
        let flags = [("--from", self.from.is_some()), ("--demo", self.demo), ("--at", self.at.is_some())];
        flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag).collect()
    }

    pub(super) fn check(&self, cluster_flag: Option<&str>) -> Result<(), String> {
        match (self.from.is_some(), self.demo, cluster_flag) {
            (true, true, _) => Err("--from and --demo exclude each other".to_owned()),
            (true, _, Some(flag)) => Err(format!("--from and {flag} exclude each other: a recording is no cluster")),
            (_, true, Some(flag)) => Err(format!("--demo and {flag} exclude each other: the demo needs no cluster")),
            (false, false, _) if self.at.is_some() => Err("--at needs --from or --demo: a cluster is now".to_owned()),
            _ => Ok(()),
        }
    }
}
