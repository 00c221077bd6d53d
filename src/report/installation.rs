//! [`Installation`]: every path and setting in use, and where each came from (`cmtop info`, `cmtop.info/v1`).

use serde::Serialize;

use super::Style;
use super::sheet::{Rule, Sheet};

/// What cmtop runs with here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Installation {
    /// The version of cmtop.
    pub version: String,
    /// Files and directories that cmtop reads or writes.
    pub paths: Vec<Place>,
    /// Every setting.
    pub settings: Vec<Choice>,
    /// What of the settings cannot be used, and why.
    pub faults: Vec<String>,
    /// The terminal.
    pub terminal: Terminal,
    /// Files that were looked at for a cluster, in their order.
    pub kubeconfig: Vec<Place>,
    /// The context in use; `None` when no cluster was found.
    pub context: Option<Context>,
    /// Rights that were asked for.
    pub rights: Vec<Right>,
}

/// A file or directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// What it is for: `config file`.
    pub purpose: String,
    /// Where it is, or would be.
    pub path: String,
    /// Whether it is there.
    pub exists: bool,
}

/// A setting in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// As the config file names it: `readOnly`.
    pub name: String,
    /// Its value, in words.
    pub value: String,
    /// Where it came from: `default`, `state`, `file`, `environment` or `flag`.
    pub origin: String,
    /// Which file, variable or flag; `None` for a default.
    pub source: Option<String>,
}

/// The terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Terminal {
    /// `TERM`.
    pub term: Option<String>,
    /// `COLORTERM`.
    pub colorterm: Option<String>,
    /// Columns and lines; `None` when the output is no terminal.
    pub size: Option<(u16, u16)>,
    /// Whether more than ASCII is used.
    pub unicode: bool,
    /// How many colours are used: `none`, `16`, `256`, `true colour`.
    pub colors: String,
    /// Where copied text goes: `xclip`, `OSC 52`, `none`.
    pub clipboard: String,
    /// Why there.
    pub clipboard_why: String,
}

/// The context of a kubeconfig.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// Its name.
    pub name: String,
    /// The cluster that it names.
    pub cluster: String,
    /// The URL of that cluster's API server.
    pub server: String,
    /// The user that it names.
    pub user: String,
    /// Its namespace.
    pub namespace: String,
    /// The version of Kubernetes there; `None` when it does not answer.
    pub kubernetes: Option<String>,
    /// Why it does not answer.
    pub silent: Option<String>,
}

/// A right that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Right {
    /// `list certificates.cert-manager.io`.
    pub what: String,
    /// Whether it is granted; `None` when that could not be asked.
    pub allowed: Option<bool>,
}

/// The document, with its schema in front.
#[derive(Serialize)]
struct Document<'i> {
    schema: &'static str,
    #[serde(flatten)]
    installation: &'i Installation,
}

impl Installation {
    /// For programs.
    pub fn document(&self, format: super::document::Format) -> Result<String, super::document::WriteError> {
        super::document::write(&Document { schema: "cmtop.info/v1", installation: self }, format)
    }

    /// For people.
    pub fn text(&self, style: &Style) -> String {
        let sections = [
            ("Paths", places(&self.paths)),
            ("Settings", self.settings.iter().map(choice).collect()),
            ("Faults", self.faults.iter().map(|fault| [fault.clone(), String::new(), String::new()]).collect()),
            ("Terminal", self.terminal.rows()),
            ("Kubeconfig", places(&self.kubeconfig)),
            ("Context", self.context.as_ref().map_or_else(no_context, Context::rows)),
            ("Rights", rights(&self.rights)),
        ];
        let mut out = format!("cmtop {}\n", self.version);
        for (title, rows) in sections {
            if !rows.is_empty() {
                out.push_str(&section(title, rows, style));
            }
        }
        style.plain(&out).into_owned()
    }
}

fn section(title: &str, rows: Vec<[String; 3]>, style: &Style) -> String {
    let mut sheet = Sheet::new(&[("", Rule::Left(64)), ("", Rule::Left(48)), ("", Rule::Left(0))]);
    for row in rows {
        sheet.push(row.to_vec());
    }
    let lines = sheet.lines(true, style.width);
    lines.iter().fold(format!("\n{title}\n"), |section, line| section + "  " + line + "\n")
}

fn places(places: &[Place]) -> Vec<[String; 3]> {
    let absent = |place: &Place| if place.exists { "" } else { "(not there)" };
    places.iter().map(|place| [place.purpose.clone(), place.path.clone(), absent(place).to_owned()]).collect()
}

fn choice(choice: &Choice) -> [String; 3] {
    let source = choice.source.as_ref().map_or_else(|| choice.origin.clone(), |s| format!("{} {s}", choice.origin));
    [choice.name.clone(), choice.value.clone(), source]
}

