//! In which role of the theme a state is painted, wherever it is shown.

use super::painter::Painter;
use crate::app::page::line::Emphasis;
use crate::theme::Role;
use crate::triage::finding::{Finding, Severity};
use crate::triage::stage::Phase;
use crate::triage::tree::Tone;
use crate::triage::verdict::Alarm;

/// An alarm.
pub(super) const fn of_alarm(alarm: Alarm) -> Role {
    match alarm {
        Alarm::Red => Role::AlarmRed,
        Alarm::Amber => Role::AlarmAmber,
        Alarm::Busy => Role::AlarmBusy,
        Alarm::Grey => Role::AlarmGrey,
        Alarm::Calm => Role::AlarmCalm,
    }
}

/// How an object of the tree does.
pub(super) const fn of_tone(tone: Tone) -> Role {
    match tone {
        Tone::Good => Role::ToneGood,
        Tone::Busy => Role::ToneBusy,
        Tone::Waiting => Role::ToneWaiting,
        Tone::Bad => Role::ToneBad,
        Tone::Absent | Tone::Unseen => Role::ToneAbsent,
    }
}

/// A stage of an issuance.
pub(super) const fn of_phase(phase: Phase) -> Role {
    match phase {
        Phase::Triggered | Phase::AwaitingApproval | Phase::Queued => Role::ToneWaiting,
        Phase::CleaningUp => Role::ToneAbsent,
        Phase::Storing | Phase::Finalizing => Role::ToneGood,
        _ => Role::ToneBusy,
    }
}

/// How a piece of a line is meant.
pub(super) const fn of_emphasis(emphasis: Emphasis) -> Role {
    match emphasis {
        Emphasis::Plain => Role::Text,
        Emphasis::Dim => Role::TextDim,
        Emphasis::Heading => Role::TextStrong,
        Emphasis::Key => Role::Key,
        Emphasis::Good => Role::ToneGood,
        Emphasis::Bad => Role::EventWarning,
    }
}

/// How bad it is: a sign, and its colour.
pub(super) fn of_finding<'g>(painter: &Painter<'g>, finding: &Finding) -> (&'g str, Role) {
    let glyphs = painter.glyphs();
    match finding.severity {
        Severity::Critical | Severity::Error => (glyphs.bad, of_alarm(Alarm::Red)),
        Severity::Warning => (glyphs.bad, of_alarm(Alarm::Amber)),
        Severity::Info => (glyphs.none, of_alarm(Alarm::Grey)),
    }
}
