//! [`Depth`]: how many colours a terminal has, and the nearest of them.

use ratatui::style::{Color, Style};

/// How many colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// 16 million.
    True,
    /// 256.
    Ansi256,
    /// 16, of the terminal's own choice.
    Ansi16,
    /// None.
    None,
}

impl Depth {
    /// In words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::True => "16 million",
            Self::Ansi256 => "256",
            Self::Ansi16 => "16",
            Self::None => "none",
        }
    }

    /// What the environment says: `NO_COLOR` (any text), `COLORTERM`, `TERM`.
    pub fn of_terminal(no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> Self {
        let term = term.unwrap_or_default();
        if no_color.is_some_and(|text| !text.is_empty()) || term == "dumb" {
            Self::None
        } else if matches!(colorterm, Some("truecolor" | "24bit")) || term.contains("direct") {
            Self::True
        } else if term.contains("256color") {
            Self::Ansi256
        } else {
            Self::Ansi16
        }
    }

    /// The nearest colour that there is.
    pub fn colour(self, colour: Color) -> Color {
        match self {
            Self::True => colour,
            Self::Ansi256 => to_256(colour),
            Self::Ansi16 => to_16(colour),
            Self::None => Color::Reset,
        }
    }

    /// The look with the nearest colours that there are. Backgrounds of 16 colours would drown the text: they go.
    pub fn style(self, mut style: Style) -> Style {
        match self {
            Self::True => {}
            Self::Ansi256 => {
                style.fg = style.fg.map(to_256);
                style.bg = style.bg.map(to_256);
            }
            Self::Ansi16 => {
                style.fg = style.fg.map(to_16);
                if style.bg.take().is_some() {
                    style = style.reversed();
                }
            }
            Self::None => style = Style { fg: None, bg: None, ..style },
        }
        style
    }
}

/// The xterm palette: a cube of 6 × 6 × 6, and 24 greys.
fn to_256(colour: Color) -> Color {
    let Color::Rgb(r, g, b) = colour else { return colour };
    let level = |v: u8| match v {
        0..48 => 0u8,
        48..115 => 1,
        v => (v - 35) / 40,
    };
    let (max, min) = (r.max(g).max(b), r.min(g).min(b));
    if max - min < 12 {
        let grey = (u16::from(r) + u16::from(g) + u16::from(b)) / 3;
        return match grey {
            0..4 => Color::Indexed(16),
            247.. => Color::Indexed(231),
            grey => Color::Indexed(232 + ((grey.saturating_sub(4)) / 10).min(23) as u8),
        };
    }
    Color::Indexed(16 + 36 * level(r) + 6 * level(g) + level(b))
}

fn to_16(colour: Color) -> Color {
    const PALETTE: [(Color, [i32; 3]); 14] = [
        (Color::Red, [205, 60, 60]),
        (Color::Green, [60, 190, 90]),
        (Color::Yellow, [205, 180, 60]),
        (Color::Blue, [60, 90, 220]),
        (Color::Magenta, [190, 90, 200]),
        (Color::Cyan, [60, 190, 200]),
        (Color::Gray, [200, 200, 205]),
        (Color::DarkGray, [100, 105, 120]),
        (Color::LightRed, [255, 110, 120]),
        (Color::LightGreen, [130, 240, 140]),
        (Color::LightYellow, [250, 235, 120]),
        (Color::LightBlue, [120, 160, 255]),
        (Color::LightMagenta, [240, 140, 250]),
        (Color::LightCyan, [130, 240, 250]),
    ];
    let Color::Rgb(r, g, b) = colour else { return colour };
    let distance = |[x, y, z]: [i32; 3]| {
        let (r, g, b) = (i32::from(r) - x, i32::from(g) - y, i32::from(b) - z);
        2 * r * r + 4 * g * g + 3 * b * b
    };
    PALETTE.iter().min_by_key(|(_, rgb)| distance(*rgb)).map_or(Color::Reset, |(colour, _)| *colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_understood() {
        let of = Depth::of_terminal;
        assert_eq!(of(Some("1"), Some("truecolor"), Some("xterm")), Depth::None);
        assert_eq!(of(Some(""), Some("truecolor"), Some("xterm")), Depth::True);
        assert_eq!(of(None, None, Some("screen-256color")), Depth::Ansi256);
        assert_eq!(of(None, None, Some("linux")), Depth::Ansi16);
        assert_eq!(of(None, None, Some("dumb")), Depth::None);
    }

    #[test]
    fn colours_fall_on_near_ones() {
        assert_eq!(to_256(Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(to_256(Color::Rgb(128, 128, 128)), Color::Indexed(244));
        assert_eq!(to_16(Color::Rgb(240, 90, 100)), Color::LightRed);
    }
}
