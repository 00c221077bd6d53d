//! cmtop
pub mod cluster;
pub mod limits;
pub mod model;
pub mod project;
pub mod recording;
pub mod text;
pub mod triage;
pub mod watch;
pub mod wire;
