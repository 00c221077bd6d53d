//! [`Reader`]: frames out of a file.

use std::io::{self, BufRead, Read as _};

use thiserror::Error;

use super::frame::{Content, FORMAT, Frame, Header, VERSION};
use crate::limits;
use crate::text::clean;

/// Why a recording cannot be read at all.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file could not be read.
    #[error("cannot read it: {0}")]
    Io(#[from] io::Error),
    /// There is nothing in it.
    #[error("it is empty; a recording begins with a line {{\"format\":\"{FORMAT}\",\"version\":{VERSION},…}}")]
    Empty,
    /// The first line is something else.
    #[error("it is not a recording: the first line has no \"format\":\"{FORMAT}\" (make one with `cmtop record FILE`)")]
    NotARecording,
    /// It was made by a later cmtop.
    #[error("it has format version {0}, and this cmtop reads version {VERSION}: a newer cmtop can read it")]
    Version(u64),
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

/// What was left out of a recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skipped {
    /// The first lines that could not be read.
    pub problems: Vec<Problem>,
    /// How many lines could not be read.
    pub unreadable: usize,
    /// How many lines have an `op` that this version does not know.
    pub unknown: usize,
}

/// Reads frames one after the other; never holds more than one line.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    header: Header,
    line: usize,
    buffer: Vec<u8>,
    skipped: Skipped,
}

impl<R: BufRead> Reader<R> {
    /// Reads the first line.
    pub fn open(input: R) -> Result<Self, OpenError> {
        let header = Header {
            format: String::new(),
            version: 0,
            started: chrono::DateTime::UNIX_EPOCH,
            cluster: String::new(),
            kubernetes: String::new(),
            namespaces: Vec::new(),
        };
        let mut reader = Self { input, header, line: 0, buffer: Vec::new(), skipped: Skipped::default() };
        if !reader.read_line()? {
            return Err(OpenError::Empty);
        }
        // An editor may have put a byte order mark in front.
        if reader.buffer.starts_with(b"\xEF\xBB\xBF") {
            reader.buffer.drain(..3);
        }
        let first: serde_json::Value = serde_json::from_slice(&reader.buffer).map_err(|_| OpenError::NotARecording)?;
        if first.get("format").and_then(|f| f.as_str()) != Some(FORMAT) {
            return Err(OpenError::NotARecording);
        }
        match first.get("version").and_then(serde_json::Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            version => return Err(OpenError::Version(version.unwrap_or(0))),
        }
        reader.header = serde_json::from_value(first).map_err(|_| OpenError::NotARecording)?;
        reader.header.cluster = clean(&reader.header.cluster, limits::NAME).into_owned();
        reader.header.kubernetes = clean(&reader.header.kubernetes, limits::NAME).into_owned();
        Ok(reader)
    }

    /// The first line.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// What was left out so far.
    pub const fn skipped(&self) -> &Skipped {
        &self.skipped
    }

    /// The next frame that can be read; `None` at the end.
    pub fn next_frame(&mut self) -> io::Result<Option<Frame>> {
        while self.read_line()? {
            if self.buffer.trim_ascii().is_empty() {
                continue;
            }
            let frame = if self.buffer.len() > limits::RECORDING_LINE {
                Err(format!("longer than {} bytes", limits::RECORDING_LINE))
            } else {
                std::str::from_utf8(&self.buffer).map_err(|_| "not UTF-8".to_owned()).and_then(Frame::parse)
            };
            match frame {
                Ok(Frame { content: Content::Unknown, .. }) => self.skipped.unknown += 1,
                Ok(frame) => return Ok(Some(frame)),
                Err(what) => self.problem(&what),
            }
        }
        Ok(None)
    }

    fn problem(&mut self, what: &str) {
        self.skipped.unreadable += 1;
        if self.skipped.problems.len() < limits::RECORDING_PROBLEMS {
            let what = clean(what, limits::NAME).into_owned();
            self.skipped.problems.push(Problem { line: self.line, what });
        }
    }

    /// Reads a line into the buffer, and not more of it than the limit; false at the end.
    fn read_line(&mut self) -> io::Result<bool> {
        self.buffer.clear();
        let limit = limits::RECORDING_LINE as u64 + 1;
        if self.input.by_ref().take(limit).read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(false);
        }
        self.line += 1;
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
        } else if self.buffer.len() as u64 == limit {
            self.skip_line()?;
        }
        Ok(true)
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Ok(());
            }
            let end = chunk.iter().position(|b| *b == b'\n');
            let used = end.map_or(chunk.len(), |end| end + 1);
            self.input.consume(used);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}
