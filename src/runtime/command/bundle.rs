//! `cmtop bundle`: a directory with everything that a ticket needs.

mod listen;
mod paper;

use std::fs;
use std::io::{self, BufReader};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;

use self::listen::record;
use self::paper::{Facts, Place, concern, put_all};
use crate::cli::{self, Source, value::At};
use crate::cluster::{Cluster, connect};
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::query::pick::Pick;
use crate::recording::reader::Reader;
use crate::report::Origin;
use crate::report::exit::ExitStatus;
use crate::report::moment::Zone;
use crate::report::probe::Probe;
use crate::runtime::clock::Clock;
use crate::runtime::failure::warn;
use crate::runtime::failure::{Failure, print};
use crate::runtime::probing::examine::probes;
use crate::runtime::probing::world::World;
use crate::runtime::program::Program;
use crate::runtime::source::live;
use crate::runtime::source::replay;
use crate::text::count;
use crate::triage::diagnose;
use crate::triage::verdict::Verdict;
use crate::watch::discover::choose;
use crate::watch::{Lately, Scope};

/// Writes a bundle.
pub async fn bundle(program: &Program, wanted: &cli::Bundle) -> Result<ExitStatus, Failure> {
    // Before anything is asked for.
    paper::is_free(&wanted.out)?;
    let (mut home, mut asked) = (None, None);
    let (text, at) = match program.cli.source() {
        Source::Recording(..) if wanted.probe => {
            return Err(Failure::usage(
                "--probe needs a cluster or --demo: what a recording was about may have changed since",
            ));
        }
        Source::Recording(file, at) => {
            let failed = |error: io::Error| Failure::blind(format!("{}: {error}", file.display()));
            (fs::read(&file).map_err(failed)?, at)
        }
        Source::Demo(at) => {
            let still = crate::runtime::source::demo::Demo::still(at)?;
            let since = before(still.clock.now(), wanted.last);
            (record(&still.cluster, &Scope::default(), &still.clock, since).await?, At::End)
        }
        Source::Cluster => {
            let clock = Clock::wall();
            let cluster = connect(program.options(), live::now(&clock)).await.map_err(Failure::blind)?;
            let choice = choose(&cluster, program.wish()).await;
            home = (!program.cli.scope.all_namespaces).then(|| cluster.names.default_namespace.clone());
            let text = record(&cluster, &choice.scope, &clock, before(clock.now(), wanted.last)).await?;
            asked = Some(cluster);
            (text, At::End)
        }
    };
    let pick = Pick {
        names: wanted.names.clone(),
        namespaces: program.settings.namespaces.value.clone(),
        home,
        selector: program.cli.scope.selector.clone().unwrap_or_default(),
    };
    let mut reader = Reader::open(BufReader::new(&*text)).map_err(Failure::blind)?;
    let at = if let At::Moment(at) = at { Some(at) } else { None };
    let still = replay::still(&mut reader, at).map_err(Failure::blind)?;
    let still = still.map_err(|first| Failure::usage(format!("--at lies before the first frame, at {first}")))?;
    if let Some(why) = crate::runtime::source::gather::blindness(&still.model) {
        return Err(Failure::blind(why));
    }
    let chosen = pick.choose(&still.model);
    let chosen = chosen.map_err(Failure::missing)?;
    if let Some(remark) = pick.remark(&still.model) {
        warn(&remark);
    }
    let header = reader.header();
    let cluster =
        Origin { context: header.cluster.clone(), server: String::new(), kubernetes: header.kubernetes.clone() };
    let seen =
        if wanted.probe { look(program, asked.as_ref(), &still.model, &chosen, still.now).await? } else { Vec::new() };
    let concern = (!pick.names.is_empty()).then(|| concern(&still.model, &chosen));
    let facts =
        Facts { model: &still.model, chosen: &chosen, now: still.now, began: still.began, cluster, probes: seen };
    let place = Place { out: &wanted.out, last: wanted.last, zone: program.zone() };
    let told = put_all(&text, at, &facts, concern.as_ref(), &place)?;
    print(&told).map(|()| ExitStatus::Good)
}

/// The moment so long before another.
fn before(now: Time, last: Duration) -> Time {
    TimeDelta::from_std(last).ok().and_then(|last| now.checked_sub_signed(last)).unwrap_or(Time::MIN_UTC)
}

/// Probes the open Challenges of what is stuck, as `cmtop doctor --probe` does.
async fn look(
    program: &Program,
    cluster: Option<&Cluster>,
    model: &Model,
    chosen: &[Id<Certificate>],
    now: Time,
) -> Result<Vec<Probe>, Failure> {
    let world = World::of(program).await?;
    let cluster = cluster.or(world.cluster()).ok_or_else(|| Failure::usage("--probe needs a cluster or --demo"))?;
    let is_stuck = |id: &Id<Certificate>| diagnose(model, *id, now).is_some_and(|it| it.verdict == Verdict::Stuck);
    let (seen, left_out) = probes(&world, cluster, model, chosen.iter().copied().filter(is_stuck)).await;
    if left_out > 0 {
        warn(&format!("{} not probed", count(left_out, "open challenge")));
    }
    Ok(seen.into_iter().map(|(.., probe)| probe).collect())
}

/// What the dashboard asks for: the story of one Certificate, as it was watched.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What is known.
    pub model: Arc<Model>,
    /// Whose bundle.
    pub certificate: Id<Certificate>,
    /// What probes saw of it.
    pub probes: Vec<Probe>,
    /// Where bundles go.
    pub directory: PathBuf,
    /// How moments are told.
    pub zone: Zone,
}

/// How much of a recording goes with a bundle of the dashboard.
const LAST: Duration = Duration::from_mins(15);

/// Writes a bundle of what the dashboard knows: in its recording are the changes that were kept, and what the cluster says
/// now.
pub async fn of_dashboard(
    cluster: &Cluster,
    scope: &Scope,
    clock: &Clock,
    kept: Lately,
    wish: Wish,
) -> Result<String, String> {
    let since = before(clock.now(), LAST);
    let present = record(cluster, scope, clock, since).await.map_err(|failure| failure.what)?;
    let kubernetes = cluster.kubernetes().await.unwrap_or_default();
    let context = cluster.names.context.clone().unwrap_or_else(|| cluster.names.cluster.clone());
    let now = clock.now();
    let written = tokio::task::spawn_blocking(move || {
        let key = wish.model.certificate_key(wish.certificate).ok_or("the Certificate is gone")?;
        let name = format!("{}-{}-{}", key.namespace, key.name, now.format("%Y%m%d-%H%M%S"));
        let chosen = [wish.certificate];
        let concern = concern(&wish.model, &chosen);
        let present = String::from_utf8_lossy(&present);
        let woven = {
            let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.woven(&present, |frame| concern.keeps(frame))
        };
        let cluster = Origin { context, server: String::new(), kubernetes };
        let Wish { model, probes, directory, zone, .. } = wish;
        let facts = Facts { model: &model, chosen: &chosen, now, began: woven.whole_from, cluster, probes };
        let place = Place { out: &directory.join(name), last: LAST, zone };
        put_all(woven.text.as_bytes(), None, &facts, Some(&concern), &place).map_err(|failure| failure.what)
    });
    let told = written.await.map_err(|error| error.to_string())??;
    Ok(told.trim_end().to_owned())
}
