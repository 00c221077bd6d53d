//! The help, as people read it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[test]
fn help() {
    let pages = [
        "--help",
        "-h",
        "demo --help",
        "record --help",
        "replay --help",
        "status -h",
        "simulate -h",
        "explain -h",
        "completion -h",
        "version -h",
        "info -h",
        "probe --help",
        "preflight --help",
        "inspect --help",
        "timeline -h",
        "watch -h",
        "wait -h",
        "bundle -h",
        "renew -h",
        "delete -h",
        "approve -h",
    ];
    let all: Vec<String> = pages
        .iter()
        .map(|page| {
            let words = std::iter::once("cmtop").chain(page.split_whitespace());
            // The width is fixed: the terminal in which the tests run must not show.
            let help = cmtop::cli::definition().term_width(100).try_get_matches_from(words).unwrap_err();
            format!("$ cmtop {page}\n{help}\n")
        })
        .collect();
    insta::assert_snapshot!(all.concat());
}

/// What is wrong with a command stands above its own usage, under the name that was typed.
#[test]
fn a_wrong_word_comes_with_the_usage_of_its_command() {
    let table = [
        (&["cmtop", "renew", "--yes"][..], "Usage: cmtop renew [OPTIONS]"),
        (&["kubectl-cmtop", "renew", "--yes"], "Usage: kubectl cmtop renew [OPTIONS]"),
        (&["cmtop", "-l", "a=b", "delete", "challenge/x"], "Usage: cmtop delete [OPTIONS]"),
        (&["cmtop", "explain", "stuck", "--read-only"], "Usage: cmtop explain [OPTIONS]"),
        (&["cmtop", "--context", "a", "demo"], "Usage: cmtop demo [OPTIONS]"),
    ];
    for (words, usage) in table {
        let error = cmtop::cli::parse(words.iter().copied()).unwrap_err().to_string();
        assert!(error.starts_with("error: ") && error.contains(usage), "{words:?}: {error}");
    }
}

#[test]
fn however_many_names_there_are_one_document_comes() {
    for words in [
        "preflight shop.example blog.example --demo",
        "preflight shop.example --demo",
        "probe certificate/www -n shop --demo",
    ] {
        for format in ["json", "yaml"] {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"));
            let output = command.args(words.split(' ')).args(["-o", format]).output().unwrap();
            let read = String::from_utf8(output.stdout).unwrap();
            let document: serde_json::Value = match format {
                "json" => serde_json::from_str(&read).expect(&read),
                _ => serde_yaml::from_str(&read).expect(&read),
            };
            assert_eq!(document["schema"], "cmtop.probes/v1", "{words}");
            let probes = document["probes"].as_array().unwrap();
            assert_eq!(probes.len(), if words.contains("shop.example --demo") { 1 } else { 2 }, "{words}");
            assert!(probes.iter().all(|probe| probe["schema"] == "cmtop.probe/v1"), "{read}");
        }
    }
}
