//! A panic anywhere, also in a task beside the screen: the terminal is given back, the report can be read, the program ends.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

#[path = "support/session.rs"]
mod session;

use cmtop::runtime::terminal::{Screen, end_on_panic};
use session::Session;

#[test]
fn a_panic_beside_the_screen_gives_the_terminal_back_and_ends_the_program() {
    let this = std::env::current_exe().unwrap();
    let arguments = ["--ignored", "--exact", "--nocapture", "a_program_that_panics"];
    let mut session = Session::of(this.to_str().unwrap(), tempfile::tempdir().unwrap(), None, &arguments);
    assert_eq!(session.ends(), 101);
    session.is_given_back();
    let left = session.screen().contents();
    assert!(left.contains("nobody foresaw this"), "{left}");
}

#[test]
#[ignore = "the other test runs it, in a terminal"]
fn a_program_that_panics() {
    end_on_panic();
    let _screen = Screen::take(true).unwrap();
    std::thread::spawn(|| panic!("nobody foresaw this"));
    loop {
        std::thread::park();
    }
}

#[test]
fn a_panic_without_a_screen_ends_the_program_and_leaves_what_it_printed_alone() {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    let output = command.args(["--ignored", "--exact", "--nocapture", "a_report_that_panics"]).output().unwrap();
    assert_eq!(output.status.code(), Some(101), "{:?}", output.status);
    assert!(String::from_utf8(output.stderr).unwrap().contains("nobody foresaw this"));
    assert!(!output.stdout.contains(&0x1b), "{:?}", String::from_utf8_lossy(&output.stdout));
}

#[test]
#[ignore = "the other test runs it, without a terminal"]
fn a_report_that_panics() {
    end_on_panic();
    std::thread::spawn(|| panic!("nobody foresaw this"));
    loop {
        std::thread::park();
    }
}
