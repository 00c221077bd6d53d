//! Recordings that are none, that end too early, or that never end.

use std::io::{self, BufReader, Read};

use chrono::{DateTime, Utc};
use cmtop::limits;
use cmtop::model::Model;
use cmtop::recording::player::Player;
use cmtop::recording::reader::{OpenError, Reader, Skipped};
use proptest::prelude::*;

const HEADER: &str = r#"{"format":"cmtop-recording","version":1,"started":"2026-11-22T15:57:27Z"}"#;
const GOOD: &str = r#"{"t":"2026-11-22T16:00:00Z","op":"ADDED","object":{"apiVersion":"cert-manager.io/v1","kind":"Certificate","metadata":{"name":"a","namespace":"b"}}}"#;

/// How many frames could be read, what was left out, and how many Certificates came of it.
fn read(text: impl AsRef<[u8]>) -> (usize, Skipped, usize) {
    let (mut model, mut player, mut frames) = (Model::default(), Player::default(), 0);
    let mut reader = Reader::open(text.as_ref()).unwrap();
    while let Some(frame) = reader.next_frame().unwrap() {
        player.play(&frame, &mut |batch| model.apply(batch));
        frames += 1;
    }
    (frames, reader.skipped().clone(), model.certificates.len())
}

/// The numbers of the lines that could not be read.
fn lines(skipped: &Skipped) -> Vec<usize> {
    skipped.problems.iter().map(|problem| problem.line).collect()
}

#[test]
fn what_is_no_recording_is_refused_with_a_word() {
    let refusal = |text: &[u8]| Reader::open(text).unwrap_err().to_string();
    assert!(matches!(Reader::open(&b""[..]), Err(OpenError::Empty)));
    let version = HEADER.replace("\"version\":1", "\"version\":7");
    assert!(refusal(version.as_bytes()).contains("version 7"));
    let nothings: [&[u8]; 10] = [
        b"\n",
        b"hello\n",
        b"\x7fELF\x02\x01\x01\0\0\0",
        b"\xff\xfe{\0}\0",
        b"[]",
        b"null",
        b"{\"format\":7}",
        b"{\"format\":\"other\",\"version\":1}",
        GOOD.as_bytes(),
        br#"{"format":"cmtop-recording","version":1}"#,
    ];
    for text in nothings {
        assert!(refusal(text).contains("not a recording"), "{text:?}: {}", refusal(text));
    }
    let odd_version = HEADER.replace("\"version\":1", "\"version\":\"one\"");
    assert!(Reader::open(odd_version.as_bytes()).is_err());
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(refusal(deep.as_bytes()).contains("not a recording"));
}

#[test]
fn a_mark_of_byte_order_and_the_line_ends_of_another_system_do_no_harm() {
    let text = format!("\u{feff}{HEADER}\r\n{GOOD}\r\n\r\n{GOOD}\r\n");
    assert_eq!(read(text), (2, Skipped::default(), 1));
}

#[test]
fn a_line_that_cannot_be_read_is_told_by_its_number_and_the_rest_is_read() {
    let odd = [
        "not JSON",
        "7",
        "[]",
        "null",
        r#"{"op":"ADDED"}"#,
        r#"{"t":"yesterday","op":"ADDED","object":{}}"#,
        r#"{"t":"2026-11-22T16:00:00Z"}"#,
        r#"{"t":"2026-11-22T16:00:00Z","op":7}"#,
        r#"{"t":"2026-11-22T16:00:00Z","op":"ADDED"}"#,
        r#"{"t":"2026-11-22T16:00:00Z","op":"SYNCED","resource":{}}"#,
        r#"{"t":"2026-11-22T16:00:00Z","op":"ERROR","resource":"secrets.v1","object":[]}"#,
    ];
    let text = format!("{HEADER}\n{GOOD}\n{}\n{GOOD}\n", odd.join("\n"));
    let (frames, skipped, certificates) = read(text);
    assert_eq!((frames, certificates, skipped.unreadable), (2, 1, odd.len()));
    assert_eq!(lines(&skipped), (3..3 + odd.len()).collect::<Vec<_>>());
    assert!(skipped.problems.iter().all(|problem| !problem.what.is_empty()));
}

