//! How cert-manager is set up in a story.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The settings of the simulated cert-manager; a story can change them while it runs.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// Seconds to wait after the first failed issuance; every failure doubles it.
    pub minimum_backoff: u32,
    /// The longest wait after a failure, in seconds.
    pub maximum_backoff: u32,
    /// Challenges that may be worked on at the same time.
    pub max_concurrent_challenges: usize,
    /// Whether cert-manager's own approver runs.
    pub approver: bool,
    /// Whether the controller runs at all.
    pub controller: bool,
    /// Seconds between two self checks of a challenge.
    pub check_period: u32,
    /// Seconds that a DNS-01 challenge sleeps after its self check has passed.
    pub dns01_sleep: u32,
    /// Namespaces that this cert-manager leaves to another one.
    pub unwatched: Vec<String>,
    /// `namespace/name` of the controller's Pod, whose log the controllers write.
    pub controller_pod: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            minimum_backoff: 3600,
            maximum_backoff: 32 * 3600,
            max_concurrent_challenges: 60,
            approver: true,
            controller: true,
            check_period: 10,
            dns01_sleep: 60,
            unwatched: Vec::new(),
            controller_pod: "cert-manager/cert-manager-6f9c7d5b8-x2kqp".to_owned(),
        }
    }
}

impl Settings {
    /// Takes over what a story changes; what it does not name stays, and so does everything if it makes no sense.
    pub(crate) fn merge(&mut self, changes: &Value) {
        let mut merged = json!(self);
        json_patch::merge(&mut merged, changes);
        if let Ok(settings) = serde_json::from_value(merged) {
            *self = settings;
        }
    }

    /// Whether an object lives where this cert-manager does not look.
    pub(crate) fn is_unwatched(&self, key: &str) -> bool {
        key.split_once('/').is_some_and(|(namespace, _)| self.unwatched.iter().any(|known| known == namespace))
    }
}
