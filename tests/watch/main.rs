//! Feeds against an API server that does what API servers do on bad days. Time is virtual.

mod harness;
mod lists;
mod outages;
mod record;
mod refusals;
mod server;
