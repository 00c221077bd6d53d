//! `cmtop timeline`: how a Certificate was issued, and everything that happened to it.

use crate::cli;
use crate::report::exit::ExitStatus;
use crate::report::timeline::Story;
use crate::runtime::failure::Failure;
use crate::runtime::print::{print, told};
use crate::runtime::program::Program;
use crate::runtime::source::scene::Scene;
use crate::triage::timeline::timeline;

/// Tells the story of one Certificate.
pub async fn timeline_of(program: &Program, wanted: &cli::Timeline) -> Result<ExitStatus, Failure> {
    let scene = Scene::of(program).await?;
    let pick = scene.pick(program, std::slice::from_ref(&wanted.name));
    let chosen = pick.choose(&scene.model).map_err(Failure::missing)?;
    let known = chosen.first().and_then(|id| timeline(&scene.model, *id));
    let gone = || Failure::absent(format!("there is no Certificate `{}`", wanted.name));
    let story = Story { at: scene.now, cluster: scene.origin, timeline: known.ok_or_else(gone)? };
    let text = told(wanted.output.format.document(), || story.text(&program.style()), |format| story.document(format))?;
    print(&text).map(|()| ExitStatus::Good)
}
