//! The commands without a screen that report: `status`, `doctor`, `explain`, `version`, `man`.

use super::follow::Follow;
use super::probing::examine::sightings;
use super::probing::world::World;
use super::program::{Failure, Program, print};
use super::scene::{self, Scene};
use super::status_watch;
use crate::cli::{self, StatusFormat, TextFormat};
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::query::host::covers;
use crate::query::pick::Pick;
use crate::report::doctor::Doctor;
use crate::report::document::{Format, write};
use crate::report::exit::ExitStatus;
use crate::report::explanation::Explanation;
use crate::report::status::{Detail, Order, Status};
use crate::triage::{of_clocks, of_webhook};

/// `cmtop status`.
pub async fn status(program: &Program, wanted: &cli::Status) -> Result<ExitStatus, Failure> {
    let scene = Scene::of(program).await?;
    let pick = scene.pick(program, &wanted.names);
    let chosen = chosen(wanted, &scene, &pick)?;
    if let Some(remark) = pick.remark(&scene.model) {
        scene::warn(&remark);
    }
    let status = tell(program, wanted, &scene, &chosen)?;
    match Follow::on(scene).filter(|_| wanted.watch) {
        Some(follow) => status_watch::watch(program, wanted, follow, &pick).await,
        None => Ok(status),
    }
}

/// The Certificates that are meant.
pub(super) fn chosen(wanted: &cli::Status, scene: &Scene, pick: &Pick) -> Result<Vec<Id<Certificate>>, Failure> {
    let mut chosen = pick.choose(&scene.model).map_err(Failure::missing)?;
    if let Some(host) = &wanted.host {
        let names = |id| scene.model.certificates.get(id).map(|row| &row.dns_names);
        chosen.retain(|id| names(*id).is_some_and(|names| names.iter().any(|name| covers(name, host))));
        if chosen.is_empty() {
            let what = format!("no Certificate covers {}", crate::text::clean(host, crate::limits::NAME));
            return Err(Failure { status: ExitStatus::Missing, what });
        }
    }
    Ok(chosen)
}

/// Prints the report of those.
pub(super) fn tell(
    program: &Program,
    wanted: &cli::Status,
    scene: &Scene,
    chosen: &[Id<Certificate>],
) -> Result<ExitStatus, Failure> {
    let order = if wanted.names.is_empty() { Order::ByNeed } else { Order::AsNamed };
    let report = Status::of(&scene.model, chosen, order, scene.origin.clone(), scene.now);
    let style = program.style(wanted.no_headers);
    let document = |format| report.document(format).map_err(Failure::blind);
    let text = match wanted.format() {
        StatusFormat::Table => report.text(Detail::Table, &style),
        StatusFormat::Wide => report.text(Detail::Wide, &style),
        StatusFormat::Tree => report.text(Detail::Tree, &style),
        StatusFormat::Json => document(Format::Json)?,
        StatusFormat::Yaml => document(Format::Yaml)?,
    };
    print(&text).map(|()| report.outcome())
}

/// `cmtop doctor`.
pub async fn doctor(program: &Program, wanted: &cli::Doctor) -> Result<ExitStatus, Failure> {
    let mut scene = Scene::of(program).await?;
    let pick = scene.pick(program, &wanted.names);
    let chosen = pick.choose(&scene.model).map_err(Failure::missing)?;
    if let Some(remark) = pick.remark(&scene.model) {
        scene::warn(&remark);
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
    let mut report = Doctor::of(&scene.model, &chosen, scene.origin.clone(), scene.now).with(seen);
    if wanted.probe {
        let world = World::of(program).await?;
        let cluster = scene.live.as_ref().map(|live| &live.cluster).or(world.cluster());
        let cluster = cluster.ok_or_else(|| {
            Failure::usage("--probe needs a cluster or --demo: what a recording was about may have changed since")
        })?;
        let (sightings, left_out) = sightings(&world, cluster, &scene.model, report.stuck()).await;
        if left_out > 0 {
            scene::warn(&format!("{} not probed", crate::text::count(left_out, "open challenge")));
        }
        report = report.seen(sightings);
    }
    let text = match wanted.output {
        TextFormat::Text => report.text(&program.style(false)),
        TextFormat::Json => write(&report, Format::Json).map_err(Failure::blind)?,
        TextFormat::Yaml => write(&report, Format::Yaml).map_err(Failure::blind)?,
    };
    print(&text).map(|()| report.outcome(wanted.fail_on.into()))
}

/// `cmtop explain`.
pub fn explain(program: &Program, wanted: &cli::Explain) -> Result<ExitStatus, Failure> {
    // Here a person waits for one row: what need not be compiled for it is not.
    super::signatures::install(&program.environment);
    let mut about = wanted.words.join(" ");
    if about == "-" {
        let most = crate::limits::EXPLAINED as u64;
        let mut read = String::new();
        std::io::Read::read_to_string(&mut std::io::Read::take(std::io::stdin(), most), &mut read)
            .map_err(|error| Failure::blind(format!("standard input: {error}")))?;
        about = read;
    }
    let Some(explanation) = Explanation::of(&about) else {
        let what = Explanation::nothing_about(&about);
        return Err(Failure { status: ExitStatus::Missing, what });
    };
    let text = match wanted.output {
        TextFormat::Text => explanation.text(&program.style(false)),
        TextFormat::Json => write(&explanation, Format::Json).map_err(Failure::blind)?,
        TextFormat::Yaml => write(&explanation, Format::Yaml).map_err(Failure::blind)?,
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

/// `cmtop man`.
pub fn man(wanted: &cli::Man) -> Result<ExitStatus, Failure> {
    let text = match &wanted.out {
        Some(directory) => {
            let failed = |error| Failure::blind(format!("cannot write into {}: {error}", directory.display()));
            format!("{} pages in {}\n", cli::man_pages(directory).map_err(failed)?, directory.display())
        }
        None => cli::man(wanted.about.as_deref()).map_err(Failure::blind)?.ok_or_else(|| {
            Failure::usage(format!("there is no command {}", wanted.about.as_deref().unwrap_or_default()))
        })?,
    };
    print(&text).map(|()| ExitStatus::Good)
}
