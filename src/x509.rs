//! X.509 as people need it: what every block of a bundle says, whether the blocks make a chain that really ends at a
//! root, and whether the certificate is the one that its Certificate asks for.
//!
//! Nothing here fails: what cannot be read is told. Nothing here has room for a private key: a block of a PEM file that
//! holds one is counted and skipped before it is decoded, and of a Secret only `tls.crt` and `ca.crt` arrive.

pub mod block;
pub mod bundle;
pub mod chain;
pub mod check;
pub mod closed;
pub mod judge;
pub mod material;
pub mod request;
pub mod revocation;
pub mod roots;
pub mod spec;
pub mod tell;
