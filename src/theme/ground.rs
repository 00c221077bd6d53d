//! [`Ground`]: what is behind the text, and how far text stands out from it.

use ratatui::style::Color;

/// Dark or light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Light text on it can be read.
    Dark,
    /// Dark text on it can be read.
    Light,
}

impl Ground {
    /// What a colour is as a background; `None` for one of the terminal's own choice.
    pub fn of(colour: Color) -> Option<Self> {
        let light = luminance(colour)? > 0.18;
        Some(if light { Self::Light } else { Self::Dark })
    }

    /// What `COLORFGBG` says of the terminal: `15;0`, `0;default;15`. `None` where it says nothing.
    pub fn of_terminal(colorfgbg: Option<&str>) -> Option<Self> {
        match colorfgbg?.rsplit(';').next()?.trim().parse().ok()? {
            7u8 | 9..=15 => Some(Self::Light),
            0..=6 | 8 => Some(Self::Dark),
            _ => None,
        }
    }
}

/// How far two colours stand apart, from 1 to 21, as WCAG 2 counts it; `None` where one is of the terminal's choice.
pub fn contrast(a: Color, b: Color) -> Option<f64> {
    let (a, b) = (luminance(a)?, luminance(b)?);
    Some((a.max(b) + 0.05) / (a.min(b) + 0.05))
}

/// The relative luminance of WCAG 2.
fn luminance(colour: Color) -> Option<f64> {
    let Color::Rgb(r, g, b) = colour else { return None };
    let linear = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    Some(0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_of_terminals_is_understood() {
        let table = [
            (Some("15;0"), Some(Ground::Dark)),
            (Some("0;15"), Some(Ground::Light)),
            (Some("0;default;7"), Some(Ground::Light)),
            (Some("15;8"), Some(Ground::Dark)),
            (Some("default;default"), None),
            (Some(""), None),
            (None, None),
        ];
        for (said, ground) in table {
            assert_eq!(Ground::of_terminal(said), ground, "{said:?}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let grey = Color::Rgb(0x76, 0x76, 0x76);
        let of = |a, b| contrast(a, b).map(|ratio| (ratio * 100.0).round() / 100.0);
        assert_eq!(of(Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255)), Some(21.0));
        assert_eq!(of(grey, Color::Rgb(255, 255, 255)), Some(4.54));
        assert_eq!(of(Color::Red, grey), None);
    }
}
