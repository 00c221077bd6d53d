//! [`Clipboard`]: where copied text is to go.

use schemars::JsonSchema;
use serde::Deserialize;

/// Where copied text is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Clipboard {
    /// To the system's clipboard where there is one here; over SSH, and without one, to the terminal's.
    #[default]
    Auto,
    /// To the terminal's clipboard, by `OSC 52`.
    Osc52,
    /// To the system's clipboard, or nowhere.
    Native,
    /// Nowhere.
    Off,
}

impl Clipboard {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Osc52, Self::Native, Self::Off];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Osc52 => "osc52",
            Self::Native => "native",
            Self::Off => "off",
        }
    }
}

impl std::str::FromStr for Clipboard {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == text).ok_or(())
    }
}
