//! What a Rust file names: enough of a reader to find paths, however they are grouped.

/// The code of a file without comments, texts and tests.
pub(crate) fn bare(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("r#\"") || rest.starts_with("r##\"") {
            let close = if rest.starts_with("r##") { "\"##" } else { "\"#" };
            rest.get(4..).and_then(|inside| inside.find(close)).map_or(rest.len(), |end| end + 4 + close.len())
        } else if c == '"' {
            quoted(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest.get(1..).and_then(|inside| inside.find('\'')).map_or(rest.len(), |end| end + 2)
        } else {
            out.push(c);
            c.len_utf8()
        };
        rest = &rest[skipped..];
    }
    out
}

fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (n, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return n + 1,
            _ => {}
        }
    }
    rest.len()
}

fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if word(c) {
            rest.find(|c: char| !word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            c.len_utf8()
        };
        if !c.is_whitespace() {
            tokens.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    tokens
}

/// Every path that the code of a module names, from the root of its crate: `["crate", "model", "id"]`, `["tokio", "sync"]`.
///
/// What an import brings in is looked at where it is imported; a path in the code counts when its first word is a root
/// or, as `is_crate` tells, a crate.
pub(crate) fn named(module: &[&str], code: &str, is_crate: &dyn Fn(&str) -> bool) -> Vec<Vec<String>> {
    let tokens = tokens(code);
    let after =
        |word: &str| -> Vec<&str> { tokens.windows(2).filter(|pair| pair[0] == word).map(|pair| pair[1]).collect() };
    let mut local: Vec<String> = after("mod").into_iter().chain(after("as")).map(str::to_owned).collect();
    let mut found = Vec::new();
    local.extend(tokens.windows(3).filter(|words| words[0] == "macro_rules").map(|words| words[2].to_owned()));
    // `use<'a>` is a bound, and `use Enum::*` in a function speaks of a type that was imported.
    let imports =
        |n: usize| tokens.get(n + 1).is_some_and(|next| next.starts_with(|c: char| c.is_lowercase() || c == '{'));
    for (n, _) in tokens.iter().enumerate().filter(|(n, token)| **token == "use" && imports(*n)) {
        let mut imported = Vec::new();
        tree(&tokens, n + 1, &[], &mut imported);
        found.extend(imported.into_iter().filter(|path| path.first().is_none_or(|first| !local.contains(first))));
    }
    local.extend(found.iter().filter_map(|path| match path.as_slice() {
        [.., parent, last] if last == "self" => Some(parent.clone()),
        [_, .., last] => Some(last.clone()),
        _ => None,
    }));
    // `use model::Model` after `use super::model` is an import from an import.
    found.retain(|path| path.first().is_some_and(|first| !local.contains(first) || is_crate(first)));
    for (n, token) in tokens.iter().enumerate() {
        let first = n == 0 || !matches!(tokens[n - 1], "::" | "." | "$" | "use" | "{" | ",") || !in_use(&tokens, n);
        let root = matches!(*token, "crate" | "super" | "self") || is_crate(token);
        let begins = n == 0 || !matches!(tokens[n - 1], "::" | "." | "$");
        if first && begins && root && tokens.get(n + 1) == Some(&"::") && !local.iter().any(|name| name == token) {
            tree(&tokens, n, &[], &mut found);
        }
    }
    found.into_iter().map(|path| absolute(module, path)).collect()
}

/// Whether a word is part of an import.
fn in_use(tokens: &[&str], n: usize) -> bool {
    tokens[..n].iter().rev().take_while(|token| **token != ";").any(|token| *token == "use")
}

/// Reads one path, or a group of them, and tells where it ends.
fn tree(tokens: &[&str], mut n: usize, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    loop {
        match tokens.get(n).copied() {
            Some("{") => {
                n += 1;
                while tokens.get(n).is_some_and(|token| *token != "}") {
                    n = tree(tokens, n, &path, found);
                    while tokens.get(n).is_some_and(|token| !matches!(*token, "," | "}")) {
                        n += 1;
                    }
                    n += usize::from(tokens.get(n) == Some(&","));
                }
                return n + 1;
            }
            Some(token) => {
                path.push(token.to_owned());
                n += 1;
            }
            None => break,
        }
        if tokens.get(n) != Some(&"::") {
            break;
        }
        n += 1;
    }
    found.push(path);
    n
}

fn absolute(module: &[&str], path: Vec<String>) -> Vec<String> {
    let ups = path.iter().take_while(|segment| *segment == "super").count();
    let here = path.first().is_some_and(|segment| segment == "self");
    if ups == 0 && !here {
        return path;
    }
    let stays = module.iter().take(module.len().saturating_sub(ups)).map(|segment| (*segment).to_owned());
    let rest = path.into_iter().skip(ups.max(usize::from(here)));
    std::iter::once("crate".to_owned()).chain(stays).chain(rest).collect()
}
