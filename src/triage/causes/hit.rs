//! [`Hit`]: everybody whom one thing hits, those among them who only wait for another one.

use std::collections::BTreeSet;

use super::Cause;
use super::ailment::Shared;
use crate::limits;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;

/// Certificates with one ailment.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// By what runs out first.
    pub(super) members: BTreeSet<(Option<Time>, Id<Certificate>)>,
    /// By how long they have suffered.
    pub(super) began: BTreeSet<(Time, Id<Certificate>)>,
}

/// Everybody whom one thing hits.
#[derive(Default)]
pub(super) struct Hit<'c> {
    pub(super) own: Option<&'c Group>,
    /// Whom the others wait for: it knows what is wrong, whether it is asked about or not.
    pub(super) first: Option<Id<Certificate>>,
    /// Those who wait, by whom they wait for.
    pub(super) waiting: Vec<(Id<Certificate>, &'c Group)>,
}

impl Hit<'_> {
    fn groups(&self) -> impl Iterator<Item = &Group> {
        self.own.into_iter().chain(self.waiting.iter().map(|(_, group)| *group))
    }

    pub(super) fn len(&self) -> usize {
        self.groups().map(|group| group.members.len()).sum()
    }

    pub(super) fn outage(&self) -> Option<Time> {
        self.groups().filter_map(|group| group.members.first()).map(|(outage, _)| *outage).min().flatten()
    }

    pub(super) fn cause(&self, model: &Model, of: &Shared, now: Time) -> Option<Cause> {
        let members = |group: &Group| group.members.iter().copied().collect::<Vec<_>>();
        let by_need = |(outage, id): &(Option<Time>, Id<Certificate>)| (*outage, model.certificate_key(*id));
        // Who only waits cannot tell what is wrong.
        let own = self.own.map(members).unwrap_or_default();
        let told =
            own.iter().take(limits::CHILDREN).min_by_key(|member| by_need(member)).map(|(_, id)| *id).or(self.first)?;
        let waits =
            self.waiting.iter().flat_map(|(ahead, group)| members(group).into_iter().map(|(_, id)| (id, *ahead)));
        let mut subjects: Vec<(Option<Time>, Id<Certificate>)> = self.groups().flat_map(members).collect();
        // Names order those that a page can show: those of all would be much in each frame.
        subjects.sort_unstable();
        let shown = subjects.len().min(limits::CHILDREN);
        if let Some(shown) = subjects.get_mut(..shown) {
            shown.sort_by_cached_key(by_need);
        }
        let began = |group: &Group| group.began.first().map(|(since, _)| *since);
        Some(Cause {
            finding: crate::triage::findings(model, told, now).into_iter().next()?,
            since: self.own.and_then(began).or_else(|| self.groups().filter_map(began).min()),
            first_outage: self.outage(),
            subjects: subjects.into_iter().map(|(_, id)| id).collect(),
            waiting: waits.collect(),
            shared: of.to_string(),
        })
    }
}
