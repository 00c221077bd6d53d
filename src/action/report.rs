//! [`Report`]: what came of an action. [`Check`]: what is known of it before it is sent.

use std::fmt;

use super::Action;
use super::difference::DiffLine;
use super::step::Seen;
use crate::model::id::ObjectKey;
use crate::model::meta::Time;

/// How an action ended, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The server did it.
    Done,
    /// It was not sent: something spoke against it.
    Refused,
    /// The object was not what was looked at.
    Conflict,
    /// It is not allowed.
    Forbidden,
    /// The server refused it.
    Failed,
    /// It was sent, no answer came, and the object does not tell.
    Unknown,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Done, Self::Refused, Self::Conflict, Self::Forbidden, Self::Failed, Self::Unknown];

    /// The word, as in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Conflict => "conflict",
            Self::Forbidden => "forbidden",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A write that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// `PUT`, `PATCH`, `DELETE`.
    pub verb: &'static str,
    /// Where to.
    pub path: String,
    /// The status of the answer; `None` when none came.
    pub status: Option<u16>,
}

/// What came of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// When it ended.
    pub at: Time,
    /// The action.
    pub action: Action,
    /// To what.
    pub object: ObjectKey,
    /// The writes that were sent, in order.
    pub requests: Vec<Sent>,
    /// How it ended.
    pub outcome: Outcome,
    /// In a sentence.
    pub message: String,
}

/// What is known of one step before it is sent: from a fresh look, a question about rights, and a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// `PUT /apis/…/status`
    pub request: String,
    /// The object as it was read; `None` when it could not be.
    pub seen: Option<Seen>,
    /// `if uid 6f0e…91 and resourceVersion 1841`
    pub condition: String,
    /// What changes in the object.
    pub changes: Vec<DiffLine>,
    /// The same in kubectl.
    pub kubectl: String,
    /// The right that is missing.
    pub missing: Option<String>,
    /// What the server says to a trial: `Ok(true)` it would do it, `Ok(false)` it was not asked.
    pub trial: Result<bool, String>,
    /// The status of the server's answer to the trial; `None` where it was not asked, or did not answer.
    pub answer: Option<u16>,
    /// Why it must not be sent.
    pub objection: Option<String>,
    /// Which tool keeps the object.
    pub keeper: Option<String>,
    /// What will be left behind, for a release.
    pub leaks: Vec<String>,
    /// The object as it was read, in YAML: what it is compared with when it changed meanwhile.
    pub document: String,
}

impl Check {
    /// Whether nothing is known to stand in the way.
    pub const fn is_clear(&self) -> bool {
        self.missing.is_none() && self.trial.is_ok() && self.objection.is_none()
    }
}
