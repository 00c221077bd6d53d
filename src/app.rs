//! [`App`]: everything a person looks at, as a function of the messages so far.
//!
//! **Invariant:** `update` and `settle` are the only ways to change it, and neither does I/O: what is to be done outside
//! comes back as [`Effect`]s.
//!
//! What happens comes in as a [`message`]: a key or a click goes through [`input`], news change the model. Once a frame
//! what is derived of it is brought up to date: the rows of the [`table`] and of the other [`kinds`], the [`page`] that is
//! open. [`acting`] is what a person does to the cluster, [`probes`] what they let be looked at, [`past`] and [`tape`] are
//! earlier moments.

pub mod acting;
pub mod areas;
mod around;
mod derived;
pub mod effect;
mod evidence;
pub mod fetch;
mod fit;
pub mod headline;
pub mod input;
pub mod kinds;
pub mod message;
pub mod notices;
pub mod page;
pub mod past;
pub mod probes;
pub mod screen;
pub mod table;
pub mod tallies;
pub mod tape;
pub mod toast;
pub mod ui_state;
pub mod viewport;
pub mod visits;
mod way;

use std::collections::{BTreeSet, HashMap};

use rustc_hash::FxBuildHasher;

use self::acting::Acting;
use self::effect::Effect;
use self::input::history::Histories;
use self::kinds::Kinds;
use self::message::{Message, Session, SourceKind, SourceNews};
use self::notices::Notices;
use self::page::causes::CausesPage;
use self::page::horizon::HorizonPage;
use self::page::line::Line;
use self::page::logs::LogPage;
use self::page::outline::Outline;
use self::page::timeline::TimelinePage;
use self::past::Past;
use self::screen::Mode;
use self::table::chosen::Columns;
use self::table::roster::Roster;
use self::table::selection::Selection;
use self::table::view::Views;
use self::table::world::World;
use self::toast::{Toasts, Tone};
use self::ui_state::UiState;
use crate::action::errand::Errand;
use crate::command::Command;
use crate::keymap::Keymap;
use crate::keymap::chord::Chord;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey};
use crate::model::kind::Kind;
use crate::model::meta::{Object as _, Time};
use crate::model::symbol::Symbol;
use crate::triage::causes::Causes;
use crate::triage::finding::Finding;
use crate::triage::ledger::Ledger;

pub use self::input::typing::completions;

/// The program's state.
#[derive(Debug, Default)]
pub struct App {
    /// What is known of the cluster.
    pub model: Model,
    /// What is to be said of it.
    pub ledger: Ledger,
    /// Which rows are shown, in which order.
    pub roster: Roster,
    /// What was chosen to be shown.
    pub selection: Selection,
    /// Where the person is.
    pub ui: UiState,
    /// Where the news come from; `None` until we are connected.
    pub session: Option<Session>,
    /// Why there is no connection.
    pub failure: Option<String>,
    /// Whether a replay came to its end.
    ended: bool,
    /// What probes saw.
    pub probes: probes::Book,
    /// Notices.
    pub toasts: Toasts,
    /// The keys.
    pub keymap: Keymap,
    /// What was typed before.
    histories: Histories,
    /// What acts on the page from which the help was opened.
    here: Vec<Command>,
    /// Columns that were chosen.
    columns: Columns,
    /// The names of themes, as far as they are known.
    pub themes: Vec<String>,
    /// The other contexts of the kubeconfig; `None` until somebody types a command that takes one.
    contexts: Option<Vec<String>>,
    /// The tables of the other kinds.
    pub kinds: Kinds,
    /// The tree of the selected Certificate, laid out.
    pub outline: Outline,
    /// The story of the selected Certificate.
    pub timeline: TimelinePage,
    /// What rings.
    pub notices: Notices,
    /// The file that a recording is being written into.
    recorder: Option<String>,
    /// How many bundles are being written.
    bundles: usize,
    /// What containers print.
    pub logs: LogPage,
    /// What is coming.
    pub horizon: HorizonPage,
    /// The certificate that is looked into.
    pub x509: page::x509::X509Page,
    /// The object that is looked at as YAML.
    pub yaml: page::yaml::YamlPage,
    /// The recording that is played, and where in it one is.
    pub past: Past,
    /// What is wrong with the selected Certificate, what explains first.
    pub findings: Vec<Finding>,
    /// The present page of text, or the detail pane, as lines for its width. Laid out once a frame.
    page: Vec<Line>,
    /// What was done, what is being done, and what may be done.
    pub acting: Acting,
    /// What Certificates suffer from together.
    pub causes: Causes,
    /// The page of causes.
    pub causes_page: CausesPage,
    /// What of cert-manager is down.
    pub outage: Option<Finding>,
    /// The reasons of rows that were on the screen.
    reasons: HashMap<Id<Certificate>, String, FxBuildHasher>,
    /// The namespaces in which the users of Secrets were looked for; the empty one stands for cert-manager itself.
    looked: BTreeSet<Symbol>,
    /// The keys of a sequence that is being typed.
    typed: Vec<Chord>,
    /// How tables looked when that was last kept, and which of them a config file settles.
    views: Views,
    settled: BTreeSet<Kind>,
    /// The annotations that the source was asked to keep.
    kept: BTreeSet<Symbol>,
    /// Whether the roster has to be built anew.
    stale: bool,
    /// Whether a list was arriving when the screen was last brought up to date.
    listing: bool,
    /// For which Certificate the outline is laid out.
    outlined: Option<Id<Certificate>>,
    /// The row of another table that the findings are of, where no Certificate is selected.
    weighed: Option<ObjectKey>,
}

