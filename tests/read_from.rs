//! What a recording is read from: a file, a gzipped one, standard input; and that none is written over.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;

const RECORDING: &str = "tests/recordings/backoff-stuck-and-mended.jsonl";

fn cmtop(home: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env("HOME", home).env_remove("KUBECONFIG");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    drop(writer.join());
    output
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzipped_and_from_standard_input_it_says_the_same() {
    let home = tempfile::tempdir().unwrap();
    let (plain, file) = (fs::read(RECORDING).unwrap(), home.path().join("recording.jsonl.gz"));
    fs::write(&file, gzipped(&plain)).unwrap();
    let status = |from: &str, input: &[u8]| {
        let output = cmtop(home.path(), &["status", "--from", from], input);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (String::from_utf8(output.stdout).unwrap(), output.status.code(), said)
    };
    let expected = status(RECORDING, &[]);
    assert!(expected.0.contains("root"), "{expected:?}");
    assert_eq!(status(file.to_str().unwrap(), &[]), expected);
    assert_eq!(status("-", &plain), expected);
    // Two files behind each other are one, as gzip has it.
    let (first, second) = plain.split_at(plain.len() / 2);
    assert_eq!(status("-", &[gzipped(first), gzipped(second)].concat()), expected);
    for (input, why) in
        [(&b""[..], "it is empty"), (b"text", "it is not a recording"), (b"\x1f\x8bno", "cannot read it")]
    {
        let (_, code, said) = status("-", input);
        assert!(code == Some(2) && said.contains(why), "{why}: {said}");
    }
}

#[test]
fn a_recording_is_never_written_over() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("outage.jsonl");
    fs::write(&file, "evidence").unwrap();
    let output = cmtop(home.path(), &["record", file.to_str().unwrap()], &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("it is there already: give another name, or remove it"), "{said}");
    assert_eq!((output.status.code(), fs::read_to_string(file).unwrap().as_str()), (Some(64), "evidence"));
}
