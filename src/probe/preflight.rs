//! [`Preflight`]: what would go wrong with a name, before any Order exists.

use super::caa::{Applicant, Climb};
use super::dns01::Zone;
use super::mark::Mark;
use super::subject::Subject;
use super::verdict::{Standing, Verdict};
use super::web::Web;
use crate::model::id::ObjectKey;
use crate::text::count as counted;

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is checked: `name`, `solver`, `method`, `zone`, `servers`, `caa`, `record`, `web`.
    pub id: &'static str,
    /// How it ended.
    pub mark: Mark,
    /// In words.
    pub words: String,
}

/// What a Certificate asks for, before there is a Challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The Certificate.
    pub object: ObjectKey,
    /// Its names.
    pub names: Vec<Sought>,
    /// How many names more it has.
    pub left_out: usize,
    /// Who is to issue, where its name in CAA records is known.
    pub applicant: Option<Applicant>,
    /// Whether the authority is a public one.
    pub public: bool,
}

/// A name that is to be certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// The name.
    pub subject: Subject,
    /// How it would be proven: `dns-01`, `http-01`; or why no solver of the Issuer is for it.
    pub solver: Result<&'static str, String>,
}

/// What would go wrong with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preflight {
    /// The name.
    pub subject: Subject,
    /// Each check.
    pub checks: Vec<Check>,
    /// The zone.
    pub zone: Zone,
    /// Who may issue.
    pub caa: Climb,
    /// What each address answers, where HTTP-01 is looked at.
    pub web: Option<Web>,
    /// What follows: that of the worst check.
    pub verdict: Verdict,
}

impl Preflight {
    /// Nothing was checked.
    pub fn begin(subject: Subject) -> Self {
        let (zone, caa) = (Zone::default(), Climb::default());
        Self { subject, checks: Vec::new(), zone, caa, web: None, verdict: Verdict::default() }
    }

    /// Adds a check.
    pub fn check(&mut self, id: &'static str, mark: Mark, words: impl Into<String>) {
        self.checks.push(Check { id, mark, words: words.into() });
    }

    /// Adds the verdict of a part; the first that is bad becomes the whole's.
    pub fn part(&mut self, id: &'static str, verdict: &Verdict) {
        let mark = match verdict.standing {
            Standing::Good => Mark::Good,
            Standing::Trouble => Mark::Bad,
            Standing::Blind => Mark::Open,
        };
        let gap = if verdict.cause.is_empty() { "" } else { ": " };
        self.check(id, mark, format!("{}{gap}{}", verdict.title, verdict.cause));
        if verdict.standing == Standing::Trouble && self.verdict.family.is_none() {
            self.verdict = verdict.clone();
        }
    }

    /// Sums up.
    pub fn conclude(&mut self) {
        let count = |mark| self.checks.iter().filter(|check| check.mark == mark).count();
        let (good, open, bad) = (count(Mark::Good), count(Mark::Open), count(Mark::Bad));
        self.verdict.standing = match (good, bad) {
            (_, 1..) => Standing::Trouble,
            (0, 0) => Standing::Blind,
            _ => Standing::Good,
        };
        if self.verdict.title.is_empty() {
            self.verdict.title = match (bad, open) {
                (0, 0) => "nothing stands in the way".to_owned(),
                (0, open) => {
                    format!("nothing that could be seen stands in the way ({} left open)", counted(open, "check"))
                }
                (bad, _) => format!("{} failed", counted(bad, "check")),
            };
        }
    }
}
