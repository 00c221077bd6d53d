//! What is typed after `:` and `/`: taken up again, pasted, with what follows a command.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::print_stderr, reason = "a test may fail")]

#[path = "support/harness.rs"]
mod harness;

use cmtop::app::effect::Effect;
use cmtop::app::message::{Message, RecorderNews};
use cmtop::app::screen::Screen;
use harness::Harness;

const FILE: &str = "backoff-stuck-and-mended.jsonl";

fn busy() -> Harness {
    Harness::recording(FILE, Some("2026-11-22T17:33:00Z"), 140, 44)
}

fn typed(harness: &mut Harness, text: &str) -> Vec<Effect> {
    harness.text(text);
    harness.keys("enter")
}

fn last_line(harness: &Harness) -> String {
    harness.screen().lines().last().unwrap().to_owned()
}

#[test]
fn lines_are_taken_up_again_each_where_it_was_typed() {
    let mut harness = busy();
    typed(&mut harness, ":horizon");
    typed(&mut harness, ":certificates");
    typed(&mut harness, "/mended");
    harness.keys("esc");
    harness.keys(": up");
    assert!(last_line(&harness).starts_with(":certificates"), "{}", last_line(&harness));
    harness.keys("up");
    assert!(last_line(&harness).starts_with(":horizon"), "{}", last_line(&harness));
    harness.keys("enter");
    assert_eq!(harness.app.ui.screen(), Screen::Horizon);
    harness.keys("esc");
    // A filter that is taken up works at once, and is taken away again with what was typed.
    let all = harness.names().len();
    harness.keys("/ up");
    assert!(last_line(&harness).starts_with("/mended") && harness.names().len() < all, "{}", last_line(&harness));
    harness.keys("down");
    assert_eq!(harness.names().len(), all);
    harness.keys("esc");
    // A text that is looked for on a page is no filter.
    harness.keys("d /");
    harness.text("Ready");
    harness.keys("enter / up");
    assert!(last_line(&harness).starts_with("/Ready"), "{}", last_line(&harness));
}

#[test]
fn what_is_pasted_keeps_its_words_apart_and_works_at_once() {
    let mut harness = busy();
    let all = harness.names().len();
    harness.keys("/");
    harness.send(Message::Paste("mended\rroot\r".to_owned()));
    harness.settle();
    assert!(last_line(&harness).starts_with("/mended root"), "{}", last_line(&harness));
    assert!(harness.names().len() < all, "the table is filtered by what was pasted");
    harness.keys("esc :");
    harness.send(Message::Paste("ns\nmended\n".to_owned()));
    harness.settle();
    assert!(last_line(&harness).starts_with(":ns mended"), "a line end does not enter it: {}", last_line(&harness));
}

#[test]
fn a_filter_can_follow_its_command() {
    let mut harness = busy();
    let all = harness.names().len();
    harness.keys("d");
    typed(&mut harness, ":filter mended");
    assert_eq!(harness.app.ui.screen(), Screen::Home, "a filter is of a table");
    assert!(harness.names().len() < all && harness.app.ui.filter == "mended", "{:?}", harness.names());
    typed(&mut harness, ":filter issuer:(");
    assert!(last_line(&harness).starts_with(":filter issuer:(") && harness.app.ui.filter == "mended");
    harness.keys("esc / up");
    assert!(last_line(&harness).starts_with("/mended"), "{}", last_line(&harness));
    harness.keys("esc");
    typed(&mut harness, ":ord");
    typed(&mut harness, ":filter conn");
    assert!(harness.screen().lines().any(|line| line.contains("conn-1")), "{}", harness.screen());
}

#[test]
fn a_namespace_can_follow_the_name_of_every_table_that_has_some() {
    for table in ["cert", "certificates", "cr", "ord", "chal", "iss", "sec", "ev", "ns"] {
        let mut harness = busy();
        typed(&mut harness, &format!(":{table} backoff"));
        let chosen: Vec<&str> = harness.app.selection.namespaces.iter().map(|name| name.as_str()).collect();
        assert_eq!(chosen, ["backoff"], "{table}");
        harness.keys("t");
        let mut harness = busy();
        let before = harness.app.ui.screen();
        typed(&mut harness, &format!(":{table} bakoff"));
        assert!(last_line(&harness).contains("no namespace bakoff is known; did you mean backoff?"), "{table}");
        assert_eq!(harness.app.ui.screen(), before, "{table}: nothing is done by half");
    }
}

