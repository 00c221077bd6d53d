//! cmtop: the terminal dashboard for cert-manager, as a library.
//!
//! Read it in this order:
//!
//! 1. [`model`] — everything known of one cluster's certificates, changed only by batches of news.
//! 2. [`wire`] and [`project`] — from what the API says to what the model keeps.
//! 3. [`triage`] — what a state means: verdict, stage, reason.
//! 4. [`probe`] — what name servers and addresses see of a proof; [`x509`] — what a certificate says, and whether it
//!    chains to a root.
//! 5. [`query`], [`command`], [`keymap`], [`action`] — what a person can type, and can do to a cluster; [`yaml`] — what is
//!    wrong in a file that a person wrote.
//! 6. [`app`] — messages in, effects out; the order of rows, the tree, the prompts.
//! 7. [`theme`] and [`ui`] — how it looks.
//! 8. [`cluster`], [`watch`], [`recording`] — where news come from.
//! 9. [`sim`] — a simulated cluster: the demo, and what the tests break.
//! 10. [`report`], [`cli`], [`config`] — facts on paper, flags, settings.
//! 11. [`runtime`] — the loop, the terminal, the clock.
//!
//! Lower rooms never name higher ones; `docs/architecture.md` has the table, and a test holds it.

pub mod action;
pub mod app;
pub mod cli;
pub mod cluster;
pub mod command;
pub mod config;
pub mod keymap;
pub mod limits;
pub mod model;
pub mod probe;
pub mod project;
pub mod query;
pub mod recording;
pub mod report;
pub mod runtime;
pub mod sim;
pub mod text;
pub mod theme;
pub mod triage;
pub mod ui;
pub mod watch;
pub mod wire;
pub mod x509;
pub mod yaml;
