//! A picture of the screen as plain text, as text with ANSI colours, and as SVG.

use std::fmt::Write as _;

use anstyle_svg::Term;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr;

/// The characters, line by line, without spaces at the ends.
pub fn text(buffer: &Buffer) -> String {
    lines(buffer, |out, _, symbol| out.push_str(symbol), |out| out.truncate(out.trim_end().len()))
}

/// The characters with their colours, as a terminal takes them.
pub fn ansi(buffer: &Buffer) -> String {
    let mut before = Style::reset();
    let paint = |out: &mut String, style: Style, symbol: &str| {
        if style != before {
            out.push_str(&sgr(style));
            before = style;
        }
        out.push_str(symbol);
    };
    let mut picture = lines(buffer, paint, |_| {});
    picture.push_str("\u{1b}[0m");
    picture
}

/// A drawing.
pub fn svg(buffer: &Buffer) -> String {
    let columns = usize::from(buffer.area.width);
    Term::new().min_width_px(columns * 9).render_svg(&ansi(buffer))
}

fn lines(buffer: &Buffer, mut paint: impl FnMut(&mut String, Style, &str), end: impl Fn(&mut String)) -> String {
    let area = buffer.area;
    let mut picture = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut x = area.left();
        while x < area.right() {
            let cell = &buffer[(x, y)];
            paint(&mut line, cell.style(), cell.symbol());
            // A wide character owns the cell after it.
            x += cell.symbol().width().max(1) as u16;
        }
        end(&mut line);
        picture.push_str(&line);
        picture.push('\n');
    }
    picture
}

/// One sequence for each attribute: not every reader of ANSI text takes several colours in one.
fn sgr(style: Style) -> String {
    let mut out = String::from("\u{1b}[0m");
    let modifiers = [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
    ];
    for (modifier, code) in modifiers {
        if style.add_modifier.contains(modifier) {
            let _ = write!(out, "\u{1b}[{code}m");
        }
    }
    for (colour, base) in [(style.fg, 30u16), (style.bg, 40)] {
        let code = match colour {
            None | Some(Color::Reset) => continue,
            Some(Color::Rgb(r, g, b)) => format!("{};2;{r};{g};{b}", base + 8),
            Some(Color::Indexed(i)) => format!("{};5;{i}", base + 8),
            Some(colour) => match ansi_index(colour) {
                Some(i @ 0..8) => (base + i).to_string(),
                Some(i) => (base + 52 + i).to_string(),
                None => continue,
            },
        };
        let _ = write!(out, "\u{1b}[{code}m");
    }
    out
}

const fn ansi_index(colour: Color) -> Option<u16> {
    Some(match colour {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;

    #[test]
    fn wide_characters_take_their_two_cells_once() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        buffer.set_string(0, 0, "日本x", Style::new().fg(Color::Red));
        assert_eq!(text(&buffer), "日本x\n");
        assert!(ansi(&buffer).contains("\u{1b}[0m\u{1b}[31m日本x"), "{:?}", ansi(&buffer));
        assert!(svg(&buffer).starts_with("<svg"));
    }
}
