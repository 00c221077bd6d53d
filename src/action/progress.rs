//! [`Pursuit`]: an action that was sent, followed until it ends in the cluster: issued, or what went wrong.

use super::Action;
use super::choose;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey, Uid};
use crate::model::kind::Kind;
use crate::model::lineage::Role;
use crate::model::meta::{Object as _, Time};
use crate::triage::stage::Phase;
use crate::triage::{self};

/// An action that was sent, and how things were before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pursuit {
    /// The action.
    pub action: Action,
    /// To what.
    pub object: ObjectKey,
    /// When it was sent.
    pub since: Time,
    /// The Certificate that it is about, if it is about one.
    pub certificate: Option<Uid>,
    /// Its revision before.
    revision: Option<u32>,
    /// Its last failure before.
    failure: (Option<Time>, Option<u32>),
    /// The object that is to go.
    goes: Option<Uid>,
    /// The request of before.
    request: Option<Uid>,
}

/// How far an action is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It goes on: in a few words.
    Running(String),
    /// It came to its good end.
    Ended(String),
    /// It failed.
    Failed(String),
}

impl Progress {
    /// In words.
    pub fn text(&self) -> &str {
        match self {
            Self::Running(text) | Self::Ended(text) | Self::Failed(text) => text,
        }
    }
}

impl Pursuit {
    /// Begins when an action is sent: what the model says now is how things were before.
    pub fn begin(model: &Model, action: Action, object: &ObjectKey, now: Time) -> Self {
        let id = choose::certificate(model, object);
        let row = id.and_then(|id| model.certificates.get(id));
        let goes = match action {
            Action::Delete | Action::Release => choose::state(model, object).map(|(uid, _)| uid),
            _ => None,
        };
        Self {
            action,
            object: object.clone(),
            since: now,
            certificate: row.map(|row| row.meta.uid),
            revision: row.and_then(|row| row.revision),
            failure: row.map(|row| (row.last_failure(), row.failed_attempts())).unwrap_or_default(),
            goes,
            request: row.and_then(|row| next_request(model, row)),
        }
    }

    /// Its Certificate, as long as it is there.
    pub fn row(&self, model: &Model) -> Option<Id<Certificate>> {
        model.certificates.by_uid(self.certificate?)
    }

    /// How far it is.
    pub fn progress(&self, model: &Model) -> Progress {
        if let Some(uid) = self.goes
            && is_there(model, self.object.kind, uid)
        {
            return Progress::Running(format!("{} {} asked for, it is still there", self.action, self.object.kind));
        }
        let row = self.row(model).and_then(|id| Some((id, model.certificates.get(id)?)));
        let Some((id, row)) = row else {
            return match (self.goes, self.certificate) {
                (Some(_), _) => Progress::Ended(format!("{} is gone", self.object)),
                (None, Some(_)) => Progress::Failed("its Certificate is gone".to_owned()),
                (None, None) => Progress::Ended(format!("{}: done", self.action)),
            };
        };
        if self.action == Action::Edit || self.action == Action::Release {
            return Progress::Ended(format!("{}: done", self.action));
        }
        if row.revision > self.revision {
            return Progress::Ended(format!("issued, revision {}", row.revision.unwrap_or(0)));
        }
        if row.last_failure().is_some() && (row.last_failure(), row.failed_attempts()) != self.failure {
            let why = row.issuing().map(|issuing| issuing.message.as_str()).unwrap_or_default();
            let why = why.rsplit_once("will be retried: ").map_or(why, |(_, why)| why);
            return match self.action {
                Action::Deny => Progress::Ended(format!("denied: {why}")),
                _ => Progress::Failed(format!("failed: {why}")),
            };
        }
        Progress::Running(self.running(model, id, row))
    }

    fn running(&self, model: &Model, id: Id<Certificate>, row: &Certificate) -> String {
        let request = next_request(model, row);
        let afresh = request.is_some() && request != self.request;
        match triage::stage(model, id).map(|stage| stage.phase) {
            Some(Phase::Triggered) | None if !afresh => format!("{} requested", self.action),
            Some(phase) if afresh || matches!(self.action, Action::Approve | Action::Delete) => format!("{phase}"),
            Some(_) => format!("{} requested", self.action),
            None => "new request".to_owned(),
        }
    }
}

fn next_request(model: &Model, row: &Certificate) -> Option<Uid> {
    model.attempts(row).into_iter().find(|attempt| attempt.role == Role::Next).map(|attempt| attempt.request.meta.uid)
}

fn is_there(model: &Model, kind: Kind, uid: Uid) -> bool {
    match kind {
        Kind::Challenge => model.challenges.by_uid(uid).is_some(),
        Kind::Order => model.orders.by_uid(uid).is_some(),
        Kind::CertificateRequest => model.requests.by_uid(uid).is_some(),
        _ => false,
    }
}

/// The Certificate of a pursuit, as people name it.
pub fn subject(model: &Model, pursuit: &Pursuit) -> Option<ObjectKey> {
    pursuit.row(model).and_then(|id| model.certificates.get(id)).map(|row| row.key())
}
