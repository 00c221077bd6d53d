//! [`Toasts`]: notices that go away by themselves.

use std::collections::VecDeque;

use chrono::TimeDelta;

use crate::limits;
use crate::model::meta::Time;

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Good,
    /// Something to know.
    Neutral,
    /// It did not work.
    Bad,
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// What it says.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    /// When it goes away.
    pub until: Time,
}

/// Bytes that are read in four seconds.
const LINE: i64 = 80;

/// The notices on the screen, the youngest last.
#[derive(Debug, Default)]
pub struct Toasts(VecDeque<Toast>);

impl Toasts {
    /// Shows a notice: bad ones for eight seconds, others for four; one that takes more than a line, longer.
    pub fn show(&mut self, text: impl Into<String>, tone: Tone, now: Time) {
        let text = text.into();
        let seconds = if tone == Tone::Bad { 8 } else { 4 } + text.len() as i64 / LINE * 4;
        if self.0.len() == limits::TOASTS {
            self.0.pop_front();
        }
        self.0.push_back(Toast { text, tone, until: now + TimeDelta::seconds(seconds) });
    }

    /// The notices that are still to be seen.
    pub fn at(&self, now: Time) -> impl Iterator<Item = &Toast> {
        self.0.iter().filter(move |toast| toast.until > now)
    }

    /// Forgets those that are over.
    pub fn settle(&mut self, now: Time) {
        self.0.retain(|toast| toast.until > now);
    }
}
