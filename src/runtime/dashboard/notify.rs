//! Telling somebody beside the screen: the desktop by the terminal's own words, or a program of the person's.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::app::effect::Desktop;
use crate::limits;

/// What a terminal takes for a notice of the desktop. The text was made harmless, so nothing in it ends the sequence.
pub fn sequence(how: Desktop, text: &str) -> String {
    match how {
        Desktop::Osc9 => format!("\x1b]9;{text}\x07"),
        // A semicolon would end the title.
        Desktop::Osc777 => format!("\x1b]777;notify;cmtop;{}\x07", text.replace(';', ",")),
    }
}

/// The programs that notices run.
#[derive(Debug, Default)]
pub struct Programs {
    /// How many run now.
    running: Arc<AtomicUsize>,
}

impl Programs {
    /// Runs a program without a shell: what happened is in its environment, its input is empty and its output goes
    /// nowhere.
    pub fn run(&self, argv: &[String], fields: Vec<(&'static str, String)>) -> Result<(), String> {
        let Some((program, arguments)) = argv.split_first() else { return Ok(()) };
        if self.running.load(Ordering::Relaxed) >= limits::NOTICE_COMMANDS {
            return Err(format!("{program} was not run: {} of its kind run already", limits::NOTICE_COMMANDS));
        }
        let mut command = Command::new(program);
        command.args(arguments).envs(fields).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!("{program} cannot be run: {error}"))?;
        self.running.fetch_add(1, Ordering::Relaxed);
        let running = Arc::clone(&self.running);
        std::thread::spawn(move || {
            // Whoever is not waited for stays as a zombie.
            let _ = child.wait();
            running.fetch_sub(1, Ordering::Relaxed);
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_the_sequence_early() {
        assert_eq!(sequence(Desktop::Osc9, "a; b"), "\x1b]9;a; b\x07");
        assert_eq!(sequence(Desktop::Osc777, "a; b"), "\x1b]777;notify;cmtop;a, b\x07");
    }

    #[test]
    fn a_program_that_is_not_there_is_told() {
        let told = Programs::default().run(&["/nowhere/at/all".to_owned()], Vec::new());
        assert!(told.is_err_and(|text| text.contains("/nowhere/at/all cannot be run")));
    }

    #[test]
    fn so_many_run_at_a_time_and_another_dashboard_has_its_own() {
        let (programs, sleep) = (Programs::default(), ["sleep".to_owned(), "5".to_owned()]);
        for _ in 0..limits::NOTICE_COMMANDS {
            assert_eq!(programs.run(&sleep, Vec::new()), Ok(()));
        }
        assert!(programs.run(&sleep, Vec::new()).is_err_and(|text| text.contains("run already")));
        assert_eq!(Programs::default().run(&["true".to_owned()], Vec::new()), Ok(()));
    }
}
