//! The words of cert-manager's API that mean something to cmtop: annotations, labels, conditions.

use std::borrow::Cow;

use super::lenient::{Lenient, Wanted};
use crate::limits;

/// Annotations, those that mean something to cmtop and those that a person may want to see.
/// `last-applied-configuration` is not among them: it can hold a key.
#[derive(Debug, Clone, Copy, Default)]
pub struct Annotations;

/// `cert-manager.io/certificate-name`
pub const CERTIFICATE_NAME: &str = "cert-manager.io/certificate-name";
/// `cert-manager.io/certificate-revision`
pub const CERTIFICATE_REVISION: &str = "cert-manager.io/certificate-revision";
/// `cert-manager.io/issuer-name`
pub const ISSUER_NAME: &str = "cert-manager.io/issuer-name";
/// `cert-manager.io/next-private-key`
pub const NEXT_PRIVATE_KEY: &str = "cert-manager.io/next-private-key";

/// What kubectl notes: the whole object, as it was applied.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

impl Wanted for Annotations {
    type Key = Cow<'static, str>;

    fn key(key: &str) -> Option<Cow<'static, str>> {
        let known = [CERTIFICATE_NAME, CERTIFICATE_REVISION, ISSUER_NAME].into_iter().find(|known| *known == key);
        known.map(Cow::Borrowed).or_else(|| (key != LAST_APPLIED).then(|| Cow::Owned(key.to_owned())))
    }

    fn value(mut value: Box<str>) -> Box<str> {
        // A name that means something is shorter; anything may stand in the others.
        if value.len() > limits::ANNOTATION {
            value = value[..value.floor_char_boundary(limits::ANNOTATION)].into();
        }
        value
    }
}

/// All labels are kept: people filter by them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Labels;

impl Wanted for Labels {
    type Key = Box<str>;

    fn key(key: &str) -> Option<Box<str>> {
        Some(key.into())
    }
}

/// The conditions that mean something to cmtop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionType {
    /// `Ready`.
    Ready,
    /// `Issuing`, of a Certificate.
    Issuing,
    /// `Approved`, of a request.
    Approved,
    /// `Denied`, of a request.
    Denied,
    /// `InvalidRequest`, of a request.
    InvalidRequest,
    /// `Accepted`, of a route.
    Accepted,
    /// Any other.
    Other,
}

impl Lenient for ConditionType {
    fn text(text: &str) -> Option<Self> {
        Some(match text {
            "Ready" => Self::Ready,
            "Issuing" => Self::Issuing,
            "Approved" => Self::Approved,
            "Denied" => Self::Denied,
            "InvalidRequest" => Self::InvalidRequest,
            "Accepted" => Self::Accepted,
            _ => Self::Other,
        })
    }
}
