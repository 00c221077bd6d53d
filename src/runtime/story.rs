//! `cmtop timeline`: how a Certificate was issued, and everything that happened to it.

use super::program::{Failure, Program, print};
use super::sight::Sight;
use crate::cli::{self, TextFormat};
use crate::report::document::Format;
use crate::report::exit::ExitStatus;
use crate::report::timeline::Story;
use crate::triage::timeline::timeline;

/// Tells the story of one Certificate.
pub async fn timeline_of(program: &Program, wanted: &cli::Timeline) -> Result<ExitStatus, Failure> {
    let sight = Sight::take(program).await?;
    let pick = sight.pick(program, std::slice::from_ref(&wanted.name));
    let chosen = pick.choose(&sight.model);
    let chosen = chosen.map_err(|error| Failure { status: (&error).into(), what: error.to_string() })?;
    let told = chosen.first().and_then(|id| timeline(&sight.model, *id));
    let gone = || Failure { status: ExitStatus::Missing, what: format!("there is no Certificate `{}`", wanted.name) };
    let story = Story { at: sight.now, cluster: sight.cluster, timeline: told.ok_or_else(gone)? };
    let text = match wanted.output.format {
        TextFormat::Text => story.text(&program.style(false)),
        TextFormat::Json => story.document(Format::Json).map_err(Failure::blind)?,
        TextFormat::Yaml => story.document(Format::Yaml).map_err(Failure::blind)?,
    };
    print(&text).map(|()| ExitStatus::Good)
}
