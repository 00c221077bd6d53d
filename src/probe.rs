//! Propagation probes: what each name server, each address and each side of the cluster's wall sees of a proof.
//!
//! What is asked, what an answer is worth, where cert-manager's own check stops and what follows from the difference
//! between two views is pure and knows no socket. [`dns`], [`http`], [`tls`] and [`survey`] are the rim that asks.
//!
//! **Invariant:** only what is given is asked, where something is given.
//!
//! **Invariant:** what a server says is hostile text: it is made harmless where bytes become answers.

pub mod answer;
pub mod backing;
pub mod book;
pub mod caa;
pub mod chain;
pub mod dns;
pub mod dns01;
pub mod fingerprint;
pub mod hairpin;
pub mod helm;
pub mod http;
pub mod judge;
pub mod mark;
pub mod preflight;
pub mod question;
pub mod schedule;
pub mod served;
pub mod subject;
pub mod survey;
pub mod target;
pub mod tls;
pub mod verdict;
pub mod web;
pub mod web_judge;

/// Where solvers answer.
pub const WELL_KNOWN: &str = "/.well-known/acme-challenge/";
