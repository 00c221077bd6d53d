//! [`Seen`]: what a probe saw, and what follows from it.

use crate::model::id::ObjectKey;
use crate::probe::dns01::Dns01;
use crate::probe::preflight::Preflight;
use crate::probe::verdict::{Standing, Verdict};
use crate::probe::web::Web;

/// What a probe saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// By name servers.
    Dns01(Box<Dns01>),
    /// By addresses.
    Http01(Box<Web>),
    /// Name by name, before there is a Challenge.
    Preflight(Vec<Preflight>),
}

/// Nothing was seen.
static NOTHING: Verdict = Verdict {
    standing: Standing::Blind,
    family: None,
    title: String::new(),
    cause: String::new(),
    remedies: Vec::new(),
    ends_in: None,
};

impl Seen {
    /// What follows.
    pub fn verdict(&self) -> &Verdict {
        match self {
            Self::Dns01(it) => &it.verdict,
            Self::Http01(it) => &it.verdict,
            Self::Preflight(names) => {
                let rank = |standing| match standing {
                    Standing::Trouble => 0,
                    Standing::Blind => 1,
                    Standing::Good => 2,
                };
                names.iter().map(|name| &name.verdict).min_by_key(|it| rank(it.standing)).unwrap_or(&NOTHING)
            }
        }
    }

    /// Who said what: the server and its answer.
    pub fn rows(&self) -> Vec<(String, String)> {
        match self {
            Self::Dns01(it) => it.said(),
            Self::Http01(it) => it.said(),
            Self::Preflight(_) => Vec::new(),
        }
    }

    /// The name that everybody was asked for.
    pub fn name(&self) -> String {
        match self {
            Self::Dns01(it) => it.name(),
            Self::Http01(it) => it.subject.name().to_owned(),
            Self::Preflight(_) => String::new(),
        }
    }
}

/// News of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeNews {
    /// The Challenge, or the Certificate that has none.
    pub object: ObjectKey,
    /// What was seen so far.
    pub seen: Seen,
    /// Whether the round is over.
    pub whole: bool,
}
