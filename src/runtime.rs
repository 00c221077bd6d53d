//! The outer rim: the only part that knows the terminal, the clock and the tasks.
//!
//! [`dispatch`] finds the command that is meant. It is one of [`command`], or the [`dashboard`], which asks a [`service`]
//! for what it cannot know by itself. Both stand on [`source`], where facts come from, and [`probing`].

pub mod clipboard;
pub mod clock;
pub mod command;
pub mod dashboard;
pub mod dispatch;
pub mod failure;
pub mod print;
pub mod probing;
pub mod program;
pub mod service;
pub mod signals;
pub mod signatures;
pub mod source;
pub mod terminal;
pub mod trace;
pub mod wardrobe;
