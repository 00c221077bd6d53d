//! [`Begun`]: actions that were agreed to and are not through.

use crate::action::Action;
use crate::action::plan::Plan;
use crate::model::id::ObjectKey;

/// Actions that were agreed to and are being done.
#[derive(Debug)]
pub(in crate::app) struct Begun {
    action: Action,
    /// The first object, and how many there are.
    object: ObjectKey,
    count: usize,
    done: usize,
}

impl Begun {
    pub(in crate::app) fn of(plans: &[Plan]) -> Option<Self> {
        let first = plans.first()?;
        Some(Self { action: first.action, object: first.object.clone(), count: plans.len(), done: 0 })
    }

    /// One of them was done, or cannot be.
    pub(in crate::app) fn one_more(&mut self) {
        self.done += 1;
    }

    /// In words: of many, that the end leaves some out.
    pub(in crate::app) fn text(&self) -> String {
        match self.count {
            1 => format!("{} {}", self.action, self.object.name),
            count => format!("{} {} of {count}, the rest not", self.action, (self.done + 1).min(count)),
        }
    }
}
