//! [`Signals`]: what the outside has to say when the dashboard is to end.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::report::exit::ExitStatus;

/// The signals that end the dashboard. `ctrl-c` is none: it is typed, and a key.
pub(in crate::runtime) struct Signals {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Begins to listen.
    pub(in crate::runtime) fn heard() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for one, and tells what the program ends with then.
    pub(in crate::runtime) async fn next(&mut self) -> ExitStatus {
        tokio::select! {
            _ = self.terminate.recv() => ExitStatus::Terminated,
            _ = self.hangup.recv() => ExitStatus::HungUp,
            _ = self.interrupt.recv() => ExitStatus::Interrupted,
        }
    }

    /// Forgets that it was interrupted.
    pub(in crate::runtime) fn forget_interrupt(&mut self) -> io::Result<()> {
        self.interrupt = signal(SignalKind::interrupt())?;
        Ok(())
    }
}
