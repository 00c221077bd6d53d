//! [`Stage`]: where an issuance in flight stands, since when, and what it waits for.

use std::fmt;

use chrono::TimeDelta;

use crate::model::id::ObjectKey;
use crate::model::meta::Time;

/// The stages of an issuance, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// `Issuing` is True; the request is yet to be made.
    Triggered,
    /// The request waits for an approver.
    AwaitingApproval,
    /// The signer is at work (not ACME).
    Signing,
    /// The Order is being made, and its first Challenge.
    Ordering,
    /// The Challenge waits for its turn.
    Queued,
    /// The file or record is being put up.
    Presenting,
    /// cert-manager checks whether it can be seen.
    Propagating,
    /// The authority checks.
    Validating,
    /// The certificate is being fetched.
    Finalizing,
    /// The certificate is being written into its Secret.
    Storing,
    /// The file or record is being taken down.
    CleaningUp,
}

impl Phase {
    /// All of them, in their order.
    pub const ALL: [Self; 11] = [
        Self::Triggered,
        Self::AwaitingApproval,
        Self::Signing,
        Self::Ordering,
        Self::Queued,
        Self::Presenting,
        Self::Propagating,
        Self::Validating,
        Self::Finalizing,
        Self::Storing,
        Self::CleaningUp,
    ];

    /// The word, as on the screen and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Triggered => "triggered",
            Self::AwaitingApproval => "awaiting-approval",
            Self::Signing => "signing",
            Self::Ordering => "ordering",
            Self::Queued => "queued",
            Self::Presenting => "presenting",
            Self::Propagating => "propagating",
            Self::Validating => "validating",
            Self::Finalizing => "finalizing",
            Self::Storing => "storing",
            Self::CleaningUp => "cleaning-up",
        }
    }

    /// What it means, in a sentence for the help.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Triggered => "An issuance is wanted; its CertificateRequest does not exist yet.",
            Self::AwaitingApproval => "The CertificateRequest waits to be approved or denied.",
            Self::Signing => "The issuer signs the request.",
            Self::Ordering => "The Order is made at the ACME server, then its Challenges.",
            Self::Queued => "The Challenge waits for its turn: few run at a time, and never two for the same name.",
            Self::Presenting => "The solver puts up the file (HTTP-01) or the TXT record (DNS-01).",
            Self::Propagating => "cert-manager checks every 10 s whether the file or record can be seen.",
            Self::Validating => "The ACME server checks for itself.",
            Self::Finalizing => "Every name is proven; the certificate is being fetched.",
            Self::Storing => "The certificate is being written into its Secret.",
            Self::CleaningUp => "The solver takes down what it put up.",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where an issuance stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Which phase.
    pub phase: Phase,
    /// Since when.
    pub since: Time,
    /// Whether `since` is only an earlier stamp: the wait is at most this long.
    pub at_most: bool,
    /// The object that holds it up.
    pub object: ObjectKey,
    /// What has to happen next, in words.
    pub waits_for: &'static str,
    /// How long it may take; `None` while a twin has to be done first. In a queue that moves, as long as that may go on.
    pub patience: Option<TimeDelta>,
}

/// Since when something waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Since {
    pub(super) at: Time,
    /// Whether it is only an earlier stamp.
    at_most: bool,
}

impl Since {
    /// Since this moment.
    pub(super) const fn exactly(at: Time) -> Self {
        Self { at, at_most: false }
    }

    /// Since a stamp of its own, else since an earlier one, which only bounds the wait.
    pub(super) fn of(own: Option<Time>, earlier: Option<Time>) -> Option<Self> {
        own.map(Self::exactly).or(earlier.map(|at| Self { at, at_most: true }))
    }
}

impl Stage {
    pub(super) fn new(phase: Phase, since: Option<Since>, object: ObjectKey, waits_for: &'static str) -> Option<Self> {
        let Since { at: since, at_most } = since?;
        let seconds = match phase {
            Phase::Queued => 30,
            Phase::CleaningUp => 120,
            Phase::Validating => 180,
            _ => 60,
        };
        Some(Self { phase, since, at_most, object, waits_for, patience: Some(TimeDelta::seconds(seconds)) })
    }
}

/// What a Challenge waits for while another one proves the same name.
pub(super) const TWIN: &str = "another Challenge for the same name";
