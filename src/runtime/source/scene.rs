//! [`Scene`]: one look at a cluster, a recording or the demo, for the commands that look once.

use std::collections::BTreeSet;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use super::demo::Demo;
use super::live::Live;
use super::replay::{self, Still};
use crate::cli::{Source, value::At};
use crate::cluster::clock::Now;
use crate::cluster::{Cluster, connect};
use crate::limits;
use crate::model::certificate::Certificate;
use crate::model::delta::News;
use crate::model::feed::FeedKey;
use crate::model::id::Id;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::model::surroundings::{Sought, Surroundings};
use crate::model::{Batch, Model};
use crate::query::name::Name;
use crate::query::pick::Pick;
use crate::recording::reader::Reader;
use crate::report;
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::runtime::print::warn;
use crate::runtime::program::Program;
use crate::triage::diagnose;
use crate::watch::logs::tail;

/// How long the logs of the controllers are waited for.
const LOGS: std::time::Duration = std::time::Duration::from_secs(5);

/// Everything that was there to be seen, and when.
#[derive(Debug)]
pub struct Scene {
    /// What is known.
    pub model: Model,
    /// The clock of what was looked at.
    pub now: Time,
    /// Where the facts come from.
    pub origin: report::Origin,
    /// Where a bare name is looked up; `None` where it only has to be unique.
    pub home: Option<String>,
    /// What goes on: only a cluster does.
    pub live: Option<Live>,
    /// What can be asked for more; a recording cannot.
    pub cluster: Option<Cluster>,
}

impl Scene {
    /// Looks at what the command line names.
    pub async fn of(program: &Program) -> Result<Self, Failure> {
        match program.cli.source() {
            Source::Recording(file, at) => Self::recorded(program, &file, at),
            Source::Demo(at) => Self::demo(program, at).await,
            Source::Cluster => Self::cluster(program).await,
        }
    }

    fn recorded(program: &Program, file: &Path, at: At) -> Result<Self, Failure> {
        let mut reader = replay::open(file)?;
        let still = still_within(&mut reader, file, at, &program.wish().namespaces)?;
        let header = reader.header();
        let origin = report::Origin {
            context: header.cluster.clone(),
            server: String::new(),
            kubernetes: header.kubernetes.clone(),
        };
        Ok(Self { model: still.model, now: still.now, origin, home: None, live: None, cluster: None })
    }

    /// The demo at a moment: the same client and watches.
    async fn demo(program: &Program, at: At) -> Result<Self, Failure> {
        let super::demo::Still { cluster, clock, .. } = Demo::still(at)?;
        let (_, model) = Live::begin(cluster.clone(), program.wish(), clock.clone()).await?;
        Ok(Self { cluster: Some(cluster), ..Self::told(model, clock.now(), super::demo::DEFAULT_STORY) })
    }

    /// What a story has told so far.
    pub fn told(model: Model, now: Time, story: &str) -> Self {
        let origin = report::Origin { context: story.to_owned(), ..report::Origin::default() };
        Self { model, now, origin, home: None, live: None, cluster: None }
    }

    /// A recording before its first frame was taken in.
    pub fn blank<R: BufRead>(reader: &Reader<R>, now: Time) -> Self {
        let header = reader.header();
        let (context, kubernetes) = (header.cluster.clone(), header.kubernetes.clone());
        let origin = report::Origin { context, server: String::new(), kubernetes };
        Self { model: Model::default(), now, origin, home: None, live: None, cluster: None }
    }

    async fn cluster(program: &Program) -> Result<Self, Failure> {
        let clock = Clock::wall();
        let cluster = connect(program.options(), clock.reader()).await.map_err(Failure::blind)?;
        let (live, model) = Live::begin(cluster.clone(), program.wish(), clock).await?;
        let origin = report::Origin {
            context: cluster.names.context.clone().unwrap_or_default(),
            server: cluster.names.server.clone(),
            kubernetes: cluster.kubernetes().await.unwrap_or_default(),
        };
        let home = (!program.cli.scope.all_namespaces).then(|| cluster.names.default_namespace.clone());
        Ok(Self { model, now: live.clock.now(), origin, home, live: Some(live), cluster: Some(cluster) })
    }

    /// Looks for what stands around cert-manager, and for what serves with the Secrets of those Certificates that need a
    /// person.
    pub async fn look_around(&mut self, chosen: &[Id<Certificate>]) {
        let Some(cluster) = &self.cluster else { return };
        let ill = |id: &&Id<Certificate>| {
            diagnose(&self.model, **id, self.now).is_some_and(|diagnosis| diagnosis.verdict.needs_a_person())
        };
        let places = chosen.iter().filter(ill).filter_map(|id| self.model.certificates.get(*id));
        let places: BTreeSet<_> = places.map(|certificate| certificate.meta.namespace.clone()).collect();
        let places = places.into_iter().take(limits::LOOKED_NAMESPACES).collect();
        let found = cluster.look_around(&Sought { users_in: places, ..Sought::of(&self.model) }, self.now).await;
        let at = self.now;
        let voices = self.model.controller_voices().collect();
        let lines = tail(cluster, voices, &(Arc::new(move || at) as Now), LOGS).await;
        self.model.apply(around(found, self.now));
        lines.into_iter().for_each(|batch| self.model.apply(batch));
    }

    /// Which Certificates are meant by names and flags.
    pub fn pick(&self, program: &Program, names: &[Name]) -> Pick {
        Pick {
            names: names.to_vec(),
            namespaces: program.settings.namespaces.value.clone(),
            home: self.home.clone(),
            selector: program.cli.scope.selector.clone().unwrap_or_default(),
        }
    }
}

/// What was looked up, as news.
pub fn around(found: Surroundings, now: Time) -> Batch {
    Batch { at: now, feed: FeedKey::cluster(Kind::Deployment), news: News::Around(Box::new(found)) }
}

/// Reads a recording up to a moment.
pub fn still<R: BufRead>(reader: &mut Reader<R>, file: &Path, at: At) -> Result<Still, Failure> {
    still_within(reader, file, at, &[])
}

/// The same, narrowed to some namespaces as a cluster is.
fn still_within<R: BufRead>(
    reader: &mut Reader<R>,
    file: &Path,
    at: At,
    namespaces: &[String],
) -> Result<Still, Failure> {
    let at = match at {
        At::End => None,
        At::Moment(moment) => Some(moment),
    };
    let read = replay::still_within(reader, at, namespaces);
    let read = read.map_err(|error| Failure::blind(format!("{}: {error}", file.display())))?;
    let still = read.map_err(|first| {
        Failure::usage(format!("--at lies before the first frame of {}, at {first}", file.display()))
    })?;
    if let Some(left_out) = &still.left_out {
        tracing::warn!("{}: {left_out}", file.display());
        warn(&format!("{}: {left_out}", file.display()));
    }
    Ok(still)
}
