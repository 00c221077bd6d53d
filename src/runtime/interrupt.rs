//! [`Interrupt`]: `ctrl-c` for commands without a screen.
//!
//! It is made once, before the loop that it ends: from then on the default no longer ends the program, and what is pressed
//! while nobody waits for it is told to who asks next.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::failure::Failure;

/// Hears `ctrl-c`.
#[derive(Debug)]
pub struct Interrupt(Signal);

impl Interrupt {
    /// Hears it from now on.
    pub fn heard() -> Result<Self, Failure> {
        let heard = signal(SignalKind::interrupt());
        heard.map(Self).map_err(|error| Failure::blind(format!("cannot hear ctrl-c: {error}")))
    }

    /// Waits for it; what was pressed since the last time counts.
    pub async fn came(&mut self) {
        self.0.recv().await;
    }
}
