//! What is copied arrives, and what is said of it is true: with programs that take it, refuse it, or hang; over SSH; in
//! tmux; and with no program at all.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "support/session.rs"]
mod session;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use session::Session;

const RECORDING: &str = "tests/recordings/backoff-stuck-and-mended.jsonl";

/// What begins a text for the clipboard of a terminal.
const OSC_52: &str = "\x1b]52;c;";

/// Keeps what it is given in a file beside it.
const TAKES: &str = "/bin/cat > \"$0.taken\"";

/// Variables of an environment.
type Variables = &'static [(&'static str, &'static str)];

/// A directory of programs that are no more than a line of a shell.
fn programs(scripts: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, script) in scripts {
        let file = directory.path().join(name);
        fs::write(&file, format!("#!/bin/sh\necho \"$@\" > \"$0.with\"\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    directory
}

/// Copies `namespace/name` of the first row; what is said of it has to come.
fn copies(programs: &Path, variables: &[(&str, &str)], said: &str) -> Session {
    let mut session = Session::among(programs, variables, &["--from", RECORDING]);
    session.wait_for("the table", |screen| screen.contents().contains("root") && screen.alternate_screen());
    session.types("/root\r");
    session.wait_for("the filter", |screen| screen.contents().contains("1 of 5"));
    session.types("N");
    session.wait_for(said, |screen| screen.contents().contains(said));
    session
}

fn sent(session: &Session) -> String {
    String::from_utf8_lossy(&session.sent.lock().unwrap()).into_owned()
}

fn taken(programs: &Path, program: &str) -> Option<String> {
    fs::read_to_string(programs.join(format!("{program}.taken"))).ok()
}

#[test]
fn the_program_of_the_system_is_used_where_there_is_one() {
    type Row = (Variables, &'static str, &'static str);
    let table: [Row; 3] = [
        (&[("DISPLAY", ":0")], "xclip", "-selection clipboard"),
        (&[("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "w")], "wl-copy", ""),
        (&[("WSL_INTEROP", "/run/wsl")], "clip.exe", ""),
    ];
    for (variables, program, with) in table {
        let there = programs(&[("xclip", TAKES), ("wl-copy", TAKES), ("clip.exe", TAKES)]);
        let session = copies(there.path(), variables, &format!("root ({program})"));
        assert!(session.screen().contents().contains("copied "), "{}", session.screen().contents());
        let copied = taken(there.path(), program).expect(program);
        assert!(copied.ends_with("/root"), "{copied}");
        assert_eq!(fs::read_to_string(there.path().join(format!("{program}.with"))).unwrap().trim(), with);
        assert!(!sent(&session).contains(OSC_52), "the terminal's clipboard is left alone");
    }
}

#[test]
fn over_ssh_the_terminal_is_told() {
    let there = programs(&[("xclip", TAKES)]);
    let variables = [("DISPLAY", "localhost:10.0"), ("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")];
    let session = copies(there.path(), &variables, "/root: sent to the terminal's clipboard (OSC 52)");
    assert!(sent(&session).contains(OSC_52));
    assert_eq!(taken(there.path(), "xclip"), None);
}

#[test]
fn in_tmux_over_ssh_tmux_is_given_it() {
    let there = programs(&[("tmux", TAKES)]);
    let variables = [("TMUX", "/tmp/tmux-0/default,1,0"), ("SSH_TTY", "/dev/pts/1")];
    let session =
        copies(there.path(), &variables, "/root: given to tmux, which passes it on to the terminal where it may");
    assert!(taken(there.path(), "tmux").is_some_and(|copied| copied.ends_with("/root")));
    assert!(!sent(&session).contains(OSC_52));
    assert_eq!(fs::read_to_string(there.path().join("tmux.with")).unwrap().trim(), "load-buffer -w -");
}

#[test]
fn what_fails_or_hangs_is_named_and_the_terminal_is_told_instead() {
    let display = [("DISPLAY", ":0")];
    for (script, why) in [("echo no screen >&2; exit 1", "with 1: no screen"), ("exec /bin/sleep 600", "within 2 s")] {
        let there = programs(&[("xclip", script)]);
        let mut session = copies(there.path(), &display, ": sent to the terminal's");
        assert!(sent(&session).contains(OSC_52));
        session.types("M");
        session.wait_for(why, |screen| screen.contents().contains(why));
    }
    // tmux of before 3.2 refuses: the terminal around it is told through it.
    let there = programs(&[("tmux", "echo unknown flag -w >&2; exit 1")]);
    let session = copies(there.path(), &[("TMUX", "/tmp/tmux-0/default,1,0")], ": sent to the terminal's");
    assert!(sent(&session).contains("\x1bPtmux;\x1b\x1b]52;c;"));
}

#[test]
fn without_a_program_and_by_choice_it_is_told_what_was_done() {
    let (none, xclip) = (programs(&[]), programs(&[("xclip", TAKES)]));
    let session = copies(none.path(), &[("DISPLAY", ":0")], "/root: sent to the terminal's clipboard (OSC 52)");
    assert!(sent(&session).contains(OSC_52));
    let session = copies(xclip.path(), &[("DISPLAY", ":0"), ("CMTOP_CLIPBOARD", "off")], ": not copied; ");
    assert!(!sent(&session).contains(OSC_52) && taken(xclip.path(), "xclip").is_none());
    let session = copies(none.path(), &[("DISPLAY", ":0"), ("CMTOP_CLIPBOARD", "native")], ": not copied; ");
    assert!(session.screen().contents().contains("not installed"), "{}", session.screen().contents());
    assert!(!sent(&session).contains(OSC_52));
}
