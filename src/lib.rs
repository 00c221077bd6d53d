//! cmtop
pub mod cli;
pub mod config;
pub mod limits;
pub mod model;
pub mod project;
pub mod query;
pub mod recording;
pub mod report;
pub mod text;
pub mod triage;
pub mod wire;
