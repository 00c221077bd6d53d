//! [`COMMANDS`]: a row for each command: its name, its keys, where they work, what is said of it.

use super::Command;
use crate::model::kind::Kind;

/// Where a command makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    Everywhere,
    /// Where the table is.
    Table,
    /// Where the table is, and no tree has the keys.
    Rows,
    /// Where a tree is.
    Tree,
    /// On the page of a story.
    Timeline,
    /// On the page of logs.
    Logs,
    /// Where a recording is played.
    Recording,
    /// On the page of a probe.
    Probe,
    /// On a page of text.
    Text,
    /// On the page of an object as YAML.
    Document,
}

/// A row of the table of commands.
#[derive(Debug)]
pub struct CommandRow {
    /// The command.
    pub command: Command,
    /// Its name in the palette and in a keymap file.
    pub name: &'static str,
    /// What it does, for the help.
    pub title: &'static str,
    /// One or two words for the last line; empty for none.
    pub hint: &'static str,
    /// Its default keys.
    pub keys: &'static [&'static str],
    /// Where it makes sense.
    pub scope: Scope,
    /// Under which heading the help lists it.
    pub group: &'static str,
}

macro_rules! commands {
    ($(@ $group:literal $( $command:expr, $name:literal, [$($key:literal),*], $scope:ident, $hint:literal, $title:literal; )*)*) => {
        &[$($(CommandRow {
            command: $command, name: $name, title: $title, hint: $hint, keys: &[$($key),*], scope: Scope::$scope, group: $group,
        },)*)*]
    };
}

