//! What a person chose once: the config file, the environment and flags, in rising order.
//!
//! ```yaml
//! theme: dark
//! namespaces: [shop, blog]
//! screenDirectory: ~/screens
//! contexts:
//!   prod-eu:
//!     readOnly: true
//! ```
//!
//! **Invariant:** every value knows where it came from, and `cmtop info` says it. The environment is an argument here.

pub mod clipboard;
pub mod environment;
pub mod fault;
pub mod file;
pub mod keys;
mod level;
pub mod paths;
pub mod setting;
pub mod settings;
pub mod views;
