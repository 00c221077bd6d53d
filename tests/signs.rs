//! What stands on the screen can be told apart, hides nothing, and promises nothing that is not so.
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

use chrono::TimeDelta;
use cmtop::app::input::hints::Hint;
use cmtop::app::message::MouseAction;
use cmtop::app::screen::Mode;
use cmtop::app::toast::Tone;
use cmtop::command::Scope;
use harness::Harness;
use pages::{BUSY, VIEWS};

/// Everything that a person could notice, but for notices.
fn noticeable(harness: &Harness) -> String {
    let app = &harness.app;
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        app.past.head,
        app.ui,
        app.selection,
        app.roster.is_frozen(),
        app.logs,
        app.timeline,
        app.yaml
    )
}

/// A key in the last line that only says why it does nothing is worse than none.
#[test]
fn every_key_that_is_hinted_does_something() {
    let mut idle = Vec::new();
    for (name, file, until, _) in VIEWS {
        let seen = Harness::recording(file, *until, 300, 45);
        let open = || {
            if *name == "past" {
                let mut harness = pages::open(name, 300, 45);
                // Keys come with the time of the moment that is shown.
                harness.now = harness.app.note_wall(harness.now);
                return harness;
            }
            let mut harness = Harness::empty(300, 45, seen.now);
            harness.app.model = seen.app.model.clone();
            harness.app.model.touch_everything();
            harness.settle();
            let mut harness = pages::open_in(harness, name);
            // What was said on the way there has gone.
            harness.pass(30);
            harness
        };
        let view = open();
        if !matches!(view.app.ui.mode, Mode::Normal) {
            continue;
        }
        let hints = view.app.hints(view.now);
        assert!(hints.iter().any(|hint| matches!(hint.key.as_str(), "?" | "q")), "{name}: {hints:?}");
        // What was watched all along is made anew each time: the keys of time alone.
        let of_time =
            |hint: &Hint| hint.command.row().is_some_and(|row| row.scope == Scope::Recording) || hint.key == "b";
        for hint in hints.into_iter().filter(|hint| *name != "past" || of_time(hint)) {
            let mut harness = open();
            let before = noticeable(&harness);
            let effects = harness.keys(&hint.key);
            if effects.is_empty() && before == noticeable(&harness) {
                idle.push(format!("{name}: {} {}", hint.key, hint.title));
            }
        }
    }
    assert!(idle.is_empty(), "{idle:#?}");
}

#[test]
fn a_terminal_that_has_ascii_only_gets_nothing_else() {
    for (name, ..) in VIEWS {
        for (width, height) in [(80, 24), (160, 45)] {
            let mut harness = pages::open(name, width, height);
            harness.app.toasts.show("it is done …", Tone::Good, harness.now);
            let screen = harness.ascii();
            let strange: String = screen.chars().filter(|c| !c.is_ascii()).collect();
            assert!(strange.is_empty(), "{name}: {strange}\n{screen}");
        }
    }
}

/// The cursor, a mark and a change on one row, on two, and on none.
#[test]
fn the_cursor_a_mark_and_a_change_stand_together() {
    let mut harness = Harness::recording(BUSY.0, BUSY.1, 80, 24);
    harness.keys("space k");
    let rows = harness.app.roster.rows().to_vec();
    for row in [0, 2] {
        harness.app.ui.flashes.insert(rows[row], harness.now + TimeDelta::seconds(2));
    }
    let lines = |screen: String| screen.lines().skip(5).take(3).map(str::to_owned).collect::<Vec<_>>();
    for (screen, signs) in [(harness.screen(), ["▌", "✓", "◂"]), (harness.ascii(), [">", "+", "<"])] {
        let lines = lines(screen);
        let [cursor, mark, changed] = signs;
        assert!(lines[0].starts_with(&format!("{cursor}{mark}")) && lines[0].ends_with(changed), "{lines:#?}");
        assert!(lines[1].starts_with("  ") && !lines[1].ends_with(changed), "{lines:#?}");
        assert!(lines[2].starts_with("  ") && lines[2].ends_with(changed), "{lines:#?}");
    }
    harness.pass(3);
    assert!(!harness.screen().contains('◂'), "{}", harness.screen());
}

