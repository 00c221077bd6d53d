//! [`Finding`]: what is wrong, why, how that is known, and what mends it.

use std::fmt;

use serde::Deserialize;

use crate::model::id::ObjectKey;
use crate::model::logs::Voice;
use crate::model::meta::Time;

/// How bad a finding is. Greater is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; nothing is wrong yet.
    Info,
    /// Will need a person, or hides something that does.
    Warning,
    /// Time alone will not mend it.
    Error,
    /// Something is down now.
    Critical,
}

/// How sure a finding is of its cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A guess: right less than six times in ten.
    Low,
    /// Likely.
    Medium,
    /// As good as certain.
    High,
}

impl Severity {
    /// All of them, the mildest first.
    pub const ALL: [Self; 4] = [Self::Info, Self::Warning, Self::Error, Self::Critical];

    /// The word, as on the screen and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

impl Confidence {
    /// The word, as on the screen and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The next higher one.
    #[must_use]
    pub const fn raised(self) -> Self {
        match self {
            Self::Low => Self::Medium,
            Self::Medium | Self::High => Self::High,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One thing that is wrong, in full. Made on demand, for one Certificate or for the system.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Its stable name.
    pub id: &'static str,
    /// The family that scripts may rely on.
    pub family: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// What is wrong, in a few words.
    pub title: String,
    /// Why, in a sentence or two.
    pub cause: String,
    /// Since when at most.
    pub since: Option<Time>,
    /// The object that shows it.
    pub subject: ObjectKey,
    /// What it rests on, the object that explains first.
    pub evidence: Vec<Evidence>,
    /// What would make it surer.
    pub wants: Vec<String>,
    /// What mends it, the best first.
    pub remedies: Vec<Remedy>,
    /// The official page about it.
    pub docs: Option<&'static str>,
    /// How long it had to last before it was told.
    pub settle: chrono::TimeDelta,
}

/// Who says what a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Witness {
    /// An object that is watched: `Challenge/shop/www-1-7-8`.
    Object(ObjectKey),
    /// A server that a probe asked about a name: `Probe/_acme-challenge.shop.example@192.0.2.1:53`.
    Probe {
        /// The name that was asked for.
        name: String,
        /// Whom.
        server: String,
    },
    /// A Pod, in its log: `Log/cert-manager/cert-manager-5d7f97b46d-x9zlp`.
    Log(Voice),
    /// An object that is looked up, not watched: `Lease/kube-system/cert-manager-controller`.
    Other(String),
}

impl From<ObjectKey> for Witness {
    fn from(object: ObjectKey) -> Self {
        Self::Object(object)
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(object) => object.fmt(f),
            Self::Probe { name, server } => write!(f, "Probe/{name}@{server}"),
            Self::Log(voice) => write!(f, "Log/{}/{}", voice.namespace, voice.pod),
            Self::Other(name) => f.write_str(name),
        }
    }
}

/// A field of an object that a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where it was read.
    pub object: Witness,
    /// Which field: `status.reason`, `Event PresentError`, `args`.
    pub field: String,
    /// What it says.
    pub value: String,
}

/// Something that mends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// What to do.
    pub text: String,
    /// The command that does it or shows more, with the real names.
    pub command: Option<String>,
    /// What cmtop itself can do.
    pub action: Option<Action>,
}

/// Something that cmtop can do about an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What.
    pub verb: Verb,
    /// To which object.
    pub object: ObjectKey,
}

/// What cmtop can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Issue the Certificate again now.
    Renew,
    /// Approve the CertificateRequest.
    Approve,
    /// Delete the CertificateRequest, and with it its Order and Challenges.
    DeleteRequest,
    /// Delete the Challenge: cert-manager makes it again.
    DeleteChallenge,
    /// Take the finalizer off a Challenge that is being deleted.
    Release,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.verb {
            Verb::Renew => "renew",
            Verb::Approve => "approve",
            Verb::DeleteRequest | Verb::DeleteChallenge => "delete",
            Verb::Release => "release",
        };
        write!(f, "{verb} {}", self.object)
    }
}
