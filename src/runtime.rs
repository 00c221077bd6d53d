//! The outer rim: the only part that knows the terminal, the clock and the tasks.

pub mod act;
pub mod action_log;
pub mod choices;
pub mod clock;
pub mod dashboard;
pub mod demo;
pub mod editor;
pub mod errands;
pub mod gather;
pub mod input;
pub mod live;
pub mod pacer;
pub mod papers;
pub mod perform;
pub mod program;
pub mod record;
pub mod replay;
pub mod scene;
pub mod screens;
pub mod signatures;
pub mod simulate;
pub mod terminal;
pub mod trace;
pub mod wardrobe;
