//! A recording as a source: whole, or as it was at one moment.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::runtime::failure::Failure;
use std::io::BufRead;

use crate::app::tape::Tape;
use crate::model::Model;
use crate::model::meta::Time;
use crate::recording::player::Player;
use crate::recording::reader::{Reader, Skipped};

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
    let (mut player, mut model) = (Player::of(reader.header()).with_annotations(), Model::default());
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

/// Opens a recording.
pub fn open(file: &Path) -> Result<Reader<BufReader<File>>, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::blind(format!("{}: {error}", file.display()));
    let input = File::open(file).map_err(|error| failed(&format!("cannot open it: {error}")))?;
    Reader::open(BufReader::new(input)).map_err(|error| failed(&error))
}
