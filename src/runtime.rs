//! The outer rim: the only part that knows the terminal, the clock and the tasks.

pub mod clock;
pub mod dashboard;
pub mod demo;
pub mod input;
pub mod live;
pub mod pacer;
pub mod perform;
pub mod replay;
pub mod terminal;
