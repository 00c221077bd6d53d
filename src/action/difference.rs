//! What differs between two states of an object, as lines of YAML.

use std::fmt::Write as _;

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::limits;
use crate::text::clean;

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// `+`, `-`, a blank for what stays, or `…` where lines are left out.
    pub sign: char,
    /// The text, harmless.
    pub text: String,
}

/// What `kubectl apply` remembers: too long for a person to read, and not theirs to change.
pub(super) const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Lines that stay, shown around what changes.
const CONTEXT: usize = 1;

/// An object as people read it: without what only machines need.
pub fn yaml(object: &Value) -> String {
    let mut object = object.clone();
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove(LAST_APPLIED);
        }
    }
    serde_yaml::to_string(&object).unwrap_or_default()
}

/// What changes from one text to another, at most [`limits::DIFFERENCE`] lines.
pub fn lines(before: &str, after: &str) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (i, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if i > 0 {
            lines.push(DiffLine { sign: '…', text: String::new() });
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            // The indentation says what belongs to what: only what follows it is cleaned.
            let value = change.value().trim_end();
            let indent = value.len() - value.trim_start_matches(' ').len();
            let text = format!("{}{}", " ".repeat(indent), clean(value.trim_start_matches(' '), limits::MESSAGE));
            lines.push(DiffLine { sign, text });
        }
    }
    let more = lines.len().saturating_sub(limits::DIFFERENCE);
    if more > 0 {
        lines.truncate(limits::DIFFERENCE);
        lines.push(DiffLine { sign: '…', text: format!("{more} more lines") });
    }
    lines
}

/// The lines of a difference as text.
pub fn text(lines: &[DiffLine]) -> String {
    lines.iter().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{} {}", line.sign, line.text);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_changes_is_shown_with_a_line_around_it() {
        let before =
            json!({"metadata": {"name": "www", "managedFields": [1]}, "spec": {"a": 1, "b": 2, "c": 3, "d": 4}});
        let mut after = before.clone();
        after["spec"]["c"] = json!(5);
        after["metadata"]["managedFields"] = json!([2]);
        assert_eq!(text(&lines(&yaml(&before), &yaml(&after))), "    b: 2\n-   c: 3\n+   c: 5\n    d: 4\n");
        assert_eq!(lines("a\n", "a\n"), []);
    }
}
