//! Text for people: what may reach a terminal, how wide it is, and how times read.

mod ascii;

use std::borrow::Cow;

use chrono::TimeDelta;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

pub use self::ascii::ascii;

/// What stands for a character that must not reach a terminal.
const REPLACEMENT: char = '\u{FFFD}';

/// Whether a character moves the cursor, changes direction, hides itself or starts an escape sequence.
///
/// Covers the C0 and C1 controls, the bidirectional controls of UAX #9, zero-width characters, line and paragraph
/// separators, fillers that look like nothing, and the tag characters.
pub const fn is_hostile(c: char) -> bool {
    matches!(c,
        '\u{00}'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Text from a cluster, safe to print: hostile characters become `�`, line breaks and tabs become one space, and what
/// is longer than `limit` bytes ends in `…`.
///
/// ```
/// use cmtop::text::clean;
/// assert_eq!(clean("plain", 10), "plain");
/// assert_eq!(clean("a\u{1b}[31mb\nc", 20), "a\u{fffd}[31mb c");
/// assert_eq!(clean("0123456789", 4), "0123…");
/// ```
pub fn clean(text: &str, limit: usize) -> Cow<'_, str> {
    // Every byte is looked at, whatever the others were: so it is done many at a time.
    let plain = text.len() <= limit && text.bytes().fold(true, |plain, b| plain & (0x20..0x7F).contains(&b));
    if plain {
        return Cow::Borrowed(text);
    }
    let (kept, cut) = if text.len() > limit { (&text[..text.floor_char_boundary(limit)], true) } else { (text, false) };
    if !cut && !kept.chars().any(is_hostile) {
        return Cow::Borrowed(kept);
    }
    let mut out = String::with_capacity(kept.len() + 3);
    for c in kept.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            '\r' => {}
            c if is_hostile(c) => out.push(REPLACEMENT),
            c => out.push(c),
        }
    }
    if cut {
        out.push('…');
    }
    Cow::Owned(out)
}

/// Text of several lines, safe to print: each is cleaned, none is cut.
pub fn clean_lines(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(|line| clean(line, usize::MAX)).collect();
    lines.join("\n")
}

/// How many terminal cells a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The first `cells` cells of a text; what is cut off is marked by `…`. Never splits a wide character.
///
/// ```
/// use cmtop::text::fit;
/// assert_eq!(fit("certificate", 6), "certi…");
/// assert_eq!(fit("日本語", 5), "日本…");
/// ```
pub fn fit(text: &str, cells: usize) -> Cow<'_, str> {
    if text.width() <= cells {
        return Cow::Borrowed(text);
    }
    if cells == 0 {
        return Cow::Borrowed("");
    }
    let mut out = String::with_capacity(cells + 3);
    out.push_str(take(text.graphemes(true), cells - 1).as_str());
    out.push('…');
    Cow::Owned(out)
}

/// The two ends of a text in `cells` cells, with `…` between them: long generated names differ at the end.
///
/// ```
/// use cmtop::text::middle;
/// assert_eq!(middle("edge-1-175414559-945231260", 13), "edge-1…231260");
/// ```
pub fn middle(text: &str, cells: usize) -> Cow<'_, str> {
    if text.width() <= cells {
        return Cow::Borrowed(text);
    }
    if cells < 5 {
        return fit(text, cells);
    }
    let tail = (cells - 1) / 2;
    let head = take(text.graphemes(true), cells - 1 - tail);
    let end: Vec<&str> = {
        let mut used = 0;
        let mut kept: Vec<&str> = text
            .graphemes(true)
            .rev()
            .take_while(|g| (used + g.width() <= tail).then(|| used += g.width()).is_some())
            .collect();
        kept.reverse();
        kept
    };
    Cow::Owned(format!("{head}…{}", end.concat()))
}

fn take<'t>(graphemes: impl Iterator<Item = &'t str>, cells: usize) -> String {
    let mut used = 0;
    let mut out = String::new();
    for grapheme in graphemes {
        used += grapheme.width();
        if used > cells {
            break;
        }
        out.push_str(grapheme);
    }
    out
}

