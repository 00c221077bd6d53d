//! [`Anomaly`]: an object that is not as the API says it should be. Counted and shown, never an error.

use super::id::ObjectKey;
use crate::limits;

/// One oddity of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// The object, as far as it says who it is.
    pub object: Option<ObjectKey>,
    /// What is odd: `spec.dnsNames is not what it should be`.
    pub what: Box<str>,
}

/// The oddities that were met.
#[derive(Debug, Clone, Default)]
pub struct Anomalies {
    kept: Vec<Anomaly>,
    total: usize,
}

impl Anomalies {
    pub(super) fn add(&mut self, anomaly: Anomaly) {
        self.total += 1;
        if self.kept.len() < limits::ANOMALIES {
            self.kept.push(anomaly);
        }
    }

    /// The first ones, word for word.
    pub fn kept(&self) -> &[Anomaly] {
        &self.kept
    }

    /// How many there were.
    pub const fn total(&self) -> usize {
        self.total
    }
}
