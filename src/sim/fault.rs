//! What can be made to go wrong with the simulated API server.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::dice::Dice;

/// A rule: which requests go wrong, how often, and in which way.
#[derive(Clone, Debug)]
pub struct Fault {
    effect: Effect,
    verb: Option<String>,
    resource: Option<String>,
    namespace: Option<String>,
    probability: f64,
    times: Option<u32>,
}

/// One way for a request to go wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The request is refused with a `Status`.
    Refuse {
        /// The HTTP status: 429, 500, 503 …
        code: u16,
        /// The reason in the `Status`: `TooManyRequests`.
        reason: String,
        /// Seconds for a `Retry-After` header.
        retry_after: Option<u32>,
    },
    /// The answer comes late.
    Delay(Duration),
    /// The connection breaks in the middle of a line, after this many whole events.
    Cut {
        /// Events that still arrive whole.
        events: usize,
    },
    /// The connection breaks after this many bytes.
    CutBytes(usize),
    /// After this many events nothing more is sent, and the connection stays open.
    Silence {
        /// Events that still arrive.
        events: usize,
    },
    /// The stream ends properly after this many events; with 0, at once.
    End {
        /// Events that still arrive.
        events: usize,
    },
    /// Bookmarks name a version this much newer (a lie) or older (stale) than the truth.
    Bookmark(i64),
    /// Every event arrives twice.
    Duplicate,
    /// Neighbouring events about different objects change places.
    Reorder,
    /// The log is thrown away first: a watch from a version of before gets a 410, a `continue` of before too.
    Compact,
    /// The server does not know streaming lists and refuses them with 422.
    NoStreamingLists,
    /// The `Date` header is this many seconds ahead of the cluster's clock.
    ClockOffset(i64),
}

impl Fault {
    /// A fault that hits every request, until it is narrowed.
    pub fn new(effect: Effect) -> Self {
        Self { effect, verb: None, resource: None, namespace: None, probability: 1.0, times: None }
    }

    /// A refusal with this status and reason.
    pub fn refuse(code: u16, reason: &str) -> Self {
        Self::new(Effect::Refuse { code, reason: reason.to_owned(), retry_after: None })
    }

    /// "Too many requests", to be tried again after so many seconds.
    pub fn throttle(seconds: u32) -> Self {
        Self::new(Effect::Refuse { code: 429, reason: "TooManyRequests".to_owned(), retry_after: Some(seconds) })
    }

    /// The credentials are not accepted.
    pub fn unauthorized() -> Self {
        Self::refuse(401, "Unauthorized")
    }

    /// The user may not do this.
    pub fn forbidden() -> Self {
        Self::refuse(403, "Forbidden")
    }

    /// Only requests with this verb: `list`, `watch`, `get`, `create`, `update`, `patch`, `delete`.
    #[must_use]
    pub fn verb(mut self, verb: &str) -> Self {
        self.verb = Some(verb.to_owned());
        self
    }

    /// Only requests for this resource: `certificates`.
    #[must_use]
    pub fn resource(mut self, plural: &str) -> Self {
        self.resource = Some(plural.to_owned());
        self
    }

    /// Only requests in this namespace.
    #[must_use]
    pub fn namespace(mut self, namespace: &str) -> Self {
        self.namespace = Some(namespace.to_owned());
        self
    }

    /// Only so often, between 0 and 1.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Only so many times.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    fn concerns(&self, verb: &str, resource: &str, namespace: &str) -> bool {
        let fits = |wanted: &Option<String>, actual: &str| wanted.as_deref().is_none_or(|wanted| wanted == actual);
        fits(&self.verb, verb) && fits(&self.resource, resource) && fits(&self.namespace, namespace)
    }
}

/// The rules in force, shared by every clone.
#[derive(Clone, Debug)]
pub struct Faults(Arc<Mutex<Rules>>);

#[derive(Debug)]
struct Rules {
    next: u64,
    in_force: Vec<(u64, Fault)>,
    dice: Dice,
}

/// The name of a rule, to take it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultId(u64);

impl Faults {
    pub(super) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Rules { next: 0, in_force: Vec::new(), dice: Dice::new(seed) })))
    }

    /// Puts a rule in force.
    pub fn add(&self, fault: Fault) -> FaultId {
        let mut rules = self.rules();
        rules.next += 1;
        let id = rules.next;
        rules.in_force.push((id, fault));
        FaultId(id)
    }

    /// Takes a rule back.
    pub fn remove(&self, id: FaultId) {
        self.rules().in_force.retain(|(known, _)| *known != id.0);
    }

    /// Takes every rule back.
    pub fn clear(&self) {
        self.rules().in_force.clear();
    }

    /// Starts the chance of all rules over, from a seed.
    pub fn seed(&self, seed: u64) {
        self.rules().dice = Dice::new(seed);
    }

    /// The effects that hit a request.
    pub(super) fn hit(&self, verb: &str, resource: &str, namespace: &str) -> Vec<Effect> {
        let mut guard = self.rules();
        let Rules { in_force, dice, .. } = &mut *guard;
        let mut effects = Vec::new();
        for (_, fault) in in_force.iter_mut().filter(|(_, fault)| fault.concerns(verb, resource, namespace)) {
            if fault.times == Some(0) || !dice.chance(fault.probability) {
                continue;
            }
            fault.times = fault.times.map(|times| times - 1);
            effects.push(fault.effect.clone());
        }
        effects
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_hits_what_it_concerns_as_often_as_it_says() {
        let faults = Faults::new(1);
        faults.add(Fault::throttle(1).verb("list").resource("certificates").times(2));
        assert!(faults.hit("list", "secrets", "").is_empty());
        assert_eq!(faults.hit("list", "certificates", "").len(), 1);
        assert_eq!(faults.hit("list", "certificates", "shop").len(), 1);
        assert!(faults.hit("list", "certificates", "").is_empty());
    }

    #[test]
    fn chance_follows_the_seed() {
        let throws = |seed| {
            let faults = Faults::new(seed);
            faults.add(Fault::forbidden().probability(0.5));
            (0..64).map(|_| faults.hit("get", "pods", "").len()).collect::<Vec<_>>()
        };
        assert_eq!(throws(3), throws(3));
        assert_ne!(throws(3), throws(4));
    }
}
