//! Whole probes: questions in their order, answers as they land.

pub mod caa;
pub mod dns01;
pub mod lookup;
pub mod preflight;
pub mod served;
pub mod web;

use super::dns::Net;
use super::dns::stream::Tunnel;

/// How far a probe reaches: the ways that its questions take.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// The way to the world.
    pub net: Net,
    /// The way to the cluster's resolver, where there is one.
    pub resolver: Option<Tunnel>,
    /// The way to the solver's Pod, with its name, where there is one.
    pub solver: Option<(String, Tunnel)>,
}
