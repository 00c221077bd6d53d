//! [`Signs`]: the signs that rules found, in the order in which they explain.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::Case;
use super::words::Words;
use crate::model::Model;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::model::meta::{Meta, Object, Time};
use crate::triage::finding::{Action, Evidence, Finding, Remedy, Severity, Verb};
use crate::triage::signature::fill::{Use, Word, fill};
use crate::triage::signature::{Context, Place, Row, RowId, Table, table};
use crate::triage::{Thresholds, after};

/// How far down the chain something lies: the deepest object explains what is above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::triage) enum Depth {
    Certificate,
    Request,
    Issuer,
    Order,
    Challenge,
    Solver,
    /// Nothing moves while the controller is down.
    System,
}

/// An object, as long as nobody needs its name.
#[derive(Debug, Clone, Copy)]
pub(in crate::triage) struct Thing<'m> {
    pub(in crate::triage) kind: Kind,
    pub(in crate::triage) meta: &'m Meta,
}

impl<'m> Thing<'m> {
    pub(super) fn of(object: &'m impl Object) -> Self {
        Self { kind: object.kind(), meta: object.meta() }
    }

    pub(super) fn key(self) -> ObjectKey {
        ObjectKey { kind: self.kind, namespace: self.meta.namespace.clone(), name: self.meta.name.clone() }
    }
}

/// What a rule saw, and where.
#[derive(Debug, Clone)]
pub(in crate::triage) struct Shown<'m> {
    pub(in crate::triage) depth: Depth,
    pub(super) object: Thing<'m>,
    /// Which field says so.
    pub(super) field: &'static str,
    /// What it says.
    pub(super) value: Cow<'m, str>,
    /// Since when at most.
    pub(in crate::triage) since: Option<Time>,
    /// Words for the placeholders of the row.
    pub(super) facts: Vec<(&'static str, String)>,
}

impl<'m> Shown<'m> {
    pub(super) fn at(
        depth: Depth,
        object: &'m impl Object,
        field: &'static str,
        value: impl Into<Cow<'m, str>>,
    ) -> Self {
        Self { depth, object: Thing::of(object), field, value: value.into(), since: None, facts: Vec::new() }
    }

    pub(super) fn since(mut self, since: Option<Time>) -> Self {
        self.since = since;
        self
    }

    pub(super) fn fact(mut self, name: &'static str, word: impl Into<String>) -> Self {
        self.facts.push((name, word.into()));
        self
    }
}

/// A finding in short: which row, and what showed it.
#[derive(Debug, Clone)]
pub(in crate::triage) struct Sign<'m> {
    pub(in crate::triage) id: RowId,
    pub(in crate::triage) row: &'static Row,
    pub(in crate::triage) severity: Severity,
    pub(in crate::triage) shown: Shown<'m>,
}

impl Sign<'_> {
    pub(super) fn is(&self, id: &str) -> bool {
        *self.row.id == *id
    }

    pub(in crate::triage) fn is_about(&self, meta: &Meta) -> bool {
        self.shown.object.meta.uid == meta.uid
    }

    pub(in crate::triage) fn is_of(&self, family: &str) -> bool {
        *self.row.family == *family
    }

    /// What explains comes first: it is no mere wait, it is no echo of something deeper, it lies deep, it is bad, its
    /// text is narrow, it is old.
    fn rank(&self) -> impl Ord + use<> {
        let wait = self.severity == Severity::Info;
        let system = self.shown.depth == Depth::System;
        (
            (!system, wait, self.row.general),
            Reverse(self.shown.depth),
            Reverse(self.severity),
            Reverse(self.row.priority),
            self.shown.since,
            self.shown.object.meta.uid,
            self.id,
        )
    }
}

/// Collects signs.
pub(in crate::triage) struct Signs<'t, 'm> {
    table: &'static Table,
    ahead: &'t mut Thresholds,
    /// Whether the attempt is over: nothing of it will heal itself.
    over: bool,
    /// How deep something lies that is known, but may still heal itself.
    unsettled: Option<Depth>,
    found: Vec<Sign<'m>>,
}

impl<'t, 'm> Signs<'t, 'm> {
    pub(super) fn new(ahead: &'t mut Thresholds) -> Self {
        Self::with(ahead, Vec::new())
    }

    pub(super) fn with(ahead: &'t mut Thresholds, signs: Vec<Sign<'m>>) -> Self {
        Self { table: table(), ahead, over: false, unsettled: None, found: signs }
    }

    pub(super) const fn over(mut self, over: bool) -> Self {
        self.over = over;
        self
    }

    /// What a text says, if the table knows it.
    pub(super) fn text(&mut self, place: Place, context: Context, shown: Shown<'m>) -> bool {
        let Some(id) = self.table.recognise(place, context, &shown.value) else { return false };
        self.put(id, shown);
        true
    }

