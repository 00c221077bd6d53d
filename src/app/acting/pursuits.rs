//! Actions that were sent, followed to their end in the cluster.

use std::collections::HashSet;

use chrono::TimeDelta;
use rustc_hash::FxBuildHasher;

use crate::action::progress::{Progress, Pursuit};
use crate::app::App;
use crate::app::toast::Tone;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;

/// How long the end of an action stays in its row.
const LINGERS: TimeDelta = TimeDelta::seconds(20);

/// An action that is followed.
#[derive(Debug)]
pub(in crate::app) struct Followed {
    pub(in crate::app) pursuit: Pursuit,
    pub(in crate::app) row: Option<Id<Certificate>>,
    pub(in crate::app) text: String,
    /// Whether the server took it: before that nothing is looked for.
    pub(in crate::app) taken: bool,
    pub(in crate::app) ended: Option<Time>,
}

impl App {
    /// Follows actions through what changed.
    pub(in crate::app) fn pursue(&mut self, changed: &HashSet<Id<Certificate>, FxBuildHasher>, now: Time) {
        let mut ended = Vec::new();
        for followed in &mut self.acting.pursuits {
            let news = followed.row.is_none_or(|row| changed.contains(&row)) || followed.text.is_empty();
            if followed.ended.is_some() || !followed.taken || !news {
                continue;
            }
            let progress = followed.pursuit.progress(&self.model);
            progress.text().clone_into(&mut followed.text);
            if !matches!(progress, Progress::Running(_)) {
                followed.ended = Some(now);
                ended.push((followed.pursuit.clone(), progress));
            }
        }
        for (pursuit, progress) in ended {
            let noted = self.acting.log.iter_mut().rev().find(|entry| {
                entry.report.object == pursuit.object && entry.report.action == pursuit.action && entry.end.is_none()
            });
            let Some(entry) = noted else { continue };
            entry.end = Some(progress.text().to_owned());
            let tone = if matches!(progress, Progress::Failed(_)) { Tone::Bad } else { Tone::Good };
            let text = format!("{} {}: {}", pursuit.action, pursuit.object.name, progress.text());
            self.toasts.show(text, tone, now);
        }
        self.acting.pursuits.retain(|followed| followed.ended.is_none_or(|ended| now - ended < LINGERS));
    }

    /// How an action on a Certificate goes, and until when that is shown.
    pub fn progress_of(&self, id: Id<Certificate>) -> Option<(&str, Option<Time>)> {
        let followed = self.acting.pursuits.iter().rev().find(|followed| followed.row == Some(id))?;
        (!followed.text.is_empty()).then_some((&*followed.text, followed.ended.map(|ended| ended + LINGERS)))
    }

    /// When the end of an action leaves its row.
    pub(in crate::app) fn acting_due(&self) -> Option<Time> {
        self.acting.pursuits.iter().filter_map(|followed| Some(followed.ended? + LINGERS)).min()
    }
}
