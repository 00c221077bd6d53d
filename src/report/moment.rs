//! Moments as people read them, with the zone named.

use std::fmt;

use chrono::{FixedOffset, Offset as _, Utc};

use crate::model::meta::Time;

/// The zone in which moments are told.
#[derive(Clone, Copy, Default)]
pub enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// Always the same distance from UTC.
    Fixed(FixedOffset),
    /// The distance from UTC depends on the moment, as where summer time is kept.
    Rule(fn(Time) -> FixedOffset),
}

impl Zone {
    /// A moment in this zone: `2026-11-22 16:03:05 UTC`, `2026-11-22 17:03:05 +01:00`.
    pub fn tell(self, moment: Time) -> String {
        let offset = match self {
            Self::Utc => return moment.format("%F %T UTC").to_string(),
            Self::Fixed(offset) => offset,
            Self::Rule(offset_at) => offset_at(moment),
        };
        if offset == Utc.fix() {
            return Self::Utc.tell(moment);
        }
        moment.with_timezone(&offset).format("%F %T %:z").to_string()
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Utc, Self::Utc) => true,
            (Self::Fixed(a), Self::Fixed(b)) => a == b,
            (Self::Rule(a), Self::Rule(b)) => std::ptr::fn_addr_eq(*a, *b),
            _ => false,
        }
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utc => f.write_str("Utc"),
            Self::Fixed(offset) => write!(f, "Fixed({offset})"),
            Self::Rule(_) => f.write_str("Rule(…)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn a_moment_names_its_zone() {
        let moment = DateTime::UNIX_EPOCH;
        let hours = |n: i32| FixedOffset::east_opt(n * 3_600).unwrap();
        assert_eq!(Zone::Utc.tell(moment), "1970-01-01 00:00:00 UTC");
        assert_eq!(Zone::Fixed(hours(2)).tell(moment), "1970-01-01 02:00:00 +02:00");
        assert_eq!(Zone::Fixed(hours(0)).tell(moment), "1970-01-01 00:00:00 UTC");
        assert_eq!(Zone::Rule(|_| FixedOffset::west_opt(12_600).unwrap()).tell(moment), "1969-12-31 20:30:00 -03:30");
    }
}
