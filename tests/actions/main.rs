//! What actions send, and what comes of it, on the simulated cluster.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

mod authority;
mod bulk;
mod desk;
#[path = "../support/drawn.rs"]
mod drawn;
mod ends;
#[path = "../support/harness.rs"]
mod harness;
mod limits;
mod mending;
mod parting;
mod passing;
mod read_only;
mod rights;
mod screen;
mod slow;
mod source;
mod trouble;
mod yard;
