//! [`Rhythm`]: when to look again. Soon at first, then as often as cert-manager does, then with patience.

use std::time::Duration;

/// The pauses after the first looks, in seconds.
const FIRST: [u64; 4] = [2, 3, 5, 8];

/// As often as cert-manager repeats its check.
const STEADY: Duration = Duration::from_secs(10);

/// After so many looks nobody sits before the screen any more.
const PATIENT: u32 = 60;

/// Then so often.
const RARE: Duration = Duration::from_secs(30);

/// The longest pause for what does not answer.
const SILENT: Duration = Duration::from_mins(2);

/// When to look again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rhythm {
    looks: u32,
    silent: u32,
}

impl Rhythm {
    /// How many looks there were.
    pub const fn looks(self) -> u32 {
        self.looks
    }

    /// After a look: how long to wait for the next. Where nobody answers, each pause is twice the last.
    pub fn next(&mut self, heard: bool) -> Duration {
        let usual = match FIRST.get(self.looks as usize) {
            Some(seconds) => Duration::from_secs(*seconds),
            None if self.looks < PATIENT => STEADY,
            None => RARE,
        };
        self.looks = self.looks.saturating_add(1);
        self.silent = if heard { 0 } else { (self.silent + 1).min(6) };
        (usual * 2u32.pow(self.silent)).min(if heard { usual } else { SILENT })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_get_rarer_and_silence_makes_them_rarer_still() {
        let mut rhythm = Rhythm::default();
        let pauses: Vec<u64> = (0..70).map(|_| rhythm.next(true).as_secs()).collect();
        assert_eq!(&pauses[..6], [2, 3, 5, 8, 10, 10]);
        assert_eq!(pauses[69], 30);
        let mut rhythm = Rhythm::default();
        let pauses: Vec<u64> = (0..10).map(|_| rhythm.next(false).as_secs()).collect();
        assert_eq!(pauses[0], 4);
        assert_eq!(pauses[9], 120);
        assert!(pauses.windows(2).all(|two| two[0] <= two[1]));
    }
}
