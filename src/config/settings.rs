//! [`Settings`]: every choice, resolved, each with its [`Origin`].

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::fault::ConfigError;
use super::file::{File, Overrides};
use super::paths;
use super::views::{Kept, Looks};
use crate::app::effect::Desktop;
use crate::app::notices::Rule;
use crate::cli::{ColorChoice, Look, Scope};
use crate::command::COMMANDS;
use crate::keymap::Keymap;
use crate::limits;
use crate::report::installation::Choice;

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

    /// Every setting in force as a config file, each with where it came from.
    pub fn written(&self) -> String {
        let quoted = |path: &Path| serde_yaml::to_string(path).unwrap_or_default().trim_end().to_owned();
        let word = |word: &str| serde_yaml::to_string(word).unwrap_or_default().trim_end().to_owned();
        let list = |words: &[String]| format!("[{}]", words.iter().map(|w| word(w)).collect::<Vec<_>>().join(", "));
        let theme = self.theme.value.as_deref();
        let log = self.log_file.value.as_deref();
        let lines = [
            (theme.map(word), "theme", &self.theme.origin),
            (Some(self.color.value.as_str().to_owned()), "color", &self.color.origin),
            (Some(self.ascii.value.to_string()), "ascii", &self.ascii.origin),
            (Some(self.utc.value.to_string()), "utc", &self.utc.origin),
            (Some(list(&self.namespaces.value)), "namespaces", &self.namespaces.origin),
            (Some(self.read_only.value.to_string()), "readOnly", &self.read_only.origin),
            (Some(self.mouse.value.to_string()), "mouse", &self.mouse.origin),
            (Some(quoted(&self.screen_directory.value)), "screenDirectory", &self.screen_directory.origin),
            (Some(word(&self.log_level.value)), "logLevel", &self.log_level.origin),
            (log.map(quoted), "logFile", &self.log_file.origin),
        ];
        let mut out = String::new();
        for (value, name, origin) in lines {
            let source = origin.source().unwrap_or_else(|| origin.as_str().to_owned());
            let line = value.map_or_else(|| format!("# {name}:"), |value| format!("{name}: {value}"));
            let _ = writeln!(out, "{line:<40} # {source}");
        }
        for part in ["columns", "sort", "wide"] {
            let of = self.looks.sources.iter().filter(|source| source.part == part);
            for (i, source) in of.enumerate() {
                let value = self.looks.value(source);
                let value = if part == "columns" { list(&value) } else { value.join("") };
                let origin = source.origin.source().unwrap_or_default();
                // A config file has no wide tables: they are chosen on the screen.
                let hash = if part == "wide" { "# " } else { "" };
                if i == 0 {
                    let _ = writeln!(out, "{hash}{part}:");
                }
                let line = format!("{hash}  {}: {value}", source.kind.row().plural);
                let _ = writeln!(out, "{line:<40} # {origin}");
            }
        }
        out.push_str("probe:\n");
        let resolvers: Vec<String> = self.probe_resolvers.value.iter().map(ToString::to_string).collect();
        for (name, value, origin) in [
            ("resolvers", list(&resolvers), &self.probe_resolvers.origin),
            ("automatic", self.probe_automatic.value.to_string(), &self.probe_automatic.origin),
        ] {
            let source = origin.source().unwrap_or_else(|| origin.as_str().to_owned());
            let _ = writeln!(out, "  {:<38} # {source}", format!("{name}: {value}"));
        }
        self.notices.iter().enumerate().for_each(|(i, rule)| out.push_str(&notice(i == 0, rule, &list)));
        out.push_str("keys:\n");
        for row in COMMANDS {
            let _ = writeln!(out, "  {}: {}", row.name, list(&self.keymap.keys_of(row.command)));
        }
        out
    }

    /// Every setting for `cmtop info`, by the name that it has in the config file.
    pub fn choices(&self) -> Vec<Choice> {
        let switch = |on: bool| if on { "yes" } else { "no" }.to_owned();
        let namespaces = &self.namespaces.value;
        let scope = if namespaces.is_empty() { "all that may be seen".to_owned() } else { namespaces.join(", ") };
        let theme = self.theme.value.clone().unwrap_or_else(|| "as suits the terminal".to_owned());
        let resolvers: Vec<String> = self.probe_resolvers.value.iter().map(ToString::to_string).collect();
        let resolvers = if resolvers.is_empty() { "public ones".to_owned() } else { resolvers.join(", ") };
        let log = self.log_file.value.as_ref().map_or_else(|| "none".to_owned(), |path| path.display().to_string());
        let mut choices = vec![
            choice("theme", theme, &self.theme.origin),
            choice("color", self.color.value.as_str().to_owned(), &self.color.origin),
            choice("ascii", switch(self.ascii.value), &self.ascii.origin),
            choice("utc", switch(self.utc.value), &self.utc.origin),
            choice("namespaces", scope, &self.namespaces.origin),
            choice("readOnly", switch(self.read_only.value), &self.read_only.origin),
            choice("mouse", switch(self.mouse.value), &self.mouse.origin),
            choice("probe.resolvers", resolvers, &self.probe_resolvers.origin),
            choice("probe.automatic", switch(self.probe_automatic.value), &self.probe_automatic.origin),
            choice("screenDirectory", self.screen_directory.value.display().to_string(), &self.screen_directory.origin),
            choice("logLevel", self.log_level.value.clone(), &self.log_level.origin),
            choice("logFile", log, &self.log_file.origin),
        ];
        choices.extend(self.looks.sources.iter().map(|source| {
            let value = self.looks.value(source).join(", ");
            let value = if value.is_empty() { switch(true) } else { value };
            choice(&format!("{}.{}", source.part, source.kind.row().plural), value, &source.origin)
        }));
        choices
    }
}

/// A rule of notices as a config file has it.
fn notice(first: bool, rule: &Rule, list: &dyn Fn(&[String]) -> String) -> String {
    let head = if first { "notices:\n" } else { "" };
    let verdicts: Vec<String> = rule.verdicts.iter().map(|verdict| verdict.as_str().to_owned()).collect();
    let desktop = match rule.desktop {
        Some(Desktop::Osc9) => "    desktop: osc9\n",
        Some(Desktop::Osc777) => "    desktop: osc777\n",
        None => "",
    };
    format!(
        "{head}  - verdicts: {}\n    namespaces: {}\n    bell: {}\n{desktop}    command: {}\n",
        list(&verdicts),
        list(&rule.namespaces),
        rule.bell,
        list(&rule.command)
    )
}

fn choice(name: &str, value: String, origin: &Origin) -> Choice {
    Choice { name: name.to_owned(), value, origin: origin.as_str().to_owned(), source: origin.source() }
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
