//! Colours on paper: of the sixteen that every terminal has, as its owner set them. No word rests on them.

use std::borrow::Cow;

use crate::triage::verdict::Alarm;

/// A text in the colour of how loud it is.
pub(super) fn tinted(text: &str, alarm: Alarm) -> String {
    match code(alarm) {
        Some(code) if !text.is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
        _ => text.to_owned(),
    }
}

/// The text without its colours.
pub fn bare(text: &str) -> Cow<'_, str> {
    if !text.contains('\x1b') {
        return text.into();
    }
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once('m').map_or("", |(_, rest)| rest));
    std::iter::once(first).chain(rest).collect::<String>().into()
}

/// Its number (ECMA-48, SGR); none for what nobody has to look at.
const fn code(alarm: Alarm) -> Option<&'static str> {
    match alarm {
        Alarm::Red => Some("1;31"),
        Alarm::Amber => Some("33"),
        Alarm::Busy => Some("36"),
        Alarm::Grey => Some("2"),
        Alarm::Calm => None,
    }
}

/// A line that begins with the sign of a probe, with the sign in its colour.
pub(super) fn signed(line: &str) -> String {
    let signs = [("▲", Alarm::Red), ("○", Alarm::Grey)];
    let found = signs.iter().find_map(|(sign, alarm)| Some((sign, alarm, line.strip_prefix(sign)?)));
    found.map_or_else(|| line.to_owned(), |(sign, alarm, rest)| tinted(sign, *alarm) + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_off_again() {
        let line = format!("{} shop {}", tinted("▲ stuck", Alarm::Red), tinted("now", Alarm::Amber));
        assert!(line.starts_with("\x1b[1;31m▲ stuck\x1b[0m shop"), "{line:?}");
        assert_eq!(bare(&line), "▲ stuck shop now");
        assert_eq!(tinted("ok", Alarm::Calm), "ok");
        assert_eq!(bare(&signed("▲  authority")), "▲  authority");
    }
}