    /// The row that a text would be told as.
    pub(super) fn recognise(&self, place: Place, context: Context, shown: &Shown) -> Option<&'static Row> {
        self.table.recognise(place, context, &shown.value)?.row()
    }

    /// What a rule found.
    pub(super) fn rule(&mut self, id: &str, shown: Shown<'m>) {
        if let Some(id) = self.table.id(id) {
            self.put(id, shown);
        }
    }

    /// The same of what takes its time whatever came of the attempt.
    pub(super) fn rule_in_time(&mut self, id: &str, shown: Shown<'m>) {
        let (over, unsettled) = (std::mem::take(&mut self.over), self.unsettled);
        self.rule(id, shown);
        if over {
            (self.over, self.unsettled) = (true, unsettled);
        }
    }

    /// Whether a moment has come; if not, the Certificate is judged again then.
    pub(super) fn passed(&mut self, moment: Option<Time>) -> bool {
        self.ahead.passed(moment)
    }

    /// What was found so far.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'static Row> {
        self.found.iter().map(|sign| sign.row)
    }

    /// Whether something at least this bad was found.
    pub(super) fn has(&self, severity: Severity) -> bool {
        self.found.iter().any(|sign| sign.severity >= severity)
    }

    fn put(&mut self, id: RowId, shown: Shown<'m>) {
        let Some(row) = self.table.row(id) else { return };
        let settled = match shown.since {
            Some(since) if !self.over => self.ahead.passed(after(since, row.settling())),
            _ => true,
        };
        let Some(severity) = row.severity_when(settled) else {
            self.unsettled = self.unsettled.max(Some(shown.depth));
            return;
        };
        let known = |sign: &Sign| sign.id == id && sign.shown.object.meta.uid == shown.object.meta.uid;
        if !self.found.iter().any(known) {
            self.found.push(Sign { id, row, severity, shown });
        }
    }

    /// The signs in their order. What a text above only repeats is left out.
    pub(super) fn finish(mut self) -> Vec<Sign<'m>> {
        self.found.sort_by_cached_key(Sign::rank);
        let mut kept: Vec<Sign<'m>> = Vec::with_capacity(self.found.len());
        for sign in self.found {
            let echo = |other: &Sign| other.id == sign.id && other.shown.depth > sign.shown.depth;
            // What only passes on a trouble is not told before the trouble itself.
            let early = sign.row.general && self.unsettled.is_some_and(|depth| depth > sign.shown.depth);
            if !early && !kept.iter().any(echo) {
                kept.push(sign);
            }
        }
        kept
    }
}

/// A sign with its words filled in.
pub(super) fn render(model: &Model, case: Option<&Case>, sign: &Sign) -> Finding {
    let row = sign.row;
    let words = Words::of(model, case, sign);
    let prose = |text: &str| fill(text, Use::Prose, |name| words.get(name));
    let remedies = row.remedies.iter().map(|advice| Remedy {
        text: prose(&advice.text),
        command: advice.command.as_deref().map(|command| fill(command, Use::Command, |name| words.get(name))),
        action: advice.action.and_then(|verb| action(case, sign, verb)),
    });
    Finding {
        id: &row.id,
        family: &row.family,
        severity: sign.severity,
        confidence: row.confidence,
        title: prose(&row.title),
        cause: prose(&row.cause),
        since: sign.shown.since,
        subject: sign.shown.object.key(),
        evidence: vec![Evidence {
            object: sign.shown.object.key().into(),
            field: sign.shown.field.to_owned(),
            value: sign.shown.value.clone().into_owned(),
        }],
        wants: row.wants.iter().map(|text| prose(text)).collect(),
        remedies: remedies.collect(),
        docs: row.docs.as_deref(),
        settle: row.settling(),
    }
}

/// The title alone: for the column of reasons.
pub(in crate::triage) fn title(case: &Case, sign: &Sign) -> String {
    let words = Words::of(case.model, Some(case), sign);
    fill(&sign.row.title, Use::Prose, |name| words.get(name))
}

fn action(case: Option<&Case>, sign: &Sign, verb: Verb) -> Option<Action> {
    let own = sign.shown.object;
    let object = match verb {
        Verb::Renew => case?.certificate().key(),
        Verb::Approve | Verb::DeleteRequest => case?.attempt()?.request.key(),
        Verb::DeleteChallenge | Verb::Release if own.kind == Kind::Challenge => own.key(),
        Verb::DeleteChallenge | Verb::Release => case?.challenges().next()?.0.key(),
    };
    Some(Action { verb, object })
}

/// A finding that no row of the model shows: only words.
pub(super) fn plain(id: &str, subject: ObjectKey, facts: &[(&'static str, String)]) -> Option<Finding> {
    let row = table().id(id)?.row()?;
    let word = |name: &str| facts.iter().find(|(known, _)| *known == name).map(|(_, word)| Word::Plain(word.clone()));
    let prose = |text: &str| fill(text, Use::Prose, word);
    let remedies = row.remedies.iter().map(|advice| Remedy {
        text: prose(&advice.text),
        command: advice.command.as_deref().map(|command| fill(command, Use::Command, word)),
        action: None,
    });
    Some(Finding {
        id: &row.id,
        family: &row.family,
        severity: row.severity,
        confidence: row.confidence,
        title: prose(&row.title),
        cause: prose(&row.cause),
        since: None,
        subject,
        evidence: Vec::new(),
        wants: Vec::new(),
        remedies: remedies.collect(),
        docs: row.docs.as_deref(),
        settle: row.settling(),
    })
}
