//! The table of commands and keys as a document.

use std::fmt::Write as _;

use super::{ALIASES, COMMANDS};

/// The table of commands and keys as Markdown: `docs/keys.md` and the block in the README.
pub fn markdown() -> String {
    let mut out = String::new();
    let mut group = "";
    for row in COMMANDS.iter().filter(|row| !row.title.is_empty()) {
        if row.group != group {
            group = row.group;
            let _ = write!(out, "\n### {group}\n\n| key | command | does |\n|---|---|---|\n");
        }
        let keys: Vec<String> = row.keys.iter().map(|key| format!("`{key}`")).collect();
        let _ = writeln!(out, "| {} | `{}` | {} |", keys.join(" "), row.name, row.title);
    }
    out.push_str("\n### Short names after `:`\n\n| short | command |\n|---|---|\n");
    for (short, whole) in ALIASES {
        let _ = writeln!(out, "| `{short}` | `{whole}` |");
    }
    out.trim_start().to_owned()
}
