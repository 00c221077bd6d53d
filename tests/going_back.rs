//! Going back: a moment on the tape is what replaying to it gives, and the keys move over it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[path = "support/harness.rs"]
mod harness;

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::app::message::Message;
use cmtop::app::tape::{Playhead, Tape};
use cmtop::model::{Batch, Model};
use cmtop::triage::diagnose;
use harness::{Harness, grids, news, seen};
use proptest::prelude::*;

const FILE: &str = "backoff-stuck-and-mended.jsonl";

/// The machine's clock, years after the recording.
const WALL: &str = "2030-01-01T00:00:00Z";

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The recording many times over, so that moments are kept whole on the way.
fn long() -> Vec<Batch> {
    let (once, end) = news(FILE, None);
    let whole = end - once.first().unwrap().at;
    let rounds = 2 * cmtop::limits::KEYFRAME / once.len() + 2;
    let later =
        |round: usize| once.iter().map(move |batch| Batch { at: batch.at + whole * round as i32, ..batch.clone() });
    (0..rounds).flat_map(later).collect()
}

fn tape(batches: &[Batch]) -> Tape {
    let mut tape = Tape::default();
    assert!(batches.iter().all(|batch| tape.push(batch.clone())));
    tape
}

/// Played from a recording that stands at its beginning.
fn player(batches: &[Batch]) -> Harness {
    sized(batches, 120, 36)
}

fn sized(batches: &[Batch], width: u16, height: u16) -> Harness {
    let mut harness = Harness::empty(width, height, moment(WALL));
    harness.send(Message::Recording(Box::new(tape(batches)), None, 1.0));
    harness.now = harness.app.note_wall(moment(WALL));
    harness.settle();
    harness
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn scrubbing_to_any_moment_equals_replaying_to_it(parts in prop::collection::vec(0.0f64..=1.0, 1..4)) {
        let batches = long();
        let mut harness = player(&batches);
        let (begin, end) = harness.app.past.tape.range().unwrap();
        for part in parts {
            let at = begin + TimeDelta::milliseconds(((end - begin).num_milliseconds() as f64 * part) as i64);
            harness.app.seek(at, harness.now);
            harness.now = harness.app.note_wall(moment(WALL));
            harness.settle();
            prop_assert_eq!(harness.now, at);
            let mut fresh = Model::default();
            let mut latest = begin;
            for batch in &batches {
                latest = latest.max(batch.at);
                if latest <= at {
                    fresh.apply(batch.clone());
                }
            }
            prop_assert_eq!(seen(&harness.app.model, at), seen(&fresh, at));
        }
    }

    /// Running on from a moment ends where going there ends.
    #[test]
    fn running_on_equals_going_there(part in 0.0f64..1.0, seconds in 0i64..2_000) {
        let (batches, _) = news(FILE, None);
        let (mut runs, mut goes) = (player(&batches), player(&batches));
        let (begin, end) = runs.app.past.tape.range().unwrap();
        let at = begin + TimeDelta::milliseconds(((end - begin).num_milliseconds() as f64 * part) as i64);
        runs.app.seek(at, at);
        runs.now = at;
        runs.keys("P");
        runs.now = runs.app.note_wall(moment(WALL) + TimeDelta::seconds(seconds));
        runs.settle();
        goes.app.seek(runs.now, runs.now);
        goes.now = runs.now;
        goes.settle();
        prop_assert_eq!(seen(&runs.app.model, runs.now), seen(&goes.app.model, goes.now));
        // The notices of the way there are none of the moment.
        prop_assert_eq!(runs.names(), goes.names());
    }

    #[test]
    fn a_playhead_finds_the_way_there_and_back(seconds in 0i64..10_000, speed in 0.1f64..100.0) {
        let (at, wall) = (moment("2026-11-22T17:30:00Z"), moment(WALL));
        let head = Playhead::new(at, wall, speed);
        let there = at + TimeDelta::seconds(seconds);
        let back = head.now(head.wall_of(there, DateTime::<Utc>::MAX_UTC).unwrap(), DateTime::<Utc>::MAX_UTC);
        prop_assert!((back - there).num_milliseconds().abs() <= 1,
             "{back} {there}");
    }
}

