//! What the report's own signs become on a terminal that has ASCII only.

use std::borrow::Cow;

/// The text in ASCII. Signs that cmtop itself writes have their counterparts; anything else of the world's scripts
/// becomes `?`.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '·' | '–' | '−' => out.push('-'),
            '×' => out.push('x'),
            '…' => out.push('~'),
            '“' | '”' => out.push('"'),
            '‘' | '’' => out.push('\''),
            c if c.is_ascii() => out.push(c),
            _ => out.push('?'),
        }
    }
    Cow::Owned(out)
}
