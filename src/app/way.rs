//! [`Way`]: to what comes before, or to what comes after.

/// Which way one goes among what stands in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// To what comes before.
    Back,
    /// To what comes after.
    On,
}
