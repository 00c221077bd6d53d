//! [`Command`]: everything that a key, the palette or the mouse can ask for, as one table.
//!
//! The keymap, the hints in the last line, the help and `docs/keys.md` are made from [`COMMANDS`].

pub mod argument;
mod document;
mod table;

use crate::model::kind::Kind;

pub use self::document::markdown;
pub use self::table::{ALIASES, COMMANDS, CommandRow, Scope};

/// Something that a person can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// Open what is selected.
    Open,
    /// Back the way one came.
    Back,
    /// Back; at the root quit after asking once.
    Leave,
    /// Quit and leave the picture on the screen.
    QuitKeep,
    /// Cancel; at the root quit.
    Cancel,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// Half a page up.
    HalfPageUp,
    /// Half a page down.
    HalfPageDown,
    /// The first row.
    Top,
    /// The last row.
    Bottom,
    /// Close a branch, or go to its parent.
    Fold,
    /// Open a branch.
    Unfold,
    /// The next pane.
    NextPane,
    /// The pane before.
    PreviousPane,
    /// Type a filter.
    Filter,
    /// Back to the table, and type a filter.
    FilterTable,
    /// Only what needs a person.
    OnlyFaults,
    /// Type a command.
    Palette,
    /// The help.
    Help,
    /// The commands that are typed, and their short names.
    Aliases,
    /// Choose namespaces.
    Namespaces,
    /// All namespaces.
    AllNamespaces,
    /// The n-th recent namespace, 1 to 9.
    RecentNamespace(u8),
    /// Sort by the column to the left.
    SortLeft,
    /// Sort by the column to the right.
    SortRight,
    /// Sort the other way round.
    SortReverse,
    /// Hold the order of the rows.
    Freeze,
    /// More columns.
    Wide,
    /// To the columns that have no room.
    ColumnsRight,
    /// Back to the columns before.
    ColumnsLeft,
    /// The tree, full screen.
    Tree,
    /// Everything known of one object, in words.
    Describe,
    /// The certificate in it.
    X509,
    /// The object as YAML.
    Yaml,
    /// What changed in the object.
    Versions,
    /// What changed before that.
    Difference,
    /// What changed after it.
    Newer,
    /// Look for a text on a page.
    Find,
    /// The next line that has it.
    NextMatch,
    /// The line before that has it.
    PreviousMatch,
    /// What happened, full screen.
    Events,
    /// What Certificates suffer from together.
    Causes,
    /// How every watch does.
    Feeds,
    /// Who sees what of a proof.
    Probe,
    /// Ask them again.
    ProbeAgain,
    /// What containers print about the selected object.
    Logs,
    /// The lines of all, or of the selected object again.
    AllLogs,
    /// Hold the lines, or let them go on.
    HoldLogs,
    /// Lines that tell of trouble alone.
    OnlyTrouble,
    /// Look for a text in the lines.
    SearchLogs,
    /// The story of the selected certificate.
    Timeline,
    /// An attempt earlier.
    PreviousAttempt,
    /// An attempt later.
    NextAttempt,
    /// The entries of one source alone.
    NextSource,
    /// What is coming.
    Horizon,
    /// What was watched lately, or now again.
    LookBack,
    /// Stand still, or go on.
    Pause,
    /// To the change of a verdict before this moment.
    PreviousChange,
    /// To the next change of a verdict.
    NextChange,
    /// Earlier.
    Earlier,
    /// Later.
    Later,
    /// Slower.
    Slower,
    /// Faster.
    Faster,
    /// To the beginning.
    Beginning,
    /// To the end.
    Latest,
    /// Begin a recording, or end it.
    Record,
    /// Write the bundle of the selected Certificate.
    Bundle,
    /// Copy the name.
    CopyName,
    /// Copy namespace/name.
    CopyFullName,
    /// List everything again.
    Resync,
    /// Save the screen.
    SaveScreen,
    /// Stop, to be continued by the shell.
    Suspend,
    /// The header on and off.
    Header,
    /// Another theme.
    Theme,
    /// Back to the table of Certificates.
    Certificates,
    /// The table of another kind.
    List(Kind),
    /// Choose the columns of the table.
    Columns,
    /// What covers a host name.
    Host,
    /// Choose a context of the kubeconfig.
    Contexts,
    /// To the view where one was before.
    HistoryBack,
    /// To the view from which one went back.
    HistoryForward,
    /// Issue the Certificate again; one that is in flight begins again.
    Renew,
    /// Delete the request that failed or is stuck, and begin again.
    Retry,
    /// Delete what is stuck below.
    Delete,
    /// Take the ACME finalizer off.
    Release,
    /// Approve the request that waits.
    Approve,
    /// Deny the request that waits.
    Deny,
    /// Change the object in an editor.
    Edit,
    /// Do what mends it.
    Mend,
    /// Mark the selected Certificate, or take the mark away.
    Mark,
    /// Mark everything from the last mark to here.
    MarkRange,
    /// Take all marks away.
    Unmark,
    /// What was done in this session.
    ActionLog,
    /// What the last line said in this session.
    Messages,
}

impl Command {
    /// Its row in the table.
    pub fn row(self) -> Option<&'static CommandRow> {
        COMMANDS.iter().find(|row| row.command == self)
    }

    /// The command with a name, or with a short one.
    pub fn called(name: &str) -> Option<Self> {
        let whole = ALIASES.iter().find(|(short, _)| *short == name).map_or(name, |(_, whole)| whole);
        Self::named(whole)
    }

    /// The command with a name.
    pub fn named(name: &str) -> Option<Self> {
        COMMANDS.iter().find(|row| row.name == name).map(|row| row.command)
    }
}
