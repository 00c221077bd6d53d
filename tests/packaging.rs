//! What a person installs: the oldest Rust that is promised, the image, the manifest of the kubectl plugin.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// `1.91` as numbers that can be compared.
fn version(text: &str) -> Vec<u64> {
    let mut numbers: Vec<u64> = text.split('.').map(|n| n.parse().unwrap()).collect();
    numbers.resize(3, 0);
    numbers
}

#[test]
fn every_dependency_is_content_with_the_rust_that_is_promised() {
    // A build fetches what its own platform needs, and nothing else is here.
    let host = Command::new("rustc").args(["--print", "host-tuple"]).output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", host.trim()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let promised = version(env!("CARGO_PKG_RUST_VERSION"));
    let wants = |package: &&Value| package["rust_version"].as_str().is_some_and(|wanted| version(wanted) > promised);
    let too_new: Vec<String> = packages.iter().filter(wants).map(|p| format!("{}", p["name"])).collect();
    assert!(packages.len() > 100, "only {} packages", packages.len());
    assert!(too_new.is_empty(), "they want a later Rust than {}: {too_new:?}", env!("CARGO_PKG_RUST_VERSION"));
}

#[test]
fn the_rust_that_is_promised_is_the_same_everywhere() {
    let promised = env!("CARGO_PKG_RUST_VERSION");
    for (file, words) in [
        ("README.md", format!("[Rust](https://rustup.rs) {promised} or later")),
        ("docs/install/README.md", format!("Rust {promised} or later")),
        ("docs/install/Dockerfile", format!("FROM rust:{promised}-alpine")),
        (".ci/run", format!("install Rust {promised} or later")),
    ] {
        assert!(read(file).contains(&words), "{file} does not say {words:?}");
    }
}

/// An image is built from what is copied into it: whatever the sources include has to be there.
#[test]
fn the_image_is_built_from_all_that_the_sources_name() {
    let image = read("docs/install/Dockerfile");
    let copied: Vec<&str> = image
        .lines()
        .filter_map(|line| line.strip_prefix("COPY ").filter(|line| !line.starts_with("--from")))
        .flat_map(|line| line.split_whitespace())
        .collect();
    let mut needed: Vec<String> = ["Cargo.toml", "Cargo.lock", "src"].map(str::to_owned).to_vec();
    // Cargo wants every target of the manifest, whether it is built or not.
    needed.extend(read("Cargo.toml").contains("[[bench]]").then(|| "benches".to_owned()));
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(entry.path()).unwrap();
                let included = text.split("include_str!(\"").skip(1).filter_map(|rest| rest.split('"').next());
                let outside = included.filter_map(|path| path.rsplit_once("../")).map(|(_, path)| path);
                needed.extend(outside.filter_map(|path| path.split('/').next()).map(str::to_owned));
            }
        }
    }
    needed.sort();
    needed.dedup();
    assert!(needed.iter().any(|name| name == "themes"), "{needed:?}");
    let left_out: Vec<&String> = needed.iter().filter(|name| !copied.contains(&name.as_str())).collect();
    assert!(left_out.is_empty(), "the Dockerfile does not copy {left_out:?}");
}

/// As much of krew's schema as its validation looks at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Plugin {
    api_version: String,
    kind: String,
    metadata: BTreeMap<String, String>,
    spec: Spec,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Spec {
    version: String,
    homepage: String,
    short_description: String,
    description: String,
    platforms: Vec<Platform>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Platform {
    selector: Selector,
    uri: String,
    sha256: String,
    bin: String,
    files: Vec<Move>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Selector {
    match_labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    from: String,
    to: String,
}

#[test]
fn the_manifest_of_the_plugin_is_one_that_krew_takes() {
    let plugin: Plugin = serde_yaml::from_str(&read("docs/install/krew.yaml")).unwrap();
    assert_eq!(plugin.api_version, "krew.googlecontainertools.github.com/v1alpha2");
    assert_eq!((plugin.kind.as_str(), plugin.metadata["name"].as_str()), ("Plugin", "cmtop"));
    let spec = plugin.spec;
    assert_eq!(spec.version, format!("v{}", env!("CARGO_PKG_VERSION")));
    assert!(spec.homepage.starts_with("https://") && !spec.description.is_empty());
    // Krew's list cuts what is longer.
    assert!(spec.short_description.len() <= 60 && !spec.short_description.ends_with('.'));
    let mut seen = Vec::new();
    for platform in &spec.platforms {
        let labels = &platform.selector.match_labels;
        let place = (labels["os"].as_str(), labels["arch"].as_str());
        assert!(["linux", "darwin"].contains(&place.0) && ["amd64", "arm64"].contains(&place.1), "{place:?}");
        assert!(!seen.contains(&place), "{place:?} twice");
        seen.push(place);
        assert!(platform.uri.starts_with("https://") && platform.uri.contains(&spec.version), "{}", platform.uri);
        assert!(platform.sha256.len() == 64 && platform.sha256.bytes().all(|b| b.is_ascii_hexdigit()));
        // The link in the PATH points at something that is put there.
        let named = |file: &Move| file.from == "cmtop" && file.to == platform.bin;
        assert!(platform.bin == "kubectl-cmtop" && platform.files.iter().any(named));
    }
}
