//! [`Check`]: one thing that was looked at, and what came of it.

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// It could not be looked at.
    Blind,
    /// It will trouble somebody.
    Warning,
    /// It is wrong.
    Bad,
}

impl Mark {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Blind => "unseen",
            Self::Warning => "warning",
            Self::Bad => "wrong",
        }
    }
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What: stable, for scripts.
    pub id: &'static str,
    /// How it came out.
    pub mark: Mark,
    /// In words.
    pub words: String,
    /// What mends it.
    pub mend: Option<String>,
}

impl Check {
    /// A check without a remedy.
    pub const fn new(id: &'static str, mark: Mark, words: String) -> Self {
        Self { id, mark, words, mend: None }
    }

    /// With what mends it.
    #[must_use]
    pub fn mended(self, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..self }
    }
}

/// The gravest of several.
pub fn gravest(checks: &[Check]) -> Mark {
    checks.iter().map(|check| check.mark).max().unwrap_or(Mark::Good)
}
