//! What signs become on a terminal that has ASCII only.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// The text in ASCII, as many cells wide. Signs that cmtop itself writes have their counterparts; anything else of the
/// world's scripts becomes `?`.
///
/// ```
/// assert_eq!(cmtop::text::ascii("none → True · ×4 …"), "none > True - x4 ~");
/// assert_eq!(cmtop::text::ascii("日本"), "????");
/// ```
pub fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '·' | '–' | '−' | '─' => out.push('-'),
            '×' => out.push('x'),
            '…' => out.push('~'),
            '“' | '”' => out.push('"'),
            '‘' | '’' => out.push('\''),
            '→' => out.push('>'),
            '←' => out.push('<'),
            '●' => out.push('*'),
            '○' => out.push('o'),
            '▲' => out.push('!'),
            '✓' => out.push('+'),
            '█' => out.push('#'),
            '▁' => out.push('.'),
            '│' => out.push('|'),
            c if c.is_ascii() => out.push(c),
            c => (0..c.width().unwrap_or(0)).for_each(|_| out.push('?')),
        }
    }
    Cow::Owned(out)
}
