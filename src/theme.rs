//! [`Theme`]: from what something means ([`Role`]) to how it looks. State is never told by colour alone.

pub mod depth;
mod file;
pub mod glyphs;

use ratatui::style::Style;

pub use self::file::ThemeError;

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
    styles: Vec<Style>,
}

/// The themes that come with cmtop, as files: name and text.
pub static BUNDLED: &[(&str, &str)] = &[("dark", include_str!("../themes/dark.yaml"))];

impl Theme {
    /// The look of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// A theme that comes with cmtop.
    pub fn bundled(name: &str) -> Result<Self, ThemeError> {
        let known: Vec<&str> = BUNDLED.iter().map(|(name, _)| *name).collect();
        let (_, text) = BUNDLED
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| ThemeError::Unknown(name.to_owned(), known.join(", ")))?;
        Self::parse(text)
    }

    /// No colour at all: bold, dim and reverse only.
    pub fn plain() -> Self {
        let style = |role: &Role| match role {
            Role::TextStrong | Role::Title | Role::AlarmRed | Role::ToneBad | Role::Key | Role::ColumnSorted => {
                Style::new().bold()
            }
            Role::TextDim | Role::Rule | Role::TreeGuide | Role::ColumnTitle | Role::ToneAbsent => Style::new().dim(),
            Role::RowSelected | Role::ToastGood | Role::ToastNeutral | Role::ToastBad => Style::new().reversed(),
            Role::RowSelectedDim => Style::new().underlined(),
            _ => Style::new(),
        };
        Self { name: "plain".to_owned(), styles: Role::ALL.iter().map(style).collect() }
    }

    fn of(name: String, style: impl Fn(Role) -> Style) -> Self {
        Self { name, styles: Role::ALL.iter().map(|role| style(*role)).collect() }
    }

    /// The same theme for a terminal with fewer colours.
    #[must_use]
    pub fn at(&self, depth: depth::Depth) -> Self {
        if depth == depth::Depth::None {
            return Self::plain();
        }
        Self::of(self.name.clone(), |role| depth.style(self.style(role)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_theme_gives_every_role_a_look_of_its_own_family() {
        for (name, _) in BUNDLED {
            let theme = Theme::bundled(name).unwrap();
            assert_eq!(theme.name, *name);
            for role in [Role::AlarmRed, Role::AlarmAmber, Role::AlarmBusy, Role::AlarmCalm] {
                assert_ne!(theme.style(role), Style::default(), "{name}: {}", role.name());
            }
        }
    }

    #[test]
    fn roles_are_in_the_order_of_their_numbers() {
        for (i, role) in Role::ALL.iter().enumerate() {
            assert_eq!(*role as usize, i);
        }
    }
}
