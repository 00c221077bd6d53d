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

/// What is said of a file with its bare name, from the directory where it is, and what the program ends with.
fn bare(folder: &Path, name: &str) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
    let output = command.args(["inspect", name]).current_dir(folder).env("HOME", folder).output().unwrap();
    (text(&output), output.status.code())
}

#[test]
fn what_is_not_looked_into_is_told_and_not_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &[u8]| std::fs::write(folder.path().join(name), content).unwrap();
    let (root, _, leaf) = chain();
    put("leaf.key", leaf.key.serialize_pem().as_bytes());
    put("leaf.key.der", leaf.key.serialized_der());
    put("k.jks", b"\xFE\xED\xFE\xED\0\0\0\x02");
    put("a.p12", &[0x30, 0x82, 9, 0, 2, 1, 3, 0x30, 0x82, 9, 0, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 13, 1, 7, 1, 0xA0]);
    put("bundle.p7b", b"-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n");
    for (name, says) in [
        ("leaf.key", "unseen         1 private key block skipped: it is never read"),
        ("leaf.key.der", "unseen         it is a private key, which is never read"),
        ("k.jks", "keytool -list -rfc -keystore k.jks | cmtop inspect -"),
        ("a.p12", "openssl pkcs12 -nokeys -in a.p12 | cmtop inspect -"),
        ("bundle.p7b", "openssl pkcs7 -print_certs -in bundle.p7b | cmtop inspect -"),
    ] {
        let (told, code) = bare(folder.path(), name);
        assert!(told.contains(says) && !told.contains("wrong") && code == Some(2), "{name}: {code:?} {told}");
    }
    // Of what is piped there is no file to name.
    for (name, says) in [
        ("k.jks", "for keytool reads no pipe: keytool -list -rfc -keystore FILE"),
        ("a.p12", "with this in the pipe: openssl pkcs12 -nokeys | cmtop inspect -"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
        let input = std::fs::File::open(folder.path().join(name)).unwrap();
        let told = text(&command.args(["inspect", "-"]).env("HOME", folder.path()).stdin(input).output().unwrap());
        assert!(told.contains(says), "{told}");
    }
    // Beside a certificate none of it matters.
    put("root", format!("{}-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n", root.pem).as_bytes());
    let (told, code) = bare(folder.path(), "root");
    assert!(
        told.contains("note           block 2 is a PKCS#7 bundle") && told.contains("Block 1 of 1 · root"),
        "{told}"
    );
    assert_eq!(code, Some(0), "{told}");
    let (told, code) = bare(folder.path(), "absent.p12");
    assert!(told.contains("there is no file `absent.p12`") && code == Some(64), "{told}");
}

#[test]
fn a_request_in_a_file_has_something_that_follows() {
    let folder = tempfile::tempdir().unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    for (name, names, says) in [
        ("named.csr", vec!["www.example".to_owned()], "good           it asks for 1 name"),
        ("bare.csr", vec![], "warning        it asks for no names"),
    ] {
        let request = rcgen::CertificateParams::new(names).unwrap().serialize_request(&key).unwrap();
        std::fs::write(folder.path().join(name), request.pem().unwrap()).unwrap();
        let (told, code) = bare(folder.path(), name);
        assert!(told.contains("good           it is signed with the key that it names"), "{told}");
        assert!(told.contains(says) && code == Some(0), "{told}");
    }
}

#[test]
fn what_of_a_file_is_left_out_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (root, ..) = chain();
    std::fs::write(folder.path().join("many"), root.pem.repeat(70)).unwrap();
    let (told, code) = bare(folder.path(), "many");
    assert!(told.contains("note           6 more blocks not looked at") && code == Some(0), "{told}");
    let object = |kind: &str, version: &str, name: &str| {
        format!("---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nspec: {{}}\n")
    };
    let secrets: String = ["a", "b", "c"].map(|name| object("Secret", "v1", name)).concat();
    let certificates: String = ["a", "b"].map(|name| object("Certificate", "cert-manager.io/v1", name)).concat();
    std::fs::write(folder.path().join("all.yaml"), secrets + &certificates).unwrap();
    let (told, _) = bare(folder.path(), "all.yaml");
    assert!(told.contains("2 of 3 Secrets and 1 of 2 Certificates left out: the first of each kind"), "{told}");
}
