//! [`Screen`], [`Body`], [`Pane`], [`Mode`]: which page there is, what it is made of, where on it motion goes, and what
//! has the keys before it.

use super::acting::dialog::Dialog;
use super::input::prompt::Prompt;
use super::viewport::Viewport;
use crate::model::kind::Kind;

/// A page. They lie on a stack: `esc` goes back the way one came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The table.
    Home,
    /// The tree of the selected Certificate.
    Tree,
    /// The table of another kind.
    Kind(Kind),
    /// Everything known of the selected object.
    Describe,
    /// The certificate of the selected object.
    X509,
    /// The selected object as YAML.
    Yaml,
    /// What happened.
    Events,
    /// What Certificates suffer from together.
    Causes,
    /// The help.
    Help,
    /// How every watch does.
    Feeds,
    /// Who sees what of a proof.
    Probe,
    /// The story of the selected Certificate.
    Timeline,
    /// What containers print.
    Logs,
    /// What is coming.
    Horizon,
    /// What was done in this session.
    Actions,
    /// What the last line said in this session.
    Messages,
}

/// What a page is made of: how it is painted, and what there is to open on it, follow from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// The table of Certificates, with its panes.
    Home,
    /// The tree.
    Tree,
    /// The table of another kind.
    Rows(Kind),
    /// The causes, beside what is said of one.
    Causes,
    /// The bars and entries of a timeline.
    Timeline,
    /// Lines of logs.
    Logs,
    /// The lines of the horizon.
    Horizon,
    /// The text of a probe: of an object, which can be opened.
    Probe,
    /// A text that is read; there is nothing on it to open.
    Text,
}

impl Screen {
    /// What the page is made of.
    pub const fn body(self) -> Body {
        match self {
            Self::Home => Body::Home,
            Self::Tree => Body::Tree,
            Self::Kind(kind) => Body::Rows(kind),
            Self::Causes => Body::Causes,
            Self::Timeline => Body::Timeline,
            Self::Logs => Body::Logs,
            Self::Horizon => Body::Horizon,
            Self::Probe => Body::Probe,
            Self::Describe
            | Self::X509
            | Self::Yaml
            | Self::Events
            | Self::Help
            | Self::Feeds
            | Self::Actions
            | Self::Messages => Body::Text,
        }
    }

    /// Whether it is a page of lines that can be searched.
    pub const fn is_text(self) -> bool {
        matches!(self.body(), Body::Probe | Body::Text)
    }
}

/// Which pane of the home page the motion keys move in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    /// The table.
    #[default]
    Table,
    /// The tree.
    Tree,
    /// The detail.
    Detail,
}

/// What has the keys before the page has them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mode {
    /// Nothing.
    #[default]
    Normal,
    /// The filter is being typed; `before` is what it was.
    Filter {
        /// The line.
        prompt: Prompt,
        /// The filter to go back to.
        before: String,
        /// Why the line is no filter.
        error: Option<String>,
    },
    /// A text to look for in the logs is being typed; `before` is what it was.
    LogSearch {
        /// The line.
        prompt: Prompt,
        /// The text to go back to.
        before: String,
    },
    /// A command is being typed.
    Palette {
        /// The line.
        prompt: Prompt,
        /// Why the line is no command.
        error: Option<String>,
    },
    /// A text to look for on a page is being typed; `before` is the line to go back to.
    Search {
        /// The line.
        prompt: Prompt,
        /// The first line that was on the screen.
        before: usize,
    },
    /// A namespace is being chosen.
    Namespaces(Viewport),
    /// A context is being chosen.
    Contexts {
        /// Their names, and whether each is the one in use.
        names: Vec<(String, bool)>,
        /// The window over them.
        view: Viewport,
    },
    /// A remedy is being chosen.
    Remedies(Viewport),
    /// Whether to quit is being asked.
    Quit {
        /// Whether the picture is to be left on the screen.
        keep: bool,
    },
    /// An action is being looked at, or done.
    Action(Box<Dialog>),
}

impl Mode {
    /// Whether rows lie over the page, of which one is chosen.
    pub const fn is_menu(&self) -> bool {
        matches!(self, Self::Namespaces(_) | Self::Contexts { .. } | Self::Remedies(_))
    }
}
