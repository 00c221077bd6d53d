//! The dashboard on each source.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::clipboard::Clipboard;
use super::contexts::Contexts;
use super::notify::Programs;
use super::outbox::Outbox;
use crate::app::App;
use crate::app::message::{Message, Session, SourceKind, SourceNews};
use crate::app::notices::Notices;
use crate::cli::{self, value::At};
use crate::limits;
use crate::model::Batch;
use crate::model::meta::Time;
use crate::recording::frame::Header;
use crate::report::exit::ExitStatus;
use crate::runtime::clock::Clock;
use crate::runtime::dashboard::{End, Outside, run};
use crate::runtime::failure::Failure;
use crate::runtime::print::warn;
use crate::runtime::probing::resolvers::Resolvers;
use crate::runtime::program::Program;
use crate::runtime::service;
use crate::runtime::service::fetching;
use crate::runtime::service::live::Service;
use crate::runtime::service::request::{Outlet, Request};
use crate::runtime::source::demo::{self, Demo};
use crate::runtime::source::replay;
use crate::runtime::terminal::{self, Screen};
use crate::theme::AUTO;

/// How long the program may take to end before it says why.
const SILENT: Duration = Duration::from_millis(500);

/// What the dashboard holds of a source.
struct Ends {
    inbox: mpsc::Receiver<Message>,
    batches: mpsc::Receiver<Batch>,
    requests: mpsc::Sender<Request>,
}

/// A way from a source to the dashboard and one back: what the source is given, and what the dashboard holds.
fn ways(action_log: Option<PathBuf>, evidence: PathBuf) -> (Outlet, mpsc::Receiver<Request>, Ends) {
    let (messages, inbox) = mpsc::channel(limits::QUEUE);
    let (news, batches) = mpsc::channel(limits::QUEUE);
    let (requests, requested) = mpsc::channel(limits::REQUESTS);
    (Outlet { batches: news, messages, action_log, evidence }, requested, Ends { inbox, batches, requests })
}

async fn show(program: &Program, app: App, clock: Clock, ends: Ends) -> Result<ExitStatus, Failure> {
    show_on(program, app, clock, ends, Contexts::default(), None).await.map(|end| end.status())
}

/// Shows the dashboard, on a screen that is ours already or on the terminal.
async fn show_on(
    program: &Program,
    mut app: App,
    clock: Clock,
    Ends { inbox, batches, requests }: Ends,
    kubeconfig: Contexts,
    screen: Option<Screen>,
) -> Result<End, Failure> {
    if screen.is_none() && !terminal::is_here() {
        return Err(Failure::blind(no_terminal(program)));
    }
    // A terminal that is ours already was asked; its answer would be taken for keys.
    let ask = || if screen.is_none() { super::ground::asked() } else { None };
    let (look, wardrobe) = program.look_on(ask)?;
    app.themes = std::iter::once(AUTO.to_owned()).chain(wardrobe.names()).collect();
    app.keymap = program.settings.keymap.clone();
    let looks = &program.settings.looks;
    app.take_up(&looks.views, looks.settled().collect());
    if let Some(fault) = &program.kept.fault {
        let now = app.note_wall(clock.now());
        app.update(Message::Done(Err(format!("what was chosen before is not used: {fault}"))), now);
    }
    app.notices = Notices::of(program.settings.notices.value.clone());
    app.probes.automatic.on = program.settings.probe_automatic.value;
    app.horizon.offset = chrono::TimeDelta::seconds(look.offset.local_minus_utc().into());
    let outside = Outside {
        inbox,
        batches,
        requests: Outbox::new(requests),
        clock,
        look,
        wardrobe,
        mouse: program.settings.mouse.value,
        pictures: program.settings.screen_directory.value.clone(),
        views: program.kept.file.clone(),
        theme: program.settings.theme.clone(),
        kubeconfig,
        programs: Programs::default(),
        clipboard: Clipboard::reached(program.clipboard()),
        editor: super::editor::command(&program.environment),
        bundles: program.evidence().join("bundles"),
        zone: program.zone(),
    };
    run(app, outside, screen).await.map_err(|error| Failure::blind(format!("the terminal: {error}")))
}

/// What can be done where there is no terminal.
fn no_terminal(program: &Program) -> String {
    let source = match (&program.cli.command, program.cli.source()) {
        (Some(cli::Command::Demo(_)), _) | (_, cli::Source::Demo(_)) => " --demo".to_owned(),
        (Some(cli::Command::Replay(replay)), _) => format!(" --from {}", replay.file.display()),
        (_, cli::Source::Recording(file, _)) => format!(" --from {}", file.display()),
        (_, cli::Source::Cluster) => String::new(),
    };
    format!("there is no terminal here to open the dashboard in: `cmtop status{source}` prints the same table")
}

