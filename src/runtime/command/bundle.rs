//! `cmtop bundle`: a directory with everything that a ticket needs.

use std::io::{BufReader, Read as _};

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
use crate::report::probe::Probe;
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::runtime::print::{print, warn};
use crate::runtime::probing::examine::probes;
use crate::runtime::probing::resolvers::Resolvers;
use crate::runtime::program::Program;
use crate::runtime::service::bundle::before;
use crate::runtime::service::bundle::listen::record;
use crate::runtime::service::bundle::paper::{self, Facts, Place, concern, put_all};
use crate::runtime::source::replay;
use crate::text::count;
use crate::triage::diagnose;
use crate::triage::verdict::Verdict;
use crate::watch::Scope;
use crate::watch::discover::choose;

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
            let (mut text, failed) = (Vec::new(), |error| Failure::blind(format!("{}: {error}", file.display())));
            replay::input(&file)?.read_to_end(&mut text).map_err(failed)?;
            (text, at)
        }
        Source::Demo(at) => {
            let still = crate::runtime::source::demo::Demo::still(at)?;
            let since = before(still.clock.now(), wanted.last);
            (record(&still.cluster, &Scope::default(), &still.clock, since).await?, At::End)
        }
        Source::Cluster => {
            let clock = Clock::wall();
            let cluster = connect(program.options(), clock.reader()).await.map_err(Failure::blind)?;
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

/// Probes the open Challenges of what is stuck, as `cmtop doctor --probe` does.
async fn look(
    program: &Program,
    cluster: Option<&Cluster>,
    model: &Model,
    chosen: &[Id<Certificate>],
    now: Time,
) -> Result<Vec<Probe>, Failure> {
    let resolvers = Resolvers::of(program).await?;
    let cluster = cluster.or(resolvers.cluster()).ok_or_else(|| Failure::usage("--probe needs a cluster or --demo"))?;
    let is_stuck = |id: &Id<Certificate>| diagnose(model, *id, now).is_some_and(|it| it.verdict == Verdict::Stuck);
    let (seen, left_out) = probes(&resolvers, cluster, model, chosen.iter().copied().filter(is_stuck)).await;
    if left_out > 0 {
        warn(&format!("{} not probed", count(left_out, "open challenge")));
    }
    Ok(seen.into_iter().map(|(.., probe)| probe).collect())
}
