//! From a key, a click or a typed word to what it does.

pub(super) mod commands;
pub(super) mod completion;
pub mod contexts;
pub mod hints;
pub mod history;
pub(super) mod keys;
pub mod menu;
pub(super) mod motion;
pub(super) mod mouse;
pub mod namespaces;
mod no_row;
pub(super) mod palette;
pub mod prompt;
pub mod typing;
