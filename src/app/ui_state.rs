//! [`UiState`]: where the person is and what they chose. Nothing of it is a fact about the cluster.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::areas::{Areas, Page};
use super::page::search::Search;
use super::screen::{Mode, Pane, Screen};
use super::viewport::Viewport;
use super::visits::Visits;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey, Uid};
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;
use crate::query::tag::Tag;

/// Where the person is.
#[derive(Debug)]
pub struct UiState {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The pages, the present one last. Never empty.
    pub stack: Vec<Screen>,
    /// What has the keys.
    pub mode: Mode,
    /// The pane that has the focus on the home page.
    pub pane: Pane,
    /// The table's window.
    pub table: Viewport,
    /// The selected Certificate, once the person moved: it is followed, wherever its row goes.
    pub selected: Option<Id<Certificate>>,
    /// The tree's window.
    pub tree: Viewport,
    /// The selected object of the tree.
    pub node: Option<ObjectKey>,
    /// Branches that are not as they are by default.
    pub toggled: HashSet<ObjectKey>,
    /// The window of a page of text.
    pub text: Viewport,
    /// What is looked for on it.
    pub search: Search,
    /// What was typed of a command before `tab` went on with it.
    pub stem: Option<String>,
    /// What is typed in the filter.
    pub filter: String,
    /// Namespaces that were chosen, the last one first.
    pub recent: Vec<Symbol>,
    /// Certificates that are marked.
    pub marks: HashSet<Id<Certificate>, FxBuildHasher>,
    /// The one that was marked last: where a range begins.
    pub last_mark: Option<Id<Certificate>>,
    /// The views where one was, the last one last, and those from which one went back.
    pub visits: Visits,
    /// The tables that show more columns.
    pub wide: BTreeSet<Kind>,
    /// The page of columns that a table shows, where it is not the first.
    pub sideways: BTreeMap<Kind, usize>,
    /// The widest value of each label and annotation with a column, among the rows that were seen of a table.
    pub widest: BTreeMap<Kind, Vec<(Tag, u16)>>,
    /// Show the header.
    pub header: bool,
    /// Certificates to which something happened a moment ago, until when their rows are marked.
    pub flashes: HashMap<Id<Certificate>, Time, FxBuildHasher>,
    /// Objects of any kind that changed a moment ago, until when their rows in the tables of their kinds are marked.
    pub changed: HashMap<Uid, Time, FxBuildHasher>,
}

impl Default for UiState {
    fn default() -> Self {
        Self {
            size: (80, 24),
            stack: vec![Screen::Home],
            mode: Mode::Normal,
            pane: Pane::Table,
            table: Viewport::default(),
            selected: None,
            tree: Viewport::default(),
            node: None,
            toggled: HashSet::new(),
            text: Viewport::default(),
            search: Search::default(),
            stem: None,
            filter: String::new(),
            recent: Vec::new(),
            marks: HashSet::default(),
            last_mark: None,
            visits: Visits::default(),
            wide: BTreeSet::new(),
            sideways: BTreeMap::new(),
            widest: BTreeMap::new(),
            header: true,
            flashes: HashMap::default(),
            changed: HashMap::default(),
        }
    }
}

impl UiState {
    /// The present page.
    pub fn screen(&self) -> Screen {
        self.stack.last().copied().unwrap_or(Screen::Home)
    }

    /// Goes to a page; to the present one, nothing happens.
    pub fn go(&mut self, screen: Screen) {
        if self.screen() != screen {
            self.stack.push(screen);
            (self.text, self.search) = (Viewport::default(), Search::default());
        }
    }

    /// Goes back one page; false at the first one.
    pub fn back(&mut self) -> bool {
        let more = self.stack.len() > 1;
        if more {
            self.stack.pop();
            (self.text, self.search) = (Viewport::default(), Search::default());
        }
        more
    }

    /// Where everything is.
    pub fn areas(&self) -> Areas {
        let page = match self.screen() {
            Screen::Home => Page::Home,
            Screen::Causes => Page::List,
            Screen::Kind(_) => Page::Rows,
            _ => Page::Full,
        };
        Areas::compute(self.size.0, self.size.1, page, self.header)
    }

    /// Whether the motion keys move in a tree.
    pub fn in_tree(&self) -> bool {
        match self.screen() {
            Screen::Tree => true,
            Screen::Home => self.pane == Pane::Tree,
            _ => false,
        }
    }
}
