//! `cmtop watch` and `cmtop wait`: changes of verdicts, for scripts.

use std::collections::BTreeSet;
use std::io::Write as _;

use tokio::time::Instant;

use crate::cli::{self, LineFormat};
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey};
use crate::query::name::Name;
use crate::report::change;
use crate::report::exit::ExitStatus;
use crate::runtime::failure::Failure;
use crate::runtime::print::{is_read, warn};
use crate::runtime::program::Program;
use crate::runtime::signals::Interrupt;
use crate::runtime::source::follow::{Follow, Turn};
use crate::triage::changes::Change;
use crate::triage::verdict::Verdict;

/// Tells every change of a verdict, one a line, until somebody ends it.
pub async fn watch(program: &Program, wanted: &cli::Watch) -> Result<ExitStatus, Failure> {
    let mut follow = Follow::begin(program).await?;
    // What is named may come yet; a recording has not begun.
    if follow.is_live() {
        let absent =
            |name: &Name| follow.scene.pick(program, std::slice::from_ref(name)).choose(&follow.scene.model).err();
        let all = follow.scene.pick(program, &[]);
        let nowhere = all.choose(&follow.scene.model).err();
        let errors = wanted.names.iter().filter_map(absent).chain(nowhere).map(|error| error.to_string());
        let remarks: Vec<String> = errors.collect();
        let remark = all.remark(&follow.scene.model).filter(|_| remarks.is_empty());
        remarks.into_iter().chain(remark).for_each(|remark| warn(&format!("{remark} (waiting for it to come)")));
    }
    let style = program.style();
    let mut interrupt = Interrupt::heard()?;
    loop {
        let turn = tokio::select! {
            turn = follow.turn(None) => turn?,
            () = interrupt.came() => return Ok(ExitStatus::Interrupted),
        };
        let Turn::Changes(changes) = turn else { return Ok(ExitStatus::Good) };
        for change in changes.iter().filter(|change| is_wanted(program, &follow, wanted, change)) {
            let line = match wanted.output {
                LineFormat::Text => change::text(change, &style),
                LineFormat::Json => change::line(change).map_err(Failure::blind)?,
            };
            if !is_read(&line)? {
                return Ok(ExitStatus::Good);
            }
        }
    }
}

fn is_wanted(program: &Program, follow: &Follow, wanted: &cli::Watch, change: &Change) -> bool {
    let key = &change.certificate;
    let named = |name: &Name| {
        *name.name == *key.name && name.namespace.as_deref().is_none_or(|namespace| *namespace == *key.namespace)
    };
    let namespaces = &program.settings.namespaces.value;
    let selector = program.cli.scope.selector.as_ref();
    let labelled = selector.is_none_or(|selector| {
        let row = follow.scene.model.certificate(&key.namespace, &key.name);
        row.is_some_and(|(_, row)| selector.matches(&row.meta.labels))
    });
    (wanted.names.is_empty() || wanted.names.iter().any(named))
        && (namespaces.is_empty() || namespaces.iter().any(|namespace| **namespace == *key.namespace))
        && labelled
}

/// Waits until every named Certificate has one of the wanted verdicts, or the time is over.
pub async fn wait(program: &Program, wanted: &cli::Wait) -> Result<ExitStatus, Failure> {
    let mut follow = Follow::begin(program).await?;
    let until = (!wanted.timeout.is_zero()).then(|| Instant::now() + wanted.timeout);
    let end_of_data = follow.scene.now + wanted.timeout;
    let good: BTreeSet<Verdict> = wanted.verdicts.iter().copied().collect();
    let mut interrupt = Interrupt::heard()?;
    // Of a recording the first frames are still to come.
    let mut chosen = follow.scene.pick(program, &wanted.names).choose(&follow.scene.model);
    loop {
        if let Ok(ids) = &chosen
            && let Some(open) = open(&follow, ids, &good)
            && open.is_empty()
        {
            return Ok(ExitStatus::Good);
        }
        let turn = tokio::select! {
            turn = follow.turn(until) => turn?,
            () = interrupt.came() => return Ok(ExitStatus::Interrupted),
        };
        let over = !wanted.timeout.is_zero() && follow.scene.now >= end_of_data;
        if let Turn::Changes(changes) = &turn {
            chosen = follow.scene.pick(program, &wanted.names).choose(&follow.scene.model);
            if chosen.is_ok() && !wanted.quiet {
                for change in changes.iter().filter(|change| is_named(&chosen, &follow, &change.certificate)) {
                    let _ = std::io::stderr().write_all(change::text(change, &program.style()).as_bytes());
                }
            }
            if follow.is_live() {
                chosen.as_ref().map_err(|error| Failure { status: error.into(), what: error.to_string() })?;
            }
        }
        if over || matches!(turn, Turn::End) {
            let ids = chosen.map_err(|error| Failure { status: (&error).into(), what: error.to_string() })?;
            let open = open(&follow, &ids, &good).unwrap_or_default();
            if open.is_empty() {
                return Ok(ExitStatus::Good);
            }
            return Err(Failure {
                status: ExitStatus::Trouble,
                what: format!("still waiting for {}", open.join(", ")),
            });
        }
    }
}

fn is_named(
    chosen: &Result<Vec<Id<Certificate>>, crate::query::pick::PickError>,
    follow: &Follow,
    key: &ObjectKey,
) -> bool {
    let ids = chosen.as_ref().map(Vec::as_slice).unwrap_or_default();
    ids.iter().any(|id| follow.scene.model.certificate_key(*id).as_ref() == Some(key))
}

/// Those that do not have a wanted verdict yet, each with the one that it has; `None` while some are not judged.
fn open(follow: &Follow, chosen: &[Id<Certificate>], good: &BTreeSet<Verdict>) -> Option<Vec<String>> {
    let verdicts: Option<Vec<_>> = follow.verdicts(chosen).into_iter().collect();
    // What is too young to tell counts as ok, but nobody waits for that.
    let has_one =
        |id: Id<Certificate>| follow.scene.model.certificates.get(id).is_some_and(|row| row.not_after.is_some());
    let open = chosen.iter().zip(verdicts?).filter(|(id, diagnosis)| {
        !good.contains(&diagnosis.verdict) || diagnosis.verdict == Verdict::Ok && !has_one(**id)
    });
    Some(
        open.filter_map(|(id, d)| Some(format!("{} ({})", follow.scene.model.certificate_key(*id)?, d.verdict)))
            .collect(),
    )
}
