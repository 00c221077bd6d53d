//! [`Row`]: one Certificate as a row of the table. The dashboard and `cmtop status` say the same because they ask the
//! same row.

use std::cmp::Ordering;

use super::Diagnosis;
use super::verdict::Verdict;
use crate::model::certificate::Certificate;
use crate::model::meta::Time;

/// What stands where there is nothing to say.
pub const NOTHING: &str = "–";

/// One Certificate as a row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The Certificate.
    pub certificate: &'a Certificate,
    /// What is to be said of it, once it was judged.
    pub diagnosis: Option<&'a Diagnosis>,
}

impl Row<'_> {
    /// The verdict, once it was judged.
    pub fn verdict(&self) -> Option<Verdict> {
        self.diagnosis.map(|diagnosis| diagnosis.verdict)
    }

    /// Since when it is as the verdict says, where that belongs beside the word: `stuck 12m`, `issuing 4s`.
    pub fn lasts_since(&self) -> Option<Time> {
        let diagnosis = self.diagnosis?;
        diagnosis.since.filter(|_| matches!(diagnosis.verdict, Verdict::Stuck | Verdict::Issuing))
    }

    /// When something happens by itself: the renewal, or the next attempt after a failure. What is overdue should have
    /// happened already; where work is in flight or nothing will begin, there is no such moment.
    pub fn next(&self) -> Option<Time> {
        match self.diagnosis {
            None => self.certificate.renewal_time,
            Some(diagnosis) => match diagnosis.verdict {
                Verdict::Backoff => diagnosis.next_attempt,
                Verdict::Overdue => diagnosis.since,
                Verdict::Ok | Verdict::Unknown => self.certificate.renewal_time,
                Verdict::Expired | Verdict::Stuck | Verdict::Blocked | Verdict::Expiring | Verdict::Issuing => None,
            },
        }
    }

    /// The order of need: by verdict, then by what runs out first (no certificate counts as run out). What was not
    /// judged yet comes last.
    pub fn by_need(&self, other: &Self) -> Ordering {
        let need = |row: &Self| (row.verdict().map_or(Verdict::ALL.len(), |v| v as usize), row.certificate.not_after);
        need(self).cmp(&need(other))
    }

    /// The order of names: by namespace, then by name.
    pub fn by_name(&self, other: &Self) -> Ordering {
        let (a, b) = (&self.certificate.meta, &other.certificate.meta);
        a.namespace.cmp(&b.namespace).then_with(|| a.name.cmp(&b.name))
    }
}
