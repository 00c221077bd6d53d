//! The terminal: taken when the dashboard begins, and given back as it was, however the dashboard ends.

pub mod in_place;

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute, queue, style, terminal};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;

/// Bytes gathered before they are written: unbuffered, a frame takes six times as long.
const BUFFER: usize = 256 * 1024;

/// Columns and rows of the terminal that standard output goes to, if it goes to one.
pub fn size_of_output() -> Option<(u16, u16)> {
    io::stdout().is_terminal().then(|| terminal::size().ok()).flatten()
}

/// Whether there is a terminal to paint on, and one that sends keys: that of standard input, or the one that the program
/// was started from.
pub fn is_here() -> bool {
    io::stdout().is_terminal() && (io::stdin().is_terminal() || File::open("/dev/tty").is_ok())
}

/// What a program of Rust ends with that panicked.
const PANICKED: i32 = 101;

/// Whether the terminal is ours. A panic may come from any thread, and has no other way to ask.
static TAKEN: AtomicBool = AtomicBool::new(false);

type Canvas = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// A canvas that remembers no picture.
fn fresh() -> io::Result<Canvas> {
    Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(BUFFER, io::stdout())))
}

/// What is between the program and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// Nothing.
    Nothing,
    /// tmux, which has a terminal around it.
    Tmux,
}

/// What a terminal takes for a text of its clipboard. tmux passes on what is wrapped for it, where it may.
fn osc52(text: &str, around: Around) -> String {
    let mut plain = String::new();
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain);
    match around {
        Around::Nothing => plain,
        Around::Tmux => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
    }
}

/// The screen, while it is ours.
#[derive(Debug)]
pub struct Screen {
    terminal: Canvas,
    mouse: bool,
    ours: bool,
}

impl Screen {
    /// Takes the terminal.
    pub fn take(mouse: bool) -> io::Result<Self> {
        let mut screen = Self { terminal: fresh()?, mouse, ours: false };
        screen.enter()?;
        Ok(screen)
    }

    fn enter(&mut self) -> io::Result<()> {
        terminal::enable_raw_mode()?;
        self.ours = true;
        TAKEN.store(true, Ordering::SeqCst);
        let mut out = io::stdout();
        execute!(out, EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
        if self.mouse {
            execute!(out, EnableMouseCapture)?;
        }
        // What the shell left there is unknown: everything is painted anew. (ratatui's own `clear` asks the terminal
        // where its cursor is, and not every terminal answers.)
        execute!(out, terminal::Clear(terminal::ClearType::All))?;
        self.terminal = fresh()?;
        Ok(())
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        terminal::size()
    }

    /// Paints a frame: only what changed is written, in one piece.
    pub fn paint(&mut self, paint: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| paint(frame.buffer_mut()))?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.terminal.backend_mut().flush()
    }

    /// Gives the terminal a text for its clipboard.
    pub fn hand(&mut self, text: &str, around: Around) -> io::Result<()> {
        self.write(style::Print(osc52(text, around)))
    }

    /// Writes something to the terminal beside the picture: its bell, a notice for the desktop.
    pub fn write(&mut self, command: impl crossterm::Command) -> io::Result<()> {
        execute!(self.terminal.backend_mut(), command)
    }

    /// Gives the terminal back to the shell until it continues us; then takes it again.
    pub fn suspend(&mut self) -> io::Result<()> {
        self.leave()?;
        stop()?;
        self.enter()
    }

    /// Gives the terminal back while something else needs it; then takes it again.
    pub fn lend<T>(&mut self, to: impl FnOnce() -> T) -> io::Result<T> {
        self.leave()?;
        let answer = to();
        self.enter()?;
        Ok(answer)
    }

    /// Gives the terminal back.
    pub fn leave(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.ours) {
            return Ok(());
        }
        self.terminal.backend_mut().flush()?;
        give_back()
    }

    /// Gives the terminal back and leaves a picture on it.
    pub fn leave_with(&mut self, picture: &str) -> io::Result<()> {
        self.leave()?;
        let mut out = io::stdout();
        out.write_all(picture.as_bytes())?;
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = self.leave();
    }
}

/// Undoes everything that was done to the terminal. Asking twice does no harm.
fn give_back() -> io::Result<()> {
    TAKEN.store(false, Ordering::SeqCst);
    let mut out = io::stdout();
    execute!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        style::ResetColor,
        cursor::Show
    )?;
    terminal::disable_raw_mode()
}

/// From here on whatever panics ends the program, be it a task beside the screen: the terminal is given back if it was
/// taken, and the panic is reported, with no core that could hold a token.
pub fn end_on_panic() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if TAKEN.load(Ordering::SeqCst) {
            let _ = give_back();
        }
        report(panic);
        std::process::exit(PANICKED);
    }));
}

fn stop() -> io::Result<()> {
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_around_tmux_is_told_too() {
        assert_eq!(osc52("a", Around::Nothing), "\x1b]52;c;YQ==\x1b\\");
        let twice = "\x1b]52;c;YQ==\x1b\\\x1bPtmux;\x1b\x1b]52;c;YQ==\x1b\x1b\\\x1b\\";
        assert_eq!(osc52("a", Around::Tmux), twice);
    }
}
