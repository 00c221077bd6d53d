//! The shapes of the Kubernetes API, with only the fields that cmtop reads.
//!
//! serde skips the rest without building it; `managedFields`, often half of an object, never exist here.
//!
//! **Invariant:** any JSON object is accepted. A field of the wrong type reads as missing and is noted in `odd`: one
//! strange object must not fail a page of five hundred.
//!
//! **Invariant:** private keys are never deserialized: [`Secret`](kinds::Secret) has no field for data, and
//! [`Inspected`](inspected::Inspected), which is read on demand, keeps `tls.crt` and `ca.crt` alone.

pub mod acme;
pub mod common;
pub mod core;
pub mod inspected;
pub mod kinds;
pub mod known;
pub mod lenient;
pub mod masked;
pub mod mend;
pub mod shape;
pub mod stamp;
pub mod workloads;
