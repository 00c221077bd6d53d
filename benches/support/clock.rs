//! A stopwatch for the summaries: the best of several runs, because everything that disturbs a run makes it longer.

use std::time::{Duration, Instant};

/// The shortest time of a few runs; what a run returns is dropped outside of the clock.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(crate) fn best<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let one = |run: &mut dyn FnMut() -> T| {
        let start = Instant::now();
        let result = std::hint::black_box(run());
        let took = start.elapsed();
        drop(result);
        took
    };
    (0..runs.max(1)).map(|_| one(&mut run)).min().unwrap_or_default()
}

/// Whether only some benchmarks were asked for: then there is no summary.
pub(crate) fn filtered() -> bool {
    std::env::args().skip(1).any(|arg| !arg.starts_with("--"))
}
