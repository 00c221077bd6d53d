//! `cmtop doctor`: what is wrong, why, and what mends it.

use crate::cli;
use crate::report::doctor::Doctor;
use crate::report::document::write;
use crate::report::exit::ExitStatus;
use crate::runtime::failure::Failure;
use crate::runtime::print::{print, told, warn};
use crate::runtime::probing::examine::sightings;
use crate::runtime::probing::resolvers::Resolvers;
use crate::runtime::program::Program;
use crate::runtime::source::scene::Scene;
use crate::triage::{of_clocks, of_webhook};

/// `cmtop doctor`.
pub async fn doctor(program: &Program, wanted: &cli::Doctor) -> Result<ExitStatus, Failure> {
    let mut scene = Scene::of(program).await?;
    let pick = scene.pick(program, &wanted.names);
    let chosen = pick.choose(&scene.model).map_err(Failure::missing)?;
    if let Some(remark) = pick.remark(&scene.model) {
        warn(&remark);
    }
    scene.look_around(&chosen).await;
    let mut seen = Vec::new();
    if let Some(live) = &scene.live {
        seen.extend(live.cluster.clock.get().and_then(|ahead| of_clocks(&scene.model, ahead)));
        // A dry run leaves nothing, but it is a write: where none may leave the program, it is not asked.
        if !program.settings.read_only.value {
            let answer = live.cluster.webhook_trouble(&live.cluster.names.default_namespace).await;
            seen.extend(answer.and_then(|answer| of_webhook(&scene.model, &answer)));
        }
    }
    let mut report = Doctor::of(&scene.model, &chosen, scene.origin.clone(), scene.now).about(&pick).with(seen);
    if wanted.probe {
        let resolvers = Resolvers::of(program).await?;
        let cluster = scene.live.as_ref().map(|live| &live.cluster).or(resolvers.cluster());
        let cluster = cluster.ok_or_else(|| {
            Failure::usage("--probe needs a cluster or --demo: what a recording was about may have changed since")
        })?;
        let (sightings, left_out) = sightings(&resolvers, cluster, &scene.model, report.stuck()).await;
        if left_out > 0 {
            warn(&format!("{} not probed", crate::text::count(left_out, "open challenge")));
        }
        report = report.seen(sightings);
    }
    let text = told(wanted.output.document(), || report.text(&program.style()), |format| write(&report, format))?;
    print(&text).map(|()| report.outcome(wanted.fail_on.into()))
}