/// Every command, in the order of the help.
#[rustfmt::skip]
pub static COMMANDS: &[CommandRow] = commands! {
    @ "Look closer"
        Command::Open,            "open",              ["enter"],                 Everywhere, "open",      "open what is selected: the tree, then the object in words";
        Command::Back,            "back",              ["esc"],                   Everywhere, "",          "back the way you came; never quits";
        Command::Tree,            "tree",              ["S"],                     Table,      "tree",      "the tree of the certificate, full screen";
        Command::Describe,        "describe",          ["d"],                     Everywhere, "describe",  "everything known of the selected object, in words";
        Command::X509,            "x509",              ["x", "I"],              Everywhere, "X.509",     "the certificate in it: its blocks, its chain, what is wrong; again: whether it was revoked";
        Command::Yaml,            "yaml",              ["y"],                   Everywhere, "YAML",      "the object as YAML, without the values of Secrets; again: read it anew";
        Command::Versions,        "versions",          ["v"],                   Everywhere, "versions",     "what changed in the object: from the version before to this one, as the watch or the recording saw them";
        Command::Difference,      "difference",        ["v"],                   Document,   "versions",  "YAML: from the version before to this one; again: further back";
        Command::Newer,           "newer",             ["V"],                   Document,   "newer",     "YAML: to the version after again";
        Command::Events,          "events",            ["E"],                     Everywhere, "events",    "what happened, full screen";
        Command::Probe,           "probe",             ["p"],                     Everywhere, "probe",     "ask name servers and addresses what they see of the open Challenge";
        Command::ProbeAgain,      "probe-again",       ["a"],                     Probe,      "again",     "probe: ask them again now";
        Command::Causes,          "causes",            ["C"],                     Everywhere, "causes",    "what is wrong, as causes: a hundred red rows become three";
        Command::Feeds,           "feeds",             ["F"],                     Everywhere, "",          "how every watch does, and which right is missing";
        Command::Timeline,        "timeline",          ["t"],                     Everywhere, "timeline",  "how it was issued, stage by stage, and what happened";
        Command::PreviousAttempt, "previous-attempt",  ["left", "h"],             Timeline,   "attempt",   "an attempt earlier";
        Command::NextAttempt,     "next-attempt",      ["right"],                 Timeline,   "",          "an attempt later";
        Command::NextSource,      "next-source",       ["s"],                     Timeline,   "source",    "one source alone: watch, event, condition, log, action";
        Command::Logs,            "logs",              ["l"],                     Everywhere, "logs",      "what cert-manager and its solvers print about the selected object and what belongs to it";
        Command::AllLogs,         "all-logs",          ["l"],                     Logs,       "all/own",   "logs: the lines about everything, or about the selected object again";
        Command::OnlyTrouble,     "only-trouble",      ["!"],                     Logs,       "errors",    "logs: warnings and errors alone";
        Command::SearchLogs,      "search-logs",       ["/"],                     Logs,       "search",    "logs: lines with a text alone";
        Command::HoldLogs,        "hold",              ["s"],                     Logs,       "hold",      "logs: hold the lines while you read, or let them go on";
        Command::Horizon,         "horizon",           ["H"],                     Everywhere, "horizon",   "what is coming: expiries and renewals of the whole cluster";
        Command::List(Kind::CertificateRequest), "certificaterequests", [], Everywhere, "",          "the table of CertificateRequests";
        Command::List(Kind::Order), "orders",          [],                        Everywhere, "",          "the table of Orders";
        Command::List(Kind::Challenge), "challenges",  [],                        Everywhere, "",          "the queue of Challenges: who runs, who waits, and for whom";
        Command::List(Kind::Issuer), "issuers",        [],                        Everywhere, "",          "the table of Issuers: what they issue, and their troubles";
        Command::List(Kind::ClusterIssuer), "clusterissuers", [],                 Everywhere, "",          "the table of ClusterIssuers: what they issue, and their troubles";
        Command::List(Kind::Secret), "secrets",        [],                        Everywhere, "",          "the Secrets of Certificates: whose they are, and whether anybody wants them";
        Command::List(Kind::Event), "kubernetes-events", [],                      Everywhere, "",          "the table of Kubernetes Events about certificates";
        Command::HistoryBack,     "history-back",      ["["],                     Everywhere, "",          "to the view where you were before";
        Command::HistoryForward,  "history-forward",   ["]"],                     Everywhere, "",          "to the view from which you went back";
        Command::Unfold,          "unfold",            ["right"],                 Tree,       "",          "open a branch";
        Command::Fold,            "fold",              ["left"],                  Tree,       "",          "close a branch, or go to its parent";
        Command::Help,            "help",              ["?"],                     Everywhere, "help",      "this help: first what the keys do here";
        Command::Aliases,         "aliases",           ["ctrl-a"],                Everywhere, "",          "what can be typed after `:`, and the short names";
    @ "Move"
        Command::Down,            "down",              ["j", "down"],             Everywhere, "",          "one row down";
        Command::Up,              "up",                ["k", "up"],               Everywhere, "",          "one row up";
        Command::PageDown,        "page-down",         ["ctrl-f", "pagedown"],    Everywhere, "",          "one page down";
        Command::PageUp,          "page-up",           ["ctrl-b", "pageup"],      Everywhere, "",          "one page up";
        Command::HalfPageUp,      "half-page-up",      ["ctrl-u"],                Everywhere, "",          "half a page up";
        Command::HalfPageDown,    "half-page-down",    [],                        Everywhere, "",          "half a page down; `keys:` gives it a key, as the preset vim does";
        Command::Top,             "top",               ["g", "home"],             Everywhere, "",          "the first row";
        Command::Bottom,          "bottom",            ["G", "end"],              Everywhere, "",          "the last row";
        Command::Find,            "find",              ["/"],                   Text,       "find",      "look for a text on this page";
        Command::NextMatch,       "next-match",        ["n"],                   Text,       "",          "the next line that has it";
        Command::PreviousMatch,   "previous-match",    ["N"],                   Text,       "",          "the line before that has it";
        Command::NextPane,        "next-pane",         ["tab"],                   Everywhere, "pane",      "the next pane";
        Command::PreviousPane,    "previous-pane",     ["shift-tab"],             Everywhere, "",          "the pane before";
    @ "Choose what to see"
        Command::Filter,          "filter",            ["/"],                     Table,      "filter",    "filter: text, regex, !text, -f letters, -l label=value, column:regex, expires:<30d";
        Command::FilterTable,     "filter-table",      ["/"],                     Everywhere, "",          "back to the table, and filter it: on a page where nothing else can be looked for";
        Command::Host,            "host",              [],                        Everywhere, "",          "the Certificates that cover a host name, wildcards too: `:host www.shop.example`";
        Command::OnlyFaults,      "only-faults",       ["!"],                     Table,      "faults",    "only what needs a person";
        Command::Namespaces,      "namespaces",        ["n"],                     Table,      "namespace", "choose a namespace from a menu";
        Command::Contexts,        "contexts",          [],                        Everywhere, "",          "another context of the kubeconfig, from a menu; `:ctx NAME` takes that one";
        Command::AllNamespaces,   "all-namespaces",    ["0"],                     Table,      "",          "all namespaces";
        Command::RecentNamespace(1), "recent-1",       ["1"],                     Table,      "",          "the most recent namespace; 2 to 9: the ones before";
        Command::RecentNamespace(2), "recent-2",       ["2"],                     Table,      "",          "";
        Command::RecentNamespace(3), "recent-3",       ["3"],                     Table,      "",          "";
        Command::RecentNamespace(4), "recent-4",       ["4"],                     Table,      "",          "";
        Command::RecentNamespace(5), "recent-5",       ["5"],                     Table,      "",          "";
        Command::RecentNamespace(6), "recent-6",       ["6"],                     Table,      "",          "";
        Command::RecentNamespace(7), "recent-7",       ["7"],                     Table,      "",          "";
        Command::RecentNamespace(8), "recent-8",       ["8"],                     Table,      "",          "";
        Command::RecentNamespace(9), "recent-9",       ["9"],                     Table,      "",          "";
        Command::SortLeft,        "sort-left",         ["shift-left"],            Table,      "",          "sort by the column to the left";
        Command::SortRight,       "sort-right",        ["shift-right"],           Table,      "",          "sort by the column to the right";
        Command::SortReverse,     "sort-reverse",      ["O"],                     Table,      "",          "sort the other way round";
        Command::Freeze,          "freeze",            ["f"],                     Table,      "",          "hold the order of the rows while you look";
        Command::Wide,            "wide",              ["w"],                     Table,      "",          "more columns, and longer names";
        Command::ColumnsRight,    "columns-right",       ["right"],                 Rows,       "",          "the columns that have no room: the table says at its right how many";
        Command::ColumnsLeft,     "columns-left",        ["left"],                  Rows,       "",          "back to the columns before";
        Command::Columns,         "columns",           [],                        Table,      "",          "choose the columns: `:columns verdict name=40 label:team why`; alone it has those of now to be changed; `:columns usual` for the usual ones";
        Command::Header,          "header",            ["ctrl-e"],                Everywhere, "",          "the header on and off";
        Command::Theme,           "theme",             ["ctrl-t"],                Everywhere, "",          "another theme; `:theme NAME` takes that one";
    @ "Act (each asks first)"
        Command::Mend,            "mend",              ["m"],                     Everywhere, "mend",      "do what mends it; of several remedies one is chosen";
        Command::Renew,           "renew",             ["R"],                     Everywhere, "renew",     "issue the Certificate again now; begin again what is in flight";
        Command::Retry,           "retry",             ["r"],                     Everywhere, "retry",     "delete the request that failed or is stuck, and begin again without the wait";
        Command::Delete,          "delete",            ["ctrl-d"],                Everywhere, "delete",    "delete what is stuck: a Challenge, an Order, a request; never a Certificate";
        Command::Release,         "release",           ["L"],                     Everywhere, "",          "take the ACME finalizer off a Challenge whose clean-up will not come";
        Command::Approve,         "approve",           ["a"],                     Everywhere, "",          "approve the request that waits";
        Command::Deny,            "deny",              ["A"],                     Everywhere, "",          "deny the request that waits";
        Command::Edit,            "edit",              ["e"],                     Everywhere, "",          "change the object in your editor";
        Command::Mark,            "mark",              ["space"],                 Table,      "",          "mark the Certificate: renew and retry do all that are marked";
        Command::MarkRange,       "mark-range",        ["ctrl-space"],            Table,      "",          "mark everything from the last mark to here";
        Command::Unmark,          "unmark",            ["ctrl-\\"],               Table,      "",          "take all marks away";
        Command::ActionLog,       "actions",           ["@"],                     Everywhere, "",          "what was done in this session, and what came of it";
    @ "Go back in time (a recording, or the last minutes)"
        Command::LookBack,        "look-back",         ["b"],                     Everywhere, "",          "what happened while you were away: look back over the last minutes; again: now";
        Command::Pause,           "pause",             ["P"],                     Recording,  "pause",     "stand still, or go on";
        Command::PreviousChange,  "previous-change",   ["<"],                     Recording,  "change",    "to the change of a verdict before this moment";
        Command::NextChange,      "next-change",       [">"],                     Recording,  "next",      "to the next change of a verdict";
        Command::Earlier,         "earlier",           [","],                     Recording,  "",          "a sixtieth of the whole earlier";
        Command::Later,           "later",             ["."],                     Recording,  "",          "a sixtieth of the whole later";
        Command::Slower,          "slower",            ["("],                     Recording,  "",          "slower";
        Command::Faster,          "faster",            [")"],                     Recording,  "",          "faster";
        Command::Beginning,       "beginning",         ["B"],                     Recording,  "",          "to the beginning";
        Command::Latest,          "latest",            ["L"],                     Recording,  "end",       "to the end";
    @ "Take with you"
        Command::CopyName,        "copy-name",         ["c"],                     Everywhere, "copy",      "copy the name; on a diagnosis, the command of its first remedy";
        Command::CopyFullName,    "copy-full-name",    ["N"],                     Everywhere, "",          "copy namespace/name";
        Command::Record,          "record",            ["W"],                     Everywhere, "",          "write what the watches deliver into a file; again: end it";
        Command::Bundle,          "bundle",            ["T"],                     Everywhere, "",          "write a directory for a ticket about the Certificate: Markdown, JSON, a recording; redacted";
        Command::SaveScreen,      "save-screen",       ["ctrl-s"],                Everywhere, "",          "save the screen as text, ANSI and SVG";
    @ "Session"
        Command::Certificates,    "certificates",      [],                        Everywhere, "",          "to the table of certificates, from anywhere";
        Command::Palette,         "command",           [":"],                     Everywhere, "",          "type a command by its name";
        Command::Messages,        "messages",          ["M"],                     Everywhere, "",          "what the last line said in this session, in full";
        Command::Resync,          "resync",            ["ctrl-r"],                Everywhere, "",          "list everything again";
        Command::Suspend,         "suspend",           ["ctrl-z"],                Everywhere, "",          "stop; the shell's fg continues";
        Command::Leave,           "quit",              ["q"],                     Everywhere, "quit",      "back; at the root quit, after asking once";
        Command::QuitKeep,        "quit-keep",         ["Q"],                     Everywhere, "",          "quit and leave the picture on the screen";
        Command::Cancel,          "cancel",            ["ctrl-c"],                Everywhere, "",          "cancel; at the root quit";
};

/// Short names for the palette, and what they stand for.
pub static ALIASES: &[(&str, &str)] = &[
    ("cause", "causes"),
    ("cert", "certificates"),
    ("chal", "challenges"),
    ("ciss", "clusterissuers"),
    ("cr", "certificaterequests"),
    ("ctx", "contexts"),
    ("ev", "kubernetes-events"),
    ("iss", "issuers"),
    ("log", "logs"),
    ("ns", "namespaces"),
    ("ord", "orders"),
    ("q", "quit"),
    ("queue", "challenges"),
    ("sec", "secrets"),
    ("tl", "timeline"),
];
