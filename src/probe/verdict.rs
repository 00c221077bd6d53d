//! [`Verdict`]: what follows from all that was seen.

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Everything is as it should be.
    Good,
    /// Something is wrong.
    Trouble,
    /// Nobody answered: nothing can be said.
    #[default]
    Blind,
}

/// Something that mends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// What to do.
    pub text: String,
    /// The command that does it or shows more, filled in.
    pub command: Option<String>,
}

impl Remedy {
    /// Only words.
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), command: None }
    }

    /// With a command.
    pub fn command(text: impl Into<String>, command: impl Into<String>) -> Self {
        Self { text: text.into(), command: Some(command.into()) }
    }
}

/// What follows from all that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// How it stands.
    pub standing: Standing,
    /// The family of the finding; one of those that triage knows.
    pub family: Option<&'static str>,
    /// What is wrong, in a few words.
    pub title: String,
    /// Why, in a sentence or two.
    pub cause: String,
    /// What mends it, the best first.
    pub remedies: Vec<Remedy>,
    /// Seconds after which it mends itself, where a server named them.
    pub ends_in: Option<u32>,
}

impl Verdict {
    /// All is well.
    pub fn good(title: impl Into<String>) -> Self {
        Self { standing: Standing::Good, title: title.into(), ..Self::default() }
    }

    /// Nothing can be said.
    pub fn blind(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Something is wrong.
    pub fn trouble(family: &'static str, title: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            standing: Standing::Trouble,
            family: Some(family),
            title: title.into(),
            cause: cause.into(),
            ..Self::default()
        }
    }

    /// The same, with what mends it.
    #[must_use]
    pub fn mended_by(mut self, remedies: impl IntoIterator<Item = Remedy>) -> Self {
        self.remedies.extend(remedies);
        self
    }

    /// The same, mending itself after some seconds.
    #[must_use]
    pub const fn until(mut self, seconds: Option<u32>) -> Self {
        self.ends_in = seconds;
        self
    }
}
