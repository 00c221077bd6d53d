//! cmtop
