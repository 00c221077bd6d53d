//! The program in a real terminal: it opens, it answers, and it gives the terminal back, however it ends.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[path = "support/session.rs"]
mod session;

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use session::Session;

const RECORDING: &str = "tests/recordings/backoff-stuck-and-mended.jsonl";

fn opened() -> Session {
    let session = Session::open(&["replay", RECORDING, "--speed", "1000"]);
    session.wait_for("the table", |screen| screen.contents().contains("root") && screen.alternate_screen());
    session
}

#[test]
fn it_opens_answers_and_quits() {
    let mut session = opened();
    session.types("/mended\r");
    session.wait_for("the filter", |screen| screen.contents().contains("1 of 5"));
    session.types("\r");
    session.wait_for("the tree", |screen| screen.contents().contains("CertificateRequest later-1"));
    session.types("q");
    session.wait_for("the table", |screen| screen.contents().contains("VERDICT"));
    session.types("qq");
    assert_eq!(session.ends(), 0);
    session.is_given_back();
}

#[test]
fn it_gives_the_terminal_back_when_it_is_told_to_end() {
    for (signal, status) in [("TERM", 143), ("HUP", 129), ("INT", 130)] {
        let mut session = opened();
        session.signal(signal);
        assert_eq!(session.ends(), status, "{signal}");
        session.is_given_back();
    }
}

/// In a terminal `ctrl-c` is typed: it goes back, and ends the program only at its root.
#[test]
fn ctrl_c_is_a_key_and_no_signal() {
    let mut session = opened();
    session.types("\r");
    session.wait_for("the tree", |screen| !screen.contents().contains("VERDICT"));
    session.types("\x03");
    session.wait_for("the table", |screen| screen.contents().contains("VERDICT"));
    session.types("\x03");
    assert_eq!(session.ends(), 0);
    session.is_given_back();
}

#[test]
fn without_a_terminal_it_says_what_prints_the_same() {
    for (arguments, instead) in [
        (&["demo"][..], "`cmtop status --demo`"),
        (&["replay", RECORDING], "`cmtop status --from tests/recordings/backoff-stuck-and-mended.jsonl`"),
        (&["--from", RECORDING], "`cmtop status --from tests/recordings/backoff-stuck-and-mended.jsonl`"),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"));
        command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(std::process::Stdio::null());
        let output = command.env("HOME", std::env::temp_dir()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("there is no terminal here") && said.contains(instead), "{said}");
        assert!(output.stdout.is_empty(), "nothing is painted into a pipe");
    }
}

#[test]
fn the_picture_can_be_left_on_the_screen() {
    let mut session = opened();
    session.types("Q");
    assert_eq!(session.ends(), 0);
    session.is_given_back();
    assert!(session.screen().contents().contains("root"), "{}", session.screen().contents());
}

#[test]
fn it_comes_back_from_a_suspension() {
    let mut session = opened();
    session.types("\x1a");
    session.wait_for("the shell's screen", |screen| !screen.alternate_screen());
    session.signal("CONT");
    session.wait_for("the table again", |screen| screen.alternate_screen() && screen.contents().contains("mended"));
    session.types("qq");
    session.ends();
    session.is_given_back();
}

/// Every view: the keys that lead there from the first page, and what its title says; nothing where that is the name of
/// an object.
const VIEWS: &[(&str, &str)] = &[
    (":cr\r", "CertificateRequests "),
    (":ord\r", "Orders "),
    (":chal\r", "slots used"),
    (":queue\r", "slots used"),
    (":iss\r", "Issuers "),
    (":ciss\r", "ClusterIssuers "),
    (":sec\r", "Secrets of Certificates"),
    (":ev\r", "Events "),
    (":horizon\r", "Horizon 90 days"),
    (":cause\r", "Causes "),
    ("E", "What happened"),
    ("F", "Feeds: what is watched"),
    ("@", "Actions of this session"),
    ("d", ""),
    ("?", "Help"),
    ("S", ""),
    ("t", ""),
    ("l", "Logs about"),
    ("x", "X.509 ·"),
    ("y", "YAML ·"),
    ("yv", "What changed ·"),
    ("p", "Preflight: what would go wrong"),
    (":actions\r", "Actions of this session"),
    (":timeline\r", ""),
];

const HOME: &str = "Certificates ";

/// The title of the page: it stands below the line that ends the header. What a page holds changes as the cluster goes on,
/// and may name other pages.
fn title(screen: &vt100::Screen) -> String {
    let shown = screen.contents();
    let is_rule = |line: &&str| line.starts_with("────") || line.contains(" looking back");
    let mut below = shown.lines().skip_while(|line| !is_rule(line)).skip(1);
    below.next().unwrap_or_default().trim().to_owned()
}