/// Breaks words into lines of at most `cells` cells; a word that is longer is broken anywhere.
pub fn wrap(words: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in words.split_whitespace() {
        if !line.is_empty() && width(&line) + 1 + width(word) > cells {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            let mut cell = [0; 4];
            if width(&line) + width(c.encode_utf8(&mut cell)) > cells && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A length of time in two units at most: `41s`, `4m12s`, `41m`, `3h05m`, `6d 02h`, `184d`, `2y 41d`.
///
/// Negative lengths read as their absolute value; the sign is the caller's to show.
///
/// ```
/// use chrono::TimeDelta;
/// use cmtop::text::span;
/// assert_eq!(span(TimeDelta::seconds(252)), "4m12s");
/// assert_eq!(span(TimeDelta::hours(146)), "6d 02h");
/// ```
pub fn span(length: TimeDelta) -> String {
    let seconds = length.num_seconds().unsigned_abs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..600 => format!("{minutes}m{:02}s", seconds % 60),
        600..3_600 => format!("{minutes}m"),
        3_600..86_400 => format!("{hours}h{:02}m", minutes % 60),
        _ if days < 100 => format!("{days}d {:02}h", hours % 24),
        _ if days < 730 => format!("{days}d"),
        _ => format!("{}y {}d", days / 365, days % 365),
    }
}

/// The smallest change of `length` that [`span`] can show: it reads the same within one such step.
pub fn span_step(length: TimeDelta) -> TimeDelta {
    match length.num_seconds().unsigned_abs() {
        0..600 => TimeDelta::seconds(1),
        600..86_400 => TimeDelta::minutes(1),
        s if s < 100 * 86_400 => TimeDelta::hours(1),
        _ => TimeDelta::days(1),
    }
}

/// How long until the [`span`] of something that grows (an age) reads differently.
pub fn grows_for(age: TimeDelta) -> TimeDelta {
    let step = span_step(age).num_milliseconds();
    TimeDelta::milliseconds(step - age.num_milliseconds().rem_euclid(step))
}

/// How long until the [`span`] of something that shrinks (a countdown) reads differently.
pub fn shrinks_for(left: TimeDelta) -> TimeDelta {
    let step = span_step(left).num_milliseconds();
    TimeDelta::milliseconds(left.num_milliseconds().rem_euclid(step) + 1)
}

/// `1 certificate`, `2 certificates`.
pub fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{} {}", number(n), plural(noun)) }
}

/// `the address answers`, `both addresses answer`, `all 3 addresses answer`.
pub fn every(n: usize, noun: &str, does: &str) -> String {
    match n {
        1 => format!("the {noun} {does}s"),
        2 => format!("both {} {does}", plural(noun)),
        _ => format!("all {} {does}", count(n, noun)),
    }
}

fn plural(noun: &str) -> String {
    let es = ["s", "sh", "ch", "x"].iter().any(|end| noun.ends_with(end));
    format!("{noun}{}", if es { "es" } else { "s" })
}

/// A number with its thousands set apart: `100,000`.
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A word as a shell reads it.
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '/' | '@' | ',' | '=');
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_read_in_two_units_at_most() {
        let table = [
            (0, "0s"),
            (59, "59s"),
            (60, "1m00s"),
            (599, "9m59s"),
            (600, "10m"),
            (3_599, "59m"),
            (3_600, "1h00m"),
            (86_399, "23h59m"),
            (86_400, "1d 00h"),
            (99 * 86_400, "99d 00h"),
            (100 * 86_400, "100d"),
            (800 * 86_400, "2y 70d"),
            (-41, "41s"),
        ];
        for (seconds, text) in table {
            assert_eq!(span(TimeDelta::seconds(seconds)), text, "{seconds} s");
        }
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            ["7", "1,000", "100,000"],
            [number(7), number(1_000), number(100_000)].each_ref().map(String::as_str)
        );
    }

    #[test]
    fn what_all_of_them_do_is_told_of_any_number() {
        let said = [1, 2, 3].map(|n| every(n, "address", "answer"));
        assert_eq!(said, ["the address answers", "both addresses answer", "all 3 addresses answer"]);
    }

    #[test]
    fn words_are_wrapped_between_words() {
        assert_eq!(wrap("not yet propagated", 8), ["not yet", "propagat", "ed"]);
        assert_eq!(wrap("", 8), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_nothing(words in "[a-zé日 ]{0,80}", cells in 2usize..30) {
            let lines = wrap(&words, cells);
            prop_assert!(lines.iter().all(|line| width(line) <= cells));
            let joined: String = lines.concat().split_whitespace().collect();
            let plain: String = words.split_whitespace().collect();
            prop_assert_eq!(joined, plain);
        }

        #[test]
        fn an_age_reads_the_same_until_it_is_said_to_change(ms in 0i64..4_000_000_000) {
            let age = TimeDelta::milliseconds(ms);
            let until = grows_for(age);
            prop_assert!(until > TimeDelta::zero());
            prop_assert_eq!(span(age), span(age + until - TimeDelta::milliseconds(1)));
        }

        #[test]
        fn a_countdown_reads_the_same_until_it_is_said_to_change(ms in 0i64..4_000_000_000) {
            let left = TimeDelta::milliseconds(ms);
            let until = shrinks_for(left);
            let last = (left - until + TimeDelta::milliseconds(1)).max(TimeDelta::zero());
            prop_assert_eq!(span(left), span(last));
        }

        #[test]
        fn cut_text_never_takes_more_cells(text in "\\PC{0,40}", cells in 0usize..50) {
            prop_assert!(width(&fit(&text, cells)) <= cells);
            prop_assert!(width(&middle(&text, cells)) <= cells);
        }

        #[test]
        fn cleaned_text_is_harmless(text in any::<String>(), limit in 0usize..64) {
            let cleaned = clean(&text, limit);
            prop_assert!(!cleaned.chars().any(is_hostile));
            prop_assert!(cleaned.len() <= 3 * limit + 3);
        }
    }
}
