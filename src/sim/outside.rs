//! The world outside the cluster: what the ACME server, the name servers and the web answer, name by name.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::x509::{Pair, pair};

/// What happens with one name, or with all names under a zone.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Behaviour {
    /// The error of the self check; none when it passes.
    pub self_check: Option<String>,
    /// Seconds from presenting a challenge until its self check passes.
    pub after: u32,
    /// Whether the cluster's resolver is told of another zone of this name than everybody else: it never sees the
    /// records that solvers make.
    pub split: bool,
    /// The error with which the ACME server refuses an order.
    pub order: Option<String>,
    /// The error with which the ACME server ends the authorization.
    pub authorization: Option<String>,
    /// The error of the provider when a challenge is presented.
    pub present: Option<String>,
    /// The error of the provider when a challenge is cleaned up.
    pub cleanup: Option<String>,
    /// Whether the name has a second address, behind which a program goes on serving the certificate of the day before.
    pub stale: bool,
    /// Whether the ACME server hands the certificate out alone, without the one that signed it.
    pub alone: bool,
}

/// Everything outside, shared by every clone: behaviours by name or by zone (`.example.com`), and the TXT records that
/// solvers made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outside(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    behaviours: BTreeMap<String, Behaviour>,
    /// Values, and when each was made.
    records: BTreeMap<String, Vec<(String, DateTime<Utc>)>>,
    /// What was served before the last renewal, of names that are stale.
    before: BTreeMap<String, Pair>,
}

impl Outside {
    /// Changes what happens with a name.
    pub(crate) fn set(&self, name: &str, behaviour: Behaviour) {
        self.known().behaviours.insert(name.to_owned(), behaviour);
    }

    /// What happens with a name: its own behaviour, else that of the nearest zone above it, else all goes well.
    pub(crate) fn of(&self, name: &str) -> Behaviour {
        let name = name.trim_start_matches("*.");
        let known = self.known();
        if let Some(own) = known.behaviours.get(name) {
            return own.clone();
        }
        let mut zones = name.match_indices('.').map(|(dot, _)| &name[dot..]);
        zones.find_map(|zone| known.behaviours.get(zone)).cloned().unwrap_or_default()
    }

    /// Makes a TXT record.
    pub(crate) fn publish(&self, name: &str, value: &str, now: DateTime<Utc>) {
        let mut known = self.known();
        let values = known.records.entry(name.to_owned()).or_default();
        if !values.iter().any(|(known, _)| known == value) {
            values.push((value.to_owned(), now));
        }
    }

    /// Takes a TXT record away.
    pub(crate) fn withdraw(&self, name: &str, value: &str) {
        let mut known = self.known();
        if let Some(values) = known.records.get_mut(name) {
            values.retain(|(known, _)| known != value);
        }
        known.records.retain(|_, values| !values.is_empty());
    }

    /// The TXT records of a name that are seen from somewhere by now: they take as long to get everywhere as the
    /// behaviour of the name says, and never get into a zone of the cluster's own.
    pub(crate) fn visible(&self, view: View, name: &str, now: DateTime<Utc>) -> Vec<String> {
        let behaviour = self.of(name.trim_start_matches(CHALLENGE));
        let after = match view {
            View::Cluster if behaviour.split => return Vec::new(),
            View::Cluster | View::Public => behaviour.after,
            // The first authority is written to, the second follows it.
            View::Authority(number) => behaviour.after / 2 * u32::from(number),
        };
        let there = |made: DateTime<Utc>| made + TimeDelta::seconds(i64::from(after)) <= now;
        let known = self.known();
        let values = known.records.get(name).into_iter().flatten();
        values.filter(|(_, made)| there(*made)).map(|(value, _)| value.clone()).collect()
    }

    /// Keeps what a Secret held before it is written again, for the names that are stale.
    pub(crate) fn supersede(&self, names: &[&str], secret: &Value) {
        for name in names.iter().filter(|name| self.of(name).stale) {
            if let Some(pair) = pair(secret) {
                self.known().before.insert((*name).to_owned(), pair);
            }
        }
    }

    /// What was served before the last renewal.
    pub(crate) fn before(&self, name: &str) -> Option<Pair> {
        self.known().before.get(name).cloned()
    }

    /// Whether a name in a zone, or all of them, is split.
    pub(crate) fn has_split(&self, zone: &str) -> bool {
        let within = |name: &str| name.trim_start_matches('.') == zone || name.ends_with(&format!(".{zone}"));
        self.known().behaviours.iter().any(|(name, behaviour)| behaviour.split && within(name))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// From where the world is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// The cluster's resolver.
    Cluster,
    /// A resolver of the world.
    Public,
    /// A server of the zone, by its number.
    Authority(u8),
}

/// What stands before a name where a DNS-01 challenge is answered.
pub(crate) const CHALLENGE: &str = "_acme-challenge.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_behaviour_wins() {
        let with = |after| Behaviour { after, ..Behaviour::default() };
        let outside = Outside::default();
        outside.set(".example.com", with(1));
        outside.set(".shop.example.com", with(2));
        outside.set("www.shop.example.com", with(3));
        assert_eq!(outside.of("www.shop.example.com").after, 3);
        assert_eq!(outside.of("*.shop.example.com").after, 1);
        assert_eq!(outside.of("api.shop.example.com").after, 2);
        assert_eq!(outside.of("elsewhere.test").after, 0);
    }

    #[test]
    fn records_take_their_time_and_never_get_into_a_split_zone() {
        let outside = Outside::default();
        outside.set("slow.test", Behaviour { after: 30, ..Behaviour::default() });
        outside.set("split.test", Behaviour { split: true, ..Behaviour::default() });
        let made: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().unwrap();
        for name in ["_acme-challenge.slow.test", "_acme-challenge.split.test"] {
            outside.publish(name, "key", made);
        }
        let seen = |name: &str, seconds| outside.visible(View::Cluster, name, made + TimeDelta::seconds(seconds)).len();
        assert_eq!((seen("_acme-challenge.slow.test", 29), seen("_acme-challenge.slow.test", 30)), (0, 1));
        assert_eq!(seen("_acme-challenge.split.test", 900), 0);
        let elsewhere =
            |view, name: &str, seconds| outside.visible(view, name, made + TimeDelta::seconds(seconds)).len();
        assert_eq!(elsewhere(View::Public, "_acme-challenge.split.test", 0), 1);
        assert_eq!(elsewhere(View::Authority(0), "_acme-challenge.slow.test", 0), 1);
        assert_eq!(elsewhere(View::Authority(1), "_acme-challenge.slow.test", 14), 0);
        assert_eq!(elsewhere(View::Authority(1), "_acme-challenge.slow.test", 15), 1);
        outside.withdraw("_acme-challenge.slow.test", "key");
        assert_eq!(seen("_acme-challenge.slow.test", 30), 0);
    }
}
