//! The program: the command line is read, the settings are resolved, and the command is done.

use std::io::{self, Write as _};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::clipboard::ways::Ways;
use super::wardrobe::Wardrobe;
use super::{act, bundle, complete, inspecting, papers, probing, record, screens, sentry, simulate, story, trace};
use crate::cli::{self, Cli, Command, Source};
use crate::cluster::kubeconfig::{self, Found};
use crate::cluster::proxy::Proxies;
use crate::cluster::{self, Options};
use crate::config::environment::Environment;
use crate::config::file::File;
use crate::config::paths;
use crate::config::settings::{Setting, Settings, Sources};
use crate::config::views::Kept;
use crate::limits;
use crate::query::pick::PickError;
use crate::report::exit::ExitStatus;
use crate::report::moment::Zone;
use crate::theme::depth::Depth;
use crate::theme::glyphs::Glyphs;
use crate::theme::ground::Ground;
use crate::ui::Look;
use crate::watch::discover::Wish;

/// Why a command did not do what it was asked for, and what it ends with.
#[derive(Debug)]
pub struct Failure {
    /// What the program ends with.
    pub status: ExitStatus,
    /// What is said.
    pub what: String,
}

impl Failure {
    /// It was used wrongly.
    pub fn usage(what: impl ToString) -> Self {
        Self { status: ExitStatus::Usage, what: what.to_string() }
    }

    /// It was asked for an object that is not there, or for one of several.
    pub fn missing(error: PickError) -> Self {
        Self { status: (&error).into(), what: error.to_string() }
    }

    /// It could not look.
    pub fn blind(what: impl ToString) -> Self {
        Self { status: ExitStatus::Blind, what: what.to_string() }
    }
}

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

/// Runs cmtop with the arguments and the environment of this process.
pub fn main() -> ExitCode {
    super::terminal::end_on_panic();
    let variables = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    let environment: Environment = variables.collect();
    if let Some(shell) = std::env::var_os(cli::complete::VARIABLE).filter(|shell| !shell.is_empty()) {
        // A shell has no use for an error.
        let answer = cli::complete::answer(&shell, std::env::args_os().collect(), &complete::known(environment));
        let _ = io::stdout().write_all(&answer.unwrap_or_default());
        return ExitCode::SUCCESS;
    }
    let cli = match cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return cli::exit_status(&error).into();
        }
    };
    match Program::of(cli, environment).and_then(Program::run) {
        Ok(status) => status.into(),
        Err(failure) => {
            super::scene::warn(&failure.what);
            failure.status.into()
        }
    }
}

/// Prints to standard output; a reader that has gone away is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    is_read(text).map(|_| ())
}

/// The same, for what goes on printing: whether anybody still reads.
pub fn is_read(text: &str) -> Result<bool, Failure> {
    match io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::blind(format!("cannot print: {error}"))),
    }
}

