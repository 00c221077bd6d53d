//! [`taken`]: a program is given a text, and has some time to take it.

use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::limits;
use crate::text::clean;

/// How often it is looked whether a program has ended.
const LOOK: Duration = Duration::from_millis(5);

/// How long it is listened to what a program says that has failed.
const SAYS: Duration = Duration::from_millis(200);

/// Gives a program a text as its input and waits until it has ended, but not longer than that. The error says what went
/// wrong with which program.
///
/// What serves a selection of X11 or Wayland stays behind when the program ends: it is in a group of its own, so that
/// neither a `ctrl-c` nor a closed terminal takes the text away.
pub(super) fn taken(program: &str, arguments: &[&str], text: &str, within: Duration) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|error| format!("{program} cannot be run: {error}"))?;
    let input = child.stdin.take();
    let text = text.to_owned();
    let written = aside(move || input.is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok()));
    let Some(status) = ended(&mut child, within) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("{program} did not take it within {} s", within.as_secs_f32()));
    };
    if !status.success() {
        return Err(format!("{program} ended with {}{}", status.code().unwrap_or(-1), said(child)));
    }
    match written.recv_timeout(within) {
        Ok(true) => Ok(()),
        _ => Err(format!("{program} did not read it")),
    }
}

/// Does what a program at the other end of a pipe can hold up, beside everything else.
fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (out, done) = channel();
    std::thread::spawn(move || {
        let _ = out.send(work());
    });
    done
}

fn ended(child: &mut Child, within: Duration) -> Option<ExitStatus> {
    for _ in 0..=within.as_millis() / LOOK.as_millis() {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) => std::thread::sleep(LOOK),
            Err(_) => return None,
        }
    }
    None
}

/// What a program that failed said of it, where it has said it by now.
fn said(child: Child) -> String {
    let heard = aside(move || {
        let mut said = [0; limits::NAME];
        let read = child.stderr.and_then(|mut stderr| stderr.read(&mut said).ok()).unwrap_or(0);
        String::from_utf8_lossy(said.get(..read).unwrap_or_default()).into_owned()
    });
    let said = heard.recv_timeout(SAYS).unwrap_or_default();
    let line = clean(said.lines().next().unwrap_or_default(), limits::NAME).trim().to_owned();
    if line.is_empty() { line } else { format!(": {line}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    fn shell(script: &str, text: &str, within: Duration) -> Result<(), String> {
        taken("sh", &["-c", script], text, within)
    }

    #[test]
    fn what_is_given_arrives_and_who_stays_behind_is_not_waited_for() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("taken");
        let script = format!("cat > {}; sleep 600 & exit 0", file.display());
        assert_eq!(shell(&script, "a text", LONG), Ok(()));
        assert_eq!(std::fs::read_to_string(file).unwrap(), "a text");
    }

    #[test]
    fn what_goes_wrong_is_said() {
        let large = "x".repeat(1 << 20);
        assert_eq!(shell("echo no display >&2; exit 3", "a", LONG).unwrap_err(), "sh ended with 3: no display");
        assert!(shell("exec sleep 60", &large, Duration::from_millis(50)).unwrap_err().contains("within 0.05 s"));
        assert_eq!(shell("exec true", &large, LONG).unwrap_err(), "sh did not read it");
        assert!(taken("/nowhere/at/all", &[], "a", LONG).unwrap_err().contains("cannot be run"));
    }
}
