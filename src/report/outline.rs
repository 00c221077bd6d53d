//! The lines that join a tree: `├─`, `└─`, or `|-`, `` `- ``.

/// The guides of a tree, one set of signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guides {
    branch: &'static str,
    last: &'static str,
    through: &'static str,
    blank: &'static str,
}

impl Guides {
    /// With box drawing, or in ASCII.
    pub const fn new(ascii: bool) -> Self {
        if ascii {
            Self { branch: "|- ", last: "`- ", through: "|  ", blank: "   " }
        } else {
            Self { branch: "├─ ", last: "└─ ", through: "│  ", blank: "   " }
        }
    }

    /// What stands before a child.
    pub const fn before(&self, is_last: bool) -> &'static str {
        if is_last { self.last } else { self.branch }
    }

    /// What stands before everything below that child.
    pub const fn below(&self, is_last: bool) -> &'static str {
        if is_last { self.blank } else { self.through }
    }
}
