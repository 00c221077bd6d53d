//! What a person sees: pictures with their styles, at four sizes; and that they hold as long as they say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[path = "support/drawn.rs"]
mod drawn;
#[path = "support/harness.rs"]
mod harness;
#[path = "support/pages.rs"]
mod pages;
#[path = "support/still.rs"]
mod still;

use chrono::{DateTime, TimeDelta};
use cmtop::app::effect::Effect;
use cmtop::app::fetch::Fetched;
use cmtop::app::message::{Message, MouseAction};
use cmtop::command::Command;
use cmtop::model::Batch;
use cmtop::model::delta::News;
use cmtop::model::feed::{FeedKey, FeedState};
use cmtop::model::kind::Kind;
use harness::{Harness, grids};
use pages::{BUSY, ISSUED, VIEWS, read, seen, seen_on_the_web};
use proptest::prelude::*;

const SIZES: [(u16, u16); 4] = [(60, 20), (80, 24), (120, 36), (200, 60)];

#[test]
fn the_home_page_at_four_sizes() {
    for (width, height) in SIZES {
        let harness = Harness::recording(BUSY.0, BUSY.1, width, height);
        insta::assert_snapshot!(format!("home_{width}x{height}"), grids(&harness.picture().0));
    }
}

/// Pages that have a layout of their own, at every size.
#[test]
fn the_pages_of_time_at_four_sizes() {
    for (name, file, keys) in [
        ("timeline", ("issuance-and-renewal.jsonl", None), "/ w w w enter t"),
        ("timeline_stuck", BUSY, "j t"),
        ("horizon", BUSY, "H"),
        ("logs", BUSY, "j l"),
        ("logs_all", BUSY, "l l ! !"),
    ] {
        for (width, height) in SIZES {
            let mut harness = Harness::recording(file.0, file.1, width, height);
            harness.keys(keys);
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), grids(&harness.picture().0));
        }
    }
}

#[test]
fn every_page_at_a_good_size() {
    for (name, keys) in [
        ("tree", "j enter"),
        ("describe", "j d"),
        ("events", "E"),
        ("causes", "C j"),
        ("help", "?"),
        ("namespaces", "n"),
        ("feeds", "F"),
        ("filter", "/ i s s"),
        ("quit", "q"),
    ] {
        let mut harness = Harness::recording(BUSY.0, BUSY.1, 120, 36);
        harness.keys(keys);
        insta::assert_snapshot!(format!("page_{name}"), grids(&harness.picture().0));
    }
}

#[test]
fn the_matrix_shows_who_sees_what_and_becomes_the_finding() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut harness = Harness::recording("dns01-split-horizon.jsonl", None, width, height);
        let effects = harness.keys("p");
        let [Effect::Probe(target)] = effects.as_slice() else { panic!("{effects:?}") };
        assert!(target.expected.as_deref().is_some_and(|key| key.len() == 43), "{target:?}");
        assert!(harness.screen().contains("asking"), "{}", harness.screen());
        for _ in 0..3 {
            harness.send(Message::Probe(Box::new(seen(target))));
            harness.pass(10);
        }
        insta::assert_snapshot!(format!("matrix_{width}x{height}"), grids(&harness.picture().0));
        assert_eq!(harness.keys("esc"), [Effect::EndProbe]);
        assert_eq!(harness.app.findings[0].id, "dns01-split-horizon");
        assert!(harness.screen().contains("the resolver has its"), "{}", harness.screen());
    }
}

#[test]
fn a_certificate_is_looked_into() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut harness = Harness::recording(ISSUED, None, width, height);
        harness.keys("/ w w w enter");
        let effects = harness.keys("x");
        assert!(harness.screen().contains("reading"), "{}", harness.screen());
        harness.send(read(&effects, ISSUED));
        harness.settle();
        insta::assert_snapshot!(format!("x509_{width}x{height}"), grids(&harness.picture().0));
    }
}