/// What is for the person's eyes alone ends by the person's clock, though the recording's stands still or flies.
#[test]
fn marks_and_notices_last_by_the_clock_on_the_wall() {
    let mut harness = pages::open("past", 120, 36);
    let begun = harness.now + TimeDelta::hours(1);
    harness.now = harness.app.note_wall(begun);
    harness.settle();
    let first = harness.app.roster.rows()[0];
    harness.app.ui.flashes.insert(first, begun + TimeDelta::seconds(2));
    harness.app.toasts.show("it is done", Tone::Good, harness.now);
    assert!(harness.screen().contains('◂') && harness.screen().contains("it is done"), "{}", harness.screen());
    assert_eq!(harness.app.lapses(), Some(begun + TimeDelta::seconds(2)));
    for (seconds, mark, notice) in [(1, true, true), (2, false, true), (4, false, false)] {
        let paused = harness.now;
        harness.now = harness.app.note_wall(begun + TimeDelta::seconds(seconds));
        assert_eq!(harness.now, paused, "the moment that is looked at stands still");
        harness.settle();
        let screen = harness.screen();
        assert_eq!((screen.contains('◂'), screen.contains("it is done")), (mark, notice), "{seconds} s: {screen}");
    }
}

#[test]
fn a_notice_stands_in_the_last_line_and_covers_no_row() {
    let mut harness = Harness::recording(BUSY.0, BUSY.1, 80, 24);
    let before = harness.screen();
    for text in ["copied www", "no request of it waits for approval", "copied www", &"a long story ".repeat(12)] {
        harness.app.toasts.show(text, Tone::Neutral, harness.now);
    }
    let after = harness.screen();
    let rows = |screen: &str| screen.lines().take(23).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(&before), rows(&after));
    let last = after.lines().nth(23).unwrap();
    assert!(last.contains("a long story a") && last.trim_end().ends_with("+2  M all"), "{last}");
    harness.keys("M");
    let page = harness.screen();
    assert!(page.contains("copied www ×2") && page.contains("no request of it waits for approval"), "{page}");
    // The line that is typed is never covered.
    harness.keys("esc :");
    harness.text("theme nord");
    assert!(harness.screen().lines().nth(23).unwrap().starts_with(":theme nord"), "{}", harness.screen());
    harness.pass(60);
    assert!(!harness.screen().contains("a long story"), "{}", harness.screen());
}

#[test]
fn what_lies_above_the_page_has_a_whole_frame_and_a_margin() {
    for name in ["action", "namespaces"] {
        for (width, height) in [(80, 24), (120, 36)] {
            let harness = pages::open(name, width, height);
            let screen = harness.screen();
            let lines: Vec<Vec<char>> = screen.lines().map(|line| line.chars().collect()).collect();
            let (top, left) = lines
                .iter()
                .enumerate()
                .find_map(|(y, line)| line.iter().position(|c| *c == '┌').map(|x| (y, x)))
                .expect("a corner");
            let right = lines[top].iter().rposition(|c| *c == '┐').unwrap();
            let bottom = (top..lines.len()).rfind(|y| lines[*y].get(left) == Some(&'└')).unwrap();
            assert_eq!(lines[bottom][right], '┘', "{screen}");
            for line in &lines[top..=bottom] {
                assert!(left == 0 || line[left - 1] == ' ', "{name}: {screen}");
                assert!(line.get(right + 1).is_none_or(|c| *c == ' '), "{name}: {screen}");
            }
        }
    }
}

