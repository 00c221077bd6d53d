//! The `cmtop` program.

fn main() {}