fn is_home(screen: &vt100::Screen) -> bool {
    screen.alternate_screen() && title(screen).starts_with(HOME)
}

#[test]
fn every_view_and_back_with_the_terminal_growing_and_shrinking() {
    let mut session = Session::open(&["demo", "--speed", "20"]);
    session.wait_for("the table", is_home);
    session.wait_for("a certificate", |screen| screen.contents().contains("shop"));
    for (i, (keys, wanted)) in VIEWS.iter().enumerate() {
        let (cols, rows) = [(80, 24), (160, 45), (60, 20), (120, 36), (200, 60)][i % 5];
        session.types(keys);
        let is_there = |screen: &vt100::Screen| {
            let title = title(screen);
            !title.is_empty() && !title.starts_with(HOME) && title.contains(wanted)
        };
        session.wait_for(keys, is_there);
        session.resize(cols, rows);
        let fills = |screen: &vt100::Screen| screen.contents().lines().count() + 2 >= usize::from(rows);
        session.wait_for(&format!("{keys} at {cols}x{rows}"), |screen| is_there(screen) && fills(screen));
        session.types("\x1b");
        session.wait_for("the table again", is_home);
    }
    session.types("[");
    session.wait_for("the view before", |screen| !is_home(screen));
    session.types("\x1b");
    session.wait_for("the table again", is_home);
    session.resize(120, 36);
    what_lies_over_the_table(&mut session);
    what_differs(&mut session);
    the_past(&mut session);
    session.signal("TERM");
    session.ends();
    session.is_given_back();
}

fn what_lies_over_the_table(session: &mut Session) {
    for (keys, wanted) in [(":ns\r", "Namespaces ──"), (":columns\r", ":columns verdict"), ("R", "[esc] no")] {
        session.types(keys);
        session.wait_for(wanted, |screen| screen.contents().contains(wanted));
        session.types("\x1b");
        session.wait_for("the table alone", |screen| is_home(screen) && !screen.contents().contains(wanted));
    }
}

/// Whether the line that ends the header is as long as the screen is wide.
fn fits(screen: &vt100::Screen, cols: usize) -> bool {
    let shown = screen.contents();
    let rule = shown.lines().find(|line| line.starts_with("────")).unwrap_or_default().trim_end();
    rule.chars().count() == cols && rule.chars().all(|c| c == '─')
}

/// A key that comes together with a new size is heard at once, and so is the size: over and over, for which of them the
/// program hears of first is up to chance.
#[test]
fn a_key_and_a_new_size_at_the_same_time_are_both_heard() {
    let mut session = Session::open(&["demo"]);
    session.wait_for("a certificate", |screen| is_home(screen) && screen.contents().contains("shop"));
    for round in 0..40 {
        let (opened, closed) = (81 + round, 140 + round);
        session.resize(opened, 30);
        session.types("?");
        session.wait_for("the help", |screen| title(screen).starts_with("Help") && fits(screen, usize::from(opened)));
        session.resize(closed, 40);
        session.types("\x1b");
        session.wait_for("the table", |screen| is_home(screen) && fits(screen, usize::from(closed)));
    }
    // More at once than is read at once.
    session.types(&("j".repeat(1_500) + "?"));
    session.wait_for("the help", |screen| title(screen).starts_with("Help"));
    session.types("\x1b");
    session.wait_for("the table", is_home);
    session.types("Q");
    assert_eq!(session.ends(), 0);
}

/// The versions of an object that was read, then changed, then read again.
fn what_differs(session: &mut Session) {
    session.types("Gy");
    session.wait_for("the object", |screen| title(screen).contains("YAML ·") && screen.contents().contains("kind:"));
    session.types("\x1b");
    session.wait_for("the table again", is_home);
    session.types("R");
    session.wait_for("the dialog", |screen| screen.contents().contains("[enter] renew"));
    session.types("\r");
    session.wait_for("the answer", |screen| !screen.contents().contains("[enter] renew"));
    session.types("\x1b");
    session.wait_for("the table again", is_home);
    // Each `y` reads it anew: the renewal is on its way.
    let changed = (0..60).any(|_| {
        session.types("y");
        session.comes(Duration::from_secs(1), |screen| title(screen).contains("v shows"))
    });
    assert!(changed, "it never changed:\n{}", session.screen().contents());
    session.types("v");
    session.wait_for("what differs", |screen| {
        title(screen).starts_with("What changed ·") && screen.contents().contains("+   resourceVersion")
    });
    // A new size and a key at the same time: neither hides the other.
    session.resize(80, 24);
    session.types("y");
    session.wait_for("the whole", |screen| title(screen).starts_with("YAML ·") && fits(screen, 80));
    session.types("\x1b");
    session.wait_for("the table again", is_home);
}

