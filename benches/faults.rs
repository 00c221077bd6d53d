//! Ten thousand random schedules of faults, end to end and in virtual time: each has to end with a model that equals the
//! server's store. `cargo bench --bench faults -- 500` plays fewer.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

#[path = "../tests/support/schedules.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with a test")]
mod schedules;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Schedules that are played unless a number is given.
const SCHEDULES: u64 = 10_000;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn clock() -> Instant {
    Instant::now()
}

fn main() -> ExitCode {
    let schedules = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(SCHEDULES);
    let (next, began) = (AtomicU64::new(0), clock());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut failed = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= schedules {
                return failed;
            }
            failed.extend(one(seed).err());
        }
    };
    let failed: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|_| vec!["a panic".to_owned()])).collect()
    });
    let took = began.elapsed().as_secs_f64();
    let each = took * 1e3 * threads as f64 / schedules as f64;
    println!(
        "{schedules} schedules on {threads} threads in {took:.1} s ({each:.1} ms each): {} end badly",
        failed.len()
    );
    if let Some(first) = failed.first() {
        println!("{first}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// One schedule, in a runtime of its own whose time is its own too.
fn one(seed: u64) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.map_err(|error| error.to_string())?.block_on(schedules::play(seed))
}