#[test]
fn an_object_is_shown_as_yaml_searched_and_compared() {
    let mut harness = Harness::recording(ISSUED, None, 100, 30);
    harness.keys("/ w w w enter");
    let effects = harness.keys("y");
    harness.send(read(&effects, ISSUED));
    harness.settle();
    insta::assert_snapshot!("yaml", grids(&harness.picture().0));
    harness.pass(10);
    harness.keys("/");
    harness.text("http.test");
    assert!(harness.screen().contains("1 of 3"), "{}", harness.screen());
    harness.keys("enter n n");
    assert!(harness.screen().contains("3 of 3"), "{}", harness.screen());
    harness.keys("n");
    assert!(harness.screen().contains("1 of 3"), "{}", harness.screen());
    harness.keys("N");
    insta::assert_snapshot!("yaml_search", grids(&harness.picture().0));
    // From there to what the recording saw of it before, and back.
    let effects = harness.keys("v");
    harness.send(read(&effects, ISSUED));
    harness.settle();
    insta::assert_snapshot!("yaml_difference", grids(&harness.picture().0));
    let last = harness.screen();
    harness.keys("v");
    assert_ne!(harness.screen(), last);
    harness.keys("V");
    assert_eq!(harness.screen(), last);
}

#[test]
fn what_may_not_be_read_says_which_right_is_missing() {
    let mut harness = Harness::recording(ISSUED, None, 100, 30);
    let effects = harness.keys("y");
    let [Effect::Fetch(fetch)] = effects.as_slice() else { panic!("{effects:?}") };
    let why = "the right that is missing: get certificates.cert-manager.io in namespace shop".to_owned();
    harness.send(Message::Fetched(Box::new(Fetched::Yaml(fetch.object.clone(), Err(why.clone())))));
    harness.settle();
    assert!(harness.screen().contains(&why), "{}", harness.screen());
}

#[test]
fn the_addresses_and_what_stands_behind_them_fit_into_a_small_screen() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut harness = Harness::recording("http01-wrong-status.jsonl", None, width, height);
        let effects = harness.keys("p");
        let [Effect::Probe(target)] = effects.as_slice() else { panic!("{effects:?}") };
        harness.send(Message::Probe(Box::new(seen_on_the_web(target))));
        harness.settle();
        insta::assert_snapshot!(format!("addresses_{width}x{height}"), grids(&harness.picture().0));
        harness.keys("esc");
        assert_eq!(harness.app.findings[0].family, "http01-ingress-not-served");
    }
}