/// Back over the last minutes, through the views there, and to now.
fn the_past(session: &mut Session) {
    let is_past = |screen: &vt100::Screen| screen.contents().contains(" looking back");
    session.resize(120, 36);
    session.types("b");
    session.wait_for("the past", |screen| is_past(screen) && is_home(screen));
    for keys in ["<", ",", ">", "B", "P"] {
        session.types(keys);
    }
    session.wait_for("the past", |screen| is_past(screen) && is_home(screen));
    for keys in ["S", "d", "t", ":cr\r"] {
        session.types(keys);
        session.wait_for(keys, |screen| is_past(screen) && !title(screen).is_empty() && !is_home(screen));
        session.types("\x1b");
        session.wait_for("the table of then", |screen| is_past(screen) && is_home(screen));
    }
    session.types("b");
    session.wait_for("now", |screen| is_home(screen) && !is_past(screen));
}

/// A change of a verdict rings the bell and tells the desktop, in either of the words that terminals know; nothing of it
/// is to be seen on the screen.
#[test]
fn a_change_of_a_verdict_rings_and_tells_the_desktop() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.yaml");
    let rules =
        "notices:\n  - bell: true\n    desktop: osc9\n  - desktop: osc777\n    verdicts: [stuck, backoff, expired]\n";
    fs::write(&config, rules).unwrap();
    let mut session = Session::open(&["demo", "--speed", "60", "--config", config.to_str().unwrap()]);
    let sent = Arc::clone(&session.sent);
    let heard = move |start: &[u8]| {
        let bytes = sent.lock().unwrap();
        let begin = bytes.windows(start.len()).position(|part| part == start)?;
        let rest = &bytes[begin + start.len()..];
        let end = rest.iter().position(|byte| *byte == 0x07)?;
        Some(String::from_utf8_lossy(&rest[..end]).into_owned())
    };
    session
        .wait_for("OSC 9 and OSC 777", |_| heard(b"\x1b]9;").is_some() && heard(b"\x1b]777;notify;cmtop;").is_some());
    for told in [heard(b"\x1b]9;"), heard(b"\x1b]777;notify;cmtop;")] {
        let told = told.unwrap();
        assert!(
            ["stuck", "backing off", "expired", "overdue", "blocked", "changes"].iter().any(|word| told.contains(word)),
            "{told}"
        );
        assert!(!told.contains('\x1b'), "{told}");
    }
    let sent = Arc::clone(&session.sent);
    let rings = move || {
        // What ends a sequence is no bell.
        let mut inside = false;
        let mut before = 0;
        sent.lock()
            .unwrap()
            .iter()
            .filter(|byte| {
                inside |= before == 0x1b && **byte == b']';
                before = **byte;
                **byte == 0x07 && !std::mem::take(&mut inside)
            })
            .count()
    };
    session.wait_for("the bell", |_| rings() > 0);
    session.types("Q");
    session.ends();
}

/// A bundle that is made from the dashboard holds what was watched since it was opened, whole, and what the controller
/// said; it names what was taken out.
#[test]
fn a_bundle_of_the_dashboard_holds_the_last_minutes() {
    let mut session = Session::open(&["demo", "--speed", "20"]);
    session.wait_for("a certificate", |screen| screen.contents().contains("shop"));
    std::thread::sleep(Duration::from_secs(6));
    session.types("/shop\r");
    session.wait_for("the filter", |screen| screen.contents().contains("/shop"));
    session.types("T");
    let bundles = session.state.path().join("cmtop/bundles");
    let written =
        || Some(fs::read_dir(&bundles).ok()?.next()?.ok()?.path()).filter(|at| at.join("recording.jsonl").exists());
    session.wait_for("the bundle", |_| written().is_some());
    // It is written last, and in one piece.
    std::thread::sleep(Duration::from_secs(1));
    let directory = written().unwrap();
    let recording = fs::read_to_string(directory.join("recording.jsonl")).unwrap();
    let frames: Vec<serde_json::Value> =
        recording.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |op: &str| frames.iter().filter(|frame| frame["op"] == op).count();
    assert!(of("ADDED") > 10 && of("MODIFIED") > 5 && of("SYNCED") > 5 && of("LOG") > 0, "{recording}");
    let first: chrono::DateTime<chrono::Utc> = frames[0]["t"].as_str().unwrap().parse().unwrap();
    let last: chrono::DateTime<chrono::Utc> = frames[frames.len() - 1]["t"].as_str().unwrap().parse().unwrap();
    assert!(last - first > chrono::TimeDelta::seconds(60), "six seconds at twenty times: from {first} to {last}");
    let ticket = fs::read_to_string(directory.join("ticket.md")).unwrap();
    assert!(ticket.contains("## Probes") && ticket.contains("## What was taken out"), "{ticket}");
    session.types("Q");
    session.ends();
}

