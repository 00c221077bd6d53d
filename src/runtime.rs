//! The outer rim: the only part that knows the terminal, the clock and the tasks.

pub mod clock;
pub mod dashboard;
pub mod demo;
mod gather;
pub mod input;
pub mod live;
pub mod pacer;
mod papers;
pub mod perform;
pub mod program;
mod record;
pub mod replay;
mod screens;
mod simulate;
pub mod terminal;
mod trace;
