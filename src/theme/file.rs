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
    #[error("there is no role `{0}`; {1}")]
    UnknownRole(String, String),
    /// A theme that inherits itself.
    #[error("`{0}` inherits itself")]
    Circle(String),
    /// Nothing says how a role looks.
    #[error("nothing says how `{0}` looks: name it, `text`, or a theme that this one inherits")]
    Missing(&'static str),
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
    inherits: Option<String>,
    background: Option<String>,
    fill: Option<bool>,
    #[serde(default)]
    palette: BTreeMap<String, String>,
    #[serde(default)]
    roles: BTreeMap<String, Look>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum Look {
    Number(u8),
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
    /// What is inherited is the palette and the roles: a palette alone makes a theme.
    pub fn parse(text: &str) -> Result<Self, ThemeError> {
        let file = File::read(text)?.with_inherited()?;
        let mut styles = BTreeMap::new();
        for (name, look) in &file.roles {
            styles.insert(name.as_str(), file.style(name, look)?);
        }
        let of = |role: Role| {
            let mut name = role.name();
            loop {
                if let Some(style) = styles.get(name) {
                    return Ok(*style);
                }
                match name.rsplit_once('.') {
                    Some((above, _)) => name = above,
                    None => return styles.get("text").copied().ok_or(ThemeError::Missing(role.name())),
                }
            }
        };
        let styles = Role::ALL.iter().map(|role| of(*role)).collect::<Result<_, _>>()?;
        let background = file.background.as_deref().map(|colour| file.colour("background", colour)).transpose()?;
        Ok(Self { name: file.name, background, fill: file.fill.unwrap_or_default(), styles })
    }
}

impl File {
    fn read(text: &str) -> Result<Self, ThemeError> {
        let unreadable = |error: serde_yaml::Error| {
            let untagged = "data did not match any variant of untagged enum Look";
            let look = "a look is a colour, or {fg, bg, bold, dim, italic, underlined, reversed}";
            ThemeError::Unreadable(error.to_string().replace(untagged, look))
        };
        let file: Self = serde_yaml::from_str(text).map_err(unreadable)?;
        for name in file.roles.keys() {
            let above = |role: &Role| role.name().starts_with(&format!("{name}."));
            if !Role::ALL.iter().any(|role| role.name() == name || above(role)) {
                return Err(ThemeError::UnknownRole(name.clone(), nearest(name)));
            }
        }
        Ok(file)
    }

    /// The file with what it inherits, from the nearest theme to the furthest.
    fn with_inherited(mut self) -> Result<Self, ThemeError> {
        let mut seen = vec![self.name.clone()];
        let mut next = self.inherits.take();
        while let Some(name) = next {
            if seen.contains(&name) {
                return Err(ThemeError::Circle(name));
            }
            let base = Self::read(super::bundled_text(&name)?)?;
            for (colour, value) in base.palette {
                self.palette.entry(colour).or_insert(value);
            }
            for (role, look) in base.roles {
                self.roles.entry(role).or_insert(look);
            }
            self.background = self.background.or(base.background);
            self.fill = self.fill.or(base.fill);
            seen.push(name);
            next = base.inherits;
        }
        Ok(self)
    }

    fn style(&self, role: &str, look: &Look) -> Result<Style, ThemeError> {
        let full = match look {
            Look::Number(number) => Full { fg: Some(number.to_string()), ..Full::default() },
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

fn nearest(name: &str) -> String {
    let likeness = |role: &&Role| strsim::jaro_winkler(name, role.name());
    let best = Role::ALL.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match best.filter(|role| likeness(role) > 0.8) {
        Some(role) => format!("did you mean `{}`?", role.name()),
        None => "themes/dark.yaml names them all".to_owned(),
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
    fn a_palette_alone_makes_a_theme() {
        let theme = Theme::parse("name: mine\ninherits: dark\npalette: {red: \"#ffffff\"}").unwrap();
        assert_eq!(theme.style(Role::AlarmRed).fg, Some(Color::Rgb(255, 255, 255)));
        assert_eq!(theme.style(Role::Key), Theme::bundled("dark").unwrap().style(Role::Key));
    }
}
