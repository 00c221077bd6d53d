//! What a source does when the dashboard asks: reads, writes, and what is noted of both.

pub mod action_log;
pub mod bundle;
pub mod demo;
pub mod errands;
pub mod fetching;
pub mod live;
pub mod lookout;
pub mod material;
pub mod recorder;
pub mod request;
pub mod shelf;
