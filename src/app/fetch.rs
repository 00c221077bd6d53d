//! [`Fetch`]: what is read on demand because a person opened a page about it, and what came.

use super::page::versions::Versions;
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
