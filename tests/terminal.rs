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

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long the program may take to show something. Generous: machines are slow at times.
const PATIENCE: Duration = Duration::from_mins(1);

const ROWS: std::num::NonZero<u16> = std::num::NonZero::new(24).unwrap();
const COLUMNS: std::num::NonZero<u16> = std::num::NonZero::new(80).unwrap();

struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    input: Box<dyn std::io::Write + Send>,
    terminal: Arc<Mutex<vt100::Parser>>,
    /// Every byte that the terminal was sent: what is no picture is in them.
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Session {
    fn open(arguments: &[&str]) -> Self {
        Self::open_at(arguments, &std::env::temp_dir())
    }

    /// The same, at somebody's home.
    fn open_at(arguments: &[&str], home: &Path) -> Self {
        let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cmtop"));
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("HOME", home);
        command.env("XDG_STATE_HOME", home.join("state"));
        command.env_remove("KUBECONFIG");
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        let child = pty.slave.spawn_command(command).unwrap();
        let (mut output, input) = (pty.master.try_clone_reader().unwrap(), pty.master.take_writer().unwrap());
        let terminal = Arc::new(Mutex::new(vt100::Parser::new(ROWS, COLUMNS, 0)));
        let sink = Arc::clone(&terminal);
        let sent = Arc::new(Mutex::new(Vec::new()));
        let bytes = Arc::clone(&sent);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(n @ 1..) = output.read(&mut chunk) {
                bytes.lock().unwrap().extend_from_slice(&chunk[..n]);
                sink.lock().unwrap().process(&chunk[..n]);
            }
        });
        Self { child, master: pty.master, input, terminal, sent }
    }

    /// What the terminal shows now.
    fn screen(&self) -> vt100::Screen {
        self.terminal.lock().unwrap().screen().clone()
    }

    /// Gives the terminal another size; the program hears of it as it would from any terminal.
    fn resize(&self, cols: u16, rows: u16) {
        let size = |cells: u16| cells.try_into().unwrap();
        self.terminal.lock().unwrap().screen_mut().set_size(size(rows), size(cols));
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    fn wait_for(&self, what: &str, shown: impl Fn(&vt100::Screen) -> bool) {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if shown(&self.screen()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{what} was never shown:\n{}", self.screen().contents());
    }

    fn types(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    fn ends(&mut self) -> u32 {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What it wrote last may still be under way.
                std::thread::sleep(Duration::from_millis(200));
                return status.exit_code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it never ended:\n{}", self.screen().contents());
    }

    fn is_given_back(&self) {
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is left");
        assert!(!screen.hide_cursor(), "the cursor is there again");
        assert!(!screen.bracketed_paste(), "pasting is as before");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is let go");
        let flags = self.master.get_termios().unwrap().local_flags;
        let wanted = nix_flags();
        assert!(flags.contains(wanted), "the terminal is cooked again");
    }
}

fn nix_flags() -> nix::sys::termios::LocalFlags {
    nix::sys::termios::LocalFlags::ICANON | nix::sys::termios::LocalFlags::ECHO
}

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
    for signal in ["TERM", "HUP"] {
        let mut session = opened();
        session.signal(signal);
        session.ends();
        session.is_given_back();
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

/// Every view: the keys that lead there from the first page, and what it then shows; after `!`, what it no longer shows.
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
    (":cause\r", "Why, and what mends it"),
    (":ns\r", "all namespaces"),
    ("E", "What happened"),
    ("F", "Feeds: what is watched"),
    ("@", "Actions of this session"),
    ("d", "!VERDICT"),
    ("?", "What the selected row says"),
    ("S", "!VERDICT"),
    ("t", "!VERDICT"),
];

#[test]
fn every_view_and_back_with_the_terminal_growing_and_shrinking() {
    let mut session = Session::open(&["demo", "--speed", "20"]);
    let is_home = |screen: &vt100::Screen| screen.contents().contains("VERDICT") && screen.alternate_screen();
    session.wait_for("the table", is_home);
    session.wait_for("a certificate", |screen| screen.contents().contains("shop"));
    for (i, (keys, wanted)) in VIEWS.iter().enumerate() {
        let (cols, rows) = [(80, 24), (160, 45), (60, 20), (120, 36), (200, 60)][i % 5];
        session.types(keys);
        let is_there = |screen: &vt100::Screen| match wanted.strip_prefix('!') {
            Some(gone) => !screen.contents().contains(gone),
            None => screen.contents().contains(wanted),
        };
        session.wait_for(keys, is_there);
        session.resize(cols, rows);
        let fills = |screen: &vt100::Screen| screen.contents().lines().count() + 2 >= usize::from(rows);
        session.wait_for(&format!("{keys} at {cols}x{rows}"), |screen| is_there(screen) && fills(screen));
        session.types("\x1b");
        session.wait_for("the table again", |screen| is_home(screen) && !is_there(screen));
    }
    session.types("[");
    session.wait_for("the view before", |screen| !screen.contents().contains("VERDICT"));
    session.signal("TERM");
    session.ends();
    session.is_given_back();
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
    let mut session = Session::open_at(&["demo", "--speed", "60", "--config", config.to_str().unwrap()], home.path());
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
            ["stuck", "backoff", "expired", "overdue", "blocked", "changes"].iter().any(|word| told.contains(word)),
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
    let home = tempfile::tempdir().unwrap();
    let mut session = Session::open_at(&["demo", "--speed", "20"], home.path());
    session.wait_for("a certificate", |screen| screen.contents().contains("shop"));
    std::thread::sleep(Duration::from_secs(6));
    session.types("/shop\r");
    session.wait_for("the filter", |screen| screen.contents().contains("/shop"));
    session.types("T");
    let bundles = home.path().join("state/cmtop/bundles");
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
