//! [`Queue`]: the Challenges that run and those that wait, as cert-manager's scheduler sees them.

use std::collections::HashMap;

use crate::model::Model;
use crate::model::challenge::Challenge;
use crate::model::id::Uid;

/// Challenges that run at a time, where the controller's flags do not say.
const SLOTS: usize = 60;

/// The scheduler's queue: one for the whole cluster, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// How many may run.
    pub slots: usize,
    /// How many run.
    pub taken: usize,
    waiting: HashMap<Uid, usize>,
}

impl Queue {
    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The place of a Challenge that waits; the next one has place 1.
    pub fn position(&self, challenge: Uid) -> Option<usize> {
        self.waiting.get(&challenge).copied()
    }
}

/// The queue now.
pub fn queue(model: &Model) -> Queue {
    let args = model.controller().map(|controller| &*controller.args).unwrap_or_default();
    let flag = args.iter().find_map(|arg| arg.strip_prefix("--max-concurrent-challenges=")?.parse().ok());
    let all = || model.challenges.iter().map(|(_, challenge)| challenge);
    let mut waiting: Vec<&Challenge> =
        all().filter(|c| !c.processing && !c.state.is_final() && c.meta.deleted.is_none()).collect();
    waiting.sort_by_key(|challenge| (challenge.meta.created, challenge.meta.uid));
    Queue {
        slots: flag.unwrap_or(SLOTS),
        taken: all().filter(|challenge| challenge.processing).count(),
        waiting: waiting.iter().zip(1..).map(|(challenge, place)| (challenge.meta.uid, place)).collect(),
    }
}

/// Another Challenge for the same name and type that runs, anywhere in the cluster: cert-manager never runs two.
pub fn twin_at_work<'m>(model: &'m Model, challenge: &Challenge) -> Option<&'m Challenge> {
    let twins = model.proofs_of(&challenge.dns_name, challenge.challenge_type);
    twins
        .filter(|other| other.processing && other.meta.uid != challenge.meta.uid)
        .min_by_key(|other| (other.meta.created, other.meta.uid))
}
