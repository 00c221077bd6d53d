//! `ctrl-c` while many actions are done from the command line: it is heard whenever it is pressed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

#[test]
fn ctrl_c_between_two_actions_ends_them() {
    let state = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
    command.args(["renew", "--all", "--yes", "--demo"]).env("XDG_STATE_HOME", state.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // What cannot be renewed is said first. After the first that was, the pause before the next one begins.
    let first = lines.by_ref().map(Result::unwrap).find(|line| line.contains("a new issuance was asked for"));
    assert!(first.is_some());
    assert!(Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status().unwrap().success());
    let more = lines.map(Result::unwrap).filter(|line| line.contains("asked for")).count();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(more < 5, "{more} more were begun");
    let noted = std::fs::read_to_string(state.path().join("cmtop/actions.jsonl")).unwrap();
    assert_eq!(noted.lines().count(), 1 + more, "what was begun is noted");
}
