//! Two Certificates of one name: which one is meant has to be said.

use std::process::Command;

#[test]
fn a_name_in_two_namespaces_is_not_probed_by_chance() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("twins.jsonl");
    let mut lines = vec![
        r#"{"format":"cmtop-recording","version":1,"started":"2026-11-22T17:29:13Z","cluster":"yard","kubernetes":"v1.36.0"}"#
            .to_owned(),
    ];
    for (namespace, uid) in [("blog", 1), ("shop", 2)] {
        lines.push(format!(
            r#"{{"t":"2026-11-22T17:29:21Z","op":"ADDED","object":{{"apiVersion":"cert-manager.io/v1","kind":"Certificate","metadata":{{"creationTimestamp":"2026-11-22T17:29:21Z","name":"www","namespace":"{namespace}","resourceVersion":"1","uid":"00000000-0000-0000-0000-00000000000{uid}"}},"spec":{{"dnsNames":["www.example"],"secretName":"www-tls"}}}}}}"#
        ));
    }
    std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    for (places, said) in [("-A", "name one of blog/www, shop/www"), ("-n blog -n shop", "name one with -n")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
        command.args(["probe", "certificate/www", "--from"]).arg(&file).args(places.split(' '));
        let output = command.output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(said), "{places}: {error}");
        assert_eq!(output.status.code(), Some(64), "{places}: {error}");
        assert!(output.stdout.is_empty());
    }
}
