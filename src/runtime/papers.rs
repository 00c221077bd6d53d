//! The commands without a screen that report: `status`, `info`, `version`.

use std::io::BufRead;
use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc;

use super::clock::Clock;
use super::demo::Demo;
use super::gather::{blindness, gather};
use super::live;
use super::program::{Failure, Program, print};
use super::replay::{self, Still};
use super::screens;
use crate::cli::{self, Source, StatusFormat, TextFormat, value::At};
use crate::cluster::{Cluster, Names, connect};
use crate::limits;
use crate::model::Model;
use crate::model::meta::Time;
use crate::query::pick::Pick;
use crate::recording::reader::Reader;
use crate::report::document::{Format, write};
use crate::report::exit::ExitStatus;
use crate::report::installation::{Context, Installation, Place, Terminal};
use crate::report::status::{self, Detail, Order, Status};
use crate::watch::discover::choose;
use crate::watch::spawn;

/// How long changes are gathered before they are told again.
const GATHER: Duration = Duration::from_millis(300);

/// How long the demo goes on before it is looked at, unless a moment was named.
pub const DEMO: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// Reads a recording up to a moment.
pub fn still<R: BufRead>(reader: &mut Reader<R>, file: &Path, at: At) -> Result<Still, Failure> {
    let at = match at {
        At::End => None,
        At::Moment(moment) => Some(moment),
    };
    let read = replay::still(reader, at).map_err(|error| Failure::blind(format!("{}: {error}", file.display())))?;
    let still = read.map_err(|first| {
        Failure::usage(format!("--at lies before the first frame of {}, at {first}", file.display()))
    })?;
    if let Some(left_out) = &still.left_out {
        tracing::warn!("{}: {left_out}", file.display());
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("cmtop: {}: {left_out}\n", file.display()).as_bytes(),
        );
    }
    Ok(still)
}

/// `cmtop status`.
pub async fn status(program: &Program, wanted: &cli::Status) -> Result<ExitStatus, Failure> {
    let pick = |home: Option<String>, namespaces: &[String]| Pick {
        names: wanted.names.clone(),
        namespaces: namespaces.to_vec(),
        home,
        selector: program.cli.scope.selector.clone().unwrap_or_default(),
    };
    let named = &program.settings.namespaces.value;
    match program.cli.source() {
        Source::Recording(file, at) => {
            refuse_watch(wanted)?;
            let mut reader = screens::open(&file)?;
            let still = still(&mut reader, &file, at)?;
            let header = reader.header();
            let cluster = status::Cluster {
                context: header.cluster.clone(),
                server: String::new(),
                kubernetes: header.kubernetes.clone(),
            };
            tell(program, wanted, &still.model, &pick(None, named), cluster, still.now).and_then(Told::print)
        }
        Source::Demo(at) => {
            refuse_watch(wanted)?;
            let (model, now) = demo(at).await?;
            let cluster =
                status::Cluster { context: super::demo::DEFAULT_STORY.to_owned(), ..status::Cluster::default() };
            tell(program, wanted, &model, &pick(None, named), cluster, now).and_then(Told::print)
        }
        Source::Cluster => {
            let clock = Clock::wall();
            let cluster = connect(program.options(), live::now(&clock)).await.map_err(Failure::blind)?;
            let all = program.cli.scope.all_namespaces;
            let home = (!all).then(|| cluster.names.default_namespace.clone());
            let pick = pick(home, named);
            of_cluster(program, wanted, &cluster, &pick, &clock).await
        }
    }
}

fn refuse_watch(wanted: &cli::Status) -> Result<(), Failure> {
    if wanted.watch {
        Err(Failure::usage("--watch needs a cluster: --from and --demo show one moment"))
    } else {
        Ok(())
    }
}

async fn of_cluster(
    program: &Program,
    wanted: &cli::Status,
    cluster: &Cluster,
    pick: &Pick,
    clock: &Clock,
) -> Result<ExitStatus, Failure> {
    let choice = choose(cluster, program.wish()).await;
    if let Some(missing) = &choice.missing {
        tracing::warn!("may not {missing}");
        let text = format!("cmtop: you may not {missing}: only namespace {}\n", choice.scope.namespaces.join(", "));
        let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
    }
    let (out, mut batches) = mpsc::channel(limits::QUEUE);
    let watches = spawn(cluster, &choice.scope, &live::now(clock), &out);
    let mut model = Model::default();
    gather(&mut model, &mut batches, watches.len()).await;
    if let Some(ahead) = cluster.clock.get() {
        clock.set_offset(ahead);
    }
    if let Some(why) = blindness(&model) {
        return Err(Failure::blind(why));
    }
    let facts = status::Cluster {
        context: cluster.names.context.clone().unwrap_or_default(),
        server: cluster.names.server.clone(),
        kubernetes: cluster.kubernetes().await.unwrap_or_default(),
    };
    let mut told = tell(program, wanted, &model, pick, facts.clone(), clock.now())?;
    if !wanted.watch {
        return told.print();
    }
    let mut shown = told.essence.clone();
    told.print()?;
    loop {
        tokio::select! {
            batch = batches.recv() => match batch {
                Some(batch) => model.apply(batch),
                None => return Ok(ExitStatus::Good),
            },
            _ = tokio::signal::ctrl_c() => return Ok(ExitStatus::Interrupted),
        }
        tokio::time::sleep(GATHER).await;
        while let Ok(batch) = batches.try_recv() {
            model.apply(batch);
        }
        told = tell(program, wanted, &model, pick, facts.clone(), clock.now())?;
        if told.essence != shown {
            shown = told.essence.clone();
            print("\n").and_then(|()| told.print())?;
        }
    }
}

