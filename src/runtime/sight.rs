//! [`Sight`]: the facts that a command without a screen tells, from wherever they come.

use std::io::BufRead;

use tokio::sync::mpsc;

use super::clock::Clock;
use super::gather::{blindness, gather};
use super::program::{Failure, Program};
use super::{live, papers, screens};
use crate::cli::Source;
use crate::cluster::connect;
use crate::limits;
use crate::model::meta::Time;
use crate::model::{Batch, Model};
use crate::query::name::Name;
use crate::query::pick::Pick;
use crate::recording::reader::Reader;
use crate::report::status;
use crate::watch::discover::choose;
use crate::watch::{Watches, spawn};

/// What is known, and when.
#[derive(Debug)]
pub struct Sight {
    /// The facts.
    pub model: Model,
    /// The clock of the facts.
    pub now: Time,
    /// Where they come from.
    pub cluster: status::Cluster,
    /// Where a bare name is looked up.
    pub home: Option<String>,
}

/// A cluster that goes on being watched.
#[derive(Debug)]
pub struct Live {
    /// What comes after it.
    pub batches: mpsc::Receiver<Batch>,
    /// The clock of the cluster.
    pub clock: Clock,
    /// As long as this lives.
    pub watches: Watches,
    /// What tells the story of the demo.
    pub telling: Option<tokio::task::JoinHandle<()>>,
}

impl Sight {
    /// Looks once, at what the command line names.
    pub async fn take(program: &Program) -> Result<Self, Failure> {
        match program.cli.source() {
            Source::Recording(file, at) => {
                let mut reader = screens::open(&file)?;
                let still = papers::still(&mut reader, &file, at)?;
                Ok(Self { model: still.model, now: still.now, ..Self::of_recording(&reader) })
            }
            Source::Demo(at) => {
                let (model, now) = papers::demo(at).await?;
                let context = super::demo::DEFAULT_STORY.to_owned();
                Ok(Self { model, now, cluster: status::Cluster { context, ..Default::default() }, home: None })
            }
            Source::Cluster => Live::watch(program).await.map(|(sight, _)| sight),
        }
    }

    /// What the first line of a recording says.
    pub fn of_recording<R: BufRead>(reader: &Reader<R>) -> Self {
        let header = reader.header();
        let (context, kubernetes) = (header.cluster.clone(), header.kubernetes.clone());
        let cluster = status::Cluster { context, server: String::new(), kubernetes };
        Self { model: Model::default(), now: header.started, cluster, home: None }
    }

    /// Which Certificates a command names.
    pub fn pick(&self, program: &Program, names: &[Name]) -> Pick {
        Pick {
            names: names.to_vec(),
            namespaces: program.settings.namespaces.value.clone(),
            home: self.home.clone(),
            selector: program.cli.scope.selector.clone().unwrap_or_default(),
        }
    }
}

impl Live {
    /// Watches the cluster that the command line names, and comes back when everything was listed.
    pub async fn watch(program: &Program) -> Result<(Sight, Self), Failure> {
        let clock = Clock::wall();
        let cluster = connect(program.options(), live::now(&clock)).await.map_err(Failure::blind)?;
        let choice = choose(&cluster, program.wish()).await;
        if let Some(missing) = &choice.missing {
            let text = format!("cmtop: you may not {missing}: only namespace {}\n", choice.scope.namespaces.join(", "));
            let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
        }
        let (out, mut batches) = mpsc::channel(limits::QUEUE);
        let watches = spawn(&cluster, &choice.scope, &live::now(&clock), &out);
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
        let home = (!program.cli.scope.all_namespaces).then(|| cluster.names.default_namespace.clone());
        let sight = Sight { model, now: clock.now(), cluster: facts, home };
        Ok((sight, Self { batches, clock, watches, telling: None }))
    }
}
