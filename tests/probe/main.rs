//! Probes against scripted servers on loopback: late, lying, cut, lost, circular, lame.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

mod demo;
mod documents;
mod names;
mod reach;
mod recorded;
mod rights;
mod served;
mod server;
mod twins;
mod web;
