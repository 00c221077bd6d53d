//! `docs/findings.md` says what the table says. `UPDATE=1 cargo test --test triage` writes it again.

use std::fmt::Write as _;
use std::path::Path;

use cmtop::triage::releases;
use cmtop::triage::signature::families::FAMILIES;
use cmtop::triage::signature::{EMBEDDED, Row, load};

fn of_row(row: &Row, out: &mut String) {
    let unsettled = row.unsettled.map(|s| format!("{s} at first, then ")).unwrap_or_default();
    let settle = if row.settle == 0 { String::new() } else { format!(", after {} s", row.settle) };
    let _ = writeln!(
        out,
        "### `{}`\n\n**{}** ({unsettled}{}{settle}; confidence {})\n",
        row.id, row.title, row.severity, row.confidence
    );
    let _ = writeln!(out, "{}\n", row.cause);
    for want in &row.wants {
        let _ = writeln!(out, "- to be sure, check: {want}");
    }
    for remedy in &row.remedies {
        let _ = match &remedy.command {
            Some(command) => writeln!(out, "- {}: `{command}`", remedy.text),
            None => writeln!(out, "- {}", remedy.text),
        };
    }
    if let Some(docs) = &row.docs {
        let _ = writeln!(out, "\n<{docs}>\n");
    }
}

#[test]
fn the_document_says_what_the_table_says() {
    let (table, _) = load(EMBEDDED.iter().copied());
    let mut out = String::from(
        "# Findings\n\nWhat cmtop can find, by family. Ids and families are stable names: scripts may rely on the families.\n\
         Words in braces are filled in with the real names.\n\n",
    );
    for family in FAMILIES {
        let _ = writeln!(out, "## {family}\n");
        table.rows().iter().filter(|row| &*row.family == *family).for_each(|row| of_row(row, &mut out));
    }
    out += "## What is known of releases\n\n| from | until | what | explains |\n|---|---|---|---|\n";
    for known in releases::all() {
        for span in &known.spans {
            let explains: Vec<String> = known.explains.iter().map(|id| format!("`{id}`")).collect();
            let until = span.until.as_deref().unwrap_or("–");
            let _ = writeln!(out, "| {} | {until} | {} | {} |", span.from, known.what, explains.join(", "));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &out).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == out, "docs/findings.md is old: `UPDATE=1 cargo test --test triage` writes it again");
}

#[test]
fn releases_explain_findings_that_exist() {
    let (table, _) = load(EMBEDDED.iter().copied());
    for known in releases::all() {
        for id in &known.explains {
            assert!(table.id(id).is_some(), "{} explains {id}, which does not exist", known.id);
        }
    }
}
