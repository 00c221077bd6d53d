//! The stage of a Challenge that was let start.

use chrono::TimeDelta;

use super::stage::{Phase, Since, Stage};
use crate::model::Model;
use crate::model::challenge::{Challenge, ChallengeType};
use crate::model::meta::Object as _;
use crate::model::order::AcmeState;

/// Where a Challenge stands that was let start.
pub(super) fn stage(model: &Model, challenge: &Challenge) -> Option<Stage> {
    let meta = &challenge.meta;
    let noted = |reason| model.events.last_with_reason(meta.uid, reason);
    if let Some(asked) = meta.deleted {
        return Stage::new(Phase::CleaningUp, Some(Since::exactly(asked)), challenge.key(), "its finalizer");
    }
    let started = Since::of(noted("Started"), meta.created);
    if matches!(challenge.state, AcmeState::Processing | AcmeState::Ready) {
        let since = Since::of(None, challenge.presented_at.or_else(|| noted("Presented")).or(meta.created));
        return Stage::new(Phase::Validating, since, challenge.key(), "the authority's own check");
    }
    if challenge.presented {
        let since = Since::of(challenge.presented_at.or_else(|| noted("Presented")), started.map(|since| since.at));
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