#[test]
fn columns_are_there_again_in_the_next_session() {
    let mut session = opened();
    session.types(":columns name=30 annotation:team why\r");
    session.wait_for("the chosen columns", |screen| screen.contents().contains("TEAM"));
    session.types("qq");
    session.ends();
    let file = session.state.path().join("cmtop/views.yaml");
    assert!(fs::read_to_string(&file).unwrap().contains("- annotation:team"));
    let mut session = Session::keeping(session.state, None, &["replay", RECORDING, "--speed", "1000"]);
    session.wait_for("the columns of before", |screen| {
        let shown = screen.contents();
        shown.contains("TEAM") && !shown.contains("VERDICT")
    });
    session.wait_for("the end of the recording", |screen| screen.contents().contains("the end"));
    // Where nothing can be written, it says so and how to do it by hand.
    fs::remove_file(&file).unwrap();
    fs::create_dir_all(file.join("in the way")).unwrap();
    session.types(":columns name=31 why\r");
    session.wait_for("that it is not kept", |screen| screen.contents().contains("not kept"));
    // The last line has no room for all of it.
    session.types("M");
    // A long path breaks the line somewhere else.
    let words = ["written:", "{certificates:", "config.yaml"];
    session.wait_for("what to write by hand", |screen| words.iter().all(|word| screen.contents().contains(word)));
    session.types("Q");
    session.ends();
}

#[test]
fn a_theme_is_there_again_in_the_next_session() {
    let mut session = opened();
    session.types(":theme nord\r");
    let file = session.state.path().join("cmtop/views.yaml");
    session.wait_for("where it is kept", |screen| screen.contents().contains("theme nord, kept in "));
    assert!(fs::read_to_string(&file).unwrap().contains("theme: nord"));
    session.types("qq");
    session.ends();
    let arguments = ["info", "-o", "json", "--kubeconfig", "/nonexistent"];
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"));
    command.args(arguments).env_clear().env("HOME", "/nonexistent").env("XDG_STATE_HOME", session.state.path());
    let told = command.output().unwrap();
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let wanted = serde_json::json!({"name": "theme", "value": "nord", "origin": "state", "source": file});
    assert_eq!(told["settings"][0], wanted);
    let session_of = |state| Session::keeping(state, None, &["replay", RECORDING, "--speed", "1000"]);
    let mut session = session_of(session.state);
    session.wait_for("the table", |screen| screen.contents().contains("root"));
    session.types(":theme auto\r");
    session.wait_for("that none is chosen", |screen| screen.contents().contains("as suits the terminal"));
    session.types("qq");
    session.ends();
    assert!(!fs::read_to_string(&file).unwrap().contains("theme:"));
    // One that is gone since is told, and nothing worse.
    fs::write(&file, "theme: drak\n").unwrap();
    let mut session = session_of(session.state);
    session.wait_for("the table", |screen| screen.contents().contains("root"));
    session.types("M");
    // A long path breaks the line somewhere else.
    session.wait_for("that it is not there", |screen| screen.contents().contains("`drak`;"));
    session.types("Q");
    session.ends();
}

#[test]
fn a_watched_status_stands_in_one_place_and_the_last_telling_stays() {
    let session = Session::open(&["status", "--watch", "--demo"]);
    let heads = |screen: &vt100::Screen| screen.contents().matches("VERDICT").count();
    session.wait_for("the table", |screen| heads(screen) == 1 && screen.contents().contains("more"));
    let first = session.screen().contents();
    assert!(
        first.lines().nth(1).is_some_and(|line| line.contains("expired")),
        "what needs a person is first:\n{first}"
    );
    let count = |contents: &str| contents.lines().filter(|line| line.contains(" certificates · ")).count();
    assert_eq!(count(&first), 1, "the closing line stays:\n{first}");
    session.wait_for("another telling", |screen| screen.contents() != first);
    session.resize(100, 12);
    session.wait_for("a smaller one", |screen| heads(screen) == 1 && screen.contents().lines().count() <= 12);
    session.wait_for("all of it", |screen| heads(screen) == 1 && count(&screen.contents()) == 1);
    assert!(!session.screen().alternate_screen());
    session.signal("INT");
    let mut session = session;
    assert_eq!(session.ends(), 130);
    let last = session.screen().contents();
    assert!(last.matches("VERDICT").count() == 1 && count(&last) == 1, "the last one stays:\n{last}");
}
