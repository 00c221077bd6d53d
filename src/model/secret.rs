//! [`Secret`]: that it exists, and whose it is. Never what is in it.

use super::kind::Kind;
use super::meta::{Meta, object};
use super::symbol::Symbol;

/// A Secret, from its metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct Secret {
    /// What every object has.
    pub meta: Meta,
    /// `cert-manager.io/certificate-name`: whose certificate is in it.
    pub certificate_name: Option<Symbol>,
    /// `cert-manager.io/issuer-name`: who signed it.
    pub issuer_name: Option<Symbol>,
    /// Whether it holds the key of an issuance in flight.
    pub next_private_key: bool,
}

object!(Secret, Kind::Secret);
