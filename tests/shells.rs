//! Completions in the shells themselves, as a person has them: a line is typed, then `tab`. A shell that is not here is
//! passed over, and that is said.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[path = "support/session.rs"]
mod session;

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use session::Session;

/// What is typed, and what the line is after `tab`. The home directory has what [`home`] puts there.
const LINES: &[(&str, &str)] = &[
    ("cmtop stat", "cmtop status"),
    ("cmtop --theme gruv", "cmtop --theme gruvbox"),
    ("cmtop explain dns01-split", "cmtop explain dns01-split-horizon"),
    ("cmtop demo --story qui", "cmtop demo --story quiet"),
    ("cmtop wait --for ok,iss", "cmtop wait --for ok,issuing"),
    ("cmtop man timel", "cmtop man timeline"),
    // Names that live in the source: the demo, a recording by a path from the home directory.
    ("cmtop --demo status shop/check", "cmtop --demo status shop/checkout"),
    ("cmtop status --demo -n pay", "cmtop status --demo -n payments"),
    ("cmtop --demo --namespace=pay", "cmtop --demo --namespace=payments"),
    ("cmtop --from ~/outage.jsonl status mended/la", "cmtop --from ~/outage.jsonl status mended/later"),
    ("cmtop replay ~/out", "cmtop replay ~/outage.jsonl"),
    ("cmtop --demo renew shop/check", "cmtop --demo renew shop/checkout"),
    ("cmtop --demo inspect certificate shop/check", "cmtop --demo inspect certificate shop/checkout"),
    ("cmtop --from ~/outage.jsonl delete certificaterequest/mended/la", "certificaterequest/mended/later-1"),
    ("cmtop --kubeconfig ~/kubeconfig --cluster eu", "cmtop --kubeconfig ~/kubeconfig --cluster europe"),
    ("cmtop --kubeconfig ~/kubeconfig status --user al", "cmtop --kubeconfig ~/kubeconfig status --user alice"),
    // The name of a context may have colons: bash parts words there.
    ("cmtop --kubeconfig ~/kubeconfig --context ya", "cmtop --kubeconfig ~/kubeconfig --context yard"),
    ("cmtop --kubeconfig ~/kubeconfig --context=arn:aws:eks:eu:1:cluster/p", ":cluster/prod"),
    ("cmtop --kubeconfig ~/kubeconfig --context arn:aws:eks:eu:1:cluster/t", ":cluster/test"),
];

fn is_here(shell: &str) -> bool {
    let here = Command::new(shell).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let here = here.is_ok_and(|status| status.success());
    if !here {
        println!("skipped: there is no {shell}");
    }
    here
}

/// A home directory with a recording and a kubeconfig.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let recording = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings/backoff-stuck-and-mended.jsonl");
    fs::copy(recording, home.path().join("outage.jsonl")).unwrap();
    let contexts = ["yard", "arn:aws:eks:eu:1:cluster/prod", "arn:aws:eks:eu:1:cluster/test"];
    let contexts =
        contexts.map(|name| serde_json::json!({"name": name, "context": {"cluster": "europe", "user": "alice"}}));
    let config = serde_json::json!({
        "apiVersion": "v1", "kind": "Config", "contexts": contexts, "users": [{"name": "alice", "user": {}}],
        "clusters": [{"name": "europe", "cluster": {"server": "http://127.0.0.1:1"}}],
    });
    fs::write(home.path().join("kubeconfig"), config.to_string()).unwrap();
    home
}

/// Types every line in a shell, and `tab`, and looks at what becomes of it.
fn complete(shell: &[&str], begin: &str) {
    if !is_here(shell[0]) {
        return;
    }
    let mut session = Session::shell(home(), shell);
    session.resize(120, 24);
    session.types(&format!("{begin}; echo rea''dy\r"));
    session.wait_for("a shell", |screen| screen.contents().contains("ready"));
    for (typed, completed) in LINES {
        // A machine at its limits may not know names in the time that a shell is kept waiting for them.
        let known = (0..8).any(|_| {
            session.types("\x15\x0c");
            session.wait_for("an empty line", |screen| !screen.contents().contains("cmtop"));
            session.types(typed);
            session.wait_for(typed, |screen| screen.contents().contains(typed));
            session.types("\t");
            session.comes(Duration::from_secs(6), |screen| screen.contents().contains(completed))
        });
        assert!(known, "{}: {typed} never became {completed}:\n{}", shell[0], session.screen().contents());
    }
    session.types("\x15exit\r");
    session.ends();
}

#[test]
fn bash_completes() {
    complete(&["bash", "--norc", "--noprofile", "-i"], "PS1='> '; source <(cmtop completion bash)");
}

#[test]
fn zsh_completes() {
    let begin = "PS1='> '; autoload -Uz compinit; compinit -u -D; source <(cmtop completion zsh)";
    complete(&["zsh", "-f", "-i"], begin);
}

#[test]
fn zsh_completes_from_a_file_in_its_path_of_functions() {
    if !is_here("zsh") {
        return;
    }
    let home = home();
    let script = Command::new(env!("CARGO_BIN_EXE_cmtop")).args(["completion", "zsh"]).output().unwrap();
    fs::create_dir(home.path().join("functions")).unwrap();
    fs::write(home.path().join("functions/_cmtop"), script.stdout).unwrap();
    let mut session = Session::shell(home, &["zsh", "-f", "-i"]);
    session.types("PS1='> '; fpath=(~/functions $fpath); autoload -Uz compinit; compinit -u -D; echo rea''dy\r");
    session.wait_for("a shell", |screen| screen.contents().contains("ready"));
    session.types("cmtop stat\t");
    session.wait_for("the first word that is completed", |screen| screen.contents().contains("cmtop status"));
    session.types("\x15exit\r");
    session.ends();
}

#[test]
fn fish_completes() {
    complete(
        &["fish", "--no-config", "--private"],
        "function fish_prompt; echo '> '; end; cmtop completion fish | source",
    );
}

/// kubectl asks a program beside the plugin; so do the completions of kubectl for every shell.
#[test]
fn kubectl_completes() {
    if !Command::new("kubectl").args(["version", "--client"]).output().is_ok_and(|output| output.status.success()) {
        println!("skipped: there is no kubectl");
        return;
    }
    let home = home();
    let plugins = home.path().join("plugins");
    fs::create_dir(&plugins).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cmtop"), plugins.join("kubectl-cmtop")).unwrap();
    fs::copy(
        concat!(env!("CARGO_MANIFEST_DIR"), "/docs/install/kubectl_complete-cmtop"),
        plugins.join("kubectl_complete-cmtop"),
    )
    .unwrap();
    let asked = |words: &[&str]| {
        let mut command = Command::new("kubectl");
        command.arg("__complete").arg("cmtop").args(words).env("HOME", home.path()).env_remove("KUBECONFIG");
        command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", plugins.display()));
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(asked(&["stat"]).starts_with("status\t"), "{}", asked(&["stat"]));
    let recording = home.path().join("outage.jsonl");
    let names = || asked(&["--from", recording.to_str().unwrap(), "status", "mended/"]);
    let known = (0..8).any(|_| names().starts_with("mended/later\n"));
    assert!(known, "{}", names());
    let config = home.path().join("kubeconfig");
    let contexts = asked(&["--kubeconfig", config.to_str().unwrap(), "--context", "arn"]);
    assert!(contexts.starts_with("arn:aws:eks:eu:1:cluster/prod\n"), "{contexts}");
}
