//! What identifies an object: its [`Uid`] in the cluster, its [`Id`] in the model, its [`ObjectKey`] for people.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroU64;

use super::kind::Kind;
use super::symbol::Symbol;

/// The uid that Kubernetes gave an object. It is never used again, so joins go by it and not by name: a deleted and
/// recreated object has the same name.
///
/// Kept as two halves: a `u128` would have every row aligned to, and padded by, sixteen bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(NonZeroU64, u64);

impl Uid {
    /// Reads the usual form (`6f0e8a3c-…`); any other text becomes a stable 128-bit digest of itself. Empty is no uid.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        Some(Self::of(parse_uuid(text.as_bytes()).unwrap_or_else(|| digest(text.as_bytes()))))
    }

    /// A stand-in for an object that came without a uid: stable for its kind, namespace and name.
    pub fn of_key(kind: Kind, namespace: &str, name: &str) -> Self {
        let text = format!("{kind}/{namespace}/{name}");
        Self::of(digest(text.as_bytes()))
    }

    fn of(value: u128) -> Self {
        Self(NonZeroU64::new((value >> 64) as u64).unwrap_or(NonZeroU64::MAX), value as u64)
    }
}

fn parse_uuid(text: &[u8]) -> Option<u128> {
    if text.len() != 36 {
        return None;
    }
    let mut value = 0u128;
    for (i, byte) in text.iter().enumerate() {
        let digit = match byte {
            b'-' if matches!(i, 8 | 13 | 18 | 23) => continue,
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        if matches!(i, 8 | 13 | 18 | 23) {
            return None;
        }
        value = value << 4 | u128::from(digit);
    }
    Some(value)
}

/// FNV-1a, 128 bits: stable between runs, which `std`'s hashers are not.
fn digest(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v = u128::from(self.0.get()) << 64 | u128::from(self.1);
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            v >> 96,
            v >> 80 & 0xffff,
            v >> 64 & 0xffff,
            v >> 48 & 0xffff,
            v & 0xffff_ffff_ffff
        )
    }
}

impl fmt::Debug for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A handle to a row of the model: small, typed, and never mistaken for a later row in the same place.
pub struct Id<T> {
    pub(super) slot: u32,
    pub(super) generation: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    pub(super) const fn new(slot: u32, generation: u32) -> Self {
        Self { slot, generation, of: PhantomData }
    }

    /// Greater than every handle.
    pub const LAST: Self = Self::new(u32::MAX, u32::MAX);

    /// The place of the row, for side tables that keep one entry a row.
    pub const fn index(self) -> usize {
        self.slot as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.slot, self.generation) == (other.slot, other.generation)
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.slot, self.generation).cmp(&(other.slot, other.generation))
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.slot, self.generation).hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}.{}", self.slot, self.generation)
    }
}

/// An object as people and reports name it: `Certificate/shop/www`, `ClusterIssuer/letsencrypt`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace, empty when cluster-scoped.
    pub namespace: Symbol,
    /// Its name.
    pub name: Box<str>,
}

impl ObjectKey {
    /// Its path at the API server.
    pub fn path(&self) -> String {
        format!("{}/{}", collection(self.kind, &self.namespace), self.name)
    }
}

/// The path of all objects of a kind in a namespace; in all of them, or of none, where that is empty.
pub fn collection(kind: Kind, namespace: &str) -> String {
    let row = kind.row();
    let root = if row.group.is_empty() { "/api".to_owned() } else { format!("/apis/{}", row.group) };
    let namespace = if namespace.is_empty() { String::new() } else { format!("/namespaces/{namespace}") };
    format!("{root}/{}{namespace}/{}", row.version, row.plural)
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            write!(f, "{}/{}", self.kind, self.name)
        } else {
            write!(f, "{}/{}/{}", self.kind, self.namespace, self.name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_reads_back_as_it_was_written() {
        let text = "c324ec3a-4550-4c45-87b6-6874f6dd0d20";
        assert_eq!(Uid::parse(text).map(|u| u.to_string()).as_deref(), Some(text));
    }

    #[test]
    fn odd_uids_are_kept_apart() {
        assert_eq!(Uid::parse(""), None);
        assert_ne!(Uid::parse("one"), Uid::parse("two"));
        assert_eq!(
            Uid::parse("c324ec3a-4550-4c45-87b6-6874f6dd0d2"),
            Uid::parse("c324ec3a-4550-4c45-87b6-6874f6dd0d2")
        );
    }
}
