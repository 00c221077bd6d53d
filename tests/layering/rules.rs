//! Who may name whom: the table of `docs/architecture.md`, for rooms that exist and for those that are planned.
//!
//! Where it differs from a plain "lower never names higher":
//!
//! - `query` asks for verdicts, so within layer 2 it lies above `triage`.
//! - `watch` also records: it hands what the server said to `recording`, beside it in layer 6.
//! - `recording` and `report` lie in layer 6: a recording is frames in, batches out; a report is facts in, text out.
//! - `cli` and `config` lie in layer 7, with the program that they belong to.
//! - `sim` knows nothing of ours but `text`: a simulated cluster that shared the model's code would prove nothing.
//! - `action` makes the bodies of writes and shows what they change, so it knows JSON, YAML and diffs; it sends nothing.
//! - Within `runtime` the layers go on: sources, probes, services, then the commands and the dashboard, which do not know each other.
//! - The loop of `runtime` holds the picture between two frames and reads the keys, so it names both screen crates.

/// A room of the house: a module with all that is in it.
pub(crate) struct Room {
    pub(crate) path: &'static str,
    pub(crate) layer: u8,
    /// The highest layer of which it may name anything.
    pub(crate) sees: Option<u8>,
    /// What else it may name.
    pub(crate) also: &'static [&'static str],
}

const fn room(path: &'static str, layer: u8, sees: Option<u8>, also: &'static [&'static str]) -> Room {
    Room { path, layer, sees, also }
}

/// The longest path that fits counts.
pub(crate) const ROOMS: &[Room] = &[
    room("text", 0, None, &[]),
    room("limits", 0, None, &[]),
    room("model::id", 0, Some(0), &[]),
    room("model::kind", 0, Some(0), &[]),
    room("model::symbol", 0, Some(0), &[]),
    room("model::arena", 0, Some(0), &[]),
    room("model", 1, Some(1), &[]),
    room("facts", 2, Some(1), &[]),
    room("wire", 2, Some(1), &[]),
    room("project", 2, Some(1), &["wire"]),
    room("x509", 2, Some(1), &["wire"]),
    room("probe", 2, Some(1), &["facts"]),
    room("triage", 2, Some(1), &["facts", "probe"]),
    room("query", 2, Some(1), &["triage"]),
    room("yaml", 2, Some(1), &["query"]),
    room("command", 3, Some(2), &[]),
    room("keymap", 3, Some(2), &["command"]),
    room("action", 3, Some(2), &["command"]),
    room("app", 4, Some(3), &[]),
    room("theme", 5, Some(4), &[]),
    room("ui", 5, Some(4), &["theme"]),
    room("probe::dns", 6, Some(2), &[]),
    room("probe::http", 6, Some(2), &["probe::dns", "probe::tls"]),
    room("probe::tls", 6, Some(2), &[]),
    room("probe::survey", 6, Some(2), &["probe::dns", "probe::http", "probe::tls"]),
    // The rim that writes takes what the table of actions planned; the rest of `cluster` only asks.
    room("cluster::mutate", 6, Some(3), &["cluster"]),
    room("cluster", 6, Some(2), &[]),
    room("watch", 6, Some(2), &["cluster", "recording"]),
    room("recording", 6, Some(3), &[]),
    room("report", 6, Some(3), &[]),
    room("sim", 6, None, &["text"]),
    room("cli", 7, Some(7), &[]),
    room("config", 7, Some(7), &[]),
    room("runtime", 7, Some(7), &[]),
    room("runtime::source", 8, Some(8), &[]),
    room("runtime::probing", 9, Some(9), &[]),
    room("runtime::service", 10, Some(10), &[]),
    // Neither names the other: what both need is a service or lies below.
    room("runtime::command", 11, Some(10), &[]),
    room("runtime::dashboard", 11, Some(10), &[]),
    room("runtime::dispatch", 12, Some(12), &[]),
    room("main", 13, Some(13), &[]),
    room("lib", 13, Some(13), &[]),
];

/// Who may import a crate.
pub(crate) enum Users {
    /// Everybody.
    All,
    /// The layers from one to another.
    Layers(u8, u8),
    /// These rooms.
    Rooms(&'static [&'static str]),
}

use Users::{All, Layers, Rooms};

