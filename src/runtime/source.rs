//! Where facts come from: a cluster, the simulated one, a recording; looked at once, or followed.

pub mod demo;
pub mod follow;
pub mod gather;
pub mod live;
pub mod replay;
pub mod scene;
pub mod tale;
