//! [`Effect`]: everything that the core may ask for. Only the runtime acts on one.

use super::table::view::Views;
use crate::action::errand::Errand;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::logs::Voice;
use crate::model::surroundings::Sought;
use crate::model::symbol::Symbol;

/// A wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// End the program; `keep` leaves the picture on the screen.
    Quit {
        /// Leave the picture.
        keep: bool,
    },
    /// Put text on the clipboard; what came of it is to be told.
    Copy(Clipping),
    /// Save the screen as text, ANSI and SVG.
    SaveScreen,
    /// Take a theme, by its name; without one, the next of those that come with cmtop.
    Theme(Option<String>),
    /// Tell the contexts of the kubeconfig.
    Contexts,
    /// Begin anew with another context.
    Switch(String),
    /// Keep how these tables look for the next session.
    KeepViews(Views),
    /// Keep these annotations of objects, and no others.
    KeepAnnotations(Vec<Symbol>),
    /// List everything again.
    Resync,
    /// Look for what stands around cert-manager.
    LookAround(Sought),
    /// Look at what a Challenge wants to be seen, again and again.
    Probe(Box<crate::probe::target::Target>),
    /// Look at what a Certificate asks for, before there is a Challenge.
    Preflight(Box<crate::probe::preflight::Application>),
    /// Look no more.
    EndProbe,
    /// Read an object because a page about it was opened.
    Fetch(Box<super::fetch::Fetch>),
    /// Look at an action, or do it.
    Action(Errand),
    /// Open a text in the person's editor; the number comes back with it.
    Edit(u64, String),
    /// Follow these logs, and no others.
    FollowLogs(Vec<Voice>),
    /// Begin a recording, or end the one that runs.
    Record,
    /// Write the bundle of a Certificate.
    Bundle(Id<Certificate>),
    /// Ring the terminal's bell.
    Ring,
    /// Tell the desktop something.
    TellDesktop(Desktop, String),
    /// Run a program, without a shell: its arguments, and what is added to its environment.
    Command(Vec<String>, Vec<(&'static str, String)>),
    /// Give the terminal back to the shell until it continues us.
    Suspend,
}

/// A text for the clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clipping {
    /// The text.
    pub text: String,
    /// What it is, in the words of whoever copies it.
    pub what: String,
}

impl Clipping {
    /// A text that says itself what it is.
    pub fn of(text: String) -> Self {
        Self { what: text.clone(), text }
    }
}

/// How a terminal is asked to tell the desktop something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desktop {
    /// `OSC 9`: iTerm2, Windows Terminal, `WezTerm`, kitty, ghostty.
    Osc9,
    /// `OSC 777`: urxvt, foot, ghostty, `WezTerm`.
    Osc777,
}
