//! [`Program`]: what every command needs: the command line, the environment, and the settings that come of both.

use std::path::{Path, PathBuf};

use super::clipboard::Ways;
use super::failure::Failure;
use super::wardrobe::Wardrobe;
use crate::cli::{self, Cli};
use crate::cluster::kubeconfig::{self, Found};
use crate::cluster::proxy::Proxies;
use crate::cluster::{self, Options};
use crate::config::environment::Environment;
use crate::config::file::File;
use crate::config::paths;
use crate::config::setting::{Origin, Setting};
use crate::config::settings::{Settings, Sources};
use crate::config::views::Kept;
use crate::report::Style;
use crate::report::moment::Zone;
use crate::theme::depth::Depth;
use crate::theme::glyphs::Glyphs;
use crate::theme::ground::Ground;
use crate::ui::Look;
use crate::watch::discover::Wish;

/// What every command needs.
#[derive(Debug)]
pub struct Program {
    /// The command line.
    pub cli: Cli,
    /// The environment.
    pub environment: Environment,
    /// The config file, and why it is that one.
    pub config: Option<Setting<PathBuf>>,
    /// What was chosen on the screen before.
    pub kept: Kept,
    /// Every choice.
    pub settings: Settings,
}

impl Program {
    pub(super) fn of(cli: Cli, environment: Environment) -> Result<Self, Failure> {
        // Who prints a script or a version is not kept by a fault of a file that is not asked for.
        let config = paths::config_file(cli.config_file(), &environment).filter(|_| cli.has_settings());
        let file = match &config {
            Some(setting) => {
                let asked_for = setting.origin != Origin::Default;
                File::read(&setting.value, asked_for).map_err(Failure::usage)?
            }
            None => File::default(),
        };
        // A kubeconfig can be long: it is read where the config file has a part for one of its contexts.
        let overridden = !file.contexts.is_empty();
        let context = overridden.then(|| context(&Self::options_of(&cli, &environment))).flatten();
        let path = config.as_ref().map_or(Path::new(""), |setting| setting.value.as_path());
        let kept = kept(&environment);
        let sources = Sources {
            file: (path, &file),
            kept: &kept,
            context: context.as_deref(),
            environment: &environment,
            look: &cli.look,
            scope: &cli.scope,
        };
        let settings = Settings::resolve(&sources).map_err(Failure::usage)?;
        Ok(Self { cli, environment, config, kept, settings })
    }

    /// A program in another context: what `--cluster` and `--user` named belongs to the old one.
    pub(super) fn in_context(mut cli: Cli, environment: Environment, context: String) -> Result<Self, Failure> {
        let connection = &mut cli.connection;
        (connection.context, connection.cluster, connection.user) = (Some(context), None, None);
        (connection.server, connection.token, connection.certificate_authority) = (None, None, None);
        connection.insecure_skip_tls_verify = false;
        Self::of(cli, environment)
    }

    /// Which cluster, and as whom.
    pub fn options(&self) -> Options {
        let read_only = self.settings.read_only.value;
        Options { read_only, ..Self::options_of(&self.cli, &self.environment) }
    }

    fn options_of(cli: &Cli, environment: &Environment) -> Options {
        let flags = cli.connection.clone();
        Options {
            kubeconfig: flags.kubeconfig,
            context: flags.context,
            cluster: flags.cluster,
            user: flags.user,
            server: flags.server,
            token: flags.token.map(|token| token.reveal().to_owned()),
            impersonate: flags.impersonate,
            impersonate_groups: flags.impersonate_groups,
            insecure_skip_tls_verify: flags.insecure_skip_tls_verify,
            certificate_authority: flags.certificate_authority,
            tls_server_name: None,
            request_timeout: flags.request_timeout,
            terminal: cluster::Terminal::Free,
            read_only: cli.look.read_only,
            environment: cluster::Environment {
                kubeconfig: environment.get("KUBECONFIG").map(Into::into),
                home: environment.get("HOME").map(Into::into),
                service_host: environment.get("KUBERNETES_SERVICE_HOST").map(str::to_owned),
                proxies: Proxies {
                    https: environment.either("HTTPS_PROXY", "https_proxy"),
                    http: environment.either("HTTP_PROXY", "http_proxy"),
                    no: environment.either("NO_PROXY", "no_proxy"),
                },
            },
        }
    }

