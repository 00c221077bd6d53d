//! [`Faint`]: what of a theme is hard to read, as WCAG 2 counts it.

use std::fmt;

use ratatui::style::Color;

use super::ground::contrast;
use super::{Role, Theme};

/// What WCAG 2 asks of text.
pub const READABLE: f64 = 4.5;

/// Lines are no text: nobody reads them.
pub const LINES: &[Role] = &[Role::Rule, Role::RuleFocus, Role::TreeGuide];

/// A role whose text hardly stands out from what is behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Faint {
    /// The role.
    pub role: Role,
    /// How far its text stands out, from 1 to 21.
    pub ratio: f64,
    /// The role whose background is behind it there; `None` for the background of the theme.
    pub on: Option<Role>,
}

impl fmt::Display for Faint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let behind = self.on.map_or("the background".to_owned(), |role| format!("`{}`", role.name()));
        // A ratio just below what is asked must not read as what is asked.
        let ratio = (self.ratio * 100.0).floor() / 100.0;
        write!(f, "`{}` has a contrast of {ratio:.2} on {behind}", self.role.name())
    }
}

impl Theme {
    /// What is hard to read: each role once, where it is worst. Colours of the terminal's own choice nobody can measure.
    pub fn faint(&self) -> Vec<Faint> {
        let roles = Role::ALL.iter().filter(|role| !LINES.contains(role));
        roles.filter_map(|role| self.worst(*role)).filter(|faint| faint.ratio < READABLE).collect()
    }

    fn worst(&self, role: Role) -> Option<Faint> {
        let style = self.style(role);
        let behind: Vec<(Option<Role>, Option<Color>)> = match style.bg {
            Some(own) => vec![(Some(role), Some(own))],
            None => {
                let rows = [Role::RowSelected, Role::RowSelectedDim].map(|row| (Some(row), self.style(row).bg));
                std::iter::once((None, self.background)).chain(rows).collect()
            }
        };
        let ink = style.fg?;
        let measured = behind.into_iter().filter_map(|(on, behind)| Some((on, contrast(ink, behind?)?)));
        let worst = measured.min_by(|(_, a), (_, b)| a.total_cmp(b));
        worst.map(|(on, ratio)| Faint { role, ratio, on })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faint(palette: &str) -> Vec<String> {
        let text = format!("name: mine\ninherits: dark\n{palette}");
        Theme::parse(&text).unwrap().faint().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_colour_that_nobody_can_read_is_named_with_its_ratio() {
        assert_eq!(faint("palette: {sky: '#7aa2f7'}"), Vec::<String>::new());
        assert_eq!(faint("roles: {text: '#222222'}"), ["`text` has a contrast of 1.07 on `row.selected.dim`"]);
        let red = faint("palette: {red: '#000001'}");
        assert!(red.iter().any(|said| said.starts_with("`alarm.red` has a contrast of 1.")), "{red:?}");
    }

    #[test]
    fn lines_and_what_the_terminal_chooses_are_not_measured() {
        assert_eq!(faint("palette: {line: '#10141c'}"), Vec::<String>::new());
        assert!(Theme::bundled("ansi16").unwrap().faint().is_empty());
    }
}
