//! [`Settings`]: every choice, resolved, each with its [`Origin`].

mod told;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::clipboard::Clipboard;
use super::environment::Environment;
use super::fault::ConfigError;
use super::file::{File, Overrides};
use super::paths;
use super::views::{Kept, Looks};
use crate::app::notices::Rule;
use crate::cli::{ColorChoice, Look, Scope};
use crate::keymap::Keymap;
use crate::limits;

/// Where a value came from; a later one wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody chose it.
    Default,
    /// A config file.
    File(PathBuf),
    /// What was chosen on the screen, and kept in this file.
    State(PathBuf),
    /// The part of a config file that is about one context.
    Context(PathBuf, String),
    /// An environment variable.
    Environment(&'static str),
    /// A flag.
    Flag(&'static str),
}

impl Origin {
    /// In a word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File(_) | Self::Context(..) => "file",
            Self::State(_) => "state",
            Self::Environment(_) => "environment",
            Self::Flag(_) => "flag",
        }
    }

    /// Which file, variable or flag.
    pub fn source(&self) -> Option<String> {
        match self {
            Self::Default => None,
            Self::File(path) | Self::State(path) => Some(path.display().to_string()),
            Self::Context(path, context) => Some(format!("{} (context {context})", path.display())),
            Self::Environment(variable) => Some(format!("${variable}")),
            Self::Flag(flag) => Some((*flag).to_owned()),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// A value from somewhere.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}

impl Setting<Option<String>> {
    /// `auto` is what happens when nothing is chosen.
    fn unless_auto(self) -> Self {
        Self { value: self.value.filter(|name| name != "auto"), ..self }
    }
}

/// Every choice, resolved.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The theme, by name or by file; `None` for one that suits the terminal.
    pub theme: Setting<Option<String>>,
    /// When colours are used. `NO_COLOR` is already in it.
    pub color: Setting<ColorChoice>,
    /// Whether only ASCII is used.
    pub ascii: Setting<bool>,
    /// Whether moments are told in UTC.
    pub utc: Setting<bool>,
    /// The namespaces that are looked at; empty for all that may be seen.
    pub namespaces: Setting<Vec<String>>,
    /// Whether nothing in the cluster may be changed.
    pub read_only: Setting<bool>,
    /// Whether the mouse is used.
    pub mouse: Setting<bool>,
    /// Where copied text goes.
    pub clipboard: Setting<Clipboard>,
    /// How tables look.
    pub looks: Looks,
    /// The resolvers that probes ask instead of public ones.
    pub probe_resolvers: Setting<Vec<SocketAddr>>,
    /// Whether the selected Challenge is probed by itself where it is stuck.
    pub probe_automatic: Setting<bool>,
    /// The keys.
    pub keymap: Keymap,
    /// Where saved screens go.
    pub screen_directory: Setting<PathBuf>,
    /// What rings when a verdict changes.
    pub notices: Vec<Rule>,
    /// What goes into the log.
    pub log_level: Setting<String>,
    /// Where the log goes; `None` for nowhere.
    pub log_file: Setting<Option<PathBuf>>,
}

/// What the settings are made of, in rising order.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'s> {
    /// The config file, and where it is.
    pub file: (&'s Path, &'s File),
    /// What was chosen on the screen before.
    pub kept: &'s Kept,
    /// The context in use, where one is known.
    pub context: Option<&'s str>,
    /// The environment.
    pub environment: &'s Environment,
    /// The flags about looks and behaviour.
    pub look: &'s Look,
    /// The flags about scope.
    pub scope: &'s Scope,
}

