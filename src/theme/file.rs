//! Theme files: a palette, and a look for each role.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use thiserror::Error;

use super::{Role, Theme};

/// What is wrong with a theme.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ThemeError {
    /// No theme of that name.
    #[error("there is no theme `{0}`; there are {1}")]
    Unknown(String, String),
    /// The file is not what a theme file should be.
    #[error("the theme cannot be read: {0}")]
    Unreadable(String),
    /// A role that does not exist.
    #[error("there is no role `{0}`")]
    UnknownRole(String),
    /// A colour that is none.
    #[error(
        "`{1}`, the colour of `{0}`, is neither in the palette nor a colour (`#rrggbb`, a name, or a number from 0 to 255)"
    )]
    UnknownColour(String, String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default)]
    palette: BTreeMap<String, String>,
    roles: BTreeMap<String, Look>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum Look {
    Colour(String),
    Full(Full),
}

#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields, default)]
struct Full {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underlined: bool,
    reversed: bool,
}

impl Theme {
    /// Reads a theme file. A role that is not named looks like the one above it: `alarm.red` like `alarm`, then `text`.
    pub fn parse(text: &str) -> Result<Self, ThemeError> {
        let file: File = serde_yaml::from_str(text).map_err(|error| ThemeError::Unreadable(error.to_string()))?;
        for name in file.roles.keys() {
            let known =
                Role::ALL.iter().any(|role| role.name() == name || role.name().starts_with(&format!("{name}.")));
            if !known {
                return Err(ThemeError::UnknownRole(name.clone()));
            }
        }
        let mut styles = BTreeMap::new();
        for (name, look) in &file.roles {
            styles.insert(name.as_str(), file.style(name, look)?);
        }
        Ok(Self::of(file.name.clone(), |role| {
            let mut name = role.name();
            loop {
                if let Some(style) = styles.get(name) {
                    return *style;
                }
                match name.rsplit_once('.') {
                    Some((above, _)) => name = above,
                    None => return styles.get("text").copied().unwrap_or_default(),
                }
            }
        }))
    }
}

impl File {
    fn style(&self, role: &str, look: &Look) -> Result<Style, ThemeError> {
        let full = match look {
            Look::Colour(colour) => Full { fg: Some(colour.clone()), ..Full::default() },
            Look::Full(full) => full.clone(),
        };
        let mut style = Style::new();
        style.fg = full.fg.map(|colour| self.colour(role, &colour)).transpose()?;
        style.bg = full.bg.map(|colour| self.colour(role, &colour)).transpose()?;
        let modifiers = [
            (full.bold, Modifier::BOLD),
            (full.dim, Modifier::DIM),
            (full.italic, Modifier::ITALIC),
            (full.underlined, Modifier::UNDERLINED),
            (full.reversed, Modifier::REVERSED),
        ];
        Ok(modifiers.iter().filter(|(on, _)| *on).fold(style, |style, (_, modifier)| style.add_modifier(*modifier)))
    }

    fn colour(&self, role: &str, name: &str) -> Result<Color, ThemeError> {
        let name = self.palette.get(name).map_or(name, String::as_str);
        name.parse().map_err(|_| ThemeError::UnknownColour(role.to_owned(), name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_that_is_not_named_looks_like_the_one_above_it() {
        let theme =
            Theme::parse("name: t\nroles: {text: white, alarm: red, alarm.calm: {fg: green, bold: true}}").unwrap();
        assert_eq!(theme.style(Role::AlarmRed), Style::new().fg(Color::Red));
        assert_eq!(theme.style(Role::AlarmCalm), Style::new().fg(Color::Green).bold());
        assert_eq!(theme.style(Role::Accent), Style::new().fg(Color::White));
    }

    #[test]
    fn what_is_wrong_with_a_theme_is_said() {
        let table = [
            ("name: t\nroles: {texd: red}", "there is no role `texd`"),
            ("name: t\nroles: {text: redd}", "`redd`, the colour of `text`"),
            ("name: t", "missing field"),
            ("name: t\nroles: {text: {fgg: red}}", "cannot be read"),
        ];
        for (text, wanted) in table {
            let error = Theme::parse(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
