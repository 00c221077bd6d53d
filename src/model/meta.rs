//! [`Meta`]: what every object has, and [`Object`]: what every row can tell.

use chrono::{DateTime, Utc};

use super::id::{ObjectKey, Uid};
use super::kind::Kind;
use super::symbol::Symbol;

/// A moment. Always absolute: the model holds no ages.
pub type Time = DateTime<Utc>;

/// A resourceVersion. Kubernetes promises that they can be compared as numbers; any other text is only equal to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Version(u64);

/// Set on versions that are no number.
const OPAQUE: u64 = 1 << 63;

impl Version {
    /// Reads a resourceVersion.
    pub fn parse(text: &str) -> Self {
        match text.parse::<u64>() {
            Ok(number) if number < OPAQUE => Self(number),
            _ if text.is_empty() => Self(0),
            _ => Self(
                OPAQUE
                    | text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)),
            ),
        }
    }

    /// Whether both name the same state of an object. A version that was not given is none: nothing can be said of it.
    pub fn is_same_as(self, other: Self) -> bool {
        self == other && self != Self::default()
    }

    /// Whether both are numbers and this one is smaller.
    pub fn is_older_than(self, other: Self) -> bool {
        (self.0 | other.0) & OPAQUE == 0 && self.0 < other.0
    }
}

/// What every Kubernetes object has.
#[derive(Debug, Clone, PartialEq)]
pub struct Meta {
    /// Its uid.
    pub uid: Uid,
    /// The uid of its controller owner.
    pub owner: Option<Uid>,
    /// Its namespace, empty when cluster-scoped.
    pub namespace: Symbol,
    /// Its name.
    pub name: Box<str>,
    /// Its labels.
    pub labels: Labels,
    /// The version that was read.
    pub version: Version,
    /// When it was created.
    pub created: Option<Time>,
    /// When its deletion was asked for: it lives on until its finalizers are done.
    pub deleted: Option<Time>,
}

/// What stands before an annotation among labels.
pub const ANNOTATION: &str = "@";

/// Labels of an object, and those of its annotations that somebody wants to see; stored once for all objects that have
/// the same ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels(Option<Symbol>);

impl Labels {
    /// From `key=value` pairs joined by line feeds, sorted by key, and the same of annotations, each after an `@`.
    pub fn of(joined: Option<Symbol>) -> Self {
        Self(joined.filter(|j| !j.is_empty()))
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|joined| joined.as_str().split('\n')).filter_map(|pair| pair.split_once('='))
    }

    /// The labels, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs().filter(|(key, _)| !key.starts_with(ANNOTATION))
    }

    /// The value of an annotation, where it is kept.
    pub fn annotation(&self, wanted: &str) -> Option<&str> {
        self.pairs().find_map(|(key, value)| (key.strip_prefix(ANNOTATION)? == wanted).then_some(value))
    }

    /// The value of a label.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter().find_map(|(k, v)| (k == key).then_some(v))
    }
}

/// A row of the model.
pub trait Object {
    /// What every object has.
    fn meta(&self) -> &Meta;

    /// Its kind.
    fn kind(&self) -> Kind;

    /// How people and reports name it.
    fn key(&self) -> ObjectKey {
        let meta = self.meta();
        ObjectKey { kind: self.kind(), namespace: meta.namespace.clone(), name: meta.name.clone() }
    }
}

macro_rules! object {
    ($row:ty, $kind:expr) => {
        impl $crate::model::meta::Object for $row {
            fn meta(&self) -> &$crate::model::meta::Meta {
                &self.meta
            }

            fn kind(&self) -> $crate::model::kind::Kind {
                $kind
            }
        }
    };
}
pub(crate) use object;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(Version::parse("9").is_older_than(Version::parse("10")));
        assert!(!Version::parse("abc").is_older_than(Version::parse("10")));
        assert_ne!(Version::parse("abc"), Version::parse("abd"));
        assert!(Version::parse("abc").is_same_as(Version::parse("abc")));
        assert!(!Version::parse("").is_same_as(Version::parse("")));
    }
}
