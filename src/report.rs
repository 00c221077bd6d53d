//! The facts on paper: what the commands without a screen print, as text, JSON and YAML.
//!
//! **Invariant:** a report is a function of the model and the moments and choices it is given. It asks no clock and no
//! environment, and prints nothing itself.
//!
//! **Invariant:** documents never leave a field out: what does not apply is `null`, a list without members is `[]`.

pub mod action;
pub mod bundle;
pub mod change;
pub mod doctor;
pub mod document;
pub mod exit;
pub mod explanation;
mod finding;
pub mod inspect;
pub mod installation;
pub mod moment;
mod origin;
pub mod outline;
mod outset;
pub mod probe;
pub mod sheet;
pub mod sight;
pub mod status;
pub mod timeline;
pub mod tint;
pub mod version;

pub use self::origin::Origin;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether headings and the closing line are left out: for scripts.
    pub bare: bool,
    /// Whether only ASCII may be used.
    pub ascii: bool,
    /// How many cells a line may have; `None` on paper, where nothing but long reasons is cut.
    pub width: Option<usize>,
    /// In which zone moments are told.
    pub zone: moment::Zone,
    /// Whether verdicts and signs have colours: those of the terminal itself, which go with its ground.
    pub color: bool,
}

impl Style {
    /// A text as this style may print it.
    fn plain<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        if self.ascii { crate::text::ascii(text) } else { text.into() }
    }
}
