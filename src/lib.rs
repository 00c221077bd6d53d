//! cmtop
pub mod app;
pub mod command;
pub mod keymap;
pub mod limits;
pub mod model;
pub mod project;
pub mod query;
pub mod recording;
pub mod runtime;
pub mod text;
pub mod theme;
pub mod triage;
pub mod ui;
pub mod wire;
