//! A recording as a source: whole, or as it was at one moment.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read as _};
use std::path::Path;
use std::sync::OnceLock;

use flate2::bufread::MultiGzDecoder;

use crate::app::tape::Tape;
use crate::limits;
use crate::model::Model;
use crate::model::meta::Time;
use crate::recording::player::Player;
use crate::recording::reader::{Reader, Skipped};
use crate::runtime::failure::Failure;

/// What a gzipped file begins with.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Reads a whole recording, to be gone over to and fro; and what of it could not be used, in a sentence.
pub fn tape<R: BufRead>(reader: &mut Reader<R>) -> std::io::Result<(Tape, Option<String>)> {
    let (mut player, mut tape) = (Player::of(reader.header()).with_annotations(), Tape::default());
    let mut whole = true;
    while let Some(frame) = reader.next_frame()? {
        player.play(&frame, &mut |batch| whole = tape.push(batch));
        if !whole {
            break;
        }
    }
    let long = || format!("it is longer than can be gone over: only the first {} news are shown", tape.len());
    let parts = [(!whole).then(long), left_out(reader.skipped(), player.skipped())];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
    Ok((tape, (!text.is_empty()).then_some(text)))
}

/// What of a recording could not be used, in a sentence.
pub fn left_out(skipped: &Skipped, unknown_kinds: usize) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(first) = skipped.problems.first() {
        parts.push(format!(
            "{} could not be read (first: line {}: {})",
            crate::text::count(skipped.unreadable, "line"),
            first.line,
            first.what
        ));
    }
    let unknown = skipped.unknown + unknown_kinds;
    if unknown > 0 {
        parts.push(format!("{} of a kind that cmtop does not know", crate::text::count(unknown, "frame")));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// A recording at a moment.
#[derive(Debug)]
pub struct Still {
    /// What is known then.
    pub model: Model,
    /// The clock then.
    pub now: Time,
    /// When the recording began.
    pub began: Time,
    /// What could not be used.
    pub left_out: Option<String>,
}

/// Reads a recording up to a moment, or to its end. The moment must not lie before the first frame.
pub fn still<R: BufRead>(reader: &mut Reader<R>, at: Option<Time>) -> std::io::Result<Result<Still, Time>> {
    still_within(reader, at, &[])
}

/// The same, narrowed to some namespaces as a cluster is.
pub fn still_within<R: BufRead>(
    reader: &mut Reader<R>,
    at: Option<Time>,
    namespaces: &[String],
) -> std::io::Result<Result<Still, Time>> {
    let mut player = Player::of(reader.header()).within(namespaces).with_annotations();
    let mut model = Model::default();
    let mut first = None;
    while let Some(frame) = reader.next_frame()? {
        let earliest = *first.get_or_insert(frame.t);
        if at.is_some_and(|at| at < earliest) {
            return Ok(Err(earliest));
        }
        // A frame may lie a little before the one above it, so the rest is still looked at.
        if at.is_none_or(|at| frame.t <= at) {
            player.play(&frame, &mut |batch| model.apply(batch));
        }
    }
    let began = reader.header().started;
    let now = at.or(player.now()).unwrap_or(began);
    let left_out = left_out(reader.skipped(), player.skipped());
    Ok(Ok(Still { model, now, began, left_out }))
}

/// Lines from somewhere.
pub trait Lines: BufRead + Send + std::fmt::Debug {}

impl<T: BufRead + Send + std::fmt::Debug> Lines for T {}

/// What a recording is read from.
pub type Input = Box<dyn Lines>;

/// Opens a recording: a file, or standard input for `-`; gzipped or not.
pub fn open(file: &Path) -> Result<Reader<Input>, Failure> {
    Reader::open(input(file)?).map_err(|error| Failure::blind(format!("{}: {error}", file.display())))
}

/// The lines of a recording.
pub fn input(file: &Path) -> Result<Input, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::blind(format!("{}: {error}", file.display()));
    let mut input: Input = if file.as_os_str() == "-" {
        Box::new(Cursor::new(standard_input().map_err(|error| failed(&error))?))
    } else {
        let file = File::open(file).map_err(|error| failed(&format!("cannot open it: {error}")))?;
        Box::new(BufReader::new(file))
    };
    if input.fill_buf().is_ok_and(|begin| begin.starts_with(GZIP)) {
        input = Box::new(BufReader::new(MultiGzDecoder::new(input)));
    }
    Ok(input)
}

/// All of standard input. It can be read once, and pages are read from a recording again and again.
fn standard_input() -> Result<&'static [u8], String> {
    static READ: OnceLock<Result<Vec<u8>, String>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let (mut all, most) = (Vec::new(), limits::STANDARD_INPUT);
        let read = std::io::stdin().lock().take(most as u64 + 1).read_to_end(&mut all);
        match read {
            Ok(_) if all.len() > most => Err(format!("it is longer than {most} bytes: put it into a file")),
            Ok(_) => Ok(all),
            Err(error) => Err(error.to_string()),
        }
    });
    read.as_deref().map_err(Clone::clone)
}
