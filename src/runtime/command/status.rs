//! `cmtop status`: the table of Certificates on paper, once or as long as it changes.

pub mod watch;

use crate::cli::{self, StatusFormat};
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::query::host::covers;
use crate::query::pick::Pick;
use crate::report::document::Format;
use crate::report::exit::ExitStatus;
use crate::report::status::{Detail, Order, Status};
use crate::runtime::failure::{Failure, print, warn};
use crate::runtime::program::Program;
use crate::runtime::source::follow::Follow;
use crate::runtime::source::scene::Scene;

/// `cmtop status`.
pub async fn status(program: &Program, wanted: &cli::Status) -> Result<ExitStatus, Failure> {
    let scene = Scene::of(program).await?;
    let pick = scene.pick(program, &wanted.names);
    let chosen = chosen(wanted, &scene, &pick)?;
    if let Some(remark) = pick.remark(&scene.model) {
        warn(&remark);
    }
    let status = tell(program, wanted, &scene, &chosen)?;
    match Follow::on(scene).filter(|_| wanted.watch) {
        Some(follow) => watch::watch(program, wanted, follow, &pick).await,
        None => Ok(status),
    }
}

/// The Certificates that are meant.
pub(in crate::runtime) fn chosen(
    wanted: &cli::Status,
    scene: &Scene,
    pick: &Pick,
) -> Result<Vec<Id<Certificate>>, Failure> {
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
pub(in crate::runtime) fn tell(
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
