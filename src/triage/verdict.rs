//! [`Verdict`]: one word for a Certificate.

use std::fmt;

/// What a Certificate needs, in one word. In the order of need: the first one needs a person most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Its end has passed. Whatever `Ready` says.
    Expired,
    /// An issuance is in flight and time alone will not finish it.
    Stuck,
    /// Not ready, nothing in flight, and nothing that would start it.
    Blocked,
    /// A renewal or a retry is late, and nobody is at work.
    Overdue,
    /// The last attempt failed; the next is ahead.
    Backoff,
    /// No renewal will come before its end, and the end is near.
    Expiring,
    /// What would tell cannot be seen.
    Unknown,
    /// An issuance is in flight.
    Issuing,
    /// Valid, and the next renewal is ahead; or too young to tell.
    Ok,
}

/// How loud a verdict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// Needs a person now.
    Red,
    /// Needs a person soon, or waits.
    Amber,
    /// Work is going on.
    Busy,
    /// Cannot be told.
    Grey,
    /// Nothing to do.
    Calm,
}

impl Verdict {
    /// All of them, in the order of need.
    pub const ALL: [Self; 9] = [
        Self::Expired,
        Self::Stuck,
        Self::Blocked,
        Self::Overdue,
        Self::Backoff,
        Self::Expiring,
        Self::Unknown,
        Self::Issuing,
        Self::Ok,
    ];

    /// The word, as on the screen and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Stuck => "stuck",
            Self::Blocked => "blocked",
            Self::Overdue => "overdue",
            Self::Backoff => "backoff",
            Self::Expiring => "expiring",
            Self::Unknown => "unknown",
            Self::Issuing => "issuing",
            Self::Ok => "ok",
        }
    }

    /// What is said of a Certificate that has it.
    pub const fn told(self) -> &'static str {
        match self {
            Self::Expired => "is expired",
            Self::Stuck => "is stuck",
            Self::Blocked => "is blocked",
            Self::Overdue => "is overdue",
            Self::Backoff => "is backing off",
            Self::Expiring => "is expiring",
            Self::Unknown => "is unknown",
            Self::Issuing => "is issuing",
            Self::Ok => "is ok",
        }
    }

    /// What it means, in a sentence for the help.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Expired => "The certificate has ended, whatever its Ready condition says.",
            Self::Stuck => {
                "An issuance is in flight, but its stage shows an error that time will not mend, or takes longer than it should."
            }
            Self::Blocked => "Not ready, nothing in flight, and nothing that would start an issuance.",
            Self::Overdue => {
                "A renewal or a retry should have begun more than five minutes ago, and nobody is at work."
            }
            Self::Backoff => "The last attempt failed; cert-manager waits before the next one.",
            Self::Expiring => {
                "Valid, but no renewal will come before its end, and less than a sixth of its life is left."
            }
            Self::Unknown => "It cannot be told, because what would tell may not be read.",
            Self::Issuing => "An issuance is in flight, within its usual time.",
            Self::Ok => "Valid, and the next renewal is ahead.",
        }
    }

    /// The sign that stands before the word, so that a state is never told by colour alone.
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Expired => "✖",
            Self::Stuck => "▲",
            Self::Blocked => "■",
            Self::Overdue => "◑",
            Self::Backoff => "◷",
            Self::Expiring => "◔",
            Self::Unknown => "?",
            Self::Issuing => "↻",
            Self::Ok => "●",
        }
    }

    /// The same for terminals that have ASCII only.
    pub const fn ascii_glyph(self) -> &'static str {
        match self {
            Self::Expired => "X",
            Self::Stuck => "!",
            Self::Blocked => "#",
            Self::Overdue => "%",
            Self::Backoff => "~",
            Self::Expiring => ":",
            Self::Unknown => "?",
            Self::Issuing => "@",
            Self::Ok => ".",
        }
    }

    /// How loud it is.
    pub const fn alarm(self) -> Alarm {
        match self {
            Self::Expired | Self::Stuck | Self::Blocked => Alarm::Red,
            Self::Overdue | Self::Backoff | Self::Expiring => Alarm::Amber,
            Self::Issuing => Alarm::Busy,
            Self::Unknown => Alarm::Grey,
            Self::Ok => Alarm::Calm,
        }
    }

    /// Whether a person has to do or decide something.
    pub const fn needs_a_person(self) -> bool {
        matches!(self.alarm(), Alarm::Red | Alarm::Amber)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_verdicts_look_alike() {
        let glyphs: BTreeSet<&str> = Verdict::ALL.iter().map(|v| v.glyph()).collect();
        let ascii: BTreeSet<&str> = Verdict::ALL.iter().map(|v| v.ascii_glyph()).collect();
        assert_eq!((glyphs.len(), ascii.len()), (9, 9));
        assert!(ascii.iter().all(|glyph| glyph.is_ascii()));
    }
}
