//! [`Mark`]: how one check ended.

/// How one check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Well.
    Good,
    /// It was not looked at, or nobody answered.
    Open,
    /// Odd, and no obstacle.
    Odd,
    /// It will fail.
    Bad,
}

impl Mark {
    /// The word, as on the screen and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Open => "open",
            Self::Odd => "odd",
            Self::Bad => "bad",
        }
    }

    /// The sign before a line.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Good => "●",
            Self::Open => "○",
            Self::Odd | Self::Bad => "▲",
        }
    }
}