impl Program {
    pub(super) fn of(cli: Cli, environment: Environment) -> Result<Self, Failure> {
        let config = paths::config_file(cli.config_file(), &environment);
        let file = match &config {
            Some(setting) => {
                let asked_for = setting.origin != crate::config::settings::Origin::Default;
                File::read(&setting.value, asked_for).map_err(Failure::usage)?
            }
            None => File::default(),
        };
        // A kubeconfig can be long: it is read where the config file has a part for one of its contexts.
        let overridden = !file.contexts.is_empty();
        let context = overridden.then(|| context(&Self::options_of(&cli, &environment))).flatten();
        let path = config.as_ref().map_or(Path::new(""), |setting| setting.value.as_path());
        let kept = Kept::read(paths::views(&environment));
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

    fn run(self) -> Result<ExitStatus, Failure> {
        if let Some(file) = &self.settings.log_file.value {
            let failed = |error| Failure::usage(format!("cannot log to {}: {error}", file.display()));
            trace::to_file(file, &self.settings.log_level.value).map_err(failed)?;
        }
        let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(limits::WORKERS);
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(workers).enable_all().build().map_err(Failure::blind)?;
        if self.cli.judges() {
            super::signatures::install(&self.environment);
            super::signatures::warm(&runtime);
        }
        let status = runtime.block_on(self.dispatch());
        // A task that waits for a file or a name must not keep the program.
        runtime.shutdown_background();
        status
    }

    /// A program in another context: what `--cluster` and `--user` named belongs to the old one.
    pub(super) fn in_context(mut cli: Cli, environment: Environment, context: String) -> Result<Self, Failure> {
        let connection = &mut cli.connection;
        (connection.context, connection.cluster, connection.user) = (Some(context), None, None);
        (connection.server, connection.token, connection.certificate_authority) = (None, None, None);
        connection.insecure_skip_tls_verify = false;
        Self::of(cli, environment)
    }

    async fn dispatch(self) -> Result<ExitStatus, Failure> {
        match self.cli.command.clone() {
            None => match self.cli.source() {
                Source::Cluster => screens::live(self).await,
                Source::Recording(file, at) => Box::pin(screens::still(&self, &file, at)).await,
                Source::Demo(_) => screens::demo(self, &cli::Demo::default()).await,
            },
            Some(Command::Demo(demo)) => screens::demo(self, &demo).await,
            Some(Command::Replay(replay)) => screens::replay(&self, &replay).await,
            Some(Command::Record(wanted)) => record::record(&self, &wanted).await,
            Some(Command::Status(status)) => papers::status(&self, &status).await,
            Some(Command::Probe(wanted)) => probing::probe(&self, &wanted).await,
            Some(Command::Preflight(wanted)) => probing::preflight(&self, &wanted).await,
            Some(Command::Inspect(wanted)) => Box::pin(inspecting::inspect(&self, &wanted)).await,
            Some(Command::Timeline(wanted)) => story::timeline_of(&self, &wanted).await,
            Some(Command::Watch(wanted)) => sentry::watch(&self, &wanted).await,
            Some(Command::Wait(wanted)) => sentry::wait(&self, &wanted).await,
            Some(Command::Bundle(wanted)) => bundle::bundle(&self, &wanted).await,
            Some(
                Command::Renew(_)
                | Command::Retry(_)
                | Command::Delete(_)
                | Command::Release(_)
                | Command::Approve(_)
                | Command::Deny(_),
            ) => act::act(&self).await,
            Some(Command::Doctor(doctor)) => papers::doctor(&self, &doctor).await,
            Some(Command::Explain(wanted)) => papers::explain(&self, &wanted),
            Some(Command::Simulate(wanted)) => simulate::simulate(&wanted).await,
            Some(Command::Info(info)) => super::installation::info(&self, &info).await,
            Some(Command::Version(version)) => papers::version(&version),
            Some(Command::Completion { shell }) => {
                let script = cli::complete::script(&shell.to_string()).map_err(Failure::blind)?;
                print(&script).map(|()| ExitStatus::Good)
            }
            Some(Command::Complete { words }) => {
                let names = complete::known(self.environment.clone());
                // It waits for a source, on a thread of its own.
                let answer = tokio::task::spawn_blocking(move || cli::complete::for_kubectl(words, &names)).await;
                print(&answer.map_err(Failure::blind)?.map_err(Failure::blind)?).map(|()| ExitStatus::Good)
            }
            Some(Command::Config(wanted)) => super::choices::config(&self, &wanted),
            Some(Command::Man(wanted)) => papers::man(&wanted),
        }
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
        let wrong = |error| Failure::usage(format!("theme {}: {error}", name.unwrap_or_default()));
        let theme = wardrobe.put_on(name).map_err(wrong)?;
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
    pub fn style(&self, bare: bool) -> crate::report::Style {
        let width = super::terminal::size_of_output();
        crate::report::Style {
            bare,
            ascii: self.settings.ascii.value,
            width: width.map(|(columns, _)| usize::from(columns)),
            zone: self.zone(),
        }
    }
}

/// The context in use, as far as the kubeconfig can be read: what is wrong with it is told when it is needed.
fn context(options: &Options) -> Option<String> {
    let found: Found = kubeconfig::find(options).ok()?;
    options.context.clone().or(found.config.current_context)
}
