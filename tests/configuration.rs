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

/// Files, each with one fault, and the words that tell it beside it.
fn corpus(name: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    assert!(files.len() >= 3, "{name}");
    files
}

/// Who copies an example gets what it says.
#[test]
fn the_examples_of_the_document_can_be_used() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md")).unwrap();
    let blocks: Vec<&str> = text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(blocks.len() >= 4);
    for block in blocks {
        if block.starts_with("name:") {
            assert!(cmtop::theme::Theme::parse(block).unwrap().faint().is_empty(), "{block}");
        } else {
            File::parse(Path::new("configuration.md"), block).unwrap();
        }
    }
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
            let said = check(&arguments);
            let here = file.parent().unwrap().display();
            assert_eq!(said, (Some(64), format!("cmtop: {here}/{words}")), "{}", file.display());
            let place = said.1.split_once(".yaml:").and_then(|(_, tail)| tail.split(':').next()?.parse::<usize>().ok());
            assert!(place.is_some_and(|line| line > 0), "every fault has a line: {}", said.1);
        }
    }
}

#[test]
fn every_fault_of_a_file_is_told_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.yaml");
    let text = "theme: drak\nlogLevel: verbose\ncolour: never\ncolumns: {certificates: [nmae, why], planets: [x]}
sort: {orders: nmae}\nkeys: {describ: D, renew: X, retry: X}\nprobe: {resolvers: [one, 192.0.2.1, two]}
contexts: {prod: {theme: lihgt, them: dark}}\n";
    std::fs::write(&file, text).unwrap();
    let (code, said) = check(&[file.as_os_str()]);
    assert_eq!(code, Some(64));
    let beginning = format!("cmtop: {}:", file.display());
    let told = said.lines().map(|line| line.strip_prefix(&beginning).unwrap().split(';').next().unwrap());
    let expected = [
        "1:8: there is no theme `drak`",
        "2:11: `verbose` is no level",
        "3:1: there is no setting `colour` here",
        "4:26: there is no column `nmae`",
        "4:38: there is no table `planets`",
        "5:16: there is no column `nmae`",
        "6:8: there is no command `describ`",
        "6:20: the key `X` would mean both `renew` and `retry`: give one of them another key",
        "7:21: `one`: expected an address, such as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53",
        "7:37: `two`: expected an address, such as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53",
        "8:26: there is no theme `lihgt`",
        "8:33: there is no setting `them` here",
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn a_level_of_the_log_that_is_none_is_refused_before_one_is_written() {
    let run = |variable: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"));
        command.args(["config", "print"]).args(arguments).env_clear().env("HOME", "/nonexistent");
        let said = command.env("CMTOP_LOG_LEVEL", variable).output().unwrap();
        (said.status.code(), String::from_utf8(said.stderr).unwrap())
    };
    let meant = "`debg` is no level; did you mean `debug`?\n";
    assert_eq!(run("", &["--log-level", "debg"]), (Some(64), format!("cmtop: --log-level: {meant}")));
    assert_eq!(run("debg", &[]), (Some(64), format!("cmtop: $CMTOP_LOG_LEVEL: {meant}")));
    assert_eq!(run("cmtop=debug", &[]).0, Some(0));
}

#[test]
fn a_theme_that_is_not_there_is_told_where_it_was_chosen() {
    let run = |variable: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"));
        command.args(["config", "check"]).args(arguments).env_clear().env("HOME", "/nonexistent");
        let said = command.env("CMTOP_THEME", variable).output().unwrap();
        (said.status.code(), String::from_utf8(said.stderr).unwrap())
    };
    let meant = "there is no theme `drak`; did you mean `dark`?\n";
    assert_eq!(run("", &["--theme", "drak"]), (Some(64), format!("cmtop: --theme: {meant}")));
    assert_eq!(run("drak", &[]), (Some(64), format!("cmtop: $CMTOP_THEME: {meant}")));
    let (code, said) = run("", &["--theme", "./none.yaml"]);
    assert!(code == Some(64) && said.starts_with("cmtop: --theme: cannot read the theme ./none.yaml: "), "{said}");
}

#[test]
fn a_theme_that_is_not_there_is_a_fault_of_the_installation() {
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"))
        .args(["info", "-o", "json", "--theme", "drak"])
        .env_clear()
        .env("HOME", "/nonexistent")
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    let told: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(told["faults"], serde_json::json!(["--theme: there is no theme `drak`; did you mean `dark`?"]));
}

#[test]
fn a_theme_that_is_hard_to_read_is_good_and_told() {
    let home = tempfile::tempdir().unwrap();
    let themes = home.path().join(".config/cmtop/themes");
    std::fs::create_dir_all(&themes).unwrap();
    std::fs::write(themes.join("dim.yaml"), "name: dim\ninherits: dark\nroles: {text: '#222222'}\n").unwrap();
    std::fs::write(home.path().join(".config/cmtop/config.yaml"), "contexts: {prod: {theme: dim}}\n").unwrap();
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"))
        .args(["config", "check"])
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    let said = String::from_utf8(said.stdout).unwrap();
    let told = "theme dim: `text` has a contrast of 1.07 on `row.selected.dim`, where 4.5 is asked for: hard to read\n";
    assert!(said.ends_with(&format!("config.yaml: good\n{told}")), "{said}");
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

#[test]
fn a_broken_config_file_keeps_nobody_from_a_version_or_a_script() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/invalid_configs/not_yaml.yaml");
    for (words, code) in
        [(&["version"][..], 0), (&["completion", "bash"], 0), (&["man"], 0), (&["explain", "stuck"], 64)]
    {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"));
        let said = command.args(words).env_clear().env("CMTOP_CONFIG", file).output().unwrap();
        assert_eq!(said.status.code(), Some(code), "{words:?}: {said:?}");
    }
}
