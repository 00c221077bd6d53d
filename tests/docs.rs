//! Documents that are made from tables say what the tables say. `UPDATE=1 cargo test --test docs` writes them again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn keep(file: &str, wanted: &str) {
    let path = root().join(file);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == wanted,
        "{file} does not say what the program does: `UPDATE=1 cargo test --test docs` writes it again"
    );
}

/// A document with the text between two marks replaced.
fn with_block(file: &str, name: &str, block: &str) -> String {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let (begin, end) = (format!("<!-- {name}: made from the program -->\n"), format!("<!-- end of {name} -->"));
    let (head, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{file} has no block {name}"));
    let (_, tail) = rest.split_once(&end).unwrap_or_else(|| panic!("{file}: block {name} has no end"));
    format!("{head}{begin}{block}{end}{tail}")
}

#[test]
fn the_keys() {
    let intro = "# Keys and commands\n\nEvery key, the command behind it, and what it does. `:` takes any command by its name.\n\n";
    keep("docs/keys.md", &format!("{intro}{}", cmtop::command::markdown()));
}

#[test]
fn the_verdicts_and_phases() {
    use cmtop::triage::stage::Phase;
    use cmtop::triage::verdict::Verdict;
    let mut text = String::from(
        "# Verdicts and phases\n\nOne word for a Certificate, in the order of need:\n\n| verdict | means |\n|---|---|\n",
    );
    for verdict in Verdict::ALL {
        let _ = writeln!(text, "| `{verdict}` | {} |", verdict.explanation());
    }
    text += "\nWhere an issuance in flight stands:\n\n| phase | means |\n|---|---|\n";
    for phase in Phase::ALL {
        let _ = writeln!(text, "| `{phase}` | {} |", phase.explanation());
    }
    keep("docs/verdicts.md", &text);
}

#[test]
fn the_roles() {
    use cmtop::action::rbac;
    keep("docs/install/rbac/viewer.yaml", &rbac::viewer());
    keep("docs/install/rbac/operator.yaml", &rbac::operator());
}

#[test]
fn the_actions() {
    let mut text = String::from(
        "# Actions\n\nEach is shown before it is sent, names the uid and the resourceVersion of the object that was looked at, and is\n\
         refused when the object changed meanwhile. `--read-only` lets none of them leave the program. Every action is noted in\n\
         `$XDG_STATE_HOME/cmtop/actions.jsonl`, and with `@` on the screen. Roles that can be applied:\n\
         [viewer](install/rbac/viewer.yaml), [operator](install/rbac/operator.yaml).\n\n\
         ![A renewal before it is sent: what happens, whom it affects, the request, what changes](../screenshots/action.svg)\n\n\
         | action | key | does | to | rights |\n|---|---|---|---|---|\n",
    );
    for row in cmtop::action::ACTIONS {
        let keys: Vec<String> = row.command.row().unwrap().keys.iter().map(|key| format!("`{key}`")).collect();
        let kinds: Vec<&str> = row.kinds.iter().map(|kind| kind.name()).collect();
        let rights: Vec<String> =
            row.rights.iter().map(|right| format!("{} `{}`", right.verb, right.resource)).collect();
        let keys = if keys.is_empty() { format!("`:{}`", row.name) } else { keys.join(" ") };
        let _ = writeln!(
            text,
            "| `{}` | {keys} | {} | {} | {} |",
            row.name,
            row.title,
            kinds.join(", "),
            rights.join(", ")
        );
    }
    keep("docs/actions.md", &text);
}

#[test]
fn the_keys_in_the_readme() {
    let rows = cmtop::command::COMMANDS.iter().filter(|row| !row.hint.is_empty());
    let mut block = String::from("\n| key | does |\n|---|---|\n");
    for row in rows {
        let keys: Vec<String> = row.keys.iter().map(|key| format!("`{key}`")).collect();
        let _ = writeln!(block, "| {} | {} |", keys.join(" "), row.title);
    }
    block.push('\n');
    keep("README.md", &with_block("README.md", "keys", &block));
}

#[test]
fn the_settings() {
    use cmtop::config::settings::table::SETTINGS;
    let schema = serde_json::to_value(schemars::schema_for!(cmtop::config::file::File)).unwrap();
    let about = |name: &str| {
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        let described = match rest {
            Some(rest) => &schema["$defs"]["Probing"]["properties"][rest]["description"],
            None => &schema["properties"][first]["description"],
        };
        described.as_str().unwrap_or_else(|| panic!("{name}: {schema}")).to_owned()
    };
    let or_none = |word: &str| if word.is_empty() { String::new() } else { format!("`{word}`") };
    let mut block = String::from("\n| setting | what it is | by itself | flag | variable |\n|---|---|---|---|---|\n");
    for row in SETTINGS {
        let (flag, variable) = (or_none(row.flag), or_none(row.variable));
        let about = about(row.name).replace('\n', " ");
        let _ = writeln!(block, "| `{}` | {about} | {} | {flag} | {variable} |", row.name, row.default);
    }
    block.push('\n');
    keep("docs/configuration.md", &with_block("docs/configuration.md", "settings", &block));
}