#[test]
fn whatever_quits_asks_first_while_something_is_under_way() {
    let quits = |keep| vec![Effect::Quit { keep }];
    let mut harness = busy();
    assert_eq!(typed(&mut harness, ":q"), quits(false), "nothing is under way");
    assert_eq!(busy().keys("Q"), quits(true));
    for (keys, keep) in [(": q enter", false), ("Q", true), ("ctrl-c", false)] {
        let mut harness = busy();
        harness.send(Message::Recorder(RecorderNews::Began("outage.jsonl".to_owned())));
        assert_eq!(harness.keys(keys), [], "{keys}");
        assert!(last_line(&harness).contains("ends first: the recording"), "{}", last_line(&harness));
        harness.keys("n");
        harness.keys(keys);
        assert_eq!(harness.keys("enter"), quits(keep), "{keys}");
    }
    let mut harness = busy();
    harness.send(Message::Recorder(RecorderNews::Began("outage.jsonl".to_owned())));
    assert_eq!(typed(&mut harness, ":q!"), quits(false), "who insists is not asked");
}

#[test]
fn the_help_begins_with_what_the_keys_do_here_and_leads_to_the_short_names() {
    let here = |harness: &Harness| {
        let screen = harness.screen();
        let lines = screen.lines().skip_while(|line| line.trim() != "Here").skip(1);
        lines.take_while(|line| !line.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    let mut harness = busy();
    harness.keys("?");
    assert!(here(&harness).contains(":filter") && here(&harness).contains(":sort-left"), "{}", harness.screen());
    assert!(!here(&harness).contains(":previous-attempt"), "{}", here(&harness));
    harness.keys("esc t ?");
    assert!(here(&harness).contains(":next-source") && !here(&harness).contains(":sort-left"), "{}", harness.screen());
    let whole = harness.app.page_lines().len();
    harness.keys("esc esc ctrl-a");
    let screen = harness.screen();
    assert!(screen.contains("After `:`") && screen.contains(":certificaterequests :cr"), "{screen}");
    assert!(screen.contains("takes a namespace"), "{screen}");
    assert!(whole > 100);
    harness.keys("esc");
    typed(&mut harness, ":aliases");
    assert_eq!(harness.screen(), screen);
}

#[test]
fn where_no_row_is_selected_a_key_says_why_it_does_nothing() {
    let mut harness = busy();
    typed(&mut harness, "/zz");
    for keys in ["R", "d", "x", "y", "p", "m", "v", "t", "S", "c", "enter", "space"] {
        assert_eq!(harness.keys(keys), [], "{keys}");
        let said = harness.app.notice(harness.now).map(|notice| notice.text);
        assert_eq!(said.as_deref(), Some("no row is selected: the filter /zz leaves none"), "{keys}");
        harness.now += chrono::TimeDelta::minutes(1);
        harness.settle();
    }
    assert_eq!(harness.app.ui.screen(), Screen::Home);
    typed(&mut harness, ":chal");
    typed(&mut harness, "/zz");
    harness.keys("y");
    assert!(harness.screen().contains("no row is selected: the filter /zz leaves none"), "{}", harness.screen());
}

#[test]
fn a_notice_leaves_what_is_asked_and_typed_alone() {
    let long = "a notice that is longer than all that the last line has room for at this width, and longer still";
    for width in [60, 80, 100, 200] {
        let mut harness = Harness::recording(FILE, Some("2026-11-22T17:33:00Z"), width, 24);
        harness.keys("q");
        let question = last_line(&harness).trim_end().to_owned();
        harness.keys("n :");
        let prompt = last_line(&harness).trim_end().to_owned();
        harness.keys("esc");
        harness.send(Message::Done(Ok(long.to_owned())));
        assert!(last_line(&harness).contains("a notice that"), "{}", last_line(&harness));
        harness.keys("q");
        assert!(last_line(&harness).starts_with(&question), "{width}: {}", last_line(&harness));
        assert_eq!(last_line(&harness).contains("a notice that"), width >= 80, "{}", last_line(&harness));
        harness.keys("n :");
        assert!(last_line(&harness).starts_with(&prompt), "{width}: {}", last_line(&harness));
    }
}
