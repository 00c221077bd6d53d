//! `v`: from one version of an object to the next, as the watch, a recording or a person saw them, at any moment.
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
#[path = "support/pages.rs"]
mod pages;
#[cfg(unix)]
#[path = "support/session.rs"]
mod session;

use chrono::{DateTime, Utc};
use cmtop::app::effect::Effect;
use cmtop::app::fetch::{Fetched, Wanted};
use cmtop::app::fetch::{Version, Versions};
use cmtop::app::message::Message;
use cmtop::app::tape::Tape;
use cmtop::model::id::ObjectKey;
use harness::{Harness, news};

const FILE: &str = "backoff-stuck-and-mended.jsonl";

const WALL: &str = "2030-01-01T00:00:00Z";

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The object that is asked for, after a key.
fn asked(effects: &[Effect], wanted: Wanted) -> ObjectKey {
    let fetch = effects.iter().find_map(|effect| match effect {
        Effect::Fetch(fetch) if fetch.wanted == wanted => Some(fetch.object.clone()),
        _ => None,
    });
    fetch.unwrap_or_else(|| panic!("{effects:?}"))
}

fn answer(harness: &mut Harness, fetched: Fetched) -> String {
    harness.send(Message::Fetched(Box::new(fetched)));
    harness.settle();
    harness.screen()
}

fn versions(seen: &[(&str, &str)], whole: bool) -> Versions {
    let version = |(at, yaml): &(&str, &str)| Version { at: moment(at), yaml: (*yaml).to_owned() };
    Versions { seen: seen.iter().map(version).collect(), since: moment("2026-11-22T17:00:00Z"), whole }
}

fn watched() -> Harness {
    Harness::recording(FILE, None, 120, 30)
}

#[test]
fn it_walks_back_and_forth_and_says_where_it_ends() {
    let mut harness = watched();
    let object = asked(&harness.keys("v"), Wanted::Versions);
    assert!(harness.screen().contains("reading…"), "{}", harness.screen());
    let seen = [
        ("2026-11-22T17:10:00Z", "spec:\n  a: 1\n"),
        ("2026-11-22T17:20:00Z", "spec:\n  a: 2\n"),
        ("2026-11-22T17:30:00Z", "spec:\n  a: 3\n"),
    ];
    let shown = answer(&mut harness, Fetched::Versions(object.clone(), Ok(versions(&seen, true))));
    assert!(
        shown.contains("17:20:00 → 17:30:00") && shown.contains("version 3 of 3 seen · v the one before"),
        "{shown}"
    );
    assert!(shown.contains("-   a: 2") && shown.contains("+   a: 3"), "{shown}");
    harness.keys("v");
    let shown = harness.screen();
    assert!(shown.contains("17:10:00 → 17:20:00") && shown.contains("V the one after"), "{shown}");
    assert!(shown.contains("-   a: 1") && shown.contains("+   a: 2"), "{shown}");
    harness.keys("v");
    assert!(harness.screen().contains("that is the first version that was seen"), "{}", harness.screen());
    harness.keys("V V");
    assert!(harness.screen().contains("17:20:00 → 17:30:00"), "{}", harness.screen());
    harness.keys("V");
    assert!(harness.screen().contains("that is the last version"), "{}", harness.screen());
    // What is not kept any more is not called the first.
    harness.keys("esc");
    harness.keys("v");
    let shown = answer(&mut harness, Fetched::Versions(object, Ok(versions(&seen[1..], false))));
    assert!(shown.contains("older ones are not kept"), "{shown}");
    harness.keys("esc");
    assert!(harness.screen().contains("VERDICT"), "{}", harness.screen());
}

/// What the watch delivers while one reads is told, and does not take away what is read.
#[test]
fn a_newer_version_is_told_and_one_step_away() {
    let until = "2026-11-22T17:30:00Z";
    let (all, _) = news(FILE, None);
    let mut harness = Harness::recording(FILE, Some(until), 120, 30);
    let object = asked(&harness.keys("v"), Wanted::Versions);
    let seen = [
        ("2026-11-22T17:10:00Z", "spec:\n  a: 1\n"),
        ("2026-11-22T17:20:00Z", "spec:\n  a: 2\n"),
        ("2026-11-22T17:31:00Z", "spec:\n  a: 3\n"),
    ];
    let shown = answer(&mut harness, Fetched::Versions(object.clone(), Ok(versions(&seen[..2], true))));
    assert!(shown.contains("version 2 of 2 seen"), "{shown}");
    let later = all.into_iter().filter(|batch| batch.at > moment(until));
    let mut wishes = Vec::new();
    for batch in later {
        harness.now = batch.at.max(harness.now);
        wishes.push(harness.send(Message::Batch(batch)));
    }
    let again = wishes.iter().filter(|effects| effects.iter().any(|effect| matches!(effect, Effect::Fetch(_))));
    let again: Vec<_> = again.map(|effects| asked(effects, Wanted::Versions)).collect();
    assert!(!again.is_empty() && again.len() < wishes.len() && again.iter().all(|of| *of == object), "{again:?}");
    let shown = answer(&mut harness, Fetched::Versions(object.clone(), Ok(versions(&seen, true))));
    assert!(
        shown.contains("17:10:00 → 17:20:00") && shown.contains("version 2 of 3 seen · V the one after"),
        "{shown}"
    );
    assert!(shown.contains("it changed: V shows the newer version"), "{shown}");
    harness.keys("V");
    assert!(harness.screen().contains("17:20:00 → 17:31:00"), "{}", harness.screen());
    // Where it cannot be read again, what is there stays.
    let shown = answer(&mut harness, Fetched::Versions(object, Err("gone".to_owned())));
    assert!(shown.contains("17:20:00 → 17:31:00"), "{shown}");
}

