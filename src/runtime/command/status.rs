//! `cmtop status`: the table of Certificates on paper, once or as long as it changes.

pub mod watch;

use crate::cli::{self, Source, StatusFormat};
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::query::host::covers;
use crate::query::pick::Pick;
use crate::report::Style;
use crate::report::document::Format;
use crate::report::exit::ExitStatus;
use crate::report::status::{Detail, Order, Status};
use crate::runtime::failure::Failure;
use crate::runtime::print::{is_read, warn};
use crate::runtime::program::Program;
use crate::runtime::source::follow::Follow;
use crate::runtime::source::scene::Scene;
use crate::runtime::terminal::in_place::InPlace;
use crate::runtime::terminal::size_of_output;

/// `cmtop status`.
pub async fn status(program: &Program, wanted: &cli::Status) -> Result<ExitStatus, Failure> {
    // A demo that is watched goes on from its first moment; any other is looked at as it is a while later.
    if wanted.watch && matches!(program.cli.source(), Source::Demo(_)) {
        let follow = Follow::begin(program).await?;
        let (pick, mut telling) = (follow.scene.pick(program, &wanted.names), Telling::of(wanted));
        let chosen = chosen(wanted, &follow.scene, &pick)?;
        telling.tell(program, wanted, &follow.scene, &chosen)?;
        return watch::watch(program, wanted, (follow, telling), &pick).await;
    }
    let scene = Scene::of(program).await?;
    let pick = scene.pick(program, &wanted.names);
    let chosen = chosen(wanted, &scene, &pick)?;
    if let Some(remark) = pick.remark(&scene.model) {
        warn(&remark);
    }
    let mut telling = Telling::of(wanted);
    let status = telling.tell(program, wanted, &scene, &chosen)?;
    match Follow::on(scene).filter(|_| wanted.watch) {
        Some(follow) => watch::watch(program, wanted, (follow, telling), &pick).await,
        None => Ok(status.unwrap_or(ExitStatus::Good)),
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
            return Err(Failure::absent(what));
        }
    }
    Ok(chosen)
}

/// How reports are told.
#[derive(Debug)]
enum Telling {
    /// One below the other.
    Below,
    /// Each over the one before.
    InPlace(InPlace),
}

impl Telling {
    /// One that is watched by a person stands in its place; what a program reads, or keeps, is all that was told.
    fn of(wanted: &cli::Status) -> Self {
        let is_text = !matches!(wanted.format(), StatusFormat::Json | StatusFormat::Yaml);
        if wanted.watch && is_text && size_of_output().is_some() {
            Self::InPlace(InPlace::default())
        } else {
            Self::Below
        }
    }

    /// Whether what is told stands there until it is told again: then it must not grow old.
    const fn is_in_place(&self) -> bool {
        matches!(self, Self::InPlace(_))
    }

    /// Tells the report of those; nothing when nobody reads any more.
    fn tell(
        &mut self,
        program: &Program,
        wanted: &cli::Status,
        scene: &Scene,
        chosen: &[Id<Certificate>],
    ) -> Result<Option<ExitStatus>, Failure> {
        let order = if wanted.names.is_empty() { Order::ByNeed } else { Order::AsNamed };
        let report = Status::of(&scene.model, chosen, order, scene.origin.clone(), scene.now);
        let style = Style { bare: wanted.no_headers, ..program.style() };
        let document = |format| report.document(format).map_err(Failure::blind);
        let text = match wanted.format() {
            StatusFormat::Table => report.text(Detail::Table, &style),
            StatusFormat::Wide => report.text(Detail::Wide, &style),
            StatusFormat::Tree => report.text(Detail::Tree, &style),
            StatusFormat::Json => document(Format::Json)?,
            StatusFormat::Yaml => document(Format::Yaml)?,
        };
        let is_read = match (self, size_of_output()) {
            (Self::InPlace(place), Some(size)) => {
                let told = place.tell(&mut std::io::stdout().lock(), &text, size);
                told.map(|()| true).map_err(|error| Failure::blind(format!("cannot print: {error}")))?
            }
            _ => is_read(&text)?,
        };
        Ok(is_read.then(|| report.outcome()))
    }
}
