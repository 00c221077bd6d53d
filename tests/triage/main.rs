//! The table of findings: every row against the texts that it is made for, and against those of its neighbours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod document;
mod healthy;
mod placed;
mod scenario;
mod surroundings;
mod user_files;

use cmtop::triage::signature::families::FAMILIES;
use cmtop::triage::signature::{Context, EMBEDDED, Row, Table, load};

fn table() -> Table {
    let (table, refusals) = load(EMBEDDED.iter().copied());
    assert!(refusals.is_empty(), "{refusals:#?}");
    table
}

fn context(row: &Row) -> Context<'_> {
    Context { solver: row.solvers.first().map(|s| &**s), issuer: row.issuers.first().map(|i| &**i) }
}

#[test]
fn every_row_wins_its_samples_and_leaves_its_near_misses() {
    let table = table();
    let mut wrong = Vec::new();
    for row in table.rows().iter().filter(|row| row.pattern.is_some()) {
        assert!(!row.samples.is_empty(), "{} has no sample", row.id);
        for place in &row.at {
            let winner = |text: &str| table.recognise(*place, context(row), text).and_then(|id| table.row(id));
            for sample in &row.samples {
                let won = winner(sample).map(|row| &*row.id);
                // An echo gives way to what it repeats.
                let echo = row.general && table.explain(sample).iter().any(|id| table.row(*id).unwrap().id == row.id);
                if won != Some(&*row.id) && !echo {
                    wrong.push(format!("{} at {}: {sample:?} is {won:?}", row.id, place.as_str()));
                }
            }
            for text in &row.not {
                if winner(text).is_some_and(|won| won.id == row.id) {
                    wrong.push(format!("{} at {} must not match {text:?}", row.id, place.as_str()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_family_has_a_finding_and_every_title_is_short() {
    let table = table();
    for family in FAMILIES {
        assert!(table.rows().iter().any(|row| &*row.family == *family), "no finding is of family {family}");
    }
    for row in table.rows() {
        assert!(row.title.len() <= 52, "{}: {:?} is long", row.id, row.title);
        assert!(row.cause.ends_with(['.', '}']), "{}: {:?}", row.id, row.cause);
        assert!(row.docs.is_some(), "{} has no page", row.id);
    }
}