/// A dialog says what can be pressed as it is now, no more.
#[test]
fn the_keys_of_a_dialog_are_those_that_work() {
    let last = |harness: &Harness| harness.screen().lines().last().unwrap().to_owned();
    let mut harness = pages::open("action", 120, 36);
    assert!(!last(&harness).contains("enter"), "nothing was checked yet: {}", last(&harness));
    harness.keys("esc");
    harness.keys("space space space space space R");
    let Mode::Action(dialog) = &harness.app.ui.mode else { panic!("{}", harness.screen()) };
    let all = dialog.plans.len();
    assert!(all > 1 && dialog.prompt.is_some(), "{}", harness.screen());
    assert!(last(&harness).contains("esc no") && !last(&harness).contains("enter"), "{}", harness.screen());
    assert!(!last(&harness).contains("j k"), "letters are typed: {}", last(&harness));
    harness.text(&all.to_string());
    assert!(last(&harness).contains("enter do it"), "{}", last(&harness));
}

#[test]
fn a_count_of_the_header_is_whole_and_a_click_shows_what_it_counts() {
    for width in [60, 80, 120] {
        let mut harness = Harness::recording(BUSY.0, BUSY.1, width, 24);
        let line = harness.screen().lines().nth(1).unwrap().to_owned();
        let (tallies, _) = harness.app.tallies();
        assert!(tallies.iter().all(|tally| line.contains(&tally.text)), "{tallies:?} {line}");
        let backoff = tallies.iter().find(|tally| tally.text.ends_with("backoff")).unwrap();
        let all = harness.names().len();
        harness.mouse(backoff.x + 1, 1, MouseAction::Click);
        assert_eq!(harness.names().len().to_string(), backoff.text.split(' ').next().unwrap(), "{}", harness.screen());
        harness.mouse(backoff.x + 1, 1, MouseAction::Click);
        assert_eq!(harness.names().len(), all);
    }
}

#[test]
fn a_click_on_the_first_line_leads_to_what_it_tells() {
    let mut harness = Harness::recording(BUSY.0, BUSY.1, 120, 36);
    let column = |harness: &Harness, text: &str| harness.screen().lines().next().unwrap().find(text).unwrap() as u16;
    let feeds = column(&harness, "feeds");
    harness.mouse(feeds + 7, 0, MouseAction::Click);
    assert!(harness.screen().contains("Watches"), "{}", harness.screen());
    harness.keys("esc");
    let namespaces = column(&harness, "ns all");
    harness.mouse(namespaces, 0, MouseAction::Click);
    assert!(matches!(harness.app.ui.mode, Mode::Namespaces(_)), "{}", harness.screen());
}

/// A recording begins before anything is in it: it says so, and the key that goes on.
#[test]
fn a_recording_that_is_still_empty_says_when_the_first_certificate_comes() {
    use cmtop::app::message::{Message, Session, SourceKind, SourceNews};
    let (batches, end) = harness::news(pages::ISSUED, None);
    let mut tape = cmtop::app::tape::Tape::default();
    batches.into_iter().for_each(|batch| assert!(tape.push(batch)));
    let mut harness = Harness::empty(100, 30, end);
    let session = Session { source: SourceKind::Recording, ..Session::default() };
    harness.send(Message::Source(SourceNews::Session(session)));
    harness.send(Message::Recording(Box::new(tape), None, 1.0));
    harness.now = harness.app.note_wall(end);
    harness.settle();
    if harness.app.model.certificates.is_empty() && harness.app.model.feeds.iter().all(|(_, feed)| feed.complete) {
        assert!(harness.screen().contains("The first one comes at"), "{}", harness.screen());
    }
    let first = harness.app.past.first_certificate().expect("a Certificate");
    harness.app.seek(first - TimeDelta::milliseconds(1), harness.now);
    harness.now = harness.app.note_wall(end);
    harness.settle();
    harness.keys(">");
    harness.now = harness.app.note_wall(end);
    assert_eq!(harness.now, first);
}
