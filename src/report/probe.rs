//! The report of `cmtop probe` and `cmtop preflight`: `cmtop.probe/v1`, and the matrix for people.

mod document;
mod text;

use chrono::TimeDelta;
use serde::Serialize;

use crate::model::meta::Time;
use crate::probe::caa::{Applicant, Climb};
use crate::probe::dns01::Dns01;
use crate::probe::preflight::Preflight;
use crate::probe::served::Served;
use crate::probe::subject::Subject;
use crate::probe::verdict::{Standing, Verdict};
use crate::probe::web::Web;
use crate::report::Style;
use crate::report::document::{Format, WriteError, write};
use crate::report::exit::ExitStatus;

/// Who may issue, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caa {
    /// The name.
    pub subject: Subject,
    /// Who is to issue.
    pub applicant: Applicant,
    /// What was found.
    pub climb: Climb,
    /// What else was seen.
    pub notes: Vec<String>,
    /// What follows.
    pub verdict: Verdict,
}

/// What was found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Findings {
    /// By name servers.
    Dns01(Box<Dns01>),
    /// By addresses.
    Http01(Box<Web>),
    /// By CAA records.
    Caa(Box<Caa>),
    /// By TLS.
    Served(Box<Served>),
    /// Before any Order exists.
    Preflight(Box<Preflight>),
}

/// The report of one probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// When it was made.
    pub at: Time,
    /// The Challenge or Certificate that it is about, if it is about one.
    pub object: Option<String>,
    /// What was found out.
    pub findings: Findings,
    /// From the first look until everybody saw the value, where that was watched.
    pub took: Option<TimeDelta>,
}

impl Probe {
    /// What follows.
    pub fn verdict(&self) -> &Verdict {
        match &self.findings {
            Findings::Dns01(it) => &it.verdict,
            Findings::Http01(it) => &it.verdict,
            Findings::Caa(it) => &it.verdict,
            Findings::Served(it) => &it.verdict,
            Findings::Preflight(it) => &it.verdict,
        }
    }

    /// What the program ends with.
    pub fn outcome(&self) -> ExitStatus {
        match self.verdict().standing {
            Standing::Good => ExitStatus::Good,
            Standing::Trouble => ExitStatus::Trouble,
            Standing::Blind => ExitStatus::Blind,
        }
    }

    /// For people.
    pub fn text(&self, style: &Style) -> String {
        text::text(self, style)
    }

    /// For programs.
    pub fn document(&self, format: Format) -> Result<String, WriteError> {
        write(self, format)
    }
}

/// The document of several: `cmtop.probes/v1`. It is a list, however many there are.
#[derive(Debug, Serialize)]
pub struct Probes<'r> {
    schema: &'static str,
    probes: &'r [Probe],
}

impl<'r> Probes<'r> {
    /// Of these.
    pub const fn of(probes: &'r [Probe]) -> Self {
        Self { schema: "cmtop.probes/v1", probes }
    }
}

/// The worst of several.
pub fn worst(reports: &[Probe]) -> ExitStatus {
    let has = |status| reports.iter().any(|report| report.outcome() == status);
    [ExitStatus::Trouble, ExitStatus::Blind].into_iter().find(|status| has(*status)).unwrap_or(ExitStatus::Good)
}
