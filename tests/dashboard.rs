//! What a person does: keys and mouse in, what is shown and wished for out.
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

use cmtop::app::effect::Effect;
use cmtop::app::message::{Message, MouseAction};
use cmtop::app::ui_state::{Mode, Screen};
use harness::Harness;

fn busy(width: u16, height: u16) -> Harness {
    Harness::recording("backoff-stuck-and-mended.jsonl", Some("2026-11-22T17:33:00Z"), width, height)
}

#[test]
fn what_needs_a_person_comes_first() {
    let harness = busy(120, 36);
    assert_eq!(harness.names(), ["later", "conn", "refused", "api", "root"]);
}

#[test]
fn the_selection_follows_the_object_and_not_the_row() {
    let (batches, end) = harness::news("backoff-stuck-and-mended.jsonl", None);
    let start = "2026-11-22T17:33:00Z".parse().unwrap();
    let mut harness = Harness::empty(120, 36, start);
    let (early, late): (Vec<_>, Vec<_>) = batches.into_iter().partition(|batch| batch.at <= start);
    for batch in early {
        harness.send(Message::Batch(batch));
    }
    harness.settle();
    harness.keys("j");
    assert_eq!(harness.app.selected_object().unwrap().name.as_ref(), "conn");
    for batch in late {
        harness.now = batch.at;
        harness.send(Message::Batch(batch));
        harness.settle();
        assert_eq!(harness.app.selected_object().unwrap().name.as_ref(), "conn");
    }
    harness.now = end;
    harness.settle();
    assert_ne!(harness.names()[2], "conn", "its row did move");
}

#[test]
fn a_filter_is_live_and_a_wrong_one_says_why() {
    let mut harness = busy(120, 36);
    harness.keys("/");
    harness.text("backoff");
    assert_eq!(harness.names(), ["conn", "refused"], "verdicts and namespaces match too");
    harness.keys("ctrl-u");
    harness.text("issuer:^ca$");
    assert_eq!(harness.names(), ["api"]);
    harness.keys("ctrl-u");
    harness.text("colour:red");
    assert!(harness.screen().contains("there is no column `colour`"), "{}", harness.screen());
    harness.keys("enter");
    assert!(matches!(harness.app.mode(), Mode::Filter { .. }), "a line that is no filter is not taken");
    harness.keys("esc");
    assert_eq!(harness.names().len(), 5, "what was before the prompt is there again");
    harness.keys("/");
    harness.text("!backoff");
    harness.keys("enter");
    assert_eq!(harness.names(), ["later", "api", "root"]);
    harness.keys("esc");
    assert_eq!(harness.names().len(), 5, "esc takes the filter away");
}

#[test]
fn namespaces_by_menu_and_by_digit() {
    let mut harness = busy(120, 36);
    harness.keys("n");
    assert!(harness.screen().contains("all namespaces"), "{}", harness.screen());
    harness.keys("j enter");
    let shown: std::collections::BTreeSet<_> =
        harness.app.selection.namespaces.iter().map(ToString::to_string).collect();
    assert_eq!(shown.len(), 1);
    harness.keys("0");
    assert_eq!(harness.names().len(), 5);
    harness.keys("1");
    assert_eq!(
        harness.app.selection.namespaces.iter().map(ToString::to_string).collect::<std::collections::BTreeSet<_>>(),
        shown
    );
    harness.keys("0 :");
    harness.text("ns mended");
    harness.keys("enter");
    assert_eq!(harness.names(), ["later"]);
}

#[test]
fn only_faults_and_back() {
    let mut harness = busy(120, 36);
    harness.keys("!");
    assert_eq!(harness.names(), ["later", "conn", "refused"]);
    harness.keys("esc");
    assert_eq!(harness.names().len(), 5);
}

