//! `--wait`: actions that were done are followed until they end in the cluster.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::ask::say;
use super::place::Place;
use crate::action::plan::Plan;
use crate::action::progress::{Progress, Pursuit};
use crate::action::report::{Outcome, Report};
use crate::cli::ActionFormat;
use crate::model::Model;
use crate::model::meta::Time;
use crate::runtime::failure::Failure;
use crate::runtime::signals::Interrupt;
use crate::text::span;

/// An action, followed.
#[derive(Debug)]
pub(super) struct Followed {
    pursuit: Pursuit,
    said: String,
}

impl Followed {
    /// Begins before the action is sent: how things were.
    pub(super) fn before(model: &Model, plan: &Plan, now: Time) -> Self {
        Self { pursuit: Pursuit::begin(model, plan.action, &plan.object, now), said: String::new() }
    }
}

/// How the waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Well,
    Badly,
    Interrupted,
}

/// Waits until every action came to its end, or the time is over. A wait of zero has no end.
pub(super) async fn to_the_end(
    place: &mut Place,
    mut open: Vec<(Followed, Report)>,
    wait: Duration,
    format: ActionFormat,
    interrupt: &mut Interrupt,
) -> Result<End, Failure> {
    let wait = if wait.is_zero() { Duration::from_secs(u64::from(u32::MAX)) } else { wait };
    let (begin, limit) = (place.live.clock.now(), Instant::now() + wait);
    let mut end = End::Well;
    loop {
        let mut still = Vec::new();
        for (mut followed, mut report) in open {
            let progress = followed.pursuit.progress(&place.model);
            if progress.text() != followed.said {
                progress.text().clone_into(&mut followed.said);
                let subject = followed.pursuit.object.to_string();
                say(&format!("{:>7}  {subject}: {}\n", span(place.live.clock.now() - begin), progress.text()));
            }
            match progress {
                Progress::Running(_) => {
                    still.push((followed, report));
                    continue;
                }
                Progress::Ended(text) => report.message = format!("{}; {text}", report.message),
                Progress::Failed(text) => {
                    end = End::Badly;
                    report.outcome = Outcome::Failed;
                    report.message = format!("{}; {text}", report.message);
                }
            }
            super::tell(&report, format)?;
        }
        open = still;
        if open.is_empty() {
            return Ok(end);
        }
        let news = tokio::select! {
            news = timeout_at(limit, place.live.batches.recv()) => news,
            () = interrupt.came() => return Ok(End::Interrupted),
        };
        match news {
            Ok(Some(batch)) => place.model.apply(batch),
            Ok(None) | Err(_) => break,
        }
        while let Ok(batch) = place.live.batches.try_recv() {
            place.model.apply(batch);
        }
    }
    for (followed, mut report) in open {
        report.outcome = Outcome::Unknown;
        report.message = format!(
            "{}; not at its end after {}: {}",
            report.message,
            span(place.live.clock.now() - begin),
            followed.said
        );
        super::tell(&report, format)?;
    }
    Ok(End::Badly)
}
