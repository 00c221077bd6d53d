//! [`mended`]: JSON that is almost JSON. A number that no machine holds, or half of a surrogate pair, makes a parser give
//! up on the whole object. No API server writes them, a file may hold anything.

/// The same text with numbers that are out of range as `null`, and half surrogates as replacement characters. `None` when
/// there is nothing to mend.
pub fn mended(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some(c) = rest.chars().next() {
        let (token, instead) = match c {
            '"' => {
                let token = string(rest);
                (token, whole(token))
            }
            '-' | '0'..='9' => {
                let token = number(rest);
                (token, (!token.parse::<f64>().is_ok_and(f64::is_finite)).then(|| "null".to_owned()))
            }
            other => (rest.get(..other.len_utf8()).unwrap_or_default(), None),
        };
        changed |= instead.is_some();
        out.push_str(instead.as_deref().unwrap_or(token));
        rest = rest.get(token.len().max(1)..).unwrap_or_default();
    }
    changed.then_some(out)
}

/// The string that a text begins with, its quotes included.
fn string(text: &str) -> &str {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return text.get(..=at).unwrap_or(text),
            _ => {}
        }
    }
    text
}

/// The number that a text begins with.
fn number(text: &str) -> &str {
    let end = text.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9')).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// A string without half surrogates; `None` when it has none.
fn whole(string: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = string;
    let mut changed = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let length = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => 0,
            (Some(_), _) => 6,
            (None, _) => 2,
        };
        if length == 0 {
            changed = true;
            out.push_str("\\ufffd");
        }
        out.push_str(escape.get(..length).unwrap_or(escape));
        rest = escape.get(if length == 0 { 6 } else { length }..).unwrap_or_default();
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// The number of an escape `\uXXXX`.
fn unit(escape: &str) -> Option<u16> {
    u16::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_no_parser_takes_becomes_what_it_takes() {
        for (text, expected) in [
            (r#"{"revision":1e999,"a":[-1e400]}"#, Some(r#"{"revision":null,"a":[null]}"#)),
            (r#"{"name":"a\ud800b"}"#, Some(r#"{"name":"a\ufffdb"}"#)),
            (r#"{"name":"\udc00\ud83d"}"#, Some(r#"{"name":"\ufffd\ufffd"}"#)),
            (r#"{"name":"\ud83d\ude00 1e999 \\ud800 \"1e999\""}"#, None),
            (r#"{"n":-1.5e300,"é":"日\n"}"#, None),
        ] {
            assert_eq!(mended(text).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn good_json_is_left_alone_and_nothing_panics(text in any::<String>(), junk in "[\"\\\\ud8ce0-9+-.{}é]{0,60}") {
            let good = serde_json::to_string(&serde_json::json!({"text": text, "n": 1.5e10})).unwrap();
            prop_assert_eq!(mended(&good), None);
            let _ = mended(&junk);
        }
    }
}