#[test]
fn where_there_is_no_version_before_it_says_since_when_and_why() {
    let one = [("2026-11-22T17:10:00Z", "spec:\n  a: 1\n")];
    let table: [(Versions, &str); 3] = [
        (versions(&[], true), "No change of it was seen since it is watched: 17:00:00"),
        (versions(&one, true), "No change of it was seen since it was seen first: 17:10:00"),
        (versions(&one, false), "How it was before this change is not kept: 17:10:00"),
    ];
    for (seen, said) in table {
        let mut harness = watched();
        let object = asked(&harness.keys("v"), Wanted::Versions);
        let whole = !seen.seen.is_empty();
        let shown = answer(&mut harness, Fetched::Versions(object, Ok(seen)));
        assert!(shown.contains(said), "{shown}");
        assert_eq!(shown.contains("a: 1"), whole, "what is known of it is shown: {shown}");
    }
    let mut harness = watched();
    let object = asked(&harness.keys("v"), Wanted::Versions);
    let shown = answer(&mut harness, Fetched::Versions(object, Err("the file is gone".to_owned())));
    assert!(shown.contains("It cannot be read: the file is gone"), "{shown}");
}

#[test]
fn what_a_person_read_counts_where_no_watch_saw_more() {
    let mut harness = watched();
    for yaml in ["spec:\n  a: 1\n", "spec:\n  a: 2\n"] {
        let object = asked(&harness.keys("y"), Wanted::Yaml);
        answer(&mut harness, Fetched::Yaml(object, Ok(yaml.to_owned())));
        harness.pass(10);
    }
    let object = asked(&harness.keys("v"), Wanted::Versions);
    let shown = answer(&mut harness, Fetched::Versions(object, Ok(versions(&[], true))));
    assert!(shown.contains("-   a: 1") && shown.contains("+   a: 2"), "{shown}");
    // The whole of it again.
    asked(&harness.keys("y"), Wanted::Yaml);
    assert!(!harness.screen().contains("-   a: 1"), "{}", harness.screen());
}

/// While a recording is gone over, the page shows what had been seen by then.
#[test]
fn it_goes_through_time_with_the_recording() {
    let (batches, _) = news(FILE, None);
    let mut tape = Tape::default();
    assert!(batches.iter().all(|batch| tape.push(batch.clone())));
    let mut harness = Harness::empty(120, 40, moment(WALL));
    harness.send(Message::Recording(Box::new(tape), Some(moment("2026-11-22T17:31:00Z")), 1.0));
    let show = |harness: &mut Harness, at: Option<DateTime<Utc>>| {
        if let Some(at) = at {
            harness.app.seek(at, harness.now);
        }
        harness.now = harness.app.note_wall(moment(WALL));
        harness.settle();
    };
    show(&mut harness, Some(moment("2026-11-22T17:31:00Z")));
    let mut effects = harness.keys("v");
    let object = asked(&effects, Wanted::Versions);
    effects.truncate(1);
    let Message::Fetched(fetched) = pages::read(&effects, FILE) else { panic!() };
    let Fetched::Versions(_, Ok(versions)) = &*fetched else { panic!("{fetched:?}") };
    let versions = versions.seen.clone();
    assert!(versions.len() > 3, "{object}: {}", versions.len());
    harness.send(Message::Fetched(fetched));
    for (n, version) in versions.iter().enumerate().skip(1) {
        show(&mut harness, Some(version.at));
        let until = versions.iter().filter(|other| other.at <= version.at).count();
        let shown = harness.screen();
        let place = format!("version {until} of {until} seen");
        assert!(shown.contains(&place) && n < until, "{n} {}: {place}: {shown}", version.at);
    }
    show(&mut harness, Some(versions[0].at));
    assert!(harness.screen().contains("No change of it was seen since it was seen first"), "{}", harness.screen());
}

/// The dashboard on the simulator: what the watch delivered, with nothing read anew. One Certificate is renewed often.
#[cfg(unix)]
#[test]
fn on_a_cluster_it_shows_what_the_watch_delivered() {
    let mut session = session::Session::open(&["demo", "--speed", "60"]);
    session.wait_for("the table", |screen| screen.contents().contains("blog-staging"));
    session.types("/mesh-north\r");
    session.wait_for("the filter", |screen| screen.contents().contains("1 of "));
    let (patience, changed) = (std::time::Duration::from_secs(3), |screen: &vt100::Screen| {
        let shown = screen.contents();
        shown.contains(" → ") && shown.contains(" seen") && shown.contains("-   resourceVersion")
    });
    let found = (0..20).any(|_| {
        session.types("v");
        session.comes(patience, changed) || {
            session.types("\x1b");
            session.wait_for("the table", |screen| screen.contents().contains("VERDICT"));
            false
        }
    });
    assert!(found, "{}", session.screen().contents());
    assert!(!session.screen().contents().contains("managedFields"));
    // Further back, as far as it goes, and there it says so.
    for _ in 0..=cmtop::limits::VERSIONS_TOLD {
        session.types("v");
    }
    session.wait_for("the first version", |screen| {
        let shown = screen.contents();
        shown.contains("that is the first version") || shown.contains("older ones are not kept")
    });
}
