//! [`Theme`]: from what something means ([`Role`]) to how it looks. State is never told by colour alone.

pub mod contrast;
pub mod depth;
mod file;
pub mod glyphs;
pub mod ground;

use ratatui::style::{Color, Style};

use self::ground::Ground;
use crate::query::likely::likely;
use crate::yaml::fault::Fault;

/// The word for a theme that suits the terminal.
pub const AUTO: &str = "auto";

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal),* $(,)?) => {
        /// What something on the screen means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Role {
            $($(#[$doc])* $role,)*
        }

        impl Role {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$role),*];

            /// Its name in a theme file.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$role => $name,)*
                }
            }
        }
    };
}

roles! {
    /// Ordinary text.
    Text = "text",
    /// Text that may be overlooked: labels, units.
    TextDim = "text.dim",
    /// Text that should not: names, headings.
    TextStrong = "text.strong",
    /// The product's own colour: its name, the focus.
    Accent = "accent",
    /// Lines between panes.
    Rule = "rule",
    /// The line of a pane that has the focus.
    RuleFocus = "rule.focus",
    /// Titles of panes.
    Title = "title",
    /// Titles of columns.
    ColumnTitle = "column",
    /// The title of the column that is sorted by.
    ColumnSorted = "column.sorted",
    /// The selected row.
    RowSelected = "row.selected",
    /// The selected row of a pane without the focus.
    RowSelectedDim = "row.selected.dim",
    /// The mark of a row that changed a moment ago.
    RowChanged = "row.changed",
    /// Needs a person now.
    AlarmRed = "alarm.red",
    /// Needs a person soon.
    AlarmAmber = "alarm.amber",
    /// Work is going on.
    AlarmBusy = "alarm.busy",
    /// Cannot be told.
    AlarmGrey = "alarm.grey",
    /// Nothing to do.
    AlarmCalm = "alarm.calm",
    /// A node that is as it should be.
    ToneGood = "tone.good",
    /// A node on which work is going on.
    ToneBusy = "tone.busy",
    /// A node that waits.
    ToneWaiting = "tone.waiting",
    /// A node in trouble.
    ToneBad = "tone.bad",
    /// Something that is not there.
    ToneAbsent = "tone.absent",
    /// The branches of a tree.
    TreeGuide = "tree.guide",
    /// A warning of a controller.
    EventWarning = "event.warning",
    /// A change that was seen.
    EventSeen = "event.seen",
    /// A key to press.
    Key = "key",
    /// What a key does.
    KeyTitle = "key.title",
    /// A line that is typed.
    Prompt = "prompt",
    /// Why a typed line is wrong.
    PromptError = "prompt.error",
    /// A notice that something worked.
    ToastGood = "toast.good",
    /// A notice.
    ToastNeutral = "toast.neutral",
    /// A notice that something did not work.
    ToastBad = "toast.bad",
    /// A watch that lives.
    FeedLive = "feed.live",
    /// A list that arrives.
    FeedListing = "feed.listing",
    /// A watch in trouble.
    FeedTrouble = "feed.trouble",
}

/// How everything looks.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Its name.
    pub name: String,
    /// The background that it is made for, where it is made for one.
    pub background: Option<Color>,
    /// Whether it paints that background.
    pub fill: bool,
    styles: Vec<Style>,
}

/// The themes that come with cmtop, as files: name and text.
pub static BUNDLED: &[(&str, &str)] = &[
    ("dark", include_str!("../themes/dark.yaml")),
    ("light", include_str!("../themes/light.yaml")),
    ("colour-blind", include_str!("../themes/colour-blind.yaml")),
    ("ansi16", include_str!("../themes/ansi16.yaml")),
    ("mono", include_str!("../themes/mono.yaml")),
    ("catppuccin", include_str!("../themes/catppuccin.yaml")),
    ("dracula", include_str!("../themes/dracula.yaml")),
    ("gruvbox", include_str!("../themes/gruvbox.yaml")),
    ("nord", include_str!("../themes/nord.yaml")),
];

fn bundled_text(name: &str) -> Option<&'static str> {
    BUNDLED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

fn bundled_names() -> impl Iterator<Item = &'static str> + Clone {
    BUNDLED.iter().map(|(name, _)| *name)
}

/// What was meant by the name of a theme that there is not, or which there are.
pub fn meant<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> String {
    match likely(name, known.clone()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are {}", known.collect::<Vec<_>>().join(", ")),
    }
}

impl Theme {
    /// The look of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// A theme that comes with cmtop.
    pub fn bundled(name: &str) -> Result<Self, Fault> {
        let unknown = || Fault::at(None, format!("there is no theme `{name}`; {}", meant(name, bundled_names())));
        Self::parse(bundled_text(name).ok_or_else(unknown)?)
    }

    /// No colour at all: bold, dim, underlined and reversed only.
    pub fn plain() -> Self {
        // The file is in the program; without it the screen is still true, only flat.
        Self::bundled("mono").unwrap_or_else(|_| Self::of("mono".to_owned(), None, |_| Style::new()))
    }

    fn of(name: String, background: Option<Color>, style: impl Fn(Role) -> Style) -> Self {
        Self { name, background, fill: false, styles: Role::ALL.iter().map(|role| style(*role)).collect() }
    }

    /// The colour to paint under everything, if any.
    pub fn floor(&self) -> Option<Color> {
        self.background.filter(|_| self.fill)
    }

    /// The same theme on a terminal with some background: where that is the contrary of what the theme is made for,
    /// the theme paints its own.
    #[must_use]
    pub fn on(mut self, ground: Ground) -> Self {
        self.fill |= self.background.is_some_and(|background| Ground::of(background).is_some_and(|own| own != ground));
        self
    }

    /// The same theme for a terminal with fewer colours.
    #[must_use]
    pub fn at(&self, depth: depth::Depth) -> Self {
        if depth == depth::Depth::None {
            return Self::plain();
        }
        let background = self.background.map(|colour| depth.colour(colour));
        // Sixteen colours are of the terminal's own choice, and so is what is behind them.
        let fill = self.fill && depth != depth::Depth::Ansi16;
        Self { fill, ..Self::of(self.name.clone(), background, |role| depth.style(self.style(role))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_in_the_order_of_their_numbers() {
        for (i, role) in Role::ALL.iter().enumerate() {
            assert_eq!(*role as usize, i);
        }
    }
}
