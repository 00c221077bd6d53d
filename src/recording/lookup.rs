//! What a recording says of single objects: [`last`] as they were at a moment, [`forms`] what one was over time.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use serde_json::value::RawValue;

use super::forms::{Forms, Who};
use super::frame::{Content, Op};
use super::reader::Reader;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;

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

/// What an object was over time; where that is more than is kept, around a moment.
pub fn forms<R: BufRead>(reader: &mut Reader<R>, object: &ObjectKey, at: Time) -> io::Result<Forms> {
    let mut forms = Forms::none(reader.header().started, at);
    while let Some(frame) = reader.next_frame()? {
        if let Content::Object(Op::Upsert, raw) = frame.content
            && key(&raw).is_some_and(|key| key == *object)
        {
            forms.push(frame.t, raw.get());
        }
    }
    Ok(forms)
}

fn key(raw: &RawValue) -> Option<ObjectKey> {
    let who: Who = serde_json::from_str(raw.get()).ok()?;
    let kind = Kind::of(who.api_version.as_deref()?, who.kind.as_deref()?)?;
    let place = who.metadata?;
    let namespace = Symbol::from(place.namespace.as_deref().unwrap_or_default());
    Some(ObjectKey { kind, namespace, name: place.name? })
}
