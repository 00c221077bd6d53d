//! [`File`]: the config file as it is written.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use super::clipboard::Clipboard;
use super::fault::{ConfigError, Misfit};
use super::keys::Keys;
use super::level;
use super::setting::Origin;
use crate::app::effect::Desktop;
use crate::app::notices::Rule;
use crate::app::table::chosen;
use crate::app::table::view::TableView;
use crate::cli::ColorChoice;
use crate::cli::probe::Address;
use crate::limits;
use crate::theme::AUTO;
use crate::triage::verdict::Verdict;
use crate::yaml::{fault, faults};

/// The config file. Every key may be left out; an unknown one is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct File {
    /// The theme, by name or by file; `auto` for one that suits the terminal's background.
    pub theme: Option<String>,
    /// When colours are used: `auto`, `always` or `never`.
    pub color: Option<ColorChoice>,
    /// Whether only ASCII is used.
    pub ascii: Option<bool>,
    /// Whether moments are told in UTC.
    pub utc: Option<bool>,
    /// The namespaces that are looked at when no flag says which.
    pub namespaces: Option<Vec<String>>,
    /// Whether nothing in the cluster may be changed.
    pub read_only: Option<bool>,
    /// Whether the mouse is used.
    pub mouse: Option<bool>,
    /// Where copied text goes: `auto`, `osc52` (the terminal's clipboard), `native` (the system's) or `off`.
    pub clipboard: Option<Clipboard>,
    /// The columns of tables, by the name of the table: `state`, `name=40`, `label:team`, `annotation:team`.
    pub columns: BTreeMap<String, Vec<String>>,
    /// The column that tables are sorted by, by the name of the table: `expires`, `-age` for the other way round.
    pub sort: BTreeMap<String, String>,
    /// Whom probes ask, and when.
    pub probe: Probing,
    /// Other keys.
    pub keys: Keys,
    /// Where saved screens go.
    pub screen_directory: Option<PathBuf>,
    /// What goes into the log: `error`, `warn`, `info`, `debug`, `trace`, `off`, or a filter such as `cmtop=debug`.
    pub log_level: Option<String>,
    /// Where the log goes.
    pub log_file: Option<PathBuf>,
    /// What rings when a verdict changes; nothing does unless a rule says so.
    pub notices: Vec<NoticeRule>,
    /// What is different in one context of the kubeconfig, by its name.
    pub contexts: BTreeMap<String, Overrides>,
}

/// What rings when a verdict changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct NoticeRule {
    /// The verdicts that are told; all that need a person when none is named.
    pub verdicts: Vec<VerdictWord>,
    /// In which namespaces; all when none is named.
    pub namespaces: Vec<String>,
    /// Whether the terminal rings its bell.
    pub bell: bool,
    /// Whether the desktop is told, and in which words of the terminal.
    pub desktop: Option<DesktopWord>,
    /// A program and its arguments, run without a shell; what happened is in `CMTOP_*` variables.
    pub command: Vec<String>,
}

/// The words of a terminal for a notice of the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DesktopWord {
    /// iTerm2, Windows Terminal, kitty, `WezTerm`, ghostty.
    Osc9,
    /// urxvt, foot, ghostty, `WezTerm`.
    Osc777,
}

/// A verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VerdictWord {
    /// Its end has passed. Whatever `Ready` says.
    Expired,
    /// An issuance is in flight and time alone will not finish it.
    Stuck,
    /// Not ready, nothing in flight, and nothing that would start it.
    Blocked,
    /// A renewal or a retry is late, and nobody is at work.
    Overdue,
    /// The last attempt failed; the next is ahead.
    Backoff,
    /// No renewal will come before its end, and the end is near.
    Expiring,
    /// What would tell cannot be seen.
    Unknown,
    /// An issuance is in flight.
    Issuing,
    /// Valid, and the next renewal is ahead; or too young to tell.
    Ok,
}

impl From<VerdictWord> for Verdict {
    fn from(word: VerdictWord) -> Self {
        match word {
            VerdictWord::Expired => Self::Expired,
            VerdictWord::Stuck => Self::Stuck,
            VerdictWord::Blocked => Self::Blocked,
            VerdictWord::Overdue => Self::Overdue,
            VerdictWord::Backoff => Self::Backoff,
            VerdictWord::Expiring => Self::Expiring,
            VerdictWord::Unknown => Self::Unknown,
            VerdictWord::Issuing => Self::Issuing,
            VerdictWord::Ok => Self::Ok,
        }
    }
}

impl From<&NoticeRule> for Rule {
    fn from(rule: &NoticeRule) -> Self {
        let desktop = rule.desktop.map(|word| match word {
            DesktopWord::Osc9 => Desktop::Osc9,
            DesktopWord::Osc777 => Desktop::Osc777,
        });
        let verdicts = rule.verdicts.iter().copied().map(Verdict::from).collect();
        let (namespaces, command) = (rule.namespaces.clone(), rule.command.clone());
        Self { verdicts, namespaces, bell: rule.bell, desktop, command }
    }
}

