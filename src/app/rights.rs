//! Which actions are allowed where the person is.

use std::collections::BTreeMap;

use super::App;
use super::effect::Effect;
use crate::action::Action;
use crate::action::errand::Errand;

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
    pub(super) fn ask_rights(&mut self) -> Option<Effect> {
        let limited = self.acting.rights.get("").is_some_and(|missing| !missing.is_empty());
        let namespace = self.selected_object().filter(|_| limited)?.namespace.to_string();
        if namespace.is_empty() || self.acting.rights.contains_key(&namespace) {
            return None;
        }
        // Asked once: until the answer comes nothing is known to be missing.
        self.acting.rights.insert(namespace.clone(), BTreeMap::new());
        Some(Effect::Action(Errand::Rights(namespace)))
    }
}