/// Those that wait for something.
const ASYNC: &[&str] =
    &["cluster", "watch", "sim", "probe::dns", "probe::http", "probe::tls", "probe::survey", "runtime", "main"];

pub(crate) const CRATES: &[(&str, Users)] = &[
    ("chrono", All),
    ("hashbrown", All),
    ("rustc_hash", All),
    ("smallvec", All),
    ("unicode_segmentation", Rooms(&["text", "app", "ui"])),
    ("unicode_width", Rooms(&["text", "app", "ui"])),
    ("thiserror", Layers(2, 13)),
    ("serde", Layers(2, 13)),
    ("serde_json", Rooms(&["wire", "action", "recording", "report", "cluster", "watch", "sim", "cli", "runtime"])),
    ("saphyr_parser", Rooms(&["yaml"])),
    (
        "serde_yaml",
        Rooms(&["yaml", "keymap", "action", "triage", "theme", "report", "sim", "config", "cli", "runtime"]),
    ),
    // What a write changes is shown before it is sent.
    ("aho_corasick", Rooms(&["recording"])),
    ("similar", Rooms(&["action"])),
    ("strsim", Rooms(&["query", "app"])),
    ("schemars", Rooms(&["keymap", "config", "cli", "runtime"])),
    ("regex", Rooms(&["query", "triage"])),
    // All findings as one automaton.
    ("regex_automata", Rooms(&["triage"])),
    ("ratatui", Rooms(&["theme", "ui", "runtime::terminal", "runtime::dashboard"])),
    ("crossterm", Rooms(&["runtime::terminal", "runtime::dashboard"])),
    ("anstyle_svg", Rooms(&["ui"])),
    ("kube", Rooms(&["cluster", "watch", "sim"])),
    ("k8s_openapi", Rooms(&["cluster", "watch", "sim"])),
    ("hickory_proto", Rooms(&["probe::dns", "sim"])),
    ("hickory_resolver", Rooms(&["probe::dns"])),
    ("hickory_server", Rooms(&["sim"])),
    ("rustls", Rooms(&["cluster::configure", "cluster::identity", "probe::tls", "sim"])),
    ("secrecy", Rooms(&["cluster::configure", "cluster::identity"])),
    ("tokio_rustls", Rooms(&["probe::tls", "sim"])),
    ("webpki_root_certs", Rooms(&["probe::tls", "x509"])),
    ("rcgen", Rooms(&["sim"])),
    ("tokio_tungstenite", Rooms(&["sim"])),
    ("flate2", Rooms(&["sim", "runtime::source"])),
    ("hyper", Rooms(&["sim", "probe::http"])),
    ("hyper_util", Rooms(&["cluster::proxy", "cluster::mutate", "sim", "probe::http"])),
    ("json_patch", Rooms(&["sim"])),
    ("base64", Rooms(&["sim", "cluster", "facts", "x509"])),
    ("x509_parser", Rooms(&["sim", "cluster", "facts", "probe::tls", "x509"])),
    // Fingerprints.
    ("ring", Rooms(&["x509"])),
    ("bytes", Rooms(&["cluster", "watch", "sim", "probe::http"])),
    ("http", Rooms(&["cluster", "watch", "sim", "probe::http"])),
    ("http_body", Rooms(&["cluster", "watch", "sim", "probe::http"])),
    ("http_body_util", Rooms(&["cluster", "watch", "sim", "probe::http"])),
    ("pin_project_lite", Rooms(&["cluster", "watch", "sim"])),
    ("tower", Rooms(&["cluster", "watch", "sim", "runtime"])),
    ("tokio", Rooms(ASYNC)),
    ("futures", Rooms(ASYNC)),
    ("tracing", Layers(6, 13)),
    ("tracing_subscriber", Rooms(&["runtime"])),
    ("signal_hook", Rooms(&["runtime"])),
    ("clap", Rooms(&["cli", "main"])),
    ("clap_complete", Rooms(&["cli"])),
    ("clap_mangen", Rooms(&["cli"])),
    ("terminal_colorsaurus", Rooms(&["runtime"])),
    ("etcetera", Rooms(&["config", "cluster", "runtime"])),
    ("anyhow", Rooms(&["main", "runtime"])),
];
