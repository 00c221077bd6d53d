//! [`Clipboard`]: copied text goes to the system's clipboard where there is one, else to the terminal's; what came of it
//! is told.

mod taken;

use std::io;

use tokio::sync::mpsc::{Receiver, Sender, channel};

use self::taken::taken;
use crate::app::effect::Clipping;
use crate::app::message::Message;
use crate::limits;
use crate::runtime::clipboard::{Taker, Ways};
use crate::runtime::terminal::Screen;

/// What came of a text that programs were given: the one that took it, or why each did not.
#[derive(Debug)]
pub struct Tried {
    clipping: Clipping,
    outcome: Result<&'static str, Vec<String>>,
}

/// The clipboard, as far as the dashboard can reach one.
#[derive(Debug)]
pub struct Clipboard {
    ways: Ways,
    /// Whether a program is at work.
    busy: bool,
    /// What was copied meanwhile: of several texts a clipboard keeps the last.
    next: Option<Clipping>,
    out: Sender<Tried>,
    tried: Receiver<Tried>,
}

impl Clipboard {
    /// A clipboard that is reached in these ways.
    pub fn reached(ways: Ways) -> Self {
        let (out, tried) = channel(1);
        Self { ways, busy: false, next: None, out, tried }
    }

    /// Puts a text there. What came of it is told at once, or when a program has ended ([`Self::tried`]).
    pub fn put(&mut self, clipping: Clipping, screen: &mut Screen) -> io::Result<Option<Message>> {
        if self.ways.programs.is_empty() {
            return self.without_program(&clipping, &[], screen).map(Some);
        }
        if self.busy {
            self.next = Some(clipping);
        } else {
            self.begin(clipping);
        }
        Ok(None)
    }

    /// Waits until programs took a text, or did not.
    pub async fn tried(&mut self) -> Tried {
        match self.tried.recv().await {
            Some(tried) => tried,
            // A sender is ours: it does not close.
            None => std::future::pending().await,
        }
    }

    /// What is to be said of a text that programs were given; one that none took goes to the terminal.
    pub fn told(&mut self, tried: Tried, screen: &mut Screen) -> io::Result<Message> {
        self.busy = false;
        if let Some(next) = self.next.take() {
            self.begin(next);
        }
        let Tried { clipping, outcome } = tried;
        match outcome {
            Ok("tmux") => Ok(Message::Done(Ok(format!(
                "{}: given to tmux, which passes it on to the terminal where it may",
                clipping.what
            )))),
            Ok(program) => Ok(Message::Done(Ok(format!("copied {} ({program})", clipping.what)))),
            Err(failures) => self.without_program(&clipping, &failures, screen),
        }
    }

    fn begin(&mut self, clipping: Clipping) {
        self.busy = true;
        let (programs, out) = (self.ways.programs.clone(), self.out.clone());
        tokio::task::spawn_blocking(move || {
            let outcome = first_that_takes(&programs, &clipping.text);
            let _ = out.blocking_send(Tried { clipping, outcome });
        });
    }

    fn without_program(&self, clipping: &Clipping, failures: &[String], screen: &mut Screen) -> io::Result<Message> {
        let what = &clipping.what;
        let because = failures.iter().map(|why| format!("; {why}")).collect::<String>();
        let Some(terminal) = self.ways.terminal else {
            let why = if failures.is_empty() { self.ways.why.clone() } else { failures.join("; ") };
            return Ok(Message::Done(Err(format!("{what}: not copied; {why}"))));
        };
        screen.hand(&clipping.text, terminal)?;
        Ok(Message::Done(Ok(format!("{what}: sent to the terminal's clipboard (OSC 52){because}"))))
    }
}

fn first_that_takes(programs: &[&'static Taker], text: &str) -> Result<&'static str, Vec<String>> {
    let mut failures = Vec::new();
    for Taker { program, arguments, .. } in programs {
        match taken(program, arguments, text, limits::CLIPBOARD_WAIT) {
            Ok(()) => return Ok(program),
            Err(why) => failures.push(why),
        }
    }
    Err(failures)
}
