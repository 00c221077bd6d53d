//! From what the terminal sends to what the program understands.

use std::io;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};

use crate::app::message::{Message, Mouse, MouseAction};
use crate::keymap::chord::{Chord, Key};

/// `EIO`, the same number on every Unix.
const INPUT_OUTPUT: i32 = 5;

/// Whether reading failed because nobody holds the other end of the terminal any longer.
pub fn is_gone(error: &io::Error) -> bool {
    error.raw_os_error() == Some(INPUT_OUTPUT)
}

/// The message that a terminal event is; `None` for those that mean nothing.
pub fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => chord(key).map(Message::Key),
        Event::Mouse(mouse) => {
            let what = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => MouseAction::Click,
                MouseEventKind::ScrollUp => MouseAction::WheelUp,
                MouseEventKind::ScrollDown => MouseAction::WheelDown,
                _ => return None,
            };
            Some(Message::Mouse(Mouse { x: mouse.column, y: mouse.row, what }))
        }
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(width, height) => Some(Message::Resize(width, height)),
        _ => None,
    }
}

fn chord(event: KeyEvent) -> Option<Chord> {
    let key = match event.code {
        // Terminals send one byte for both, and the library takes it for this one.
        KeyCode::Char('4') if event.modifiers.contains(KeyModifiers::CONTROL) => Key::Char('\\'),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::F(n) => Key::F(n),
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    Some(Chord {
        key,
        ctrl: held(KeyModifiers::CONTROL),
        alt: held(KeyModifiers::ALT),
        // A shifted character is another character; shift-tab is a key of its own.
        shift: held(KeyModifiers::SHIFT) && !matches!(key, Key::Char(_) | Key::BackTab),
    })
}
