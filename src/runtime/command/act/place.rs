//! Where an action happens: a cluster or the demo, and what is known of it.

use crate::cli::{self, Source, value::At};
use crate::cluster::guard::Guard;
use crate::cluster::{Cluster, Names, connect};
use crate::model::Model;
use crate::query::target::Target;
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::runtime::program::Program;
use crate::runtime::source::demo;
use crate::runtime::source::demo::{DEFAULT_STORY, Demo};
use crate::runtime::source::live::Live;
use crate::watch::discover::Wish;

/// A cluster that is watched while it is acted upon.
pub(super) struct Place {
    pub(super) live: Live,
    pub(super) model: Model,
    /// The namespace of a name without one; none where a name has to be unique.
    pub(super) home: Option<String>,
    pub(super) context: String,
}

impl Place {
    pub(super) async fn open(program: &Program, targets: &[Target]) -> Result<Self, Failure> {
        match program.cli.source() {
            Source::Recording(..) => {
                Err(Failure::usage("a recording cannot be changed: act on a cluster, or on --demo"))
            }
            Source::Demo(at) => demo(program, at).await,
            Source::Cluster => {
                let clock = Clock::wall();
                let cluster = connect(program.options(), clock.reader()).await.map_err(Failure::blind)?;
                let all = program.cli.scope.all_namespaces;
                let home = (!all).then(|| cluster.names.default_namespace.clone());
                let context = cluster.names.context.clone().unwrap_or_default();
                let wish = narrowed(program.wish(), targets, home.as_deref());
                Self::watch(cluster, wish, clock, home, context).await
            }
        }
    }

    async fn watch(
        cluster: Cluster,
        wish: Wish,
        clock: Clock,
        home: Option<String>,
        context: String,
    ) -> Result<Self, Failure> {
        let (live, model) = Live::begin(cluster, wish, clock).await?;
        Ok(Self { live, model, home, context })
    }
}

/// Where every object that is named has a known namespace, the others need not be listed.
fn narrowed(wish: Wish, targets: &[Target], home: Option<&str>) -> Wish {
    if targets.is_empty() {
        return wish;
    }
    let of = |target: &Target| match (&target.namespace, wish.namespaces.as_slice()) {
        (Some(own), _) => Some(vec![own.clone()]),
        (None, []) => Some(vec![home?.to_owned()]),
        (None, named) => Some(named.to_vec()),
    };
    match targets.iter().map(of).collect::<Option<Vec<_>>>() {
        Some(namespaces) => Wish { namespaces: namespaces.concat(), all: false, ..Wish::default() },
        None => wish,
    }
}

/// The demo at a moment; from there it goes on while it is acted upon.
async fn demo(program: &Program, at: At) -> Result<Place, Failure> {
    let (_, story, options) = demo::story(&cli::Demo::default())?;
    let mut world = Demo::begin(story, options).world().map_err(Failure::usage)?;
    let start = world.clock().start();
    let moment = match at {
        At::End => start + demo::BRIEF,
        At::Moment(moment) => moment.max(start),
    };
    world.work_until(moment);
    world.clock().skip_to(moment);
    let clock = Clock::story(world.clock().clone(), options.speed);
    let guard = Guard::of(program.settings.read_only.value);
    let names = Names { cluster: DEFAULT_STORY.to_owned(), ..Names::default() };
    let cluster = Cluster::guarded_in_process(world.cluster().service(), names, clock.reader(), guard);
    tokio::spawn(world.drive());
    let wish = Wish { namespaces: program.settings.namespaces.value.clone(), ..Wish::default() };
    Place::watch(cluster, wish, clock, None, DEFAULT_STORY.to_owned()).await
}