/// A probe leaves traces: nobody is asked by itself unless the settings say so, and then with patience.
#[test]
fn a_stuck_challenge_is_probed_by_itself_only_where_the_settings_say_so() {
    let mut harness = Harness::recording("dns01-split-horizon.jsonl", None, 120, 36);
    harness.pass(1_800);
    assert!(harness.screen().contains("stuck"), "{}", harness.screen());
    assert!(harness.app.attend(harness.now).is_empty(), "the default is to ask");
    harness.app.probes.automatic.on = true;
    assert!(harness.app.attend(harness.now).is_empty(), "whoever only walks by leaves no traces");
    assert!(harness.app.due(harness.now).is_some_and(|due| due <= harness.now + TimeDelta::seconds(3)));
    harness.pass(3);
    let effects = harness.app.attend(harness.now);
    let [Effect::Probe(target)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(harness.app.attend(harness.now).is_empty(), "one at a time");
    harness.send(Message::Probe(Box::new(seen(target))));
    harness.settle();
    assert_eq!(harness.app.findings[0].id, "dns01-split-horizon");
    // The person's own look takes its place, and the same Challenge is left alone for a while after it.
    assert!(matches!(harness.keys("p").as_slice(), [Effect::Probe(_)]));
    assert!(harness.app.attend(harness.now).is_empty());
    assert_eq!(harness.keys("esc"), [Effect::EndProbe]);
    for (seconds, probes) in [(0, 0), (100, 0), (20, 1)] {
        harness.pass(seconds);
        assert_eq!(harness.app.attend(harness.now).len(), probes, "after {seconds} s more");
    }
}

#[test]
fn what_has_no_open_challenge_is_not_probed() {
    let mut harness = Harness::recording("issuer-missing.jsonl", None, 120, 36);
    assert!(harness.keys("p").is_empty());
    assert!(harness.screen().contains("no open Challenge"), "{}", harness.screen());
}

#[test]
fn a_screen_that_is_too_small_says_so() {
    let harness = Harness::recording(BUSY.0, BUSY.1, 40, 10);
    assert!(harness.screen().contains("cmtop needs 60×15, this is 40×10"), "{}", harness.screen());
}

/// The pictures of the README and of `docs/views.md`: name, keys, width, height.
const PICTURES: &[(&str, &str, u16, u16)] = &[
    ("home", "j j", 120, 36),
    ("narrow", "j j", 80, 24),
    ("tree", "j j enter", 120, 30),
    ("describe", "j j d", 120, 36),
    ("causes", "C", 120, 36),
    ("timeline", "j j t", 120, 36),
    ("horizon", "H", 120, 36),
    ("happened", "E", 120, 30),
    ("requests", ": c r enter", 140, 30),
    ("orders", ": o r d enter", 140, 30),
    ("challenges", ": c h a l enter", 140, 36),
    ("clusterissuers", ": c i s s enter", 140, 30),
    ("issuers", ": i s s enter", 140, 30),
    ("secrets", ": s e c enter", 140, 30),
    ("events", ": e v enter", 140, 30),
    ("namespaces", "n", 120, 30),
    ("help", "?", 120, 36),
    ("feeds", "F", 120, 24),
];

/// Pictures of views that need more than the demo's story can promise: certificates and their keys are others each time.
const RECORDED: &[(&str, u16, u16)] = &[
    ("x509", 120, 40),
    ("yaml", 120, 30),
    ("difference", 120, 30),
    ("propagation", 120, 36),
    ("addresses", 120, 36),
    ("logs", 120, 30),
    ("past", 120, 30),
];

/// The pictures are those of the demo's story: `UPDATE=1 cargo test --test screens` draws them again.
#[test]
fn the_screenshots_are_what_the_program_shows() {
    let (model, now) = still::demo();
    let mut old = Vec::new();
    let recorded = RECORDED.iter().map(|(name, width, height)| (*name, pages::open(name, *width, *height)));
    let of_demo = PICTURES.iter().map(|(name, keys, width, height)| {
        let mut harness = Harness::empty(*width, *height, now);
        harness.app.model = model.clone();
        harness.app.model.touch_everything();
        harness.settle();
        harness.app.ui.flashes.clear();
        harness.app.ui.changed.clear();
        harness.keys(keys);
        (*name, harness)
    });
    for (name, harness) in of_demo.chain(recorded) {
        if !drawn::is_current(name, &harness.picture().0) {
            old.push(name);
        }
    }
    assert!(old.is_empty(), "screenshots are old: {old:?}; `UPDATE=1 cargo test --test screens` draws them again");
}

/// Pictures that another test draws: a dialog needs a cluster that is asked.
const ELSEWHERE: &[&str] = &["action"];

/// Every picture is shown somewhere, and every one that is shown is drawn.
#[test]
fn every_screenshot_is_shown_in_a_document() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents = ["README.md", "docs/views.md", "docs/probes.md", "docs/inspect.md", "docs/actions.md"]
        .map(|file| std::fs::read_to_string(root.join(file)).unwrap());
    let drawn = PICTURES.iter().map(|(name, ..)| *name).chain(RECORDED.iter().map(|(name, ..)| *name));
    let drawn: Vec<String> = drawn.chain(ELSEWHERE.iter().copied()).map(|name| format!("{name}.svg")).collect();
    for name in &drawn {
        assert!(documents.iter().any(|text| text.contains(&format!("screenshots/{name}"))), "{name}");
    }
    for file in std::fs::read_dir(drawn::folder()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(drawn.contains(&name), "{name} is drawn by no test");
    }
}

const PAGES: &[&str] = &[
    "t",
    "j t",
    "j t s s",
    "G t left left",
    "H",
    "H j j enter",
    "j",
    "j enter",
    "d",
    "C",
    "C G tab j",
    "C enter",
    "x",
    "y",
    "d / s",
    "? / e enter n N",
    "E",
    "?",
    "n",
    "F",
    "/ x",
    ": t",
    "q",
    "tab",
    "w",
    "ctrl-e",
    "G",
    "!",
    "f",
    ": c r enter",
    ": o r d enter w",
    ": c h a l enter j enter",
    ": c i s s enter enter",
    ": s e c enter d",
    ": e v enter G [ ]",
];