impl App {
    /// A fresh program on a screen of some size.
    pub fn new(width: u16, height: u16) -> Self {
        let mut app = Self::default();
        app.ui.size = (width, height);
        app
    }

    /// Takes in what happened. What is to be done outside comes back.
    pub fn update(&mut self, message: Message, now: Time) -> Vec<Effect> {
        match message {
            Message::Batch(batch) => {
                self.hear(batch);
                return self.follow_logs().into_iter().chain(self.follow_versions(now)).collect();
            }
            Message::Recording(tape, from, speed) => self.play(*tape, from, speed, now),
            Message::Key(chord) => {
                let mut effects = self.key(chord, now);
                effects.extend(self.ask_rights());
                effects.extend(self.follow_logs());
                effects.extend(self.ask_around());
                effects.extend(self.ask_contexts_to_offer());
                effects.extend(self.keep_choices());
                return effects;
            }
            Message::Mouse(mouse) => {
                let mut effects = self.mouse(mouse, now);
                effects.extend(self.keep_choices());
                return effects;
            }
            Message::Paste(text) => {
                self.paste(&text, now);
                return self.ask_contexts_to_offer().into_iter().collect();
            }
            Message::Resize(width, height) => {
                self.ui.size = (width, height);
                self.fit();
            }
            Message::Source(news) => return self.source(news, now),
            Message::Action(news) => return self.action_news(news, now),
            Message::Edited(ticket, text) => return self.edited(ticket, text, now),
            Message::Probe(news) => self.probed(*news, now),
            Message::Fetched(fetched) => match *fetched {
                fetch::Fetched::X509(object, read) => self.take_x509(&object, read, now),
                fetch::Fetched::Yaml(object, read) => self.take_yaml(&object, read, now),
                fetch::Fetched::Versions(object, read) => {
                    self.take_versions(&object, read, now);
                    return self.follow_versions(now).into_iter().collect();
                }
            },
            Message::Contexts(names) => self.offer_contexts(names, now),
            Message::Bundled(told) => self.bundled(told, now),
            Message::Done(Ok(text)) => self.toasts.show(text, Tone::Good, now),
            Message::Done(Err(text)) => self.toasts.show(text, Tone::Bad, now),
            Message::Recorder(news) => self.recorded(news, now),
            Message::Resumed => {}
            Message::Terminate => return vec![Effect::Quit { keep: false }],
        }
        Vec::new()
    }

    fn source(&mut self, news: SourceNews, now: Time) -> Vec<Effect> {
        match news {
            SourceNews::Session(session) => {
                if let Some(notice) = &session.notice {
                    self.toasts.show(notice.clone(), Tone::Neutral, now);
                }
                self.failure = None;
                let first = self.session.is_none();
                let asks = first && session.source != SourceKind::Recording && !session.read_only;
                self.session = Some(session);
                if asks {
                    return vec![Effect::Action(Errand::Rights(String::new()))];
                }
            }
            SourceNews::Failed(why) => self.failure = Some(why),
            SourceNews::Ended => self.ended = true,
        }
        Vec::new()
    }

    /// The model and what is known of it.
    pub const fn world(&self) -> World<'_> {
        World { model: &self.model, ledger: &self.ledger }
    }

    /// The selected Certificate: the one the person moved to, else the first row. Above the table of another kind, the
    /// one that the selected object is for.
    pub fn selected(&self) -> Option<Id<Certificate>> {
        match self.kind_below() {
            Some(kind) => self.certificate_of_row(kind),
            None => self.row_of_home(),
        }
    }

    /// The selected row of the table of Certificates.
    fn row_of_home(&self) -> Option<Id<Certificate>> {
        self.roster.rows().get(self.ui.table.cursor).copied()
    }

    /// The selected object: a node of the tree where a tree has the focus or fills the page, else the Certificate.
    pub fn selected_object(&self) -> Option<ObjectKey> {
        if let Some(object) = self.object_of_row() {
            return Some(object);
        }
        self.outline.rows().get(self.ui.tree.cursor).map(|row| row.node.object.clone()).or_else(|| {
            let certificate = self.model.certificates.get(self.selected()?)?;
            Some(certificate.key())
        })
    }

    /// What is being typed, where something is.
    pub const fn mode(&self) -> &Mode {
        &self.ui.mode
    }
}
