//! A recording as a source: its frames arrive when their time comes.

use std::io::BufRead;

use super::clock::Clock;
use super::live::Outlet;
use crate::app::message::{Message, SourceNews};
use crate::model::Model;
use crate::model::meta::Time;
use crate::recording::player::Player;
use crate::recording::reader::{Reader, Skipped};

/// Plays a recording into a dashboard, by a clock that began with it.
pub async fn play<R: BufRead + Send>(mut reader: Reader<R>, clock: Clock, out: Outlet) {
    let mut player = Player::of(reader.header());
    loop {
        let frame = match reader.next_frame() {
            Ok(Some(frame)) => frame,
            Ok(None) => break,
            Err(error) => {
                let _ =
                    out.messages.send(Message::Done(Err(format!("the recording cannot be read on: {error}")))).await;
                break;
            }
        };
        if let Some(wait) = clock.until(frame.t)
            && !wait.is_zero()
        {
            tokio::time::sleep(wait).await;
        }
        let mut batches = Vec::new();
        player.play(&frame, &mut |batch| batches.push(batch));
        for batch in batches {
            if out.batches.send(batch).await.is_err() {
                return;
            }
        }
    }
    if let Some(end) = player.now() {
        clock.end_at(end);
    }
    if let Some(text) = left_out(reader.skipped(), player.skipped()) {
        let _ = out.messages.send(Message::Done(Err(text))).await;
    }
    let _ = out.messages.send(Message::Source(SourceNews::Ended)).await;
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
    let (mut player, mut model) = (Player::of(reader.header()), Model::default());
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
