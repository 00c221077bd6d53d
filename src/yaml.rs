//! YAML that a person wrote: where each value stands, what is wrong with it, and what was probably meant.

pub mod fault;
pub mod faults;
pub mod place;
