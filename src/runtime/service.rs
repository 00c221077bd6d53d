//! What a source does when the dashboard asks: reads, writes, and what is noted of both.

pub mod action_log;
pub mod errands;
pub mod fetching;
pub mod recorder;
pub mod shelf;
