//! From the start of the program to its first frame, in a terminal: of the demo, and of a cluster that is served on a
//! loopback port; to the end of a report on a recording; and how large the program is.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// What is promised: to the first frame, and the bytes of the program.
const FRAME: Duration = Duration::from_millis(50);
const BYTES: u64 = 25 * 1024 * 1024;

const STARTS: usize = 15;

const PROGRAM: &str = env!("CARGO_BIN_EXE_cmtop");
const RECORDING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings/backoff-stuck-and-mended.jsonl");

type Failure = Box<dyn std::error::Error>;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn clock() -> Instant {
    Instant::now()
}

fn main() -> Result<(), Failure> {
    // The footer is painted last; a namespace of its worst is there as soon as the Certificates are.
    measure("start to first frame of the demo", Some(FRAME), || shown(&["demo"], b"help"))?;
    measure("start to the end of `status --from` a recording of 1 MB", None, report)?;
    let mut cluster = Command::new(PROGRAM).arg("simulate").stdout(Stdio::piped()).spawn()?;
    let measured = live(&mut cluster);
    cluster.kill()?;
    cluster.wait()?;
    measured?;
    let bytes = std::fs::metadata(PROGRAM)?.len();
    println!(
        "program: {:.1} MiB; promised {} MiB: {}",
        bytes as f64 / 1024.0 / 1024.0,
        BYTES / 1024 / 1024,
        said(bytes <= BYTES),
    );
    Ok(())
}

const fn said(good: bool) -> &'static str {
    if good { "good" } else { "MISSED" }
}

/// Measures a start often enough, and prints what it took.
fn measure(
    what: &str,
    promised: Option<Duration>,
    mut start: impl FnMut() -> Result<Duration, Failure>,
) -> Result<(), Failure> {
    let mut took = (0..STARTS).map(|_| start()).collect::<Result<Vec<Duration>, Failure>>()?;
    took.sort_unstable();
    let (median, worst) = (took.get(STARTS / 2).copied().unwrap_or_default(), took.last().copied().unwrap_or_default());
    let promise = promised.map_or(String::new(), |promised| {
        format!("; promised {} ms: {}", promised.as_millis(), said(median <= promised))
    });
    let ms = |took: Duration| took.as_secs_f64() * 1e3;
    println!("{what}: median {:.1} ms, worst {:.1} ms of {STARTS}{promise}", ms(median), ms(worst));
    Ok(())
}

/// How long a report on a recording takes, from its start to its end.
fn report() -> Result<Duration, Failure> {
    let began = clock();
    let output = Command::new(PROGRAM).args(["status", "--from", RECORDING]).output()?;
    let took = began.elapsed();
    if output.stdout.is_empty() { Err("it says nothing".into()) } else { Ok(took) }
}

/// The dashboard on a cluster that is served on a loopback port: until it paints, and until it shows a Certificate.
fn live(cluster: &mut std::process::Child) -> Result<(), Failure> {
    let mut lines = BufReader::new(cluster.stdout.take().ok_or("it prints nothing")?).lines();
    let mut kubeconfig = tempfile::NamedTempFile::new()?;
    for line in lines.by_ref() {
        let line = line?;
        writeln!(kubeconfig, "{line}")?;
        if line.starts_with("users:") {
            break;
        }
    }
    let file = kubeconfig.path().to_str().ok_or("a path that is no text")?;
    let arguments = ["--kubeconfig", file];
    measure("start to first frame of a live cluster", Some(FRAME), || shown(&arguments, b"help"))?;
    measure("start to its first Certificates", None, || shown(&arguments, b"legacy"))
}

/// How long it takes until the dashboard shows something. The theme is named: no terminal answers here.
fn shown(arguments: &[&str], wanted: &[u8]) -> Result<Duration, Failure> {
    let pty = native_pty_system().openpty(PtySize { rows: 45, cols: 160, pixel_width: 0, pixel_height: 0 })?;
    let mut command = CommandBuilder::new(PROGRAM);
    command.args(arguments);
    command.args(["--theme", "dark"]);
    command.env("TERM", "xterm-256color");
    let (mut output, mut input) = (pty.master.try_clone_reader()?, pty.master.take_writer()?);
    let began = clock();
    let mut child = pty.slave.spawn_command(command)?;
    let (mut seen, mut chunk) = (Vec::new(), [0; 16 * 1024]);
    let took = loop {
        let n = output.read(&mut chunk)?;
        seen.extend_from_slice(chunk.get(..n).unwrap_or_default());
        if seen.windows(wanted.len()).any(|window| window == wanted) {
            break began.elapsed();
        }
        if n == 0 {
            return Err("it ended before it showed that".into());
        }
    };
    // Whoever does not read holds up whoever writes.
    std::thread::spawn(move || while matches!(output.read(&mut chunk), Ok(1..)) {});
    input.write_all(b"qq")?;
    input.flush()?;
    child.wait()?;
    Ok(took)
}
