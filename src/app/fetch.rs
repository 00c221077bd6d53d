//! [`Fetch`]: what is read on demand because a person opened a page about it, and what came.

use crate::model::id::ObjectKey;
use crate::model::meta::Time;
use crate::x509::material::Material;

/// What of an object is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The certificate that belongs to it.
    X509,
    /// The same, and whether it was revoked: the list that it names is asked for, wherever that is.
    Revocation,
    /// The whole of it, as YAML.
    Yaml,
    /// What it was over time, as far as that was seen.
    Versions,
}

/// A wish to read an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// What of it.
    pub wanted: Wanted,
    /// Which one.
    pub object: ObjectKey,
    /// As it was when; a cluster only knows now.
    pub at: Time,
}

/// What came, or why nothing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// What was read about a certificate.
    X509(ObjectKey, Result<Box<Material>, String>),
    /// An object as YAML, without what nobody should see.
    Yaml(ObjectKey, Result<String, String>),
    /// What an object was over time, without what nobody should see.
    Versions(ObjectKey, Result<Versions, String>),
}

/// An object as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// When it was seen first.
    pub at: Time,
    /// The object as YAML.
    pub yaml: String,
}

/// The versions of an object that were seen, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    /// The versions.
    pub seen: Vec<Version>,
    /// Since when one looks.
    pub since: Time,
    /// Whether nothing is missing before the first one.
    pub whole: bool,
}

impl Versions {
    /// Those that were seen until a moment.
    pub(in crate::app) fn until(&self, moment: Time) -> &[Version] {
        let end = self.seen.iter().rposition(|version| version.at <= moment).map_or(0, |last| last + 1);
        self.seen.get(..end).unwrap_or_default()
    }
}
