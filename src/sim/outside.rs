//! The world outside the cluster: what the ACME server, the name servers and the web answer, name by name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What happens with one name, or with all names under a zone.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Behaviour {
    /// The error of the self check; none when it passes.
    pub self_check: Option<String>,
    /// Seconds from presenting a challenge until its self check passes.
    pub after: u32,
    /// The error with which the ACME server refuses an order.
    pub order: Option<String>,
    /// The error with which the ACME server ends the authorization.
    pub authorization: Option<String>,
    /// The error of the provider when a challenge is presented.
    pub present: Option<String>,
    /// The error of the provider when a challenge is cleaned up.
    pub cleanup: Option<String>,
}

/// Everything outside: behaviours by name or by zone (`.example.com`), and the TXT records that solvers made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outside {
    behaviours: BTreeMap<String, Behaviour>,
    records: BTreeMap<String, Vec<String>>,
}

impl Outside {
    /// Changes what happens with a name.
    pub(crate) fn set(&mut self, name: &str, behaviour: Behaviour) {
        self.behaviours.insert(name.to_owned(), behaviour);
    }

    /// What happens with a name: its own behaviour, else that of the nearest zone above it, else all goes well.
    pub(crate) fn of(&self, name: &str) -> Behaviour {
        let name = name.trim_start_matches("*.");
        if let Some(own) = self.behaviours.get(name) {
            return own.clone();
        }
        let mut zones = name.match_indices('.').map(|(dot, _)| &name[dot..]);
        zones.find_map(|zone| self.behaviours.get(zone)).cloned().unwrap_or_default()
    }

    /// Makes a TXT record.
    pub(crate) fn publish(&mut self, name: &str, value: &str) {
        let values = self.records.entry(name.to_owned()).or_default();
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }

    /// Takes a TXT record away.
    pub(crate) fn withdraw(&mut self, name: &str, value: &str) {
        if let Some(values) = self.records.get_mut(name) {
            values.retain(|known| known != value);
        }
        self.records.retain(|_, values| !values.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_behaviour_wins() {
        let with = |after| Behaviour { after, ..Behaviour::default() };
        let mut outside = Outside::default();
        outside.set(".example.com", with(1));
        outside.set(".shop.example.com", with(2));
        outside.set("www.shop.example.com", with(3));
        assert_eq!(outside.of("www.shop.example.com").after, 3);
        assert_eq!(outside.of("*.shop.example.com").after, 1);
        assert_eq!(outside.of("api.shop.example.com").after, 2);
        assert_eq!(outside.of("elsewhere.test").after, 0);
    }
}
