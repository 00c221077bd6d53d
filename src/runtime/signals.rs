//! The signals that end the program: `Interrupt` for commands without a screen, `Signals` for the dashboard.
//!
//! Either is made once, before the loop that it ends: from then on the default no longer ends the program, and what came
//! while nobody waited is told to who asks next.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::failure::Failure;
use crate::report::exit::ExitStatus;

/// Hears `ctrl-c`.
#[derive(Debug)]
pub struct Interrupt(Signal);

impl Interrupt {
    /// Hears it from now on.
    pub fn heard() -> Result<Self, Failure> {
        Self::new().map_err(|error| Failure::blind(format!("cannot hear ctrl-c: {error}")))
    }

    fn new() -> io::Result<Self> {
        signal(SignalKind::interrupt()).map(Self)
    }

    /// Waits for it; what was pressed since the last time counts.
    pub async fn came(&mut self) {
        self.0.recv().await;
    }
}

/// What the outside has to say when the dashboard is to end. `ctrl-c` is typed there, and a key: who interrupts is another
/// program.
pub(in crate::runtime) struct Signals {
    terminate: Signal,
    hangup: Signal,
    interrupt: Interrupt,
}

impl Signals {
    /// Hears them from now on.
    pub(in crate::runtime) fn heard() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: Interrupt::new()?,
        })
    }

    /// Waits for one, and tells what the program ends with then.
    pub(in crate::runtime) async fn next(&mut self) -> ExitStatus {
        tokio::select! {
            _ = self.terminate.recv() => ExitStatus::Terminated,
            _ = self.hangup.recv() => ExitStatus::HungUp,
            () = self.interrupt.came() => ExitStatus::Interrupted,
        }
    }

    /// Forgets that it was interrupted.
    pub(in crate::runtime) fn forget_interrupt(&mut self) -> io::Result<()> {
        self.interrupt = Interrupt::new()?;
        Ok(())
    }
}
