//! The queue of cert-manager's scheduler: one for the whole cluster, the oldest Challenge first.

use super::running;
use crate::model::Model;
use crate::model::challenge::Challenge;
use crate::model::id::Uid;
use crate::model::meta::Time;

/// Challenges that run at a time, where the controller's flags do not say.
const SLOTS: usize = 60;

/// Running Challenges that are looked at to see whether the queue moves: the youngest, which have their time before
/// them. There are more only where somebody raised the number of slots.
const LOOKED_AT: usize = 64;

/// How many Challenges may run at a time.
pub fn slots(model: &Model) -> usize {
    let args = model.controller().map(|controller| &*controller.args).unwrap_or_default();
    args.iter().find_map(|arg| arg.strip_prefix("--max-concurrent-challenges=")?.parse().ok()).unwrap_or(SLOTS)
}

/// The place of a Challenge that waits; the next one has place 1.
pub fn position(model: &Model, challenge: Uid) -> Option<usize> {
    model.waiting_challenges().zip(1..).find(|(waiting, _)| waiting.meta.uid == challenge).map(|(_, place)| place)
}

/// Until when the queue ahead of a Challenge is taken to move: as long as one that runs is within its patience. `None`
/// when it is its turn, so that nothing has to move first.
pub(super) fn moves_until(model: &Model, challenge: &Challenge) -> Option<Time> {
    let free = slots(model).saturating_sub(model.challenges_running());
    let its_turn = model.waiting_challenges().take(free).any(|waiting| waiting.meta.uid == challenge.meta.uid);
    if its_turn {
        return None;
    }
    model.running_challenges().rev().take(LOOKED_AT).filter_map(|running| ends(model, running)).max()
}

/// Until when a Challenge that runs is within its patience: longer, and it makes room for nobody by itself.
pub(super) fn ends(model: &Model, running: &Challenge) -> Option<Time> {
    let stage = running::stage(model, running)?;
    stage.since.checked_add_signed(stage.patience?)
}

/// Another Challenge for the same name and type that runs, anywhere in the cluster: cert-manager never runs two.
pub fn twin_at_work<'m>(model: &'m Model, challenge: &Challenge) -> Option<&'m Challenge> {
    let twins = model.proofs_of(&challenge.dns_name, challenge.challenge_type);
    twins
        .filter(|other| other.processing && other.meta.uid != challenge.meta.uid)
        .min_by_key(|other| (other.meta.created, other.meta.uid))
}
