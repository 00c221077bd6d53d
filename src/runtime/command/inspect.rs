//! `cmtop inspect`: what is asked for is found, read, judged and told.

mod manifest;

use std::path::{Path, PathBuf};

use crate::cli::{self, Source};
use crate::cluster::connect;
use crate::cluster::fetch::Refusal;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;
use crate::query::target::Target;
use crate::report::exit::ExitStatus;
use crate::report::inspect::Inspection;
use crate::runtime::clock::{Clock, machine};
use crate::runtime::failure::Failure;
use crate::runtime::print::{print, told};
use crate::runtime::program::Program;
use crate::runtime::service::material::{gather, revocation};
use crate::runtime::service::shelf::Shelf;
use crate::runtime::source::demo::{Demo, Still};
use crate::runtime::source::live::Live;
use crate::runtime::source::replay;
use crate::runtime::source::scene;
use crate::x509::material::Material;

/// `cmtop inspect`.
pub async fn inspect(program: &Program, wanted: &cli::Inspect) -> Result<ExitStatus, Failure> {
    let subject = wanted.subject(Path::is_file).map_err(Failure::usage)?;
    let read = match &subject {
        cli::Subject::File(file) => manifest::file(file).map(|material| (material, moment(program))),
        cli::Subject::Object(kind, target) => object(program, *kind, target).await,
    };
    let (mut material, now) = read.map_err(|failure| match wanted.other(&subject, Path::is_file) {
        Some(other) => Failure { what: format!("{}; {other}", failure.what), ..failure },
        None => failure,
    })?;
    if wanted.crl {
        material.revocation = Some(revocation(&material, !matches!(program.cli.source(), Source::Demo(_))).await);
    }
    let inspection = Inspection::of(material, now);
    let text = told(
        wanted.output.format.document(),
        || inspection.text(&program.style()),
        |format| inspection.document(format),
    )?;
    print(&text).map(|()| inspection.outcome())
}

/// The moment at which a file is judged: now, or the one that was named.
fn moment(program: &Program) -> Time {
    match program.cli.recorded.at {
        Some(cli::value::At::Moment(at)) => at,
        _ => machine(),
    }
}

async fn object(program: &Program, kind: Kind, target: &Target) -> Result<(Material, Time), Failure> {
    let named = &program.settings.namespaces.value;
    let one = |places: &[String]| match (&target.namespace, places) {
        (Some(namespace), _) => Some(namespace.clone()),
        (None, [only]) => Some(only.clone()),
        _ => None,
    };
    let direct =
        |namespace: String| ObjectKey { kind, namespace: Symbol::from(&*namespace), name: Box::from(&*target.name) };
    let (shelf, key, clock) = match program.cli.source() {
        Source::Cluster => {
            let clock = Clock::wall();
            let cluster = connect(program.options(), clock.reader()).await.map_err(Failure::blind)?;
            let home = [cluster.names.default_namespace.clone()];
            let all = program.cli.scope.all_namespaces || named.len() > 1;
            let known = one(if named.is_empty() && !all { &home } else { named });
            let key = match known {
                Some(namespace) => direct(namespace),
                None => {
                    find(&Live::begin(cluster.clone(), program.wish(), clock.clone()).await?.1, kind, target, named)?
                }
            };
            (Shelf::Cluster(Box::new(cluster)), key, clock)
        }
        Source::Demo(at) => {
            let Still { cluster, clock, .. } = Demo::still(at)?;
            let key = match one(named) {
                Some(namespace) => direct(namespace),
                None => {
                    find(&Live::begin(cluster.clone(), program.wish(), clock.clone()).await?.1, kind, target, named)?
                }
            };
            (Shelf::Cluster(Box::new(cluster)), key, clock)
        }
        Source::Recording(file, at) => {
            let mut reader = replay::open(&file)?;
            let still = scene::still(&mut reader, &file, at)?;
            let key = match one(named) {
                Some(namespace) => direct(namespace),
                None => find(&still.model, kind, target, named)?,
            };
            let shelf = Shelf::recorded(&file, Some(still.now), &key).await;
            (shelf.map_err(|why| Failure::blind(format!("{}: {why}", file.display())))?, key, Clock::fixed(still.now))
        }
    };
    let material = gather(&shelf, &key).await.map_err(|why| match why {
        Refusal::Missing => {
            Failure::absent(format!("there is no {} `{}` in namespace {}", key.kind, key.name, key.namespace))
        }
        why => Failure::blind(format!("{key} cannot be read: {why}")),
    })?;
    // By the cluster's clock, which its answers told.
    if let Shelf::Cluster(cluster) = &shelf
        && let Some(ahead) = cluster.clock.get()
    {
        clock.set_offset(ahead);
    }
    Ok((material, clock.now()))
}

/// The object of a name that says not where it is: it has to be the only one.
fn find(model: &crate::model::Model, kind: Kind, target: &Target, named: &[String]) -> Result<ObjectKey, Failure> {
    let places: Vec<&str> = named.iter().map(String::as_str).collect();
    let target = Target { kind: Some(kind), ..target.clone() };
    let mut found = target.find(model, &places);
    match found.len() {
        0 => Err(Failure::absent(format!("there is no {kind} `{}`", target.name))),
        1 => Ok(found.swap_remove(0)),
        _ => {
            let names: Vec<String> = found.iter().map(|key| format!("{}/{}", key.namespace, key.name)).collect();
            Err(Failure::usage(format!("`{}` is ambiguous: name one of {}", target.name, names.join(", "))))
        }
    }
}

/// The file that a person names; `-` for standard input.
pub(in crate::runtime) fn input(file: &PathBuf) -> std::io::Result<Box<dyn std::io::Read>> {
    if file.as_os_str() == "-" { Ok(Box::new(std::io::stdin())) } else { Ok(Box::new(std::fs::File::open(file)?)) }
}
