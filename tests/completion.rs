//! Completions, as a shell and kubectl ask for them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

use std::process::Command;

const RECORDING: &str = "tests/recordings/backoff-stuck-and-mended.jsonl";

fn cmtop() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("KUBECONFIG").env("HOME", std::env::temp_dir());
    command
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_shell_has_a_script_that_asks_the_program() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = said(cmtop().args(["completion", shell]));
        assert!(script.contains("COMPLETE") && script.contains("cmtop"), "{shell}: {script}");
    }
}

#[test]
fn kubectl_gets_names_of_the_source() {
    let words = said(cmtop().args(["complete", "--", "--from", RECORDING, "status", "mended/"]));
    assert_eq!(words.lines().next(), Some("mended/later"), "{words}");
    assert_eq!(words.lines().last(), Some(":4"), "{words}");
    let words = said(cmtop().args(["complete", "--", "--from", RECORDING, "status", "-n", "back"]));
    assert_eq!(words.lines().next(), Some("backoff"), "{words}");
    let words = said(cmtop().args(["complete", "--", "stat"]));
    assert!(words.starts_with("status\t"), "{words}");
}

/// What can follow words that were typed, as kubectl asks for it.
fn follows(words: &[&str]) -> Vec<String> {
    let said = said(cmtop().args(["complete", "--", "--from", RECORDING]).args(words));
    let mut lines: Vec<String> = said.lines().map(str::to_owned).collect();
    assert_eq!(lines.pop().as_deref(), Some(":4"), "{said}");
    lines
}

#[test]
fn every_command_that_names_an_object_has_its_names_completed() {
    for command in ["renew", "retry", "approve", "deny", "status", "doctor"] {
        assert_eq!(follows(&[command, "mended/la"]), ["mended/later"], "{command}");
    }
    // With a namespace, its names alone; and the second name as well as the first.
    assert_eq!(follows(&["-n", "mended", "renew", ""]), ["later"]);
    assert_eq!(follows(&["renew", "mended/later", "renew/ap"]), ["renew/api"]);
    let requests = follows(&["delete", "certificaterequest/mended/"]);
    assert!(!requests.is_empty() && requests.iter().all(|name| name.starts_with("certificaterequest/mended/")));
    assert_eq!(follows(&["approve", "certificaterequest/mended/"]), requests);
    assert_eq!(follows(&["delete", "-n", "mended", "certificaterequest/later"]), ["certificaterequest/later-1"]);
    assert_eq!(follows(&["delete", "secret/"]), Vec::<String>::new(), "nothing else is deleted");
    assert_eq!(follows(&["release", "certificaterequest/"]), Vec::<String>::new());
    assert_eq!(follows(&["inspect", "certificate", "mended/la"]), ["mended/later"]);
    assert!(follows(&["inspect", "secret", ""]).iter().all(|name| name.contains('/')));
    assert_eq!(follows(&["inspect", "cert"]), ["certificate"]);
}

#[test]
fn findings_and_verdicts_are_completed_where_they_are_explained() {
    let explained = |word: &str| said(cmtop().args(["complete", "--", "explain", word]));
    assert_eq!(explained("dns01-split"), "dns01-split-horizon\n:4\n");
    assert_eq!(explained("overd"), "overdue\n:4\n");
}

#[test]
fn themes_of_one_s_own_are_completed() {
    let home = tempfile::tempdir().unwrap();
    let themes = home.path().join(".config/cmtop/themes");
    std::fs::create_dir_all(&themes).unwrap();
    std::fs::write(themes.join("gruvier.yaml"), "name: gruvier\ninherits: gruvbox\n").unwrap();
    let mut command = cmtop();
    command.env("HOME", home.path()).env_remove("XDG_CONFIG_HOME").args(["complete", "--", "--theme", "gruv"]);
    assert_eq!(said(&mut command), "gruvbox\ngruvier\n:4\n");
}

#[test]
fn a_shell_gets_names_of_the_source() {
    let mut command = cmtop();
    command.env("COMPLETE", "fish").args(["--", "cmtop", "--from", RECORDING, "status", "renew/"]);
    let words = said(&mut command);
    assert!(words.lines().any(|line| line.starts_with("renew/api")), "{words}");
}

#[test]
fn contexts_are_those_of_the_kubeconfig_and_no_cluster_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    std::fs::write(
        &file,
        "apiVersion: v1\nkind: Config\ncurrent-context: yard\ncontexts:\n- {name: yard, context: {cluster: c, user: u}}\n\
         - {name: prod, context: {cluster: c, user: u}}\nclusters:\n- {name: c, cluster: {server: 'https://127.0.0.1:1'}}\nusers:\n\
         - {name: u, user: {token: t}}\n",
    )
    .unwrap();
    let words = said(cmtop().env("KUBECONFIG", &file).args(["complete", "--", "--context", "p"]));
    assert_eq!(words, "prod\n:4\n");
    for (flag, name) in [("--cluster", "c"), ("--user", "u")] {
        let words = said(cmtop().env("KUBECONFIG", &file).args(["complete", "--", flag, ""]));
        assert_eq!(words, format!("{name}\n:4\n"), "{flag}");
    }
    let words = said(cmtop().env("KUBECONFIG", &file).args(["complete", "--", "status", "shop/"]));
    assert_eq!(words, ":4\n", "nobody listens there");
}

#[test]
fn what_kubectl_asks_reaches_the_program_as_it_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cmtop"), folder.path().join("kubectl-cmtop")).unwrap();
    let helper = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/install/kubectl_complete-cmtop");
    let asked = |words: &[&str]| {
        let mut command = Command::new("sh");
        command.arg(helper).args(words).env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("KUBECONFIG").env("HOME", folder.path());
        said(&mut command)
    };
    // A flag that is being completed is not one of the call that completes it.
    let words = asked(&["--from", RECORDING, "-n", "back"]);
    assert_eq!(words.lines().next(), Some("backoff"), "{words}");
    assert_eq!(asked(&["--theme", "gruv"]), "gruvbox\n:4\n");
    assert!(asked(&["demo", "--story", "bus"]).starts_with("busy-night\n"));
}