#[test]
fn esc_never_quits_and_q_asks_once() {
    let mut harness = busy(120, 36);
    assert_eq!(harness.keys("esc esc esc"), vec![]);
    assert_eq!(harness.keys("q"), vec![]);
    assert_eq!(harness.keys("n"), vec![], "any other key is no");
    assert_eq!(harness.keys("q q"), vec![Effect::Quit { keep: false }]);
    assert_eq!(harness.keys("ctrl-c"), vec![Effect::Quit { keep: false }]);
    assert_eq!(harness.keys("Q"), vec![Effect::Quit { keep: true }]);
}

#[test]
fn pages_lie_on_a_stack() {
    let mut harness = busy(120, 36);
    harness.keys("enter enter");
    assert_eq!(harness.app.ui.screen(), Screen::Describe);
    harness.keys("? esc");
    assert_eq!(harness.app.ui.screen(), Screen::Describe);
    harness.keys("esc");
    assert_eq!(harness.app.ui.screen(), Screen::Tree);
    harness.keys("q");
    assert_eq!(harness.app.ui.screen(), Screen::Home);
}

#[test]
fn the_mouse_points_at_what_is_painted() {
    let mut harness = busy(120, 36);
    let main = harness.app.ui.areas().main;
    harness.mouse(10, main.y + 2, MouseAction::Click);
    assert_eq!(harness.app.selected_object().unwrap().name.as_ref(), "refused");
    harness.mouse(10, main.y + 2, MouseAction::Click);
    assert_eq!(harness.app.ui.screen(), Screen::Tree);
}

#[test]
fn a_click_on_a_title_sorts_and_a_second_one_turns_it_round() {
    let mut harness = busy(120, 36);
    let heads = harness.app.ui.areas().heads;
    harness.mouse(34, heads.y, MouseAction::Click);
    assert_eq!(harness.names(), ["api", "conn", "later", "refused", "root"]);
    harness.mouse(34, heads.y, MouseAction::Click);
    assert_eq!(harness.names(), ["root", "refused", "later", "conn", "api"]);
}

#[test]
fn names_are_copied() {
    let mut harness = busy(120, 36);
    assert_eq!(harness.keys("c"), vec![Effect::Copy("later".to_owned())]);
    assert_eq!(harness.keys("N"), vec![Effect::Copy("mended/later".to_owned())]);
}

#[test]
fn every_key_of_the_help_does_something_or_nothing_but_never_harm() {
    for row in cmtop::command::COMMANDS {
        for key in row.keys {
            let mut harness = busy(120, 36);
            harness.keys(key);
            harness.keys(&format!("{key} {key}"));
            harness.picture();
        }
    }
}

#[test]
fn c_copies_the_command_where_a_diagnosis_is_read_and_the_name_elsewhere() {
    let mut harness = busy(140, 44);
    // A page that says whom a finding hurts asks for it as well.
    let copied = |effects: Vec<Effect>| match effects.as_slice() {
        [Effect::Copy(text)] | [Effect::LookAround(_), Effect::Copy(text)] => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(copied(harness.keys("c")), "later");
    let mut remedies = harness.app.findings.iter().flat_map(|finding| &finding.remedies);
    let command = remedies.find_map(|remedy| remedy.command.clone()).expect("a remedy with a command");
    assert_eq!(copied(harness.keys("d c")), command);
    harness.keys("esc");
    assert_eq!(copied(harness.keys("N")), "mended/later", "on a page of text it goes to the match before");
    harness.keys("tab tab");
    assert_eq!(copied(harness.keys("c")), command, "the detail pane has the focus");
}

#[test]
fn what_is_said_of_another_row_is_read_from_its_beginning() {
    let mut harness = Harness::recording("backoff-stuck-and-mended.jsonl", None, 120, 24);
    let detail = harness.app.ui.areas().detail;
    let beginning = harness.screen();
    for _ in 0..3 {
        harness.mouse(detail.x + 4, detail.y + 2, MouseAction::WheelDown);
    }
    assert_ne!(harness.screen(), beginning, "it scrolls");
    harness.keys("j k");
    assert_eq!(harness.screen(), beginning);
}
