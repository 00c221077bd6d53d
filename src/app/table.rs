//! The table of Certificates: its columns, its rows, and what a person chose of both.

pub mod chosen;
pub mod column;
pub mod kept;
pub(super) mod marks;
mod order;
pub mod plan;
pub(super) mod reasons;
pub mod roster;
mod row_set;
pub mod selection;
mod sideways;
pub mod view;
pub mod world;
