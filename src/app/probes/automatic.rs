//! [`Automatic`]: probes that nobody pressed a key for, of the selected Challenge that is stuck, where the settings say so.

use std::collections::VecDeque;

use chrono::TimeDelta;

use crate::app::App;
use crate::app::effect::Effect;
use crate::app::message::SourceKind;
use crate::limits;
use crate::model::id::ObjectKey;
use crate::model::meta::{Object as _, Time};
use crate::probe::target::Target;
use crate::triage::verdict::Verdict;

/// How long a Challenge stays selected before it is looked at: whoever walks through the rows leaves no traces.
const PATIENCE: TimeDelta = TimeDelta::seconds(3);

/// How long the same Challenge is left alone once somebody turned away from it.
const AGAIN: TimeDelta = TimeDelta::minutes(2);

/// Probes that nobody pressed a key for. A probe leaves traces in the logs of whom it asks: the default is not to.
#[derive(Debug, Default)]
pub struct Automatic {
    /// Whether the settings allow it.
    pub on: bool,
    /// The Challenge that is looked at now.
    pub(in crate::app) looking: Option<ObjectKey>,
    /// The Challenge that is selected, and when it is looked at.
    waiting: Option<(ObjectKey, Time)>,
    /// What was looked at last, and when that began.
    begun: VecDeque<(ObjectKey, Time)>,
}

impl Automatic {
    /// When a Challenge may be looked at, by the budget.
    fn allowed(&self, object: &ObjectKey, now: Time) -> Time {
        let same = self.begun.iter().rev().find(|(known, _)| known == object).map(|(_, at)| *at + AGAIN);
        let full = self.begun.len() >= limits::AUTOMATIC_PROBES;
        let crowd = self.begun.front().filter(|_| full).map(|(_, at)| *at + TimeDelta::minutes(1));
        same.into_iter().chain(crowd).fold(now, Time::max)
    }

    fn note(&mut self, object: ObjectKey, now: Time) {
        if self.begun.len() >= limits::AUTOMATIC_PROBES {
            self.begun.pop_front();
        }
        self.begun.push_back((object.clone(), now));
        (self.looking, self.waiting) = (Some(object), None);
    }
}

impl App {
    /// Looks after the selected Challenge where it is stuck and the settings allow it. Once a frame.
    pub fn attend(&mut self, now: Time) -> Vec<Effect> {
        let can_ask = self.session.as_ref().is_some_and(|session| session.source != SourceKind::Recording);
        if !self.probes.automatic.on || !can_ask || self.looks_back() {
            return Vec::new();
        }
        if self.probes.open.is_some() {
            // The person's own look took its place.
            (self.probes.automatic.looking, self.probes.automatic.waiting) = (None, None);
            return Vec::new();
        }
        let wanted = self.stuck();
        let mut effects = Vec::new();
        let key = wanted.as_ref().map(|target| target.object.clone());
        let automatic = &mut self.probes.automatic;
        if automatic.looking.is_some() {
            if automatic.looking == key {
                return Vec::new();
            }
            automatic.looking = None;
            effects.push(Effect::EndProbe);
        }
        let Some(target) = wanted else {
            automatic.waiting = None;
            return effects;
        };
        match &automatic.waiting {
            Some((known, at)) if *known == target.object && *at <= now => {
                automatic.note(target.object.clone(), now);
                self.probes.of = self.selected();
                effects.push(Effect::Probe(Box::new(target)));
            }
            Some((known, _)) if *known == target.object => {}
            _ => {
                let at = automatic.allowed(&target.object, now + PATIENCE);
                automatic.waiting = Some((target.object, at));
            }
        }
        effects
    }

    /// When a Challenge is looked at next.
    pub(in crate::app) fn attends_at(&self) -> Option<Time> {
        self.probes.automatic.waiting.as_ref().map(|(_, at)| *at)
    }

    /// The open Challenge of the selected Certificate, where that is stuck.
    fn stuck(&self) -> Option<Target> {
        let verdict = self.ledger.get(self.selected()?)?.verdict;
        let challenge = self.challenge().filter(|_| verdict == Verdict::Stuck)?;
        let open = challenge.processing && !challenge.state.is_final() && challenge.meta().deleted.is_none();
        open.then(|| Target::of(&self.model, challenge).ok())?
    }
}