#[test]
fn bytes_that_are_no_text_and_escapes_are_told_and_made_safe() {
    let mut text = format!("{HEADER}\n").into_bytes();
    text.extend(b"\xff\xfe\x00\x1b[2J\n{\"t\":\"\x1b[31m\"}\n");
    text.extend(br#"{"t":"2026-11-22T16:00:00Z","op":"\u0041DDED","object":{"kind":"\u001b[31m"}}"#);
    text.push(b'\n');
    text.extend(GOOD.as_bytes());
    let (frames, skipped, certificates) = read(text);
    assert_eq!((frames, certificates, lines(&skipped)), (2, 1, vec![2, 3]));
    assert!(skipped.problems.iter().all(|problem| !problem.what.chars().any(cmtop::text::is_hostile)));
}

#[test]
fn a_file_that_breaks_off_anywhere_gives_what_came_before() {
    let text = format!("{HEADER}\n{GOOD}\n{GOOD}\n");
    for length in HEADER.len()..text.len() {
        let (frames, skipped, _) = read(&text[..length]);
        let whole = (length - HEADER.len()) / (GOOD.len() + 1);
        assert_eq!(frames, whole.min(2), "{length}");
        assert!(skipped.unreadable <= 1);
    }
}

#[test]
fn a_line_of_any_length_takes_no_more_memory_than_the_longest_allowed() {
    let pad = |length: usize| format!("{}{}", GOOD, " ".repeat(length - GOOD.len()));
    let text = [
        HEADER.to_owned(),
        pad(limits::RECORDING_LINE),
        pad(limits::RECORDING_LINE + 1),
        "x".repeat(3 * limits::RECORDING_LINE),
        GOOD.to_owned(),
    ]
    .join("\n");
    let (frames, skipped, _) = read(text);
    assert_eq!((frames, lines(&skipped)), (2, vec![3, 4]));
    assert!(skipped.problems[0].what.contains("longer than"), "{skipped:?}");
}

#[test]
fn a_later_version_of_the_format_is_counted_and_deep_nesting_is_no_trouble() {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let nested = format!(
        r#"{{"t":"2026-11-22T16:00:00Z","op":"ADDED","object":{{"apiVersion":"cert-manager.io/v1","kind":"Certificate","metadata":{{"name":"a"}},"spec":{deep},"extra":{deep}}}}}"#
    );
    let future = r#"{"t":"2026-11-22T16:00:00Z","op":"FOLDED","what":1}"#;
    let (frames, skipped, certificates) = read(format!("{HEADER}\n{future}\n{nested}\n"));
    assert_eq!((frames, skipped.unknown, skipped.unreadable, certificates), (1, 1, 0, 1));
}

/// A recording that is made while it is read.
struct Endless {
    left: usize,
    chunk: Vec<u8>,
    used: usize,
    largest: usize,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.used == self.chunk.len() && self.left > 0 {
            self.left -= 1;
            self.used = 0;
            self.chunk.clear();
            let line = match self.left % 4 {
                0 => r#"{"t":"2026-11-22T16:00:00Z","op":"LOG","line":"x"}"#.to_owned(),
                1 => "odd".to_owned(),
                _ => format!(
                    r#"{{"t":"2026-11-22T16:00:00Z","op":"ADDED","object":{{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"s{}","resourceVersion":"{}"}}}}}}"#,
                    self.left % 100,
                    self.left
                ),
            };
            self.chunk.extend(line.bytes().chain([b'\n']));
        }
        let length = into.len().min(self.chunk.len() - self.used);
        into[..length].copy_from_slice(&self.chunk[self.used..self.used + length]);
        self.used += length;
        self.largest = self.largest.max(length);
        Ok(length)
    }
}

#[test]
fn a_million_lines_are_read_one_by_one() {
    let lines = 1_000_000;
    let source = Endless { left: lines, chunk: format!("{HEADER}\n").into_bytes(), used: 0, largest: 0 };
    let mut reader = Reader::open(BufReader::new(source)).unwrap();
    let (mut model, mut player, mut frames) = (Model::default(), Player::default(), 0);
    while let Some(frame) = reader.next_frame().unwrap() {
        player.play(&frame, &mut |batch| model.apply(batch));
        frames += 1;
    }
    assert_eq!((frames, reader.skipped().unreadable), (lines * 3 / 4, lines / 4));
    assert_eq!(reader.skipped().problems.len(), limits::RECORDING_PROBLEMS);
    // What is kept is bounded by what exists, not by how much was said of it.
    assert!(model.secrets.len() <= 100 && model.journal.len() <= limits::JOURNAL);
    assert!(model.anomalies.kept().len() <= limits::ANOMALIES);
}

#[test]
fn the_clock_of_a_replay_never_goes_back() {
    let text = ["2026-11-22T16:00:05Z", "2026-11-22T16:00:01Z", "0001-01-01T00:00:00Z"]
        .map(|t| GOOD.replace("2026-11-22T16:00:00Z", t))
        .join("\n");
    let mut reader = Reader::open(BufReader::new(io::Cursor::new(format!("{HEADER}\n{text}\n")))).unwrap();
    let (mut player, mut last) = (Player::default(), None);
    while let Some(frame) = reader.next_frame().unwrap() {
        player.play(&frame, &mut |batch| {
            assert!(last.is_none_or(|last| last <= batch.at));
            last = Some(batch.at);
        });
    }
    assert_eq!(last, Some("2026-11-22T16:00:05Z".parse::<DateTime<Utc>>().unwrap()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_after_the_header_are_read_to_their_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut text = format!("{HEADER}\n").into_bytes();
        text.extend(&bytes);
        text.extend(b"\n");
        text.extend(GOOD.as_bytes());
        prop_assert_eq!(read(text).2, 1);
    }
}
