//! Certificates as they are found: good ones, and each thing that can be wrong with one; and that no key is ever told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod chains;
mod command;
mod maker;
mod revoked;
mod specs;