    /// Where actions are noted.
    pub fn action_log(&self) -> Option<PathBuf> {
        paths::action_log(&self.environment)
    }

    /// Where recordings and bundles of the dashboard go.
    pub fn evidence(&self) -> PathBuf {
        paths::state_directory(&self.environment)
    }

    /// Which part of the cluster.
    pub fn wish(&self) -> Wish {
        Wish {
            namespaces: self.settings.namespaces.value.clone(),
            all: self.cli.scope.all_namespaces,
            selector: self.cli.scope.selector.as_ref().map(ToString::to_string),
            annotations: self.settings.looks.annotations(),
        }
    }

    /// How the screen looks.
    pub fn look(&self) -> Result<(Look, Wardrobe), Failure> {
        self.look_on(|| None)
    }

    /// The same, with a terminal that can be asked what is behind its text where no theme was chosen.
    pub fn look_on(&self, ask: impl FnOnce() -> Option<Ground>) -> Result<(Look, Wardrobe), Failure> {
        let told = Ground::of_terminal(self.environment.get("COLORFGBG"));
        let matters = self.settings.theme.value.is_none() && self.depth() != Depth::None;
        let ground = told.or_else(|| matters.then(ask).flatten());
        let mut wardrobe = Wardrobe::new(paths::theme_directory(&self.environment), self.depth(), ground);
        let name = self.settings.theme.value.as_deref();
        let theme =
            wardrobe.put_on(name).map_err(|error| Failure::usage(error.of_setting(&self.settings.theme.origin)))?;
        let glyphs = if self.settings.ascii.value { Glyphs::ASCII } else { Glyphs::UNICODE };
        let offset = match self.zone() {
            Zone::Rule(offset_at) => offset_at(super::clock::machine()),
            Zone::Fixed(offset) => offset,
            Zone::Utc => chrono::Offset::fix(&chrono::Utc),
        };
        Ok((Look { theme, glyphs, offset }, wardrobe))
    }

    /// How many colours there are.
    pub fn depth(&self) -> Depth {
        let (colorterm, term) = (self.environment.get("COLORTERM"), self.environment.get("TERM"));
        match self.settings.color.value {
            cli::ColorChoice::Never => Depth::None,
            cli::ColorChoice::Auto => Depth::of_terminal(None, colorterm, term),
            cli::ColorChoice::Always => match Depth::of_terminal(None, colorterm, term) {
                Depth::None => Depth::Ansi16,
                depth => depth,
            },
        }
    }

    /// How copied text reaches a clipboard here.
    pub fn clipboard(&self) -> Ways {
        Ways::of(self.settings.clipboard.value, &self.environment)
    }

    /// The zone in which moments are told.
    pub fn zone(&self) -> Zone {
        if self.settings.utc.value { Zone::Utc } else { Zone::Rule(super::clock::local_offset) }
    }

    /// How a report looks on standard output.
    pub fn style(&self) -> Style {
        let width = super::terminal::size_of_output();
        Style {
            bare: false,
            ascii: self.settings.ascii.value,
            width: width.map(|(columns, _)| usize::from(columns)),
            zone: self.zone(),
            color: self.depth() != Depth::None
                && (width.is_some() || self.settings.color.value == cli::ColorChoice::Always),
        }
    }
}

/// What was chosen on the screen before. A theme that is gone since is told, and never fatal.
fn kept(environment: &Environment) -> Kept {
    let kept = Kept::read(paths::views(environment));
    let wardrobe = Wardrobe::new(paths::theme_directory(environment), Depth::True, None);
    match kept.theme.as_deref().and_then(|theme| wardrobe.find(theme).err()) {
        Some(error) => kept.without_theme(&error.to_string()),
        None => kept,
    }
}

/// The context in use, as far as the kubeconfig can be read: what is wrong with it is told when it is needed.
fn context(options: &Options) -> Option<String> {
    let found: Found = kubeconfig::find(options).ok()?;
    options.context.clone().or(found.config.current_context)
}
