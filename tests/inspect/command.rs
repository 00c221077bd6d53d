//! `cmtop inspect`, the real program, on the demo, on recordings and on files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use super::maker::chain;

fn cmtop(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
    command.args(arguments).env_remove("KUBECONFIG").env("HOME", std::env::temp_dir()).env("TZ", "UTC");
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn recording() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/issuance-and-renewal.jsonl")
}

#[test]
fn the_demo_is_inspected() {
    for (arguments, says) in [
        (&["inspect", "certificate", "shop/www", "--demo"], "its chain of 2 blocks ends at its own root"),
        (&["inspect", "secret", "platform/api-tls", "--demo"], "ends at the root in ca.crt"),
        (
            &["inspect", "request", "platform/api-1", "--demo"],
            "status.certificate of CertificateRequest/platform/api-1",
        ),
    ] {
        let output = cmtop(arguments);
        let text = text(&output);
        assert!(text.contains(says), "{arguments:?}\n{text}");
        assert!(!text.contains("PRIVATE"), "{text}");
        assert_eq!(output.status.code(), Some(0), "{text}");
    }
    let output = cmtop(&["inspect", "certificate", "nobody", "--demo"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
    assert_eq!(cmtop(&["inspect", "issuer", "x", "--demo"]).status.code(), Some(64));
}

#[test]
fn a_recording_is_inspected_at_a_moment() {
    let file = recording();
    let file = file.to_str().unwrap();
    let output = cmtop(&["inspect", "certificate", "shop/www", "--from", file, "-o", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output)));
    assert_eq!(document["schema"], "cmtop.inspect/v1");
    assert_eq!(document["chain"]["endsAt"], "nowhere", "an intermediate is no root: {document}");
    assert_eq!(document["blocks"][0]["key"]["size"], 2048);
    assert_eq!(document["blocks"][0]["names"].as_array().unwrap().len(), 3);
    assert_eq!(output.status.code(), Some(0), "{document}");
    let earlier =
        cmtop(&["inspect", "certificate", "shop/www", "--from", file, "--at", "2026-11-22T15:59:00Z", "-o", "json"]);
    let earlier: Value = serde_json::from_slice(&earlier.stdout).unwrap();
    assert_eq!(earlier["blocks"][0]["names"].as_array().unwrap().len(), 2);
}

#[test]
fn files_are_inspected() {
    let folder = tempfile::tempdir().unwrap();
    let (root, middle, leaf) = chain();
    let key = leaf.key.serialize_pem();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let bundle = file("chain.pem", &format!("{key}{}{}{}", leaf.pem, middle.pem, root.pem));
    let output = cmtop(&["inspect", &bundle]);
    let told = text(&output);
    assert!(told.contains("1 private key block skipped") && told.contains("Block 3 of 3 · root · Test Root"), "{told}");
    assert!(!told.contains(key.lines().nth(1).unwrap()));
    let alone = file("leaf.crt", &leaf.pem);
    let output = cmtop(&["inspect", "certificate", &alone]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    assert!(text(&output).contains("add the intermediate certificate"), "{}", text(&output));
    let indented: String =
        format!("{key}{}{}", leaf.pem, middle.pem).lines().map(|line| format!("    {line}\n")).collect();
    let manifest = file(
        "secret.yaml",
        &format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: www-tls, namespace: shop}}\nstringData:\n  tls.crt: |\n{indented}\n"
        ),
    );
    let output = cmtop(&["inspect", "secret", &manifest, "-o", "yaml"]);
    let told = text(&output);
    assert!(told.contains("source: tls.crt of Secret/shop/www-tls") && told.contains("role: intermediate"), "{told}");
    assert!(!told.contains(key.lines().nth(1).unwrap()));
    let nothing = file("empty.pem", "\n");
    assert_eq!(cmtop(&["inspect", &nothing]).status.code(), Some(2));
    assert_eq!(cmtop(&["inspect", "./not-there.pem"]).status.code(), Some(2));
}