impl Settings {
    /// Resolves every choice: default < file < the file's part about the context < environment < flags.
    pub fn resolve(sources: &Sources) -> Result<Self, ConfigError> {
        let Sources { file: (_, file), environment, look, scope, .. } = *sources;
        let of_context = sources.overrides();
        let layers = |flag, variable| Layers { sources, flag, variable };
        let directory = |path: &PathBuf| paths::expand(path, environment);
        Ok(Self {
            theme: layers("--theme", "CMTOP_THEME")
                .of(
                    file.theme.clone().map(Some),
                    of_context.and_then(|o| o.theme.clone()).map(Some),
                    environment.get("CMTOP_THEME").map(|theme| Some(theme.to_owned())),
                    look.theme.clone().map(Some),
                    None,
                )
                .unless_auto(),
            color: color(sources)?,
            ascii: layers("--ascii", "CMTOP_ASCII").of(
                file.ascii,
                None,
                environment.switch("CMTOP_ASCII")?,
                look.ascii.then_some(true),
                !environment.speaks_unicode(),
            ),
            utc: layers("--utc", "CMTOP_UTC").of(
                file.utc,
                None,
                environment.switch("CMTOP_UTC")?,
                look.utc.then_some(true),
                false,
            ),
            namespaces: namespaces(sources, scope),
            read_only: layers("--read-only", "CMTOP_READ_ONLY").of(
                file.read_only,
                of_context.and_then(|o| o.read_only),
                environment.switch("CMTOP_READ_ONLY")?,
                look.read_only.then_some(true),
                false,
            ),
            mouse: layers("", "CMTOP_MOUSE").of(file.mouse, None, environment.switch("CMTOP_MOUSE")?, None, true),
            clipboard: layers("", "CMTOP_CLIPBOARD").of(
                file.clipboard,
                None,
                environment.word("CMTOP_CLIPBOARD", "auto, osc52, native or off")?,
                None,
                Clipboard::Auto,
            ),
            looks: Looks::of(sources.file, sources.kept)
                .map_err(|(table, why)| ConfigError::of_setting(sources.file.0, "", &table, &why))?,
            probe_resolvers: layers("", "").of(resolvers(file), None, None, None, Vec::new()),
            probe_automatic: layers("", "CMTOP_PROBE_AUTOMATIC").of(
                file.probe.automatic,
                None,
                environment.switch("CMTOP_PROBE_AUTOMATIC")?,
                None,
                false,
            ),
            keymap: file.keys.keymap().map_err(|error| error.in_file(sources.file.0, ""))?,
            notices: file.notices.iter().map(Rule::from).collect(),
            screen_directory: layers("", "CMTOP_SCREEN_DIRECTORY").of(
                file.screen_directory.as_ref().map(directory),
                None,
                environment.get("CMTOP_SCREEN_DIRECTORY").map(|path| directory(&PathBuf::from(path))),
                None,
                paths::screen_directory(environment),
            ),
            log_level: layers("--log-level", "CMTOP_LOG_LEVEL").of(
                file.log_level.clone(),
                None,
                environment.get("CMTOP_LOG_LEVEL").map(str::to_owned),
                look.log_level.clone(),
                "info".to_owned(),
            ),
            log_file: layers("--log-file", "CMTOP_LOG_FILE").of(
                file.log_file.as_ref().map(directory).map(Some),
                None,
                environment.get("CMTOP_LOG_FILE").map(|path| Some(directory(&PathBuf::from(path)))),
                look.log_file.clone().map(Some),
                None,
            ),
        })
    }
}

impl<'s> Sources<'s> {
    fn overrides(&self) -> Option<&'s Overrides> {
        self.file.1.contexts.get(self.context?)
    }
}

/// The layers of one setting.
struct Layers<'s> {
    sources: &'s Sources<'s>,
    flag: &'static str,
    variable: &'static str,
}

impl Layers<'_> {
    fn of<T>(
        &self,
        file: Option<T>,
        context: Option<T>,
        variable: Option<T>,
        flag: Option<T>,
        default: T,
    ) -> Setting<T> {
        let path = || self.sources.file.0.to_owned();
        if let Some(value) = flag {
            Setting::new(value, Origin::Flag(self.flag))
        } else if let Some(value) = variable {
            Setting::new(value, Origin::Environment(self.variable))
        } else if let Some(value) = context {
            Setting::new(value, Origin::Context(path(), self.sources.context.unwrap_or_default().to_owned()))
        } else if let Some(value) = file {
            Setting::new(value, Origin::File(path()))
        } else {
            Setting::new(default, Origin::Default)
        }
    }
}

/// `NO_COLOR` beats every taste, and loses only to an explicit `--color=always`.
fn color(sources: &Sources) -> Result<Setting<ColorChoice>, ConfigError> {
    let Sources { file: (_, file), environment, look, .. } = *sources;
    let own = environment.word("CMTOP_COLOR", "auto, always or never")?;
    if environment.get("NO_COLOR").is_some() && matches!(look.color, None | Some(ColorChoice::Auto)) {
        return Ok(Setting::new(ColorChoice::Never, Origin::Environment("NO_COLOR")));
    }
    let layers = Layers { sources, flag: "--color", variable: "CMTOP_COLOR" };
    let chosen = layers.of(file.color, None, own, look.color, ColorChoice::Auto);
    if chosen.value != ColorChoice::Auto {
        return Ok(chosen);
    }
    // The convention of BSD and macOS: it speaks only where nobody chose.
    if environment.get("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return Ok(Setting::new(ColorChoice::Always, Origin::Environment("CLICOLOR_FORCE")));
    }
    if environment.get("CLICOLOR") == Some("0") {
        return Ok(Setting::new(ColorChoice::Never, Origin::Environment("CLICOLOR")));
    }
    Ok(chosen)
}

fn resolvers(file: &File) -> Option<Vec<SocketAddr>> {
    let named = file.probe.resolvers.as_ref()?;
    Some(named.iter().take(limits::PROBE_SERVERS).map(|resolver| resolver.0).collect())
}

fn namespaces(sources: &Sources, scope: &Scope) -> Setting<Vec<String>> {
    if scope.all_namespaces {
        return Setting::new(Vec::new(), Origin::Flag("--all-namespaces"));
    }
    let variable = sources.environment.get("CMTOP_NAMESPACES");
    Layers { sources, flag: "--namespace", variable: "CMTOP_NAMESPACES" }.of(
        sources.file.1.namespaces.clone(),
        sources.overrides().and_then(|o| o.namespaces.clone()),
        variable.map(|list| list.split(',').map(|namespace| namespace.trim().to_owned()).collect()),
        (!scope.namespaces.is_empty()).then(|| scope.namespaces.clone()),
        Vec::new(),
    )
}

#[cfg(test)]
#[path = "settings/tests.rs"]
mod tests;
