//! [`Settings`]: every choice, resolved, each with its [`Origin`].

pub mod table;
mod told;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use self::table::Row;
use super::clipboard::Clipboard;
use super::environment::Environment;
use super::fault::{ConfigError, Misfit};
use super::file::{File, Overrides};
use super::keys::Keys;
use super::level;
use super::paths;
use super::setting::{Origin, Setting};
use super::views::{Kept, Looks};
use crate::app::notices::Rule;
use crate::cli::{ColorChoice, Look, Scope};
use crate::keymap::Keymap;
use crate::theme::AUTO;

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
    /// The keys as they were chosen: a preset, and one's own.
    pub keys: Setting<Keys>,
    /// Where saved screens go.
    pub screen_directory: Setting<PathBuf>,
    /// What rings when a verdict changes.
    pub notices: Setting<Vec<Rule>>,
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
    /// Resolves every choice: default < what was kept < file < the file's part about the context < environment < flags.
    pub fn resolve(sources: &Sources) -> Result<Self, ConfigError> {
        let Sources { file: (_, file), environment, look, scope, .. } = *sources;
        let of_context = sources.overrides();
        let directory = |path: &PathBuf| paths::expand(path, environment);
        let text = |environment: &Environment, variable| Ok(environment.get(variable).map(str::to_owned));
        let path =
            |environment: &Environment, variable| Ok(environment.get(variable).map(|path| directory(&path.into())));
        let misfit = |misfit: Misfit| ConfigError::file(sources.file.0, misfit.within(""));
        Ok(Self {
            theme: Chosen::of(&table::THEME, None, sources)
                .kept(sources.kept.theme.clone().map(Some))
                .file(file.theme.clone().map(Some))
                .context(of_context.and_then(|o| o.theme.clone()).map(Some))
                .variable(|environment, variable| Ok(text(environment, variable)?.map(Some)))?
                .flag(look.theme.clone().map(Some))
                .setting
                // `auto` is what happens when nothing is chosen.
                .map(|name| name.filter(|name| name != AUTO)),
            color: color(sources)?,
            ascii: Chosen::of(&table::ASCII, !environment.speaks_unicode(), sources)
                .file(file.ascii)
                .variable(Environment::switch)?
                .flag(look.ascii.then_some(true))
                .setting,
            utc: Chosen::of(&table::UTC, false, sources)
                .file(file.utc)
                .variable(Environment::switch)?
                .flag(look.utc.then_some(true))
                .setting,
            namespaces: namespaces(sources, scope)?,
            read_only: Chosen::of(&table::READ_ONLY, false, sources)
                .file(file.read_only)
                .context(of_context.and_then(|o| o.read_only))
                .variable(Environment::switch)?
                .flag(look.read_only.then_some(true))
                .setting,
            mouse: Chosen::of(&table::MOUSE, true, sources).file(file.mouse).variable(Environment::switch)?.setting,
            clipboard: Chosen::of(&table::CLIPBOARD, Clipboard::Auto, sources)
                .file(file.clipboard)
                .variable(|environment, variable| environment.word(variable, "auto, osc52, native or off"))?
                .setting,
            looks: Looks::of(sources.file, sources.kept),
            probe_resolvers: Chosen::of(&table::PROBE_RESOLVERS, Vec::new(), sources)
                .file(file.probe.addresses())
                .setting,
            probe_automatic: Chosen::of(&table::PROBE_AUTOMATIC, false, sources)
                .file(file.probe.automatic)
                .variable(Environment::switch)?
                .setting,
            keymap: file.keys.keymap().map_err(misfit)?,
            keys: sources.of_file(&file.keys),
            notices: sources.of_file(&file.notices).map(|rules| rules.iter().map(Rule::from).collect()),
            screen_directory: Chosen::of(&table::SCREEN_DIRECTORY, paths::screen_directory(environment), sources)
                .file(file.screen_directory.as_ref().map(directory))
                .variable(path)?
                .setting,
            log_level: log_level(
                Chosen::of(&table::LOG_LEVEL, "info".to_owned(), sources)
                    .file(file.log_level.clone())
                    .variable(text)?
                    .flag(look.log_level.clone())
                    .setting,
            )?,
            log_file: Chosen::of(&table::LOG_FILE, None, sources)
                .file(file.log_file.as_ref().map(directory).map(Some))
                .variable(|environment, variable| Ok(path(environment, variable)?.map(Some)))?
                .flag(look.log_file.clone().map(Some))
                .setting,
        })
    }
}