/// Whom probes ask, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Probing {
    /// The resolvers that are asked instead of public ones: `192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:53`.
    pub resolvers: Option<Vec<String>>,
    /// Whether the selected Challenge is probed by itself where it is stuck. A probe leaves traces.
    pub automatic: Option<bool>,
}

/// What is different in one context.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Overrides {
    /// The theme, by name or by file.
    pub theme: Option<String>,
    /// The namespaces that are looked at when no flag says which.
    pub namespaces: Option<Vec<String>>,
    /// Whether nothing in the cluster may be changed.
    pub read_only: Option<bool>,
}

impl Probing {
    /// The resolvers by their addresses; the port may be left out.
    pub(super) fn addresses(&self) -> Option<Vec<SocketAddr>> {
        let resolvers = self.resolvers.as_ref()?;
        Some(
            resolvers
                .iter()
                .take(limits::PROBE_SERVERS)
                .filter_map(|text| Some(text.parse::<Address>().ok()?.or_port(53)))
                .collect(),
        )
    }

    /// What is no address.
    fn misfits(&self) -> impl Iterator<Item = Misfit> {
        let resolvers = self.resolvers.iter().flatten().take(limits::PROBE_SERVERS).enumerate();
        resolvers.filter_map(|(i, text)| {
            let expected = text.parse::<Address>().err()?;
            Some(Misfit::value(format!("probe.resolvers[{i}]"), format!("`{text}`: {expected}")))
        })
    }
}

impl File {
    /// Reads a config file that was found, or that was asked for. One that merely might be there may be missing.
    pub fn read(path: &Path, asked_for: bool) -> Result<Self, ConfigError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !asked_for => Ok(Self::default()),
            Err(error) => Err(ConfigError::unreadable(path, error)),
        }
    }

    /// The themes that it names, each with where: for everything, and for contexts.
    pub fn themes(&self, path: &Path) -> Vec<(Origin, &str)> {
        let of_all = self.theme.as_deref().map(|theme| (Origin::File(path.to_owned()), theme));
        let of_contexts = self.contexts.iter().filter_map(|(context, overrides)| {
            Some((Origin::Context(path.to_owned(), context.clone()), overrides.theme.as_deref()?))
        });
        of_all.into_iter().chain(of_contexts).filter(|(_, theme)| *theme != AUTO).collect()
    }

    /// Reads the text of a config file.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        // A file of comments is an empty choice, not a fault.
        let file: Option<Self> = fault::read(text).map_err(|fault| ConfigError::file(path, fault))?;
        let file = file.unwrap_or_default();
        match file.misfits().into_iter().next() {
            Some(misfit) => Err(ConfigError::file(path, misfit.within(text))),
            None => Ok(file),
        }
    }

    /// Reads what can be read of a config file, and tells all that is wrong with the rest.
    pub fn readable(path: &Path) -> (Self, Vec<ConfigError>) {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return (Self::default(), vec![ConfigError::unreadable(path, error)]),
        };
        let (file, mut faults) = faults::readable::<Option<Self>>(&text);
        let file = file.flatten().unwrap_or_default();
        faults.extend(file.misfits().into_iter().map(|misfit| misfit.within(&text)));
        (file, faults.into_iter().map(|fault| ConfigError::file(path, fault)).collect())
    }

    /// What of it can be read and cannot be meant.
    fn misfits(&self) -> Vec<Misfit> {
        let level =
            self.log_level.iter().filter_map(|level| Some(Misfit::value("logLevel".to_owned(), level::fault(level)?)));
        let tables = self.misfits_of_tables();
        self.keys.misfits().into_iter().chain(tables).chain(self.probe.misfits()).chain(level).collect()
    }

    /// What it says of tables that cannot be.
    fn misfits_of_tables(&self) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        for (name, words) in &self.columns {
            let path = format!("columns.{name}");
            match chosen::table(name) {
                Ok(kind) => misfits.extend(words.iter().enumerate().filter_map(|(i, word)| {
                    let alone = TableView { columns: vec![word.clone()], ..TableView::default() };
                    Some(Misfit::value(format!("{path}[{i}]"), alone.fault(kind)?))
                })),
                Err(why) => misfits.push(Misfit::key(path, why)),
            }
        }
        for (name, sort) in &self.sort {
            let path = format!("sort.{name}");
            match chosen::table(name) {
                Ok(kind) => {
                    let alone = TableView { sort: Some(sort.clone()), ..TableView::default() };
                    misfits.extend(alone.fault(kind).map(|why| Misfit::value(path, why)));
                }
                Err(why) => misfits.push(Misfit::key(path, why)),
            }
        }
        misfits
    }
}
