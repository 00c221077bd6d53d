//! The outer rim: the only part that knows the terminal, the clock and the tasks.

pub mod clock;
pub mod command;
pub mod dashboard;
pub mod dispatch;
pub mod failure;
pub mod interrupt;
pub mod probing;
pub mod program;
pub mod service;
pub mod signatures;
pub mod source;
pub mod terminal;
pub mod trace;
