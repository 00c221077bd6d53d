//! [`TokenFile`]: a token that is read from a file, again and again: something else renews it there.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use tokio::time::Instant;

/// How long a token is used before its file is read again, as kubectl does it.
const FRESH: Duration = Duration::from_mins(1);

/// A token in a file.
#[derive(Debug)]
pub(super) struct TokenFile {
    path: PathBuf,
    /// What was read last, as a header, and when.
    read: Mutex<(HeaderValue, Instant)>,
}

impl TokenFile {
    /// Reads it for the first time.
    pub(super) fn open(path: PathBuf, now: Instant) -> Result<Self, String> {
        let header = read(&path)?;
        Ok(Self { path, read: Mutex::new((header, now)) })
    }

    /// What requests are signed with. Where the file cannot be read again, what was read last: whoever writes it may be
    /// at it, or may have taken it away.
    pub(super) fn header(&self, now: Instant) -> HeaderValue {
        let mut last = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_duration_since(last.1) >= FRESH {
            let header = read(&self.path).unwrap_or_else(|_| last.0.clone());
            *last = (header, now);
        }
        last.0.clone()
    }

    /// Reads the file again for the next request: the server refused what it held.
    pub(super) fn refused(&self) {
        let mut last = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(header) = read(&self.path) {
            last.0 = header;
        }
    }
}

fn read(path: &PathBuf) -> Result<HeaderValue, String> {
    let place = format!("the token file {}", path.display());
    let text = fs::read_to_string(path).map_err(|error| format!("{place}: {error}"))?;
    let mut header = HeaderValue::from_str(&format!("Bearer {}", text.trim()))
        .map_err(|_| format!("{place} holds a character that no token can hold"))?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_again_after_a_minute_or_when_it_was_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        fs::write(&path, "one\n").unwrap();
        let begun = Instant::now();
        let token = TokenFile::open(path.clone(), begun).unwrap();
        fs::write(&path, "two\r\n").unwrap();
        assert_eq!(token.header(begun + FRESH / 2), "Bearer one");
        assert_eq!(token.header(begun + FRESH), "Bearer two");
        fs::write(&path, "three").unwrap();
        token.refused();
        assert_eq!(token.header(begun + FRESH), "Bearer three");
        fs::remove_file(&path).unwrap();
        assert_eq!(token.header(begun + FRESH * 3), "Bearer three");
        assert!(TokenFile::open(path, begun).unwrap_err().contains("token: No such file"));
    }
}
