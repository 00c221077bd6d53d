//! [`SolverConfig`]: for which names a solver is, and the settings that explain its failures.

use super::certificate::Names;
use super::meta::Labels;
use super::symbol::Symbol;

/// A solver of an issuer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SolverConfig {
    /// Whether it proves names by DNS-01.
    pub dns01: bool,
    /// `selector.dnsNames`.
    pub names: Names,
    /// `selector.dnsZones`.
    pub zones: Names,
    /// `selector.matchLabels`.
    pub labels: Labels,
    /// Its settings.
    pub settings: Settings,
}

/// Settings of a solver, by the names of the manifest: `region`, `role`, `hostedZoneID`, `ingressClassName` …
/// Of credentials, only that they are there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings(Box<[(&'static str, Symbol)]>);

impl Settings {
    /// From pairs.
    pub fn of(pairs: impl IntoIterator<Item = (&'static str, Symbol)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// A setting, when it is set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// All that are set.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}
