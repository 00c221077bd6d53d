//! [`Backoff`]: when cert-manager tries again after a failed issuance.

use chrono::TimeDelta;

use crate::model::Model;
use crate::model::meta::Time;

/// The bounds of the wait. It doubles with each failure (cert-manager's `shouldBackoffReissuingOnFailure`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// After the first failure.
    pub min: TimeDelta,
    /// At most.
    pub max: TimeDelta,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { min: TimeDelta::hours(1), max: TimeDelta::hours(32) }
    }
}

impl Backoff {
    /// The bounds with which the controller was started, where it can be seen (flags since 1.20 and 1.21).
    pub fn of(model: &Model) -> Self {
        let args = model.controller().map(|controller| &*controller.args).unwrap_or_default();
        let flag = |name: &str| args.iter().find_map(|arg| go_duration(arg.strip_prefix(name)?.strip_prefix('=')?));
        let default = Self::default();
        Self {
            min: flag("--certificate-request-minimum-backoff-duration").unwrap_or(default.min),
            max: flag("--certificate-request-maximum-backoff-duration").unwrap_or(default.max),
        }
    }

    /// The next attempt after a failure that was the `attempts`-th in a row.
    pub fn next(self, failed: Time, attempts: Option<u32>) -> Option<Time> {
        let doublings = attempts.unwrap_or(1).saturating_sub(1).min(30);
        let wait = self.min.checked_mul(1 << doublings).map_or(self.max, |wait| wait.min(self.max)).max(self.min);
        failed.checked_add_signed(wait)
    }
}

/// A duration as Go writes it: `20s`, `1h30m`, `1.5h`, `300ms`. `None` for anything else.
pub fn go_duration(text: &str) -> Option<TimeDelta> {
    let mut rest = text;
    let mut total = 0.0f64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest.get(..digits)?.parse().ok()?;
        let tail = rest.get(digits..)?;
        let end = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let scale = match tail.get(..end)? {
            "h" => 3_600_000.0,
            "m" => 60_000.0,
            "s" => 1_000.0,
            "ms" => 1.0,
            _ => return None,
        };
        total += number * scale;
        rest = tail.get(end..)?;
    }
    TimeDelta::try_milliseconds(total as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn the_wait_doubles_up_to_its_bound() {
        let failed = DateTime::UNIX_EPOCH;
        let hours = |attempts| Backoff::default().next(failed, attempts).map(|next| (next - failed).num_hours());
        let table = [
            (None, 1),
            (Some(0), 1),
            (Some(1), 1),
            (Some(2), 2),
            (Some(5), 16),
            (Some(6), 32),
            (Some(7), 32),
            (Some(u32::MAX), 32),
        ];
        for (attempts, wait) in table {
            assert_eq!(hours(attempts), Some(wait), "{attempts:?}");
        }
    }

    #[test]
    fn durations_read_as_go_writes_them() {
        let table = [
            ("20s", Some(20_000)),
            ("1h30m", Some(5_400_000)),
            ("1.5h", Some(5_400_000)),
            ("1h0m0s", Some(3_600_000)),
            ("300ms", Some(300)),
        ];
        for (text, milliseconds) in table {
            assert_eq!(go_duration(text).map(|d| d.num_milliseconds()), milliseconds, "{text}");
        }
        for text in ["", "20", "s", "1x", "-5s", "1h x"] {
            assert_eq!(go_duration(text), None, "{text}");
        }
    }
}
