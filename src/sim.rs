//! A simulated Kubernetes cluster, in process: people try cmtop on it, tests break it, screenshots come from it.
//!
//! [`Cluster`] is an API server with a store; [`Cluster::service`] hands it to a kube client, [`listen`] serves it to
//! kubectl. [`Fault`]s make it go wrong. What is left out is listed in `docs/simulator.md`.

mod access;
mod answer;
mod api;
mod clock;
mod cluster;
mod columns;
mod deletion;
mod dice;
mod discovery;
mod fault;
mod logs;
mod mutating;
mod object;
mod patch;
mod reading;
mod refusal;
mod resource;
mod route;
mod schema;
mod selector;
mod store;
mod tamper;
mod view;
mod watching;
mod writes;

pub use answer::ApiBody;
pub use api::Api;
pub use clock::{Clock, STORY_START};
pub use cluster::{Cluster, Recorded};
pub use fault::{Effect, Fault, FaultId, Faults};
pub use refusal::Refusal;
pub use resource::{RESOURCES, Resource};
