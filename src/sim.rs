//! A simulated Kubernetes cluster, in process: people try cmtop on it, tests break it, screenshots come from it.
//!
//! [`Cluster`] is an API server with a store; [`Cluster::service`] hands it to a kube client, [`listen()`] serves it to
//! kubectl. [`Fault`]s make it go wrong. What is left out is listed in `docs/simulator.md`.

mod access;
mod admission;
mod agenda;
mod answer;
mod api;
mod certmanager;
mod clock;
mod cluster;
mod columns;
mod conditions;
mod deletion;
mod desk;
mod dice;
mod discovery;
mod door;
mod fault;
mod filler;
mod forward;
mod internet;
mod listen;
mod logs;
mod managed;
mod mutating;
mod names;
mod nodes;
mod object;
mod openapi;
mod outside;
mod patch;
mod protobuf;
mod reading;
mod refusal;
mod resolver;
mod resource;
mod route;
mod scheduling;
mod schema;
mod selector;
mod servants;
mod settings;
pub mod step;
mod store;
mod story;
mod tamper;
mod view;
mod watching;
mod world;
mod writes;
mod x509;

pub use answer::ApiBody;
pub use api::Api;
pub use clock::{Clock, STORY_START};
pub use cluster::{Cluster, Recorded};
pub use fault::{Effect, Fault, FaultId, Faults};
pub use internet::{Internet, internet};
pub use listen::{Listening, listen};
pub use outside::Behaviour;
pub use refusal::Refusal;
pub use resource::{RESOURCES, Resource};
pub use settings::Settings;
pub use story::{Story, StoryError};
pub use world::{Options, World, begin, begin_by, run};
