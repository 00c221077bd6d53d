//! cmtop
pub mod app;
pub mod command;
pub mod keymap;
pub mod limits;
pub mod model;
pub mod project;
pub mod query;
pub mod recording;
pub mod text;
pub mod triage;
pub mod wire;
