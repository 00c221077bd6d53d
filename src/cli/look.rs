//! How things look and behave. Each of these can also stand in the config file or the environment.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Deserialize;

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ColorChoice {
    /// As far as the terminal can, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Also where the output is no terminal, and in spite of `NO_COLOR`.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

impl std::str::FromStr for ColorChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ValueEnum::from_str(text, false)
    }
}

/// How things look and behave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
#[command(next_help_heading = "Look and behaviour")]
pub struct Look {
    /// Never change anything in the cluster.
    #[arg(long, visible_alias = "readonly", global = true)]
    pub read_only: bool,
    /// The theme, by name or by file.
    #[arg(long, value_name = "THEME", global = true)]
    pub theme: Option<String>,
    /// When to use colours.
    #[arg(long, visible_alias = "colour", value_name = "WHEN", value_enum, global = true)]
    pub color: Option<ColorChoice>,
    /// Tell moments in UTC and not in local time.
    #[arg(long, global = true)]
    pub utc: bool,
    /// Use ASCII only.
    #[arg(long, global = true)]
    pub ascii: bool,
    /// The config file.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// What goes into the log: error, warn, info, debug, trace, or a filter such as `cmtop=debug`.
    #[arg(long, value_name = "LEVEL", global = true)]
    pub log_level: Option<String>,
    /// Where the log goes; without it nothing is written.
    #[arg(long, value_name = "FILE", global = true)]
    pub log_file: Option<PathBuf>,
}

impl Look {
    /// The flags of this group that were given.
    pub(super) fn given(&self) -> Vec<&'static str> {
        let flags = [
            ("--read-only", self.read_only),
            ("--theme", self.theme.is_some()),
            ("--color", self.color.is_some()),
            ("--utc", self.utc),
            ("--ascii", self.ascii),
            ("--config", self.config.is_some()),
            ("--log-level", self.log_level.is_some()),
            ("--log-file", self.log_file.is_some()),
        ];
        flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag).collect()
    }
}
