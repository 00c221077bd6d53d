//! [`LogBook`]: lines of the logs of cert-manager's own Pods and of solver Pods, the youngest kept.

use std::collections::VecDeque;
use std::sync::Arc;

use smallvec::SmallVec;

use super::Model;
use super::controller::Component;
use super::id::ObjectKey;
use super::kind::Kind;
use super::meta::Time;
use super::symbol::Symbol;
use crate::limits;

/// The container of the controller, where a Pod has several.
pub const CONTROLLER: &str = "cert-manager-controller";

/// The container of a solver, where a Pod has several.
pub const SOLVER: &str = "acmesolver";

/// Which container of which Pod speaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Voice {
    /// The namespace.
    pub namespace: Symbol,
    /// The Pod.
    pub pod: Symbol,
    /// The container.
    pub container: Symbol,
}

/// How loud a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum Severity {
    /// Not said.
    #[default]
    Plain,
    /// For information.
    Info,
    /// A warning.
    Warning,
    /// An error.
    Error,
    /// The program gave up.
    Fatal,
}

impl Severity {
    /// The letter of klog; a blank where nothing is said.
    pub const fn letter(self) -> char {
        match self {
            Self::Plain => ' ',
            Self::Info => 'I',
            Self::Warning => 'W',
            Self::Error => 'E',
            Self::Fatal => 'F',
        }
    }
}

/// An object that a line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Its kind, where the line says it.
    pub kind: Option<Kind>,
    /// Its namespace; empty when cluster-scoped.
    pub namespace: Symbol,
    /// Its name.
    pub name: Box<str>,
}

impl Mention {
    /// Whether it can mean an object: a line that leaves the kind out still means one of that name.
    pub fn means(&self, object: &ObjectKey) -> bool {
        object.name == self.name
            && object.namespace == self.namespace
            && self.kind.is_none_or(|kind| kind == object.kind)
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// When it was written, as far as it says; else when it arrived.
    pub at: Time,
    /// Who wrote it.
    pub voice: Voice,
    /// How loud.
    pub severity: Severity,
    /// What it says, without what the other fields say.
    pub message: Box<str>,
    /// The error that it names; empty for none.
    pub error: Box<str>,
    /// The whole line.
    pub text: Box<str>,
    /// The objects that it names.
    pub mentions: SmallVec<[Mention; 2]>,
}

impl LogLine {
    /// Whether it tells of something that went wrong.
    pub fn is_trouble(&self) -> bool {
        self.severity >= Severity::Warning
    }
}

/// Lines, in the order of arrival. Bounded: the oldest are dropped, and counted. A copy shares the lines.
#[derive(Debug, Clone, Default)]
pub struct LogBook {
    full: VecDeque<Arc<Vec<LogLine>>>,
    open: Vec<LogLine>,
    dropped: usize,
}

/// Lines that are shared and dropped together.
const LEAF: usize = 1_000;

impl LogBook {
    pub(super) fn add(&mut self, line: LogLine) {
        self.open.push(line);
        if self.open.len() == LEAF {
            self.full.push_back(Arc::new(std::mem::take(&mut self.open)));
            if self.full.len() * LEAF > limits::LOG_LINES {
                self.full.pop_front();
                self.dropped += LEAF;
            }
        }
    }

    /// The lines, the oldest first.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &LogLine> {
        self.full.iter().flat_map(|leaf| leaf.iter()).chain(&self.open)
    }

    /// The number of the oldest line that is kept. Lines are numbered from 0 in the order of their arrival.
    pub const fn first(&self) -> usize {
        self.dropped
    }

    /// The number that the next line will have.
    pub fn end(&self) -> usize {
        self.dropped + self.len()
    }

    /// The line with a number.
    pub fn get(&self, number: usize) -> Option<&LogLine> {
        let place = number.checked_sub(self.dropped)?;
        match self.full.get(place / LEAF) {
            Some(leaf) => leaf.get(place % LEAF),
            None => self.open.get(place.checked_sub(self.full.len() * LEAF)?),
        }
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.full.len() * LEAF + self.open.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.full.is_empty() && self.open.is_empty()
    }

    /// How many were dropped.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }
}

impl Model {
    /// The logs of cert-manager's controllers.
    pub fn controller_voices(&self) -> impl Iterator<Item = Voice> {
        let controllers = self.controllers.iter().map(|(_, row)| row);
        controllers.filter(|row| row.component == Component::Controller && row.kind == Kind::Pod).map(|row| Voice {
            namespace: row.meta.namespace.clone(),
            pod: (&*row.meta.name).into(),
            container: CONTROLLER.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_number_while_others_are_dropped() {
        let word = |text: &str| Symbol::from(text);
        let voice = Voice { namespace: word("cert-manager"), pod: word("cm-0"), container: word("c") };
        let mut book = LogBook::default();
        for n in 0..limits::LOG_LINES + 2 * LEAF + 7 {
            let (text, empty) = (n.to_string().into_boxed_str(), Box::<str>::from(""));
            book.add(LogLine {
                at: Time::UNIX_EPOCH,
                voice: voice.clone(),
                severity: Severity::Info,
                message: empty.clone(),
                error: empty,
                text,
                mentions: SmallVec::new(),
            });
        }
        assert!(book.first() > 0 && book.len() <= limits::LOG_LINES + LEAF);
        for n in [book.first(), book.first() + LEAF, book.end() - 8, book.end() - 1] {
            assert_eq!(book.get(n).map(|line| line.text.to_string()), Some(n.to_string()));
        }
        assert!(book.get(book.end()).is_none() && book.get(book.first() - 1).is_none());
        assert_eq!(book.lines().count(), book.len());
    }
}
