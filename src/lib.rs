//! cmtop

pub mod sim;
