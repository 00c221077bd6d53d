//! From the start of the program to the first frame of the demo, in a terminal; and how large the program is.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// What is promised: to the first frame, and the bytes of the program.
const FRAME: Duration = Duration::from_millis(50);
const BYTES: u64 = 25 * 1024 * 1024;

const STARTS: usize = 15;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn clock() -> Instant {
    Instant::now()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let program = env!("CARGO_BIN_EXE_cmtop");
    let mut took = Vec::new();
    for _ in 0..STARTS {
        took.push(first_frame(program)?);
    }
    took.sort_unstable();
    let (median, worst) = (took.get(STARTS / 2).copied().unwrap_or_default(), took.last().copied().unwrap_or_default());
    let said = |good: bool| if good { "good" } else { "MISSED" };
    println!(
        "start to first frame of the demo: median {:.1} ms, worst {:.1} ms of {STARTS}; promised {} ms: {}",
        median.as_secs_f64() * 1e3,
        worst.as_secs_f64() * 1e3,
        FRAME.as_millis(),
        said(median <= FRAME),
    );
    let bytes = std::fs::metadata(program)?.len();
    println!(
        "program: {:.1} MiB; promised {} MiB: {}",
        bytes as f64 / 1024.0 / 1024.0,
        BYTES / 1024 / 1024,
        said(bytes <= BYTES),
    );
    Ok(())
}

/// How long it takes until the footer of the first frame is there. The theme is named: no terminal answers here.
fn first_frame(program: &str) -> Result<Duration, Box<dyn std::error::Error>> {
    let pty = native_pty_system().openpty(PtySize { rows: 45, cols: 160, pixel_width: 0, pixel_height: 0 })?;
    let mut command = CommandBuilder::new(program);
    command.args(["demo", "--theme", "dark"]);
    command.env("TERM", "xterm-256color");
    let (mut output, mut input) = (pty.master.try_clone_reader()?, pty.master.take_writer()?);
    let began = clock();
    let mut child = pty.slave.spawn_command(command)?;
    let (mut seen, mut chunk) = (Vec::new(), [0; 16 * 1024]);
    let took = loop {
        let n = output.read(&mut chunk)?;
        seen.extend_from_slice(chunk.get(..n).unwrap_or_default());
        if seen.windows(4).any(|window| window == b"help") {
            break began.elapsed();
        }
        if n == 0 {
            return Err("it ended before its first frame".into());
        }
    };
    // Whoever does not read holds up whoever writes.
    std::thread::spawn(move || while matches!(output.read(&mut chunk), Ok(1..)) {});
    input.write_all(b"qq")?;
    input.flush()?;
    child.wait()?;
    Ok(took)
}