/// What opens menus, dialogs, prompts and pages of every shape; `None` is the menu of contexts.
const OPEN: &[Option<Command>] = &[
    None,
    Some(Command::Namespaces),
    Some(Command::Renew),
    Some(Command::Retry),
    Some(Command::Delete),
    Some(Command::Edit),
    Some(Command::Leave),
    Some(Command::Palette),
    Some(Command::Filter),
    Some(Command::Host),
    Some(Command::Causes),
    Some(Command::Horizon),
    Some(Command::Timeline),
    Some(Command::Logs),
    Some(Command::List(Kind::Challenge)),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_size_is_a_problem(width in 0u16..300, height in 0u16..100, page in 0usize..PAGES.len(), file in 0usize..4) {
        let file = ["backoff-stuck-and-mended.jsonl", "http01-wrong-status.jsonl", "approval.jsonl", "issuer-missing.jsonl"][file];
        let mut harness = Harness::recording(file, None, width, height);
        harness.keys(PAGES[page]);
        harness.picture();
    }

    #[test]
    fn no_size_is_a_problem_for_what_is_open(
        width in 0u16..90, height in 0u16..30, x in 0u16..90, y in 0u16..30, open in 0usize..OPEN.len(),
    ) {
        let mut harness = Harness::recording(BUSY.0, BUSY.1, 120, 36);
        match OPEN[open] {
            None => {
                let names = (0..40).map(|n| (format!("context-{n}"), n == 3)).collect();
                harness.send(Message::Contexts(Ok(names)));
            }
            Some(command) => {
                harness.app.run(command, harness.now);
            }
        }
        harness.settle();
        harness.picture();
        harness.send(Message::Resize(width, height));
        harness.settle();
        harness.picture();
        for what in [MouseAction::WheelDown, MouseAction::WheelUp, MouseAction::Click, MouseAction::Click] {
            harness.mouse(x, y, what);
            harness.picture();
        }
    }

    #[test]
    fn a_picture_holds_until_it_says(part in 0.0f64..1.0, seconds in 0i64..400, page in 0usize..PAGES.len()) {
        let mut harness = Harness::recording(BUSY.0, BUSY.1, 160, 45);
        harness.keys(PAGES[page]);
        harness.pass(seconds);
        let (before, until) = harness.picture();
        let until = until.unwrap_or(harness.now + TimeDelta::days(1));
        prop_assert!(until > harness.now);
        let left = (until - harness.now).num_milliseconds() - 1;
        harness.now += TimeDelta::milliseconds((left as f64 * part) as i64);
        harness.settle();
        let (after, _) = harness.picture();
        prop_assert!(before == after, "{}\n{}", grids(&before), grids(&after));
    }
}

#[test]
fn every_view_opens_at_every_size() {
    for (name, ..) in VIEWS {
        for (width, height) in SIZES {
            let harness = pages::open(name, width, height);
            assert!(!harness.screen().contains("reading…"), "{name}: {}", harness.screen());
        }
    }
}

#[test]
fn an_empty_cluster_says_what_it_waits_for() {
    let harness = Harness::empty(100, 30, DateTime::UNIX_EPOCH);
    assert!(harness.screen().contains("Listing certificates"), "{}", harness.screen());
}

#[test]
fn a_cluster_that_falls_silent_is_told_above_everything_that_may_be_stale() {
    let mut harness = Harness::recording(BUSY.0, BUSY.1, 120, 36);
    let feeds: Vec<FeedKey> = harness.app.model.feeds.iter().map(|(key, _)| key.clone()).collect();
    assert!(feeds.len() > 5);
    let silent = |harness: &Harness| harness.screen().contains("nothing heard since");
    let begun = harness.now;
    for (n, feed) in feeds.iter().enumerate() {
        assert!(!silent(&harness), "{n} of {} watches are cut off", feeds.len());
        let state = FeedState::Retrying {
            attempt: 1,
            next: begun + TimeDelta::seconds(30),
            why: "the connection was cut".into(),
        };
        harness.send(Message::Batch(Batch { at: harness.now, feed: feed.clone(), news: News::Health(state) }));
        harness.settle();
    }
    harness.pass(20);
    let since =
        begun.format("nothing heard since %H:%M:%S (20s): all below is as of then, tried again in 10s  F says why");
    assert!(harness.screen().contains(&since.to_string()), "{}", harness.screen());
    harness.send(Message::Resize(80, 24));
    harness.settle();
    assert!(harness.screen().contains("(20s), tried again in 10s  F says why"), "{}", harness.screen());
    let next = harness.now + TimeDelta::milliseconds(1_001);
    assert!(harness.picture().1.is_some_and(|until| until <= next), "it counts");
    harness.send(Message::Batch(Batch { at: harness.now, feed: feeds[0].clone(), news: News::ListBegan }));
    assert!(silent(&harness), "a list that begins is not yet known");
    harness.send(Message::Batch(Batch { at: harness.now, feed: feeds[0].clone(), news: News::ListEnded }));
    assert!(!silent(&harness), "{}", harness.screen());
}
