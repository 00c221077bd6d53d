//! Recordings, format version 1: what the watches of a cluster delivered, one JSON object a line.
//!
//! | line | fields |
//! |---|---|
//! | first | `format` = `"cmtop-recording"`, `version` = 1, `started`, `cluster`, `kubernetes` |
//! | object | `t` (RFC 3339, microseconds), `op` = `ADDED`, `MODIFIED` or `DELETED`, `object` (whole, with `apiVersion` and `kind`) |
//! | `SYNCED` | `t`, `op`, `resource`: a list of that resource is complete |
//! | `LOG` | `t`, `op`, `source`, `line`: one line of a container's log |
//! | `ERROR` | `t`, `op`, `resource`, `object`: a `Status` that ended that resource's watch |
//!
//! A reader skips what it does not know and counts it; a line that cannot be read is reported with its number, and the
//! rest is still read. The clock of a replay is `t`, and never goes back.

pub mod concern;
pub mod excerpt;
pub mod forms;
pub mod frame;
pub mod lookup;
pub mod player;
pub mod reader;
pub mod recent;
pub mod redact;
pub mod writer;
