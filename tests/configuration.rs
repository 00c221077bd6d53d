//! Config files: each of `invalid_configs` has one fault, and the words that say so beside it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

use std::path::{Path, PathBuf};

use cmtop::config::file::File;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/invalid_configs")
}

#[test]
fn every_fault_is_told_with_its_place_and_a_way_out() {
    let mut wrong = Vec::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    assert!(files.len() >= 10);
    for path in files {
        let name = Path::new(path.file_name().unwrap());
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        let text = std::fs::read_to_string(&path).unwrap();
        let said =
            File::parse(name, &text).map_or_else(|error| error.to_string(), |file| format!("accepted: {file:?}"));
        if said != expected.trim_end() {
            wrong.push(format!("{}\n  says     {said}\n  expected {expected}", name.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_that_uses_everything_is_read() {
    let text = "
theme: dark
color: auto
ascii: false
utc: true
namespaces: [shop, blog]
readOnly: false
mouse: true
screenDirectory: ~/screens
logLevel: debug
logFile: /tmp/cmtop.log
contexts:
  prod-eu: {readOnly: true, theme: light, namespaces: [shop]}
";
    let file = File::parse(Path::new("config.yaml"), text).unwrap();
    assert_eq!(file.namespaces.as_deref(), Some(["shop".to_owned(), "blog".to_owned()].as_slice()));
    assert_eq!(file.contexts["prod-eu"].read_only, Some(true));
}

#[test]
fn an_empty_file_chooses_nothing() {
    for text in ["", "\n", "# nothing yet\n", "---\n"] {
        assert_eq!(File::parse(Path::new("config.yaml"), text).unwrap(), File::default(), "{text:?}");
    }
}

#[test]
fn a_file_that_was_asked_for_has_to_be_there() {
    let absent = Path::new("/nonexistent/cmtop.yaml");
    assert_eq!(File::read(absent, false).unwrap(), File::default());
    let error = File::read(absent, true).unwrap_err().to_string();
    assert!(error.starts_with("cannot read the config file /nonexistent/cmtop.yaml: "), "{error}");
}
