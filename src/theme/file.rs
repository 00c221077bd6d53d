//! Theme files: a palette, and a look for each role.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use serde::de::IgnoredAny;
use thiserror::Error;

use super::{Role, Theme};
use crate::query::likely::likely;
use crate::yaml::fault::{self, Fault};
use crate::yaml::place::Places;

/// What is wrong with a theme that can be read.
#[derive(Debug, Error, PartialEq, Eq)]
enum ThemeError {
    /// No theme of that name.
    #[error("there is no theme `{0}` to inherit; {1}")]
    UnknownBase(String, String),
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
    #[error("`{colour}`, the colour of `{of}`, is neither in the palette nor a colour; {hint}")]
    UnknownColour {
        /// What has it.
        of: String,
        /// The colour.
        colour: String,
        /// What it can be.
        hint: String,
    },
    /// A look that is none.
    #[error("`{0}` needs a look: a colour, or {{fg, bg, bold, dim, italic, underlined, reversed}}")]
    NoLook(String),
}

/// What is wrong, and the path to it.
type Misfit = (String, ThemeError);

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
    /// A list would be read as the fields of a look, in their order.
    #[expect(dead_code, reason = "it is refused, whatever is in it")]
    List(Vec<IgnoredAny>),
    Full(Full),
    Neither(IgnoredAny),
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
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let file: File = fault::read(text)?;
        Self::of_file(file).map_err(|(path, error)| {
            let places = Places::of(text);
            let role = if matches!(error, ThemeError::UnknownRole(..)) { places.key(&path) } else { None };
            Fault::at(role.or_else(|| places.near(&path)), error)
        })
    }

    fn of_file(file: File) -> Result<Self, Misfit> {
        file.check()?;
        let file = file.with_inherited()?;
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
                    None => {
                        let missing = || ("roles".to_owned(), ThemeError::Missing(role.name()));
                        return styles.get("text").copied().ok_or_else(missing);
                    }
                }
            }
        };
        let styles = Role::ALL.iter().map(|role| of(*role)).collect::<Result<_, _>>()?;
        let background = file.background.as_deref().map(|colour| file.colour("background", "background", colour));
        let background = background.transpose()?;
        Ok(Self { name: file.name, background, fill: file.fill.unwrap_or_default(), styles })
    }
}

impl File {
    /// What of it cannot be, whatever it inherits.
    fn check(&self) -> Result<(), Misfit> {
        for (name, look) in &self.roles {
            let path = || format!("roles.{name}");
            let above = |role: &Role| role.name().starts_with(&format!("{name}."));
            if !Role::ALL.iter().any(|role| role.name() == name || above(role)) {
                return Err((path(), ThemeError::UnknownRole(name.clone(), nearest(name))));
            }
            if matches!(look, Look::List(_) | Look::Neither(_)) {
                return Err((path(), ThemeError::NoLook(name.clone())));
            }
        }
        // A colour that no role has is looked at, too: it was meant for one.
        self.palette.keys().try_for_each(|name| self.colour(&format!("palette.{name}"), name, name).map(drop))
    }

    /// The file with what it inherits, from the nearest theme to the furthest.
    fn with_inherited(mut self) -> Result<Self, Misfit> {
        let here = || "inherits".to_owned();
        let mut seen = vec![self.name.clone()];
        let mut next = self.inherits.take();
        while let Some(name) = next {
            if seen.contains(&name) {
                return Err((here(), ThemeError::Circle(name)));
            }
            let unknown =
                || (here(), ThemeError::UnknownBase(name.clone(), super::meant(&name, super::bundled_names())));
            let base: Self = super::bundled_text(&name).and_then(|text| fault::read(text).ok()).ok_or_else(unknown)?;
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

    fn style(&self, role: &str, look: &Look) -> Result<Style, Misfit> {
        let path = format!("roles.{role}");
        let full = match look {
            Look::Number(number) => Full { fg: Some(number.to_string()), ..Full::default() },
            Look::Colour(colour) => Full { fg: Some(colour.clone()), ..Full::default() },
            Look::Full(full) => full.clone(),
            Look::List(_) | Look::Neither(_) => return Err((path, ThemeError::NoLook(role.to_owned()))),
        };
        let (fg, bg) = match look {
            Look::Full(_) => (format!("{path}.fg"), format!("{path}.bg")),
            _ => (path.clone(), path),
        };
        let mut style = Style::new();
        style.fg = full.fg.map(|colour| self.colour(&fg, role, &colour)).transpose()?;
        style.bg = full.bg.map(|colour| self.colour(&bg, role, &colour)).transpose()?;
        let modifiers = [
            (full.bold, Modifier::BOLD),
            (full.dim, Modifier::DIM),
            (full.italic, Modifier::ITALIC),
            (full.underlined, Modifier::UNDERLINED),
            (full.reversed, Modifier::REVERSED),
        ];
        Ok(modifiers.iter().filter(|(on, _)| *on).fold(style, |style, (_, modifier)| style.add_modifier(*modifier)))
    }

    /// A colour that stands at a path, by its name in the palette or for itself.
    fn colour(&self, path: &str, of: &str, name: &str) -> Result<Color, Misfit> {
        let colour = self.palette.get(name).map_or(name, String::as_str);
        colour.parse().map_err(|_| {
            // One of the palette is wrong where it is written, if that is this file.
            let path = if colour == name { path.to_owned() } else { format!("palette.{name}") };
            let hint = match likely(colour, self.palette.keys().map(String::as_str)) {
                Some(meant) if meant != of => format!("did you mean `{meant}`?"),
                _ => "a colour is `#rrggbb`, a name, or a number from 0 to 255".to_owned(),
            };
            (path, ThemeError::UnknownColour { of: of.to_owned(), colour: colour.to_owned(), hint })
        })
    }
}

fn nearest(name: &str) -> String {
    match likely(name, Role::ALL.iter().map(|role| role.name())) {
        Some(role) => format!("did you mean `{role}`?"),
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