impl<'s> Sources<'s> {
    /// What a config file alone can choose.
    fn of_file<T: Clone + Default + PartialEq>(&self, value: &T) -> Setting<T> {
        let chosen = *value != T::default();
        let origin = if chosen { Origin::File(self.file.0.to_owned()) } else { Origin::Default };
        Setting::new(value.clone(), origin)
    }

    fn overrides(&self) -> Option<&'s Overrides> {
        self.file.1.contexts.get(self.context?)
    }
}

/// A setting while its layers are put on each other, each above what was said before.
struct Chosen<'s, T> {
    row: &'static Row,
    sources: &'s Sources<'s>,
    setting: Setting<T>,
}

impl<'s, T> Chosen<'s, T> {
    /// A setting as it is when nobody chose it.
    fn of(row: &'static Row, default: T, sources: &'s Sources<'s>) -> Self {
        Self { row, sources, setting: Setting::new(default, Origin::Default) }
    }

    fn over(self, value: Option<T>, origin: Origin) -> Self {
        match value {
            Some(value) => Self { setting: Setting::new(value, origin), ..self },
            None => self,
        }
    }

    fn kept(self, value: Option<T>) -> Self {
        let origin = Origin::State(self.sources.kept.file.clone().unwrap_or_default());
        self.over(value, origin)
    }

    fn file(self, value: Option<T>) -> Self {
        let origin = Origin::File(self.sources.file.0.to_owned());
        self.over(value, origin)
    }

    fn context(self, value: Option<T>) -> Self {
        let context = self.sources.context.unwrap_or_default().to_owned();
        let origin = Origin::Context(self.sources.file.0.to_owned(), context);
        self.over(value, origin)
    }

    fn variable(
        self,
        read: impl FnOnce(&Environment, &'static str) -> Result<Option<T>, ConfigError>,
    ) -> Result<Self, ConfigError> {
        let variable = self.row.variable;
        let value = read(self.sources.environment, variable)?;
        Ok(self.over(value, Origin::Environment(variable)))
    }

    fn flag(self, value: Option<T>) -> Self {
        let origin = Origin::Flag(self.row.flag);
        self.over(value, origin)
    }
}

/// `NO_COLOR` beats every taste, and loses only to an explicit `--color=always`.
fn color(sources: &Sources) -> Result<Setting<ColorChoice>, ConfigError> {
    let Sources { file: (_, file), environment, look, .. } = *sources;
    let chosen = Chosen::of(&table::COLOR, ColorChoice::Auto, sources)
        .file(file.color)
        .variable(|environment, variable| environment.word(variable, "auto, always or never"))?
        .flag(look.color)
        .setting;
    if environment.get("NO_COLOR").is_some() && matches!(look.color, None | Some(ColorChoice::Auto)) {
        return Ok(Setting::new(ColorChoice::Never, Origin::Environment("NO_COLOR")));
    }
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

/// A level that is none is told before anything is written.
fn log_level(chosen: Setting<String>) -> Result<Setting<String>, ConfigError> {
    match level::fault(&chosen.value) {
        Some(why) => Err(ConfigError::of_setting(table::LOG_LEVEL.name, &chosen.origin, &why)),
        None => Ok(chosen),
    }
}

fn namespaces(sources: &Sources, scope: &Scope) -> Result<Setting<Vec<String>>, ConfigError> {
    if scope.all_namespaces {
        return Ok(Setting::new(Vec::new(), Origin::Flag("--all-namespaces")));
    }
    let listed = |list: &str| list.split(',').map(|namespace| namespace.trim().to_owned()).collect();
    Ok(Chosen::of(&table::NAMESPACES, Vec::new(), sources)
        .file(sources.file.1.namespaces.clone())
        .context(sources.overrides().and_then(|o| o.namespaces.clone()))
        .variable(|environment, variable| Ok(environment.get(variable).map(listed)))?
        .flag((!scope.namespaces.is_empty()).then(|| scope.namespaces.clone()))
        .setting)
}

#[cfg(test)]
#[path = "settings/tests.rs"]
mod tests;
