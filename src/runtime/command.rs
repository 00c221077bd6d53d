//! The commands without a screen, one a file.

pub mod act;
pub mod bundle;
pub mod completion;
pub mod config;
pub mod doctor;
pub mod explain;
pub mod info;
pub mod inspect;
pub mod man;
pub mod probe;
pub mod record;
pub mod simulate;
pub mod status;
pub mod timeline;
pub mod version;
pub mod watch;
