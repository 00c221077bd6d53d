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

use cmtop::app::effect::{Clipping, Effect};
use cmtop::app::message::{Message, MouseAction};
use cmtop::app::screen::{Mode, Screen};
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
    assert_eq!(harness.keys("c"), vec![Effect::Copy(Clipping::of("later".to_owned()))]);
    assert_eq!(harness.keys("N"), vec![Effect::Copy(Clipping::of("mended/later".to_owned()))]);
}

#[test]
fn a_text_that_is_typed_on_a_tree_filters_the_table_and_acts_on_nothing() {
    let mut harness = busy(120, 36);
    harness.keys("enter");
    assert_eq!(harness.app.ui.screen(), Screen::Tree);
    let effects = harness.keys("/ r e t r y enter");
    assert!(effects.is_empty(), "{effects:?}");
    assert_eq!((harness.app.ui.screen(), harness.app.ui.filter.as_str()), (Screen::Home, "retry"));
}

#[test]
fn a_word_that_is_typed_into_a_dialog_closes_it_and_sends_nothing() {
    for open in ["R", "r"] {
        let mut harness = busy(120, 36);
        harness.keys(open);
        assert!(matches!(harness.app.ui.mode, Mode::Action(_)), "{}", harness.screen());
        harness.keys("x");
        assert_eq!(harness.app.ui.mode, Mode::Normal);
        assert!(harness.screen().contains("nothing was sent: x means nothing in a dialog"), "{}", harness.screen());
    }
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
        [Effect::Copy(clipping)] | [Effect::LookAround(_), Effect::Copy(clipping)] => clipping.text.clone(),
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
fn the_mouse_chooses_in_menus_lists_and_the_last_line() {
    let mut harness = busy(120, 36);
    let at = |harness: &Harness, what: &str| {
        let screen = harness.screen();
        let (y, line) = screen.lines().enumerate().find(|(_, line)| line.contains(what)).expect(what);
        let before = line.split(what).next().unwrap();
        (cmtop::text::width(before) as u16, y as u16)
    };
    let all = harness.names().len();
    // The last line.
    let (x, y) = at(&harness, "n namespace");
    harness.mouse(x + 2, y, MouseAction::Click);
    assert!(matches!(harness.app.mode(), Mode::Namespaces(_)), "{}", harness.screen());
    // Beside the menu, then on a row of it.
    harness.mouse(1, 5, MouseAction::Click);
    assert!(matches!(harness.app.mode(), Mode::Normal), "{}", harness.screen());
    harness.keys("n");
    let is_row = |line: &&str| line.contains("mended") && line.contains(" certificate");
    let y = harness.screen().lines().position(|line| is_row(&line)).expect("a row of the menu") as u16;
    harness.mouse(60, y, MouseAction::Click);
    assert!(harness.screen().contains("in mended") && harness.names().len() < all, "{}", harness.screen());
    harness.keys("0 n");
    harness.mouse(60, 12, MouseAction::WheelDown);
    let Mode::Namespaces(view) = harness.app.mode() else { panic!("{}", harness.screen()) };
    assert_eq!(view.cursor, 1);
    harness.keys("esc C");
    let second = harness.app.causes_page.rows.len() - 1;
    let top = harness.app.ui.areas().main.y;
    harness.mouse(10, top + second as u16, MouseAction::Click);
    assert_eq!(harness.app.causes_page.view.cursor, second);
    harness.mouse(10, top + second as u16, MouseAction::Click);
    assert_eq!(harness.app.ui.screen(), Screen::Home, "a second click opens: {}", harness.screen());
    for keys in ["j l", "j t", "H"] {
        let mut harness = busy(120, 36);
        harness.keys(keys);
        harness.keys("g");
        let before = harness.screen();
        let row = |screen: &str| screen.lines().position(|line| line.starts_with('▌'));
        let here = row(&before).expect(keys) as u16;
        harness.mouse(10, here + 1, MouseAction::Click);
        assert_eq!(row(&harness.screen()), Some(usize::from(here) + 1), "{keys}: {}", harness.screen());
    }
}

#[test]
fn tab_goes_on_as_far_as_all_agree_and_then_from_one_to_the_next() {
    let mut harness = busy(120, 36);
    harness.app.themes = vec!["dark".to_owned(), "nord".to_owned()];
    let line = |harness: &Harness| harness.screen().lines().last().unwrap().split("   ").next().unwrap().to_owned();
    harness.keys(": h o tab");
    assert_eq!(line(&harness), ":hold");
    harness.keys("tab");
    assert_eq!(line(&harness), ":horizon");
    harness.keys("tab tab");
    assert_eq!(line(&harness), ":hold", "{}", harness.screen());
    harness.keys("shift-tab");
    assert_eq!(line(&harness), ":host");
    harness.keys("ctrl-u");
    harness.text("theme n");
    assert_eq!(harness.keys("tab enter"), [Effect::Theme(Some("nord".to_owned()))]);
    harness.keys(":");
    harness.text("cr me");
    harness.keys("tab enter");
    assert!(harness.screen().contains("in mended"), "{}", harness.screen());
    harness.keys(":");
    harness.text("columns name=40 cert");
    harness.keys("tab enter");
    assert!(harness.screen().contains("CERTIFICATE"), "{}", harness.screen());
    harness.keys(":");
    harness.text("themes");
    harness.keys("enter");
    assert!(harness.screen().contains("did you mean `theme`?"), "{}", harness.screen());
    harness.keys("ctrl-u");
    harness.text("horizn");
    assert!(last_line(&harness).contains("horizon"), "{}", last_line(&harness));
    harness.keys("tab");
    assert_eq!(line(&harness), ":horizon");
}

fn last_line(harness: &Harness) -> String {
    harness.screen().lines().last().unwrap().to_owned()
}

#[test]
fn a_command_that_takes_something_says_what_and_a_colon_begins_another_one() {
    let mut harness = busy(120, 36);
    harness.app.themes = vec!["dark".to_owned(), "nord".to_owned()];
    for (typed, said) in [
        ("columns", ":columns verdict namespace name "),
        ("columns ", "columns, or `usual`: verdict  namespace"),
        ("host", "a host name"),
        ("theme ", "a theme: dark  nord"),
        ("ns ", "a namespace: all"),
        ("orders ", "a namespace: all"),
    ] {
        harness.keys(":");
        harness.text(typed);
        if !typed.ends_with(' ') {
            harness.keys("enter");
        }
        assert!(last_line(&harness).contains(said), "{typed}: {}", last_line(&harness));
        harness.text(":ns mended");
        harness.keys("enter");
        assert_eq!(*harness.app.mode(), Mode::Normal, "{typed}");
        assert_eq!(harness.names(), ["later"], "{typed}: {}", harness.screen());
        harness.keys("0");
    }
    // What is taken whole is followed by what it takes.
    harness.keys(": t h tab");
    assert!(last_line(&harness).starts_with(":theme  "), "{}", last_line(&harness));
    harness.keys("ctrl-u");
    harness.text("ns mendd");
    harness.keys("enter");
    assert!(harness.screen().contains("did you mean mended?"), "{}", harness.screen());
    harness.keys("esc :");
    harness.text("horizon soon");
    harness.keys("enter");
    assert!(last_line(&harness).contains("nothing follows `horizon`"), "{}", last_line(&harness));
}

#[test]
fn contexts_are_asked_for_when_one_is_about_to_be_typed() {
    let mut harness = busy(120, 36);
    harness.keys(":");
    harness.text("ctx");
    assert_eq!(harness.keys("space"), [Effect::Contexts]);
    let known = [("yard", true), ("prod-eu", false), ("prod-us", false)];
    let known = known.map(|(name, in_use)| (name.to_owned(), in_use)).to_vec();
    harness.send(Message::Contexts(Ok(known)));
    assert!(last_line(&harness).contains("a context: prod-eu  prod-us"), "{}", last_line(&harness));
    assert_eq!(harness.keys("p tab u tab"), [], "they are known now");
    assert_eq!(harness.keys("enter"), [Effect::Switch("prod-us".to_owned())]);
    harness.keys(":");
    assert_eq!(harness.send(Message::Paste("contexts ".to_owned())), [Effect::Contexts], "they may be others by now");
    harness.send(Message::Contexts(Err("no kubeconfig".to_owned())));
    harness.keys("esc");
    assert_eq!(harness.send(Message::Paste("ctx ".to_owned())), []);
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

#[test]
fn a_filter_reads_patterns_letters_and_labels_and_a_wrong_word_narrows_nothing() {
    let mut harness = busy(120, 36);
    let all = harness.names();
    let mut found = |filter: &str| {
        harness.keys("/ ctrl-u");
        harness.text(filter);
        harness.names()
    };
    assert_eq!(found("^api|^root"), ["api", "root"]);
    assert_eq!(found("!^api|^root").len(), all.len() - 2);
    for pattern in ["^renew/api$", "new/ap.*", "^renew/(api|none)", "mended/root|renew/api"] {
        assert!(found(pattern).contains(&"api".to_owned()), "{pattern}");
    }
    assert_eq!(found("^renew/api.$"), Vec::<String>::new());
    assert_eq!(found("-f rfsd"), ["refused"]);
    assert_eq!(found("!-f rfsd").len(), all.len() - 1);
    assert_eq!(found("expires:<10000d !verdict:ok"), Vec::<String>::new());
    assert_eq!(found("STATUS:stuck"), all, "half a word filters nothing");
    assert_eq!(found("api colour:red"), ["api"], "what is right holds");
    assert_eq!(found("^(api"), all);
    harness.keys("/ ctrl-u");
    for (filter, said) in [
        ("STATUS:stuck", "there is no column `STATUS`: did you mean `state`?"),
        ("^(api", "`^(api` is no regular expression"),
        ("age:30d", "`age:` wants a comparison"),
        ("age:<3x", "`3x` is no length of time"),
        ("-f", "`-f` wants letters"),
    ] {
        harness.keys("ctrl-u");
        harness.text(filter);
        assert!(harness.screen().contains(said), "{filter}:\n{}", harness.screen());
    }
}

#[test]
fn a_filter_by_time_settles_when_its_moment_passes() {
    for (table, filter) in [("cert", "age:>"), ("ord", "age:>")] {
        let mut harness = busy(120, 36);
        harness.keys(":");
        harness.text(table);
        harness.keys("enter /");
        let rows = |harness: &Harness| match harness.app.kind_table() {
            Some((_, table)) => table.rows.len(),
            None => harness.app.roster.rows().len(),
        };
        let all = rows(&harness);
        // Longer than the youngest exists, shorter than the oldest: by the age that the model knows.
        let made: Vec<_> = match table {
            "cert" => harness.app.model.certificates.iter().filter_map(|(_, row)| row.meta.created).collect(),
            _ => harness.app.model.orders.iter().filter_map(|(_, row)| row.meta.created).collect(),
        };
        let youngest = *made.iter().max().unwrap();
        let seconds = (harness.now - youngest).num_seconds() + 30;
        harness.text(&format!("{filter}{seconds}s"));
        harness.keys("enter");
        let before = rows(&harness);
        assert!(before < all, "{table}: {before} of {all}");
        let turn = youngest + chrono::TimeDelta::seconds(seconds);
        let mut looked = 0;
        while harness.now < turn {
            let due = harness.app.due(harness.now).unwrap();
            assert!(due <= turn, "{table}: it wakes up at {due}, not at {turn}");
            harness.now = due.max(harness.now + chrono::TimeDelta::milliseconds(1));
            harness.settle();
            looked += 1;
        }
        assert!(looked < 200, "{looked}");
        harness.pass(2);
        assert!(rows(&harness) > before, "{table}");
    }
}
