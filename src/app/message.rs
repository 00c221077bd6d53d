//! [`Message`]: everything that can happen.

use super::tape::Tape;
use crate::action::errand::ActionNews;
use crate::keymap::chord::Chord;
use crate::model::Batch;
use crate::model::meta::Time;

/// Something that happened outside.
#[derive(Debug)]
pub enum Message {
    /// A feed has news.
    Batch(Batch),
    /// A whole recording, the moment at which it begins to run if not its first, and how fast.
    Recording(Box<Tape>, Option<Time>, f64),
    /// A key was pressed.
    Key(Chord),
    /// The mouse did something.
    Mouse(Mouse),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size: columns, rows.
    Resize(u16, u16),
    /// Where the news come from changed.
    Source(SourceNews),
    /// A probe saw something.
    Probe(Box<super::probes::seen::ProbeNews>),
    /// What was read on demand.
    Fetched(Box<super::fetch::Fetched>),
    /// A request of ours ended: `Ok` with what to say, or what went wrong.
    Done(Result<String, String>),
    /// A bundle was written: what to say, or what went wrong.
    Bundled(Result<String, String>),
    /// The contexts of the kubeconfig, and whether each is the one in use; or why they cannot be told.
    Contexts(Result<Vec<(String, bool)>, String>),
    /// News of actions.
    Action(ActionNews),
    /// A text came back from the editor, or why it did not.
    Edited(u64, Result<String, String>),
    /// A recording began or ended.
    Recorder(RecorderNews),
    /// The terminal is ours again after a suspension.
    Resumed,
    /// Somebody asks the program to end.
    Terminate,
}

/// News of a recording that is made from the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecorderNews {
    /// It goes into this file.
    Began(String),
    /// It ended: what was written, or what went wrong.
    Ended(Result<String, String>),
}

/// What the mouse did, at a cell counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// Column.
    pub x: u16,
    /// Row.
    pub y: u16,
    /// What.
    pub what: MouseAction,
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseAction {
    /// The left button went down.
    Click,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}

/// News of the source as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceNews {
    /// We are connected, and this is who and where we are.
    Session(Session),
    /// It cannot be reached, and this is why.
    Failed(String),
    /// A replay came to its end.
    Ended,
}

/// Where the news come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Session {
    /// What kind of source it is.
    pub source: SourceKind,
    /// The context, or the name of the file.
    pub context: String,
    /// The cluster's name.
    pub cluster: String,
    /// Who we are there.
    pub user: String,
    /// The version of Kubernetes.
    pub kubernetes: String,
    /// Named namespaces; empty for all.
    pub namespaces: Vec<String>,
    /// A label selector that narrows the feeds.
    pub selector: Option<String>,
    /// Said once: why the scope is narrower than asked for.
    pub notice: Option<String>,
    /// Whether nothing may be written.
    pub read_only: bool,
    /// When a recording began.
    pub began: Option<Time>,
}

/// What kind of source the news come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SourceKind {
    /// A cluster.
    #[default]
    Cluster,
    /// A recording.
    Recording,
    /// The simulated cluster.
    Demo,
}
