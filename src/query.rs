//! Which Certificates are meant: by name, by namespace, by label, by the filter that a person types.
//!
//! **Invariant:** a query is a function of the model: the same words mean the same Certificates on a command line and
//! in the dashboard.

pub mod filter;
pub mod host;
pub mod likely;
pub mod moment;
pub mod name;
pub mod pick;
pub mod selector;
pub mod tag;
pub mod target;
