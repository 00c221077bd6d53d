//! Which actions are allowed where the person is.

use std::collections::BTreeMap;

use super::Acting;
use crate::action::Action;
use crate::action::errand::Errand;
use crate::app::App;
use crate::app::effect::Effect;
use crate::limits;

impl Acting {
    /// Notes which rights are missing in a place. Of too many places one is forgotten, and asked for again when the
    /// person comes there.
    pub(in crate::app) fn note_rights(&mut self, place: String, missing: BTreeMap<Action, String>) {
        if self.rights.len() >= limits::ACTIONS && !self.rights.contains_key(&place) {
            // The empty one is about all of them.
            let other = self.rights.keys().find(|known| !known.is_empty()).cloned();
            other.and_then(|other| self.rights.remove(&other));
        }
        self.rights.insert(place, missing);
    }
}

impl App {
    /// The right that is missing for an action where the person is; `None` when it is allowed, or nobody knows.
    pub fn missing_right(&self, action: Action) -> Option<&str> {
        let everywhere = self.acting.rights.get("")?.get(&action)?;
        let namespace = self.selected_object().map(|key| key.namespace.to_string())?;
        match self.acting.rights.get(&namespace) {
            Some(here) => here.get(&action).map(String::as_str),
            None if namespace.is_empty() => Some(everywhere),
            None => None,
        }
    }

    /// Asks what is allowed here, once for each namespace, where not everything is allowed everywhere.
    pub(in crate::app) fn ask_rights(&mut self) -> Option<Effect> {
        let limited = self.acting.rights.get("").is_some_and(|missing| !missing.is_empty());
        let namespace = self.selected_object().filter(|_| limited)?.namespace.to_string();
        if namespace.is_empty() || self.acting.rights.contains_key(&namespace) {
            return None;
        }
        // Asked once: until the answer comes nothing is known to be missing.
        self.acting.note_rights(namespace.clone(), BTreeMap::new());
        Some(Effect::Action(Errand::Rights(namespace)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_known_of_the_last_place_however_many_there_were() {
        let mut acting = Acting::default();
        let missing = BTreeMap::from([(Action::Renew, "patch certificates".to_owned())]);
        for place in [String::new()].into_iter().chain((0..limits::ACTIONS * 2).map(|n| n.to_string())) {
            acting.note_rights(place.clone(), BTreeMap::new());
            acting.note_rights(place.clone(), missing.clone());
            assert_eq!(acting.rights.get(&place), Some(&missing), "{place}");
        }
        assert_eq!(acting.rights.len(), limits::ACTIONS);
        assert!(acting.rights.contains_key(""), "what holds everywhere is never forgotten");
    }
}
