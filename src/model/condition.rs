//! [`Condition`]: one entry of `status.conditions`, as cert-manager writes them.

use super::meta::Time;
use super::symbol::Symbol;

/// `status` of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// `True`.
    True,
    /// `False`.
    False,
    /// `Unknown`, missing, or anything else.
    #[default]
    Unknown,
}

impl Status {
    /// Reads `True`, `False`; anything else is unknown.
    pub fn parse(text: &str) -> Self {
        match text {
            "True" => Self::True,
            "False" => Self::False,
            _ => Self::Unknown,
        }
    }

    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Unknown => "Unknown",
        }
    }
}

/// A text of the cluster: shared when it is one of the usual sentences, owned when it speaks of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A sentence that many objects bear.
    Usual(Symbol),
    /// A sentence with something of its own in it.
    Own(Box<str>),
}

impl Message {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Usual(symbol) => symbol.as_str(),
            Self::Own(text) => text,
        }
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::Own(Box::from(""))
    }
}

/// A condition. Which type it is, its place says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Condition {
    /// Whether it holds.
    pub status: Status,
    /// One word for machines.
    pub reason: Symbol,
    /// One sentence for people. Real conditions exist without one.
    pub message: Message,
    /// When the status changed last. (Not the message: that changes without a stamp.)
    pub since: Option<Time>,
}

impl Condition {
    /// Whether its status is `True`.
    pub fn is_true(&self) -> bool {
        self.status == Status::True
    }

    /// Whether its status is `False`.
    pub fn is_false(&self) -> bool {
        self.status == Status::False
    }
}