#[test]
fn the_keys_move_over_the_tape() {
    let (batches, _) = news(FILE, None);
    let (mut harness, wall) = (player(&batches), moment(WALL));
    let press = |harness: &mut Harness, keys: &str| {
        for key in keys.split(' ') {
            harness.keys(key);
            harness.now = harness.app.note_wall(wall);
            harness.settle();
        }
        harness.now
    };
    let begin = harness.now;
    let first = press(&mut harness, ">");
    let second = press(&mut harness, "> > >");
    assert!(begin < first && first < second, "{begin} {first} {second}");
    let back = press(&mut harness, "<");
    assert!(first < back && back < second, "{back}");
    let end = press(&mut harness, "L");
    assert_eq!(end, harness.app.past.tape.range().unwrap().1);
    assert!(harness.screen().contains("the end"), "{}", harness.screen());
    let earlier = press(&mut harness, ", ,");
    assert!(earlier < end);
    assert!(harness.screen().contains("paused"), "{}", harness.screen());
    // It stands still until it is let go on.
    assert_eq!(harness.app.note_wall(wall + TimeDelta::seconds(5)), earlier);
    press(&mut harness, "P");
    assert_eq!(harness.app.note_wall(wall + TimeDelta::seconds(10)), earlier + TimeDelta::seconds(5));
}

#[test]
fn the_bar_shows_where_verdicts_changed_and_how_it_goes_on() {
    let (batches, _) = news(FILE, None);
    let mut harness = player(&batches);
    assert!(harness.screen().contains("1x"), "{}", harness.screen());
    assert!(!harness.app.past.marks().is_empty());
    harness.keys(")");
    assert!(harness.screen().contains("2x"), "{}", harness.screen());
    for _ in 0..3 {
        harness.keys(">");
        harness.now = harness.app.note_wall(moment(WALL));
        harness.settle();
    }
    insta::assert_snapshot!(grids(&harness.picture().0));
    for (width, height) in [(60, 20), (80, 24), (200, 60)] {
        let mut harness = sized(&batches, width, height);
        (0..3).for_each(|_| drop(harness.keys(">")));
        harness.now = harness.app.note_wall(moment(WALL));
        harness.settle();
        insta::assert_snapshot!(format!("past_{width}x{height}"), grids(&harness.picture().0));
    }
}

/// A step to a change of a verdict shows the verdict that the mark speaks of.
#[test]
fn every_mark_is_a_change() {
    let (batches, _) = news(FILE, None);
    let mut harness = player(&batches);
    for (at, verdict) in harness.app.past.marks().to_vec() {
        harness.app.seek(at, at);
        harness.now = at;
        harness.settle();
        let rows: Vec<_> = harness.app.model.certificates.iter().map(|(id, _)| id).collect();
        let verdicts: Vec<_> = rows.iter().map(|id| diagnose(&harness.app.model, *id, at).unwrap().verdict).collect();
        assert!(verdicts.contains(&verdict), "{at}: {verdict:?} {verdicts:?}");
    }
}

/// After the end nothing wakes the program, and a picture that stands still wakes it neither.
#[test]
fn nothing_wakes_a_moment_that_stands_still() {
    let (batches, _) = news(FILE, None);
    let mut harness = player(&batches);
    let end = harness.app.past.tape.range().unwrap().1;
    let later = end + TimeDelta::seconds(1);
    assert_eq!(harness.app.wall_of(later), None);
    assert!(harness.app.wall_of(end).is_some());
    harness.keys("P");
    assert_eq!(harness.app.wall_of(end), None);
}

#[test]
fn a_click_on_the_bar_goes_to_that_moment() {
    let (batches, _) = news(FILE, None);
    let mut harness = player(&batches);
    let bar = harness.app.bar(harness.now).expect("there is room for it");
    let middle = bar.bar.x + bar.bar.width / 2;
    harness.mouse(middle, bar.bar.y, cmtop::app::message::MouseAction::Click);
    harness.now = harness.app.note_wall(moment(WALL));
    harness.settle();
    assert_eq!(harness.now, bar.at(middle));
    assert_eq!(bar.cell(harness.now), middle);
    assert!(harness.screen().contains("paused"), "{}", harness.screen());
    harness.mouse(1, bar.bar.y, cmtop::app::message::MouseAction::Click);
    assert_eq!(harness.app.note_wall(moment(WALL)), bar.at(middle), "the time of day beside it is no moment");
}
