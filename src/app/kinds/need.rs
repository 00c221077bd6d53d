//! What the rows of a table of objects are sorted by; above all by need: which of them want a person first.
//!
//! An object has no verdict of its own; how urgent it is depends on its Certificate. An Order that has been pending for
//! two seconds is at work, the same Order of a Certificate that is stuck is where the trouble lies.

use super::facts::Facts;
use super::field::Field;
use super::subject::Subject;
use super::value::{Key, Value};
use crate::model::Model;
use crate::model::id::Id;
use crate::model::issuer::Issuer;
use crate::model::meta::Time;
use crate::triage::ledger::Ledger;
use crate::triage::tree::Tone;
use crate::triage::verdict::{Alarm, Verdict};

impl<'m> Subject<'m> {
    /// What it is sorted by, and what decides among equals: smaller first.
    pub(super) fn sorts_by(&self, field: &Field, model: &'m Model, ledger: &Ledger, facts: &Facts) -> (Key, i64) {
        if let (Field::Place, Self::Challenge(row)) = (field, self) {
            return facts.line(row);
        }
        match self.value(field, model, facts) {
            Value::State(..) => need(self, model, ledger, |issuer| facts.issued(issuer).troubles),
            Value::Text(text) => (Key::Text(text.into()), 0),
            Value::Number(number) => (Key::Number(-(number as i64)), 0),
            Value::Ago(at) => (Key::Number(-at.timestamp_millis()), 0),
            Value::Ends(at) => (Key::Number(at.timestamp()), 0),
            Value::None => (Key::Last, 0),
        }
    }
}

/// Where a row stands, and what decides among equals: smaller first. `troubles` counts the Certificates of an issuer
/// that need a person.
fn need(subject: &Subject, model: &Model, ledger: &Ledger, troubles: impl Fn(Id<Issuer>) -> usize) -> (Key, i64) {
    let (_, tone) = subject.state(model);
    let root = subject.root(model);
    let verdict = root.and_then(|id| ledger.get(id)).map(|diagnosis| diagnosis.verdict);
    let created = subject.meta().and_then(|meta| meta.created);
    let (oldest, youngest) = (created.map_or(i64::MAX, |at| at.timestamp()), created.map_or(0, |at| -at.timestamp()));
    match subject {
        Subject::Issuer(id, _) => (Key::Number(by_tone(tone)), -(troubles(*id) as i64)),
        Subject::Secret(secret) => {
            // The key of the next revision serves nobody; it comes and goes with every renewal.
            let place = if secret.next_private_key { LAST } else { of_secret(tone, verdict) };
            let end = root.and_then(|id| model.certificates.get(id)?.not_after);
            (Key::Number(place), end.map_or(i64::MAX, |end: Time| end.timestamp()))
        }
        _ => match (tone, verdict.map(Verdict::alarm)) {
            // Among what should move and does not, the longest wait first.
            (Tone::Busy | Tone::Waiting, Some(Alarm::Red)) => (Key::Number(0), oldest),
            (Tone::Busy | Tone::Waiting, _) => (Key::Number(by_tone(tone)), oldest),
            // What failed once and was mended since is history.
            (Tone::Bad, Some(Alarm::Calm)) => (Key::Number(LAST), youngest),
            _ => (Key::Number(by_tone(tone)), youngest),
        },
    }
}

/// After everything else.
const LAST: i64 = 7;

/// A Secret that serves what has ended, or what nobody will renew in time, is as urgent as its Certificate.
fn of_secret(tone: Tone, verdict: Option<Verdict>) -> i64 {
    match (tone, verdict) {
        (Tone::Good, Some(verdict)) if verdict.needs_a_person() => 1 + i64::from(verdict.alarm() != Alarm::Red),
        _ => by_tone(tone),
    }
}

/// What needs a person comes first.
const fn by_tone(tone: Tone) -> i64 {
    match tone {
        Tone::Bad => 1,
        Tone::Waiting => 2,
        Tone::Busy => 3,
        Tone::Unseen => 4,
        Tone::Absent => 5,
        Tone::Good => 6,
    }
}
