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
clipboard: native
screenDirectory: ~/screens
logLevel: debug
logFile: /tmp/cmtop.log
notices:
  - verdicts: [stuck, expired]
    namespaces: [shop]
    bell: true
    desktop: osc9
    command: [notify-send, cmtop]
probe: {resolvers: [192.0.2.1, '[2001:db8::1]:53'], automatic: false}
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

/// Runs `cmtop config check` as somebody without a home would.
fn check(arguments: &[&std::ffi::OsStr]) -> (Option<i32>, String) {
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"))
        .args(["config", "check"])
        .args(arguments)
        .env_clear()
        .env("HOME", "/nonexistent")
        .output()
        .unwrap();
    (said.status.code(), String::from_utf8(said.stderr).unwrap() + &String::from_utf8(said.stdout).unwrap())
}

fn corpus(name: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    assert!(files.len() >= 3, "{name}");
    files
}

#[test]
fn the_program_takes_every_good_file_and_refuses_every_bad_one() {
    let theme = std::ffi::OsStr::new("--theme");
    for file in corpus("valid_configs") {
        assert_eq!(check(&[file.as_os_str()]), (Some(0), format!("{}: good\n", file.display())));
    }
    for file in corpus("valid_themes") {
        assert_eq!(check(&[theme, file.as_os_str()]).0, Some(0), "{}", file.display());
    }
    for (folder, flag) in [("invalid_configs", None), ("invalid_keys", None), ("invalid_themes", Some(theme))] {
        for file in corpus(folder) {
            let words = std::fs::read_to_string(file.with_extension("txt")).unwrap();
            let arguments: Vec<&std::ffi::OsStr> = flag.into_iter().chain([file.as_os_str()]).collect();
            let (code, said) = check(&arguments);
            let words = words.trim_end().rsplit_once(".yaml:").map_or(words.trim_end(), |(_, words)| words);
            assert!(
                code == Some(64) && said.contains(words),
                "{}\n  says     {said}\n  expected {words}",
                file.display()
            );
        }
    }
}

#[test]
fn what_is_printed_is_a_config_file_that_means_the_same() {
    let print = |config: &Path| {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"))
            .args(["config", "print", "--config"])
            .arg(config)
            .env_clear()
            .env("HOME", "/nonexistent")
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    for (i, file) in corpus("valid_configs").into_iter().enumerate() {
        let first = print(&file);
        let copy = folder.path().join(format!("{i}.yaml"));
        std::fs::write(&copy, &first).unwrap();
        let bare = |text: &str| {
            text.lines().map(|line| line.split(" # ").next().unwrap().trim_end().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(bare(&print(&copy)), bare(&first));
    }
}

#[test]
fn the_schema_knows_every_setting() {
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop")).args(["config", "schema"]).output().unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let known = schema["properties"].as_object().unwrap();
    for setting in ["theme", "color", "namespaces", "readOnly", "keys", "screenDirectory", "contexts"] {
        assert!(known.contains_key(setting), "{setting}: {known:?}");
    }
    assert_eq!(schema["additionalProperties"], serde_json::Value::Bool(false));
}