/// A report, ready to be printed.
struct Told {
    text: String,
    /// The same facts without the moment: what has to differ before they are told again.
    essence: String,
    status: ExitStatus,
}

impl Told {
    fn print(self) -> Result<ExitStatus, Failure> {
        print(&self.text).map(|()| self.status)
    }
}

fn tell(
    program: &Program,
    wanted: &cli::Status,
    model: &Model,
    pick: &Pick,
    cluster: status::Cluster,
    now: Time,
) -> Result<Told, Failure> {
    let chosen = pick.choose(model).map_err(|error| Failure { status: (&error).into(), what: error.to_string() })?;
    let order = if wanted.names.is_empty() { Order::ByNeed } else { Order::AsNamed };
    let report = Status::of(model, &chosen, order, cluster, now);
    let style = program.style(wanted.no_headers);
    let document = |format| report.document(format).map_err(Failure::blind);
    let text = match wanted.format() {
        StatusFormat::Table => report.text(Detail::Table, &style),
        StatusFormat::Wide => report.text(Detail::Wide, &style),
        StatusFormat::Tree => report.text(Detail::Tree, &style),
        StatusFormat::Json => document(Format::Json)?,
        StatusFormat::Yaml => document(Format::Yaml)?,
    };
    let essence = if wanted.watch { without_moment(&document(Format::Json)?) } else { String::new() };
    Ok(Told { text, essence, status: report.outcome() })
}

fn without_moment(document: &str) -> String {
    document.lines().filter(|line| !line.starts_with("  \"at\":")).collect()
}

/// The demo at a moment: the same client and watches, on a story that stands still there.
async fn demo(at: At) -> Result<(Model, Time), Failure> {
    let (_, story, options) = screens::story(&cli::Demo::default())?;
    let demo = Demo::begin(&story, options).map_err(Failure::usage)?;
    let mut world = demo.into_world();
    let start = world.clock().start();
    let now = match at {
        At::End => start + DEMO,
        At::Moment(moment) if moment < start => {
            return Err(Failure::usage(format!("--at lies before the beginning of the demo, {start}")));
        }
        At::Moment(moment) => moment,
    };
    world.work_until(now);
    let clock = Clock::fixed(now);
    let cluster = Cluster::in_process(world.cluster().service(), Names::default(), live::now(&clock));
    let (out, mut batches) = mpsc::channel(limits::QUEUE);
    let watches = spawn(&cluster, &crate::watch::Scope::default(), &live::now(&clock), &out);
    let mut model = Model::default();
    gather(&mut model, &mut batches, watches.len()).await;
    Ok((model, now))
}

/// `cmtop info`.
pub async fn info(program: &Program, wanted: &cli::Output) -> Result<ExitStatus, Failure> {
    let place = |purpose: &str, path: &Path| Place {
        purpose: purpose.to_owned(),
        path: path.display().to_string(),
        exists: path.exists(),
    };
    let settings = &program.settings;
    let mut paths: Vec<Place> = program.config.iter().map(|setting| place("config file", &setting.value)).collect();
    paths.push(place("saved screens", &settings.screen_directory.value));
    paths.extend(settings.log_file.value.iter().map(|file| place("log", file)));
    let options = program.options();
    let found = crate::cluster::kubeconfig::find(&options);
    let looked = found.as_ref().map(|found| found.looked.clone()).unwrap_or_default();
    let kubeconfig = looked
        .iter()
        .map(|looked| Place {
            purpose: "looked at".to_owned(),
            path: looked.place.clone(),
            exists: looked.found == "read",
        })
        .collect();
    let connected = connect(options, live::now(&Clock::wall())).await;
    let context = connected.as_ref().ok().map(|cluster| Context {
        name: cluster.names.context.clone().unwrap_or_default(),
        cluster: cluster.names.cluster.clone(),
        server: cluster.names.server.clone(),
        user: cluster.names.user.clone(),
        namespace: cluster.names.default_namespace.clone(),
    });
    let installation = Installation {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        paths,
        settings: settings.choices(),
        terminal: Terminal {
            term: program.environment.get("TERM").map(str::to_owned),
            colorterm: program.environment.get("COLORTERM").map(str::to_owned),
            size: super::terminal::size_of_output(),
            unicode: program.environment.speaks_unicode(),
            colors: program.depth().as_str().to_owned(),
        },
        kubeconfig,
        context,
        rights: Vec::new(),
    };
    let text = match wanted.format {
        TextFormat::Text => installation.text(&program.style(false)),
        TextFormat::Json => installation.document(Format::Json).map_err(Failure::blind)?,
        TextFormat::Yaml => installation.document(Format::Yaml).map_err(Failure::blind)?,
    };
    print(&text).map(|()| ExitStatus::Good)
}

/// `cmtop version`.
pub fn version(wanted: &cli::Output) -> Result<ExitStatus, Failure> {
    let version = crate::report::version::Version::of_this_program();
    let text = match wanted.format {
        TextFormat::Text => version.text(),
        TextFormat::Json => write(&version, Format::Json).map_err(Failure::blind)?,
        TextFormat::Yaml => write(&version, Format::Yaml).map_err(Failure::blind)?,
    };
    print(&text).map(|()| ExitStatus::Good)
}
