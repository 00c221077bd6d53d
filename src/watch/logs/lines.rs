//! [`Lines`]: bytes of a log as lines of bounded length, and [`Place`]: how far a log was read.

use std::pin::Pin;

use chrono::DateTime;
use futures::{AsyncBufRead, AsyncBufReadExt as _};

use crate::limits;
use crate::model::meta::Time;

/// Bytes kept of one line: the stamp, and what the model keeps of the rest.
const LINE: usize = limits::LOG_LINE + 64;

/// Lines as they come. What of a line is longer than is kept is read and dropped.
pub(super) struct Lines<R> {
    input: Pin<Box<R>>,
    line: Vec<u8>,
}

impl<R: AsyncBufRead> Lines<R> {
    pub(super) const fn new(input: Pin<Box<R>>) -> Self {
        Self { input, line: Vec::new() }
    }

    /// The next line; `None` at the end, however it came. Giving up while it waits loses nothing.
    pub(super) async fn next(&mut self) -> Option<String> {
        loop {
            let chunk = self.input.fill_buf().await.ok()?;
            if chunk.is_empty() {
                return (!self.line.is_empty()).then(|| self.take());
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            let room = LINE.saturating_sub(self.line.len()).min(part.len());
            self.line.extend_from_slice(part.get(..room).unwrap_or_default());
            let used = part.len() + usize::from(end.is_some());
            self.input.consume_unpin(used);
            if end.is_some() {
                return Some(self.take());
            }
        }
    }

    fn take(&mut self) -> String {
        let line = std::mem::take(&mut self.line);
        String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned()
    }
}

/// How far a log was read: the stamp of the last line, and how many lines bear it.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    last: Option<(Time, usize)>,
    /// Lines of the last stamp that come again because the log is read on from there.
    again: usize,
}

impl Place {
    /// From when on the log is to be read on, as the server wants it. The server counts in seconds, so some lines come
    /// again.
    pub(super) fn since(&mut self) -> Option<String> {
        let (last, count) = self.last?;
        self.again = count;
        Some(last.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// When a line was written, and its text; `None` for one that was read before.
    pub(super) fn admit<'l>(&mut self, line: &'l str, arrived: Time) -> Option<(Time, &'l str)> {
        let stamped = line
            .split_once(' ')
            .or(Some((line, "")))
            .and_then(|(stamp, text)| Some((DateTime::parse_from_rfc3339(stamp).ok()?.to_utc(), text)));
        // A line without a stamp is one that the server made up itself.
        let Some((at, text)) = stamped else { return Some((arrived, line)) };
        match &mut self.last {
            Some((last, _)) if at < *last => return None,
            Some((last, _)) if at == *last && self.again > 0 => {
                self.again -= 1;
                return None;
            }
            Some((last, count)) if at == *last => *count += 1,
            last => {
                *last = Some((at, 1));
                self.again = 0;
            }
        }
        Some((at, text))
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use futures::io::{BufReader, Cursor};

    use super::*;

    fn lines(bytes: &[u8], piece: usize) -> Vec<String> {
        let mut lines = Lines::new(Box::pin(BufReader::with_capacity(piece, Cursor::new(bytes.to_vec()))));
        std::iter::from_fn(|| lines.next().now_or_never().flatten()).collect()
    }

    #[test]
    fn lines_are_whole_whatever_the_pieces() {
        for piece in 1..9 {
            assert_eq!(lines(b"one\n\ntwo\r\nthr\xffee", piece), ["one", "", "two", "thr\u{fffd}ee"]);
        }
        let long = [vec![b'x'; 3 * LINE], b"\nshort".to_vec()].concat();
        let found = lines(&long, 512);
        assert_eq!((found[0].len(), found[1].as_str()), (LINE, "short"));
    }

    #[test]
    fn no_line_is_lost_or_comes_twice_when_the_log_is_read_on() {
        let log = ["2026-11-22T16:00:00.5Z a", "2026-11-22T16:00:01.1Z b", "2026-11-22T16:00:01.1Z c"];
        let now: Time = "2026-11-22T17:00:00Z".parse().unwrap();
        let mut place = Place::default();
        assert_eq!(place.since(), None);
        let first: Vec<_> = log.iter().filter_map(|line| place.admit(line, now)).map(|(_, text)| text).collect();
        assert_eq!(first, ["a", "b", "c"]);
        assert_eq!(place.since().as_deref(), Some("2026-11-22T16:00:01Z"));
        let after = [
            "2026-11-22T16:00:01.1Z b",
            "2026-11-22T16:00:01.1Z c",
            "2026-11-22T16:00:01.1Z d",
            "2026-11-22T16:00:02Z e",
        ];
        let next: Vec<_> = after.iter().filter_map(|line| place.admit(line, now)).map(|(_, text)| text).collect();
        assert_eq!(next, ["d", "e"]);
        assert_eq!(
            place.admit("unable to retrieve container logs", now),
            Some((now, "unable to retrieve container logs"))
        );
    }
}
