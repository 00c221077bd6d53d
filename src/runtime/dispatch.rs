//! From the command line to the command that is meant.

use std::io::{self, Write as _};
use std::num::NonZero;
use std::process::ExitCode;

use super::command::{
    act, bundle, completion, config, doctor, explain, info, inspect, man, probe, record, simulate, status, timeline,
    version, watch,
};
use super::dashboard::begin;
use super::failure::Failure;
use super::print::{print, warn};
use super::program::Program;
use super::{signatures, terminal, trace};
use crate::cli::{self, Command, Source};
use crate::config::environment::Environment;
use crate::limits;
use crate::report::exit::ExitStatus;

/// Runs cmtop with the arguments and the environment of this process.
pub fn main() -> ExitCode {
    terminal::end_on_panic();
    let variables = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    let environment: Environment = variables.collect();
    if let Some(shell) = std::env::var_os(cli::complete::VARIABLE).filter(|shell| !shell.is_empty()) {
        // A shell has no use for an error.
        let answer = cli::complete::answer(&shell, std::env::args_os().collect(), &completion::known(environment));
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
    match config::refuse(&cli, &environment).and_then(|()| Program::of(cli, environment)).and_then(run) {
        Ok(status) => status.into(),
        Err(failure) => {
            warn(&failure.what);
            failure.status.into()
        }
    }
}

/// Does what the command line says, on a runtime of its own.
fn run(program: Program) -> Result<ExitStatus, Failure> {
    if let Some(file) = &program.settings.log_file.value {
        let failed = |error| Failure::usage(format!("cannot log to {}: {error}", file.display()));
        trace::to_file(file, &program.settings.log_level.value).map_err(failed)?;
    }
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(limits::WORKERS);
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(workers).enable_all().build().map_err(Failure::blind)?;
    if program.cli.judges() {
        signatures::install(&program.environment);
        signatures::warm(&runtime);
    }
    let status = runtime.block_on(dispatch(program));
    // A task that waits for a file or a name must not keep the program.
    runtime.shutdown_background();
    status
}

async fn dispatch(program: Program) -> Result<ExitStatus, Failure> {
    match program.cli.command.clone() {
        None => match program.cli.source() {
            Source::Cluster => begin::live(program).await,
            Source::Recording(file, at) => Box::pin(begin::still(&program, &file, at)).await,
            Source::Demo(_) => begin::demo(program, &cli::Demo::default()).await,
        },
        Some(Command::Demo(demo)) => begin::demo(program, &demo).await,
        Some(Command::Replay(replay)) => begin::replay(&program, &replay).await,
        Some(Command::Record(wanted)) => record::record(&program, &wanted).await,
        Some(Command::Status(status)) => status::status(&program, &status).await,
        Some(Command::Probe(wanted)) => probe::probe(&program, &wanted).await,
        Some(Command::Preflight(wanted)) => probe::preflight(&program, &wanted).await,
        Some(Command::Inspect(wanted)) => Box::pin(inspect::inspect(&program, &wanted)).await,
        Some(Command::Timeline(wanted)) => timeline::timeline_of(&program, &wanted).await,
        Some(Command::Watch(wanted)) => watch::watch(&program, &wanted).await,
        Some(Command::Wait(wanted)) => watch::wait(&program, &wanted).await,
        Some(Command::Bundle(wanted)) => bundle::bundle(&program, &wanted).await,
        Some(
            Command::Renew(_)
            | Command::Retry(_)
            | Command::Delete(_)
            | Command::Release(_)
            | Command::Approve(_)
            | Command::Deny(_),
        ) => act::act(&program).await,
        Some(Command::Doctor(doctor)) => doctor::doctor(&program, &doctor).await,
        Some(Command::Explain(wanted)) => explain::explain(&program, &wanted),
        Some(Command::Simulate(wanted)) => simulate::simulate(&wanted).await,
        Some(Command::Info(info)) => info::info(&program, &info).await,
        Some(Command::Version(version)) => version::version(&version),
        Some(Command::Completion { shell }) => {
            let script = cli::complete::script(&shell.to_string()).map_err(Failure::blind)?;
            print(&script).map(|()| ExitStatus::Good)
        }
        Some(Command::Complete { words }) => {
            let names = completion::known(program.environment.clone());
            // It waits for a source, on a thread of its own.
            let answer = tokio::task::spawn_blocking(move || cli::complete::for_kubectl(words, &names)).await;
            print(&answer.map_err(Failure::blind)?.map_err(Failure::blind)?).map(|()| ExitStatus::Good)
        }
        Some(Command::Config(wanted)) => config::config(&program, &wanted),
        Some(Command::Man(wanted)) => man::man(&wanted),
    }
}
