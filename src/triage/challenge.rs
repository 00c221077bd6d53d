//! The stage of one Challenge.

use chrono::TimeDelta;

use super::stage::{Phase, Stage, TWIN, exactly_or};
use crate::model::Model;
use crate::model::challenge::{Challenge, ChallengeType};
use crate::model::meta::Object as _;
use crate::model::order::AcmeState;

/// How long a Challenge may wait once it is its turn: the scheduler looks once a second.
pub(super) const TURN: TimeDelta = TimeDelta::seconds(30);

/// Where a Challenge that is not final stands.
pub(super) fn stage(model: &Model, challenge: &Challenge) -> Option<Stage> {
    let runs = challenge.has_begun() || challenge.meta.deleted.is_some();
    let checked = matches!(challenge.state, AcmeState::Processing | AcmeState::Ready);
    if runs || checked { at_work(model, challenge) } else { queued(model, challenge) }
}

/// Where a Challenge stands that was let start.
pub(super) fn at_work(model: &Model, challenge: &Challenge) -> Option<Stage> {
    let meta = &challenge.meta;
    let noted = |reason| model.events.last_with_reason(meta.uid, reason);
    if let Some(asked) = meta.deleted {
        return Stage::new(Phase::CleaningUp, Some((asked, false)), challenge.key(), "its finalizer");
    }
    let started = exactly_or(noted("Started"), meta.created);
    if matches!(challenge.state, AcmeState::Processing | AcmeState::Ready) {
        let since = exactly_or(None, challenge.presented_at.or_else(|| noted("Presented")).or(meta.created));
        return Stage::new(Phase::Validating, since, challenge.key(), "the authority's own check");
    }
    if challenge.presented {
        let since = exactly_or(challenge.presented_at.or_else(|| noted("Presented")), started.map(|(t, _)| t));
        let waits_for = match challenge.challenge_type {
            ChallengeType::Http01 => "the self check to see the file (every 10 s)",
            ChallengeType::Dns01 => "the self check to see the TXT record (every 10 s)",
        };
        let mut stage = Stage::new(Phase::Propagating, since, challenge.key(), waits_for)?;
        stage.patience = Some(match challenge.challenge_type {
            ChallengeType::Http01 => TimeDelta::minutes(3),
            ChallengeType::Dns01 => TimeDelta::minutes(10),
        });
        return Some(stage);
    }
    let mut stage = Stage::new(Phase::Presenting, started, challenge.key(), "the solver: presented")?;
    let trouble = !challenge.reason.as_str().is_empty() || noted("PresentError").is_some();
    stage.patience = Some(TimeDelta::minutes(if trouble { 1 } else { 3 }));
    Some(stage)
}

fn queued(model: &Model, challenge: &Challenge) -> Option<Stage> {
    let meta = &challenge.meta;
    // Its turn comes when the twin of its own Order (a wildcard and its apex) is done.
    let twins = model.proofs_of(&challenge.dns_name, challenge.challenge_type);
    let own = twins.filter(|twin| twin.meta.owner == meta.owner && twin.meta.uid != meta.uid);
    let freed = own.filter_map(|twin| model.events.last_about(twin.meta.uid)).max();
    let mut stage =
        Stage::new(Phase::Queued, exactly_or(meta.created.max(freed), None), challenge.key(), "its turn: processing")?;
    if let Some(twin) = super::queue::twin_at_work(model, challenge) {
        stage.waits_for = TWIN;
        stage.patience = Some(super::queue::ends(model, twin).map_or(TURN, |end| TURN.max(end - stage.since)));
    } else if let Some(until) = super::queue::moves_until(model, challenge) {
        stage.waits_for = "those ahead of it in the queue";
        stage.patience = Some(TURN.max(until - stage.since));
    }
    Some(stage)
}
