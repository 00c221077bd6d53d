//! From what the API says ([`wire`](crate::wire)) to what the model keeps ([`model`](crate::model)).
//!
//! Total: whatever arrives, something sensible comes out, and oddities are told as [`Anomaly`]s. All text is made safe
//! for a terminal here, once, so that nothing behind this line has to think of escape sequences.

mod acme;
mod core;
mod issuance;
pub mod klog;
pub mod labels;
pub mod row_batch;
mod solver_config;
mod workloads;

use std::borrow::Cow;

use crate::limits;
use crate::model::anomaly::Anomaly;
use crate::model::certificate::{IssuerRef, Names};
use crate::model::condition::{Condition, Message};
use crate::model::id::{ObjectKey, Uid};
use crate::model::kind::Kind;
use crate::model::meta::{Meta, Time, Version};
use crate::model::symbol::{Symbol, Words};
use crate::text::clean;
use crate::wire::kinds as wire;
use crate::wire::stamp::Stamp;

use self::labels::Kept;
use self::row_batch::RowBatch;

pub use self::workloads::TELLING_ENV;

/// A wire shape that becomes rows of the model.
pub trait Project: serde::de::DeserializeOwned {
    /// Its metadata.
    fn metadata(&self) -> Option<&wire::Meta>;

    /// Puts what it says into the batch.
    fn upsert(self, projector: &mut Projector, into: &mut RowBatch);

    /// Puts its removal into the batch.
    fn remove(uid: Uid, into: &mut RowBatch);
}

/// Turns objects into rows. One belongs to each feed: it holds the words that the feed's rows share.
#[derive(Debug, Default)]
pub struct Projector {
    words: Words,
    odd: Vec<Anomaly>,
    kept: Kept,
}

impl Projector {
    /// The oddities met since this was last asked.
    pub fn take_odd(&mut self) -> Vec<Anomaly> {
        std::mem::take(&mut self.odd)
    }

    /// Tells an oddity of an object.
    pub fn tell_odd(&mut self, object: Option<ObjectKey>, what: impl Into<Box<str>>) {
        if self.odd.len() < limits::ANOMALIES {
            let what = clean(&what.into(), limits::MESSAGE).into();
            self.odd.push(Anomaly { object, what });
        }
    }

    /// The identity by which a removed object is known.
    pub fn identity(&mut self, kind: Kind, meta: Option<&wire::Meta>) -> Option<Uid> {
        let meta = meta?;
        if meta.uid.is_some() {
            return meta.uid;
        }
        let name = clean(meta.name.as_deref().filter(|name| !name.is_empty())?, limits::NAME);
        Some(Uid::of_key(kind, &clean(meta.namespace.as_deref().unwrap_or_default(), limits::NAME), &name))
    }

    fn word(&mut self, text: &str) -> Symbol {
        self.words.share(&clean(text, limits::NAME))
    }

    fn opt_word(&mut self, text: Option<&str>) -> Option<Symbol> {
        text.filter(|t| !t.is_empty()).map(|t| self.word(t))
    }

