//! Placeholders: `{namespace}`, or `{code|a wrong status}` with what to say where nothing is known.

use crate::text::shell_word;

/// What a text is for: a command must survive a shell, whatever the cluster put into a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// For people to read.
    Prose,
    /// For a shell.
    Command,
}

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// One word, whatever is in it.
    Plain(String),
    /// Several words of a command, each already [quoted](shell_word).
    Arguments(String),
}

/// Fills the placeholders of a text. What is neither known nor has a default reads as a blank for a person to fill:
/// `<issuer-kind>`.
///
/// A pair of braces that does not hold a name (a JSON path) is left as it is.
pub fn fill(text: &str, how: Use, value: impl Fn(&str) -> Option<Word>) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let inside = tail.split_once('}').filter(|(inside, _)| is_placeholder(inside));
        let Some((inside, after)) = inside else {
            out.push('{');
            rest = tail;
            continue;
        };
        let (name, default) = inside.split_once('|').map_or((inside, None), |(name, default)| (name, Some(default)));
        match (value(name), default) {
            (Some(Word::Plain(word)), _) if how == Use::Command => out.push_str(&shell_word(&word)),
            (Some(Word::Plain(word) | Word::Arguments(word)), _) => out.push_str(&word),
            (None, Some(default)) => out.push_str(default),
            (None, None) => out.push_str(&blank(name)),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// `issuerKind` as manuals write what is to be put in: `<issuer-kind>`.
fn blank(name: &str) -> String {
    let mut out = "<".to_owned();
    for c in name.chars() {
        out.extend(c.is_ascii_uppercase().then_some('-'));
        out.push(c.to_ascii_lowercase());
    }
    out + ">"
}

fn is_placeholder(inside: &str) -> bool {
    let name = inside.split_once('|').map_or(inside, |(name, _)| name);
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<Word> {
        match name {
            "name" => Some(Word::Plain("www".to_owned())),
            "evil" => Some(Word::Plain("a'; rm -rf $HOME".to_owned())),
            "issuer" => Some(Word::Arguments("-n shop issuer/le".to_owned())),
            _ => None,
        }
    }

    #[test]
    fn placeholders_are_filled_and_what_is_unknown_is_marked() {
        let table = [
            ("get {name}", "get www"),
            ("{code|a wrong status}, wants 200", "a wrong status, wants 200"),
            ("get {challenge} -n {objectNamespace}", "get <challenge> -n <object-namespace>"),
            ("-o jsonpath='{.status.conditions}'", "-o jsonpath='{.status.conditions}'"),
            ("{\"spec\":{}}", "{\"spec\":{}}"),
            ("an open { brace", "an open { brace"),
        ];
        for (text, filled) in table {
            assert_eq!(fill(text, Use::Prose, value), filled);
        }
    }

    #[test]
    fn what_a_message_says_cannot_leave_its_place_in_a_command() {
        assert_eq!(fill("dig {evil}", Use::Command, value), r"dig 'a'\''; rm -rf $HOME'");
        assert_eq!(fill("get {issuer}", Use::Command, value), "get -n shop issuer/le");
    }
}
