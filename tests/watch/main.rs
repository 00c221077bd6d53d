//! Feeds against an API server that does what API servers do on bad days. Time is virtual.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it expects")]

mod harness;
mod lists;
mod outages;
mod record;
mod refusals;
mod server;
#[path = "../support/shared.rs"]
mod shared;