    /// What every object has; `None` (and an oddity) for one without a name. `odd` is what is odd about the object.
    fn meta(&mut self, kind: Kind, meta: Option<wire::Meta>, odd: &[&'static str]) -> Option<Meta> {
        let Some(meta) = meta else {
            self.tell_odd(None, format!("a {kind} without metadata"));
            return None;
        };
        let Some(name) = meta.name.filter(|name| !name.is_empty()).map(|name| cleaned(name, limits::NAME)) else {
            self.tell_odd(None, format!("a {kind} without a name"));
            return None;
        };
        let namespace = self.word(meta.namespace.as_deref().unwrap_or_default());
        if !odd.is_empty() {
            let key = ObjectKey { kind, namespace: namespace.clone(), name: name.clone() };
            let fields: Vec<&str> = odd.iter().copied().take(limits::ODD_FIELDS).collect();
            self.tell_odd(Some(key), format!("not of the type that the API gives it: {}", fields.join(", ")));
        }
        let uid = meta.uid.unwrap_or_else(|| Uid::of_key(kind, &namespace, &name));
        let owners = meta.owners.unwrap_or_default();
        let owner = owners.iter().find(|owner| owner.controller == Some(true)).and_then(|owner| owner.uid);
        let labels = self.labels_of(meta.labels.as_ref(), meta.annotations.as_ref());
        Some(Meta {
            uid,
            owner,
            namespace,
            name,
            labels,
            version: Version::parse(meta.resource_version.as_deref().unwrap_or_default()),
            created: time(meta.created),
            deleted: time(meta.deleted),
        })
    }

    fn annotation(&mut self, meta: Option<&wire::Meta>, key: &str) -> Option<Symbol> {
        let (_, value) = meta?.annotations.as_ref()?.0.iter().find(|(known, _)| *known == key)?;
        self.opt_word(Some(value))
    }

    /// The Certificate that an object without an owner reference is for. One with an owner needs no name, and as every
    /// name is another one, they are not shared.
    fn certificate_name(meta: Option<&wire::Meta>) -> Option<Symbol> {
        let owned = meta?.owners.iter().flatten().any(|owner| owner.controller == Some(true) && owner.uid.is_some());
        let annotations = &meta?.annotations.as_ref()?.0;
        let name = &annotations.iter().find(|(known, _)| *known == wire::CERTIFICATE_NAME)?.1;
        (!owned && !name.is_empty()).then(|| Symbol::from(&*clean(name, limits::NAME)))
    }

    /// A number that is kept as an annotation.
    fn revision(meta: Option<&wire::Meta>) -> Option<u32> {
        let annotations = &meta?.annotations.as_ref()?.0;
        annotations.iter().find(|(known, _)| *known == wire::CERTIFICATE_REVISION)?.1.parse().ok()
    }

    /// A sentence without digits or quotes speaks of no one object: many share it.
    fn message(&mut self, text: Option<Box<str>>) -> Message {
        let Some(text) = text else { return Message::Usual(self.words.share("")) };
        let text = cleaned(text, limits::MESSAGE);
        if text.len() <= 128 && !text.bytes().any(|b| b.is_ascii_digit() || b == b'"') {
            Message::Usual(self.words.share(&text))
        } else {
            Message::Own(text)
        }
    }

    fn condition(&mut self, condition: wire::Condition) -> Condition {
        Condition {
            status: condition.status.unwrap_or_default(),
            reason: self.word(condition.reason.as_deref().unwrap_or_default()),
            message: self.message(condition.message),
            since: time(condition.since),
        }
    }

    /// A reference with its defaults written out, so that equal ones compare equal.
    fn issuer_ref(&mut self, reference: Option<wire::IssuerRef>) -> IssuerRef {
        fn or<'t>(text: Option<&'t str>, default: &'static str) -> &'t str {
            text.filter(|t| !t.is_empty()).unwrap_or(default)
        }
        let reference = reference.unwrap_or_default();
        IssuerRef {
            kind: self.word(or(reference.kind.as_deref(), "Issuer")),
            name: self.word(reference.name.as_deref().unwrap_or_default()),
            group: self.word(or(reference.group.as_deref(), "cert-manager.io")),
        }
    }
}

fn time(stamp: Option<Stamp>) -> Option<Time> {
    stamp.map(|stamp| stamp.0)
}

/// Text made safe, in the place where it already is: nearly all of it is harmless.
fn cleaned(text: Box<str>, limit: usize) -> Box<str> {
    match clean(&text, limit) {
        Cow::Owned(text) => text.into_boxed_str(),
        Cow::Borrowed(_) => text,
    }
}

fn cleaned_or_empty(text: Option<Box<str>>, limit: usize) -> Box<str> {
    text.map(|text| cleaned(text, limit)).unwrap_or_default()
}

/// Takes the conditions of some types out of a list: the last of each type counts.
fn pick<const N: usize>(
    conditions: Option<Vec<wire::Condition>>,
    types: [wire::ConditionType; N],
) -> [Option<wire::Condition>; N] {
    let mut picked = [const { None }; N];
    for condition in conditions.unwrap_or_default() {
        if let Some(place) = types.iter().position(|kind| condition.kind == Some(*kind)) {
            picked[place] = Some(condition);
        }
    }
    picked
}

fn names(list: Option<Vec<Box<str>>>) -> Names {
    let list = list.unwrap_or_default();
    let mut joined = String::with_capacity(list.iter().map(|name| name.len().min(limits::NAME) + 1).sum());
    for name in list.iter().take(limits::DNS_NAMES) {
        if !joined.is_empty() {
            joined.push('\n');
        }
        joined.push_str(&clean(name, limits::NAME));
    }
    Names::of(joined)
}

fn small(number: Option<i64>) -> Option<u32> {
    number.and_then(|n| u32::try_from(n).ok())
}
