//! [`last`]: objects as a recording had them at a moment.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use serde_json::value::RawValue;

use super::frame::{Content, Op};
use super::reader::Reader;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;

crate::wire::shape::shape! {
    /// What an object says it is.
    Who: whole {
        /// `cert-manager.io/v1`.
        api_version: Box<str> = "apiVersion",
        /// `Certificate`.
        kind: Box<str> = "kind",
        /// Where it is.
        metadata: Place = "metadata",
    }

    /// Where an object is.
    Place {
        /// Its namespace.
        namespace: Box<str> = "namespace",
        /// Its name.
        name: Box<str> = "name",
    }
}

/// The last frame until a moment of each object that is wanted and was not deleted.
pub fn last<R: BufRead>(
    reader: &mut Reader<R>,
    at: Option<Time>,
    wanted: impl Fn(&ObjectKey) -> bool,
) -> io::Result<BTreeMap<ObjectKey, Box<RawValue>>> {
    let mut found = BTreeMap::new();
    while let Some(frame) = reader.next_frame()? {
        let Content::Object(op, raw) = frame.content else { continue };
        if at.is_some_and(|at| frame.t > at) {
            continue;
        }
        let Some(key) = key(&raw).filter(|key| wanted(key)) else { continue };
        match op {
            Op::Upsert => drop(found.insert(key, raw)),
            Op::Delete => drop(found.remove(&key)),
        }
    }
    Ok(found)
}

fn key(raw: &RawValue) -> Option<ObjectKey> {
    let who: Who = serde_json::from_str(raw.get()).ok()?;
    let kind = Kind::of(who.api_version.as_deref()?, who.kind.as_deref()?)?;
    let place = who.metadata?;
    let namespace = Symbol::from(place.namespace.as_deref().unwrap_or_default());
    Some(ObjectKey { kind, namespace, name: place.name? })
}