/// Waits until sources that nobody looks at any more have brought to an end what was begun there, but not for ever.
async fn part(mut sources: JoinSet<()>) {
    let all = async |sources: &mut JoinSet<()>| while sources.join_next().await.is_some() {};
    if timeout(SILENT, all(&mut sources)).await.is_err() {
        warn("ending what was begun …");
        let _ = timeout(limits::LAST_WORK, all(&mut sources)).await;
    }
}

/// On a cluster.
pub async fn live(program: Program) -> Result<ExitStatus, Failure> {
    let mut sources = JoinSet::new();
    let ended = on_clusters(program, &mut sources).await;
    part(sources).await;
    ended
}

async fn on_clusters(program: Program, sources: &mut JoinSet<()>) -> Result<ExitStatus, Failure> {
    let (mut program, mut screen) = (program, None);
    loop {
        let clock = Clock::wall();
        let (out, requests, ends) = ways(program.action_log(), program.evidence());
        let contexts = Contexts::of(&program);
        let resolvers = Resolvers::internet(&program.settings.probe_resolvers.value);
        let service = Service { wish: program.wish(), clock: clock.clone(), out, requests, resolvers };
        // It ends by itself when nobody takes its news any more.
        sources.spawn(service.connect(program.options()));
        while sources.try_join_next().is_some() {}
        match show_on(&program, App::new(80, 24), clock, ends, contexts, screen.take()).await? {
            End::Quit(status) => return Ok(status),
            End::Switch(other, kept) => (program, screen) = (*other, Some(kept)),
        }
    }
}

/// On the simulated cluster.
pub async fn demo(program: Program, wanted: &cli::Demo) -> Result<ExitStatus, Failure> {
    let (name, story, options) = demo::story(wanted)?;
    let demo = Demo::begin(story, options);
    let clock = demo.clock();
    let (out, requests, ends) = ways(program.action_log(), program.evidence());
    let (wish, read_only) = (program.wish(), program.settings.read_only.value);
    let mut source = JoinSet::new();
    source.spawn(service::demo::run(demo, name, wish, read_only, out, requests));
    let ended = show(&program, App::new(80, 24), clock, ends).await;
    part(source).await;
    ended
}

/// On a recording, as it went.
pub async fn replay(program: &Program, wanted: &cli::Replay) -> Result<ExitStatus, Failure> {
    let mut reader = replay::open(&wanted.file)?;
    let failed = |error| Failure::blind(format!("{}: {error}", wanted.file.display()));
    let (tape, left_out) = replay::tape(&mut reader).map_err(failed)?;
    let from = match program.cli.recorded.at {
        Some(At::Moment(at)) => Some(at),
        Some(At::End) => Some(Time::MAX_UTC),
        None => None,
    };
    let (clock, mut app) = (Clock::wall(), App::new(80, 24));
    let wall = clock.now();
    app.update(Message::Source(SourceNews::Session(session(&wanted.file, reader.header()))), wall);
    app.update(Message::Recording(Box::new(tape), from, wanted.speed), wall);
    if let Some(text) = left_out {
        let now = app.note_wall(wall);
        app.update(Message::Done(Err(text)), now);
    }
    // Nothing more arrives but what is asked for.
    let (out, requests, ends) = ways(None, PathBuf::new());
    tokio::spawn(fetching::replayed(wanted.file.clone(), requests, out.messages));
    show(program, app, clock, ends).await
}

/// On a recording at one moment.
pub async fn still(program: &Program, file: &Path, at: At) -> Result<ExitStatus, Failure> {
    let mut reader = replay::open(file)?;
    let still = crate::runtime::source::scene::still(&mut reader, file, at)?;
    let clock = Clock::fixed(still.now);
    let mut app = App::new(80, 24);
    app.update(Message::Source(SourceNews::Session(session(file, reader.header()))), still.now);
    app.update(Message::Source(SourceNews::Ended), still.now);
    app.model = still.model;
    let (out, requests, ends) = ways(None, PathBuf::new());
    tokio::spawn(fetching::replayed(file.to_owned(), requests, out.messages));
    show(program, app, clock, ends).await
}

fn session(file: &Path, header: &Header) -> Session {
    let name = match file.file_name().unwrap_or(file.as_os_str()).to_string_lossy() {
        name if name == "-" => "standard input".into(),
        name => name,
    };
    Session {
        source: SourceKind::Recording,
        context: crate::text::clean(&name, limits::NAME).into_owned(),
        cluster: header.cluster.clone(),
        kubernetes: header.kubernetes.clone(),
        read_only: true,
        began: Some(header.started),
        ..Session::default()
    }
}
