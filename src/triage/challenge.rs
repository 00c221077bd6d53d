//! The stage of one Challenge.

use chrono::TimeDelta;

use super::queue;
use super::running;
use super::stage::{Phase, Since, Stage, TWIN};
use crate::model::Model;
use crate::model::challenge::Challenge;
use crate::model::meta::Object as _;
use crate::model::order::AcmeState;

/// How long a Challenge may wait once it is its turn: the scheduler looks once a second.
pub(super) const TURN: TimeDelta = TimeDelta::seconds(30);

/// Where a Challenge that is not final stands.
pub(super) fn stage(model: &Model, challenge: &Challenge) -> Option<Stage> {
    let runs = challenge.has_begun() || challenge.meta.deleted.is_some();
    let checked = matches!(challenge.state, AcmeState::Processing | AcmeState::Ready);
    if runs || checked { running::stage(model, challenge) } else { queued(model, challenge) }
}

fn queued(model: &Model, challenge: &Challenge) -> Option<Stage> {
    let meta = &challenge.meta;
    // Its turn comes when the twin of its own Order (a wildcard and its apex) is done.
    let twins = model.proofs_of(&challenge.dns_name, challenge.challenge_type);
    let own = twins.filter(|twin| twin.meta.owner == meta.owner && twin.meta.uid != meta.uid);
    let freed = own.filter_map(|twin| model.events.last_about(twin.meta.uid)).max();
    let mut stage =
        Stage::new(Phase::Queued, Since::of(meta.created.max(freed), None), challenge.key(), "its turn: processing")?;
    if let Some(twin) = queue::twin_at_work(model, challenge) {
        stage.waits_for = TWIN;
        stage.patience = Some(queue::ends(model, twin).map_or(TURN, |end| TURN.max(end - stage.since)));
    } else if let Some(until) = queue::moves_until(model, challenge) {
        stage.waits_for = "those ahead of it in the queue";
        stage.patience = Some(TURN.max(until - stage.since));
    }
    Some(stage)
}
