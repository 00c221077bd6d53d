//! What the terminal has behind its text: asked once, before the first frame, and not for long.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

use crate::theme::ground::Ground;

/// How long the terminal has for its answer. One that knows the question, or says that it does not, answers at once.
const PATIENCE: Duration = Duration::from_millis(100);

/// What the terminal answers (OSC 11); `None` where it does not, and where there is none.
pub fn asked() -> Option<Ground> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return None;
    }
    let mut options = QueryOptions::default();
    options.timeout = PATIENCE;
    match theme_mode(options).ok()? {
        ThemeMode::Dark => Some(Ground::Dark),
        ThemeMode::Light => Some(Ground::Light),
    }
}
