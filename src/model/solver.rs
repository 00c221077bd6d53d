//! [`Solver`]: a Pod, Service, Ingress or route that answers an HTTP-01 challenge.

use super::kind::Kind;
use super::meta::{Meta, Object};
use super::symbol::Symbol;

/// A solver object.
#[derive(Debug, Clone, PartialEq)]
pub struct Solver {
    /// What every object has.
    pub meta: Meta,
    /// Which of the four it is.
    pub kind: Kind,
    /// What is known of how it does; `None` when no status was ever written: that is unseen, not bad.
    pub status: Option<SolverStatus>,
    /// The Ingress class, the parent Gateway: who should serve it.
    pub class: Option<Symbol>,
}

/// How a solver object does.
#[derive(Debug, Clone, PartialEq)]
pub struct SolverStatus {
    /// Whether it serves: a running Pod with ready containers, an Ingress with an address.
    pub serves: bool,
    /// In a word or two: `Running`, `ImagePullBackOff`, an address.
    pub word: Symbol,
}

impl Object for Solver {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn kind(&self) -> Kind {
        self.kind
    }
}