/// A line for each resource: what may be done with it, and what may not.
fn rights(rights: &[Right]) -> Vec<[String; 3]> {
    let mut resources: Vec<(&str, [Vec<&str>; 3])> = Vec::new();
    for right in rights {
        let (verb, resource) = right.what.split_once(' ').unwrap_or((&right.what, ""));
        let at = resources.iter().position(|(known, _)| *known == resource).unwrap_or_else(|| {
            resources.push((resource, Default::default()));
            resources.len() - 1
        });
        let column = match right.allowed {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        };
        if let Some((_, answers)) = resources.get_mut(at) {
            answers[column].push(verb);
        }
    }
    let line = |(resource, [may, may_not, unknown]): (&str, [Vec<&str>; 3])| {
        let may = if may.is_empty() { "nothing".to_owned() } else { may.join(", ") };
        let rest = [("may not", may_not), ("could not be asked:", unknown)];
        let rest = rest.iter().filter(|(_, verbs)| !verbs.is_empty());
        let rest: Vec<String> = rest.map(|(what, verbs)| format!("{what} {}", verbs.join(", "))).collect();
        [resource.to_owned(), may, rest.join("; ")]
    };
    resources.into_iter().map(line).collect()
}

fn no_context() -> Vec<[String; 3]> {
    vec![row("none", "no cluster was found; `cmtop demo` needs none")]
}

fn row(name: &str, value: &str) -> [String; 3] {
    [name.to_owned(), value.to_owned(), String::new()]
}

impl Terminal {
    fn rows(&self) -> Vec<[String; 3]> {
        let unset = |value: &Option<String>| value.clone().unwrap_or_else(|| "not set".to_owned());
        let size =
            self.size.map_or_else(|| "not a terminal".to_owned(), |(columns, lines)| format!("{columns}×{lines}"));
        vec![
            row("TERM", &unset(&self.term)),
            row("COLORTERM", &unset(&self.colorterm)),
            row("size", &size),
            row("characters", if self.unicode { "Unicode" } else { "ASCII" }),
            row("colours", &self.colors),
            row("clipboard", &format!("{} ({})", self.clipboard, self.clipboard_why)),
        ]
    }
}

impl Context {
    fn rows(&self) -> Vec<[String; 3]> {
        vec![
            row("context", &self.name),
            row("cluster", &self.cluster),
            row("server", &self.server),
            row("user", &self.user),
            row("namespace", &self.namespace),
            match (&self.kubernetes, &self.silent) {
                (Some(version), _) => row("Kubernetes", version),
                (None, why) => row("Kubernetes", why.as_deref().unwrap_or("does not answer")),
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::Format;

    fn installation() -> Installation {
        let right = |verb: &str, resource: &str, allowed| Right { what: format!("{verb} {resource}"), allowed };
        let place = |purpose: &str, path: &str, exists| Place { purpose: purpose.into(), path: path.into(), exists };
        let (clipboard, clipboard_why) = ("xclip".to_owned(), "$DISPLAY is set".to_owned());
        let terminal = Terminal { clipboard, clipboard_why, ..Terminal::default() };
        Installation {
            version: "0.1.0".to_owned(),
            paths: vec![place("config file", "/home/me/.config/cmtop/config.yaml", false)],
            settings: vec![Choice {
                name: "utc".to_owned(),
                value: "yes".to_owned(),
                origin: "flag".to_owned(),
                source: Some("--utc".to_owned()),
            }],
            faults: vec!["--theme: there is no theme `drak`; did you mean `dark`?".to_owned()],
            terminal: Terminal { term: Some("xterm".to_owned()), size: Some((80, 24)), ..terminal },
            kubeconfig: vec![place("$KUBECONFIG", "/home/me/.kube/config", true)],
            context: None,
            rights: vec![
                right("list", "secrets", Some(false)),
                right("list", "orders.acme.cert-manager.io", Some(true)),
                right("watch", "orders.acme.cert-manager.io", Some(true)),
                right("update", "certificates.cert-manager.io/status", None),
                right("delete", "orders.acme.cert-manager.io", Some(false)),
            ],
        }
    }

    #[test]
    fn it_reads_like_this() {
        let expected = "\
cmtop 0.1.0

Paths
  config file  /home/me/.config/cmtop/config.yaml  (not there)

Settings
  utc  yes  flag --utc

Faults
  --theme: there is no theme `drak`; did you mean `dark`?

Terminal
  TERM        xterm
  COLORTERM   not set
  size        80×24
  characters  ASCII
  colours
  clipboard   xclip ($DISPLAY is set)

Kubeconfig
  $KUBECONFIG  /home/me/.kube/config

Context
  none  no cluster was found; `cmtop demo` needs none

Rights
  secrets                              nothing      may not list
  orders.acme.cert-manager.io          list, watch  may not delete
  certificates.cert-manager.io/status  nothing      could not be asked: update
";
        assert_eq!(installation().text(&Style::default()), expected);
    }

    #[test]
    fn its_document_leaves_nothing_out() {
        let json = installation().document(Format::Json).unwrap();
        let document: serde_json::Value = serde_json::from_str(&json).unwrap();
        let keys: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
        let expected =
            ["context", "faults", "kubeconfig", "paths", "rights", "schema", "settings", "terminal", "version"];
        assert_eq!(keys, expected);
        assert_eq!(document["context"], serde_json::Value::Null);
    }
}
