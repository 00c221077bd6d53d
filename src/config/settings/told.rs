//! How settings are told: as a config file that would choose the same, and as a list.

use std::fmt::Write as _;
use std::path::Path;

use super::{Origin, Settings};
use crate::app::effect::Desktop;
use crate::app::notices::Rule;
use crate::command::COMMANDS;
use crate::report::installation::Choice;

impl Settings {
    /// Every setting in force as a config file, each with where it came from.
    pub fn written(&self) -> String {
        let quoted = |path: &Path| serde_yaml::to_string(path).unwrap_or_default().trim_end().to_owned();
        let word = |word: &str| serde_yaml::to_string(word).unwrap_or_default().trim_end().to_owned();
        let list = |words: &[String]| format!("[{}]", words.iter().map(|w| word(w)).collect::<Vec<_>>().join(", "));
        let theme = self.theme.value.as_deref();
        let log = self.log_file.value.as_deref();
        let lines = [
            (theme.map(word), "theme", &self.theme.origin),
            (Some(self.color.value.as_str().to_owned()), "color", &self.color.origin),
            (Some(self.ascii.value.to_string()), "ascii", &self.ascii.origin),
            (Some(self.utc.value.to_string()), "utc", &self.utc.origin),
            (Some(list(&self.namespaces.value)), "namespaces", &self.namespaces.origin),
            (Some(self.read_only.value.to_string()), "readOnly", &self.read_only.origin),
            (Some(self.mouse.value.to_string()), "mouse", &self.mouse.origin),
            (Some(self.clipboard.value.as_str().to_owned()), "clipboard", &self.clipboard.origin),
            (Some(quoted(&self.screen_directory.value)), "screenDirectory", &self.screen_directory.origin),
            (Some(word(&self.log_level.value)), "logLevel", &self.log_level.origin),
            (log.map(quoted), "logFile", &self.log_file.origin),
        ];
        let mut out = String::new();
        for (value, name, origin) in lines {
            let source = origin.source().unwrap_or_else(|| origin.as_str().to_owned());
            let line = value.map_or_else(|| format!("# {name}:"), |value| format!("{name}: {value}"));
            let _ = writeln!(out, "{line:<40} # {source}");
        }
        for part in ["columns", "sort", "wide"] {
            let of = self.looks.sources.iter().filter(|source| source.part == part);
            for (i, source) in of.enumerate() {
                let value = self.looks.value(source);
                let value = if part == "columns" { list(&value) } else { value.join("") };
                let origin = source.origin.source().unwrap_or_default();
                // A config file has no wide tables: they are chosen on the screen.
                let hash = if part == "wide" { "# " } else { "" };
                if i == 0 {
                    let _ = writeln!(out, "{hash}{part}:");
                }
                let line = format!("{hash}  {}: {value}", source.kind.row().plural);
                let _ = writeln!(out, "{line:<40} # {origin}");
            }
        }
        out.push_str("probe:\n");
        let resolvers: Vec<String> = self.probe_resolvers.value.iter().map(ToString::to_string).collect();
        for (name, value, origin) in [
            ("resolvers", list(&resolvers), &self.probe_resolvers.origin),
            ("automatic", self.probe_automatic.value.to_string(), &self.probe_automatic.origin),
        ] {
            let source = origin.source().unwrap_or_else(|| origin.as_str().to_owned());
            let _ = writeln!(out, "  {:<38} # {source}", format!("{name}: {value}"));
        }
        self.notices.iter().enumerate().for_each(|(i, rule)| out.push_str(&notice(i == 0, rule, &list)));
        out.push_str("keys:\n");
        for row in COMMANDS {
            let _ = writeln!(out, "  {}: {}", row.name, list(&self.keymap.keys_of(row.command)));
        }
        out
    }

    /// Every setting for `cmtop info`, by the name that it has in the config file.
    pub fn choices(&self) -> Vec<Choice> {
        let switch = |on: bool| if on { "yes" } else { "no" }.to_owned();
        let namespaces = &self.namespaces.value;
        let scope = if namespaces.is_empty() { "all that may be seen".to_owned() } else { namespaces.join(", ") };
        let theme = self.theme.value.clone().unwrap_or_else(|| "as suits the terminal".to_owned());
        let resolvers: Vec<String> = self.probe_resolvers.value.iter().map(ToString::to_string).collect();
        let resolvers = if resolvers.is_empty() { "public ones".to_owned() } else { resolvers.join(", ") };
        let log = self.log_file.value.as_ref().map_or_else(|| "none".to_owned(), |path| path.display().to_string());
        let mut choices = vec![
            choice("theme", theme, &self.theme.origin),
            choice("color", self.color.value.as_str().to_owned(), &self.color.origin),
            choice("ascii", switch(self.ascii.value), &self.ascii.origin),
            choice("utc", switch(self.utc.value), &self.utc.origin),
            choice("namespaces", scope, &self.namespaces.origin),
            choice("readOnly", switch(self.read_only.value), &self.read_only.origin),
            choice("mouse", switch(self.mouse.value), &self.mouse.origin),
            choice("clipboard", self.clipboard.value.as_str().to_owned(), &self.clipboard.origin),
            choice("probe.resolvers", resolvers, &self.probe_resolvers.origin),
            choice("probe.automatic", switch(self.probe_automatic.value), &self.probe_automatic.origin),
            choice("screenDirectory", self.screen_directory.value.display().to_string(), &self.screen_directory.origin),
            choice("logLevel", self.log_level.value.clone(), &self.log_level.origin),
            choice("logFile", log, &self.log_file.origin),
        ];
        choices.extend(self.looks.sources.iter().map(|source| {
            let value = self.looks.value(source).join(", ");
            let value = if value.is_empty() { switch(true) } else { value };
            choice(&format!("{}.{}", source.part, source.kind.row().plural), value, &source.origin)
        }));
        choices
    }
}

/// A rule of notices as a config file has it.
fn notice(first: bool, rule: &Rule, list: &dyn Fn(&[String]) -> String) -> String {
    let head = if first { "notices:\n" } else { "" };
    let verdicts: Vec<String> = rule.verdicts.iter().map(|verdict| verdict.as_str().to_owned()).collect();
    let desktop = match rule.desktop {
        Some(Desktop::Osc9) => "    desktop: osc9\n",
        Some(Desktop::Osc777) => "    desktop: osc777\n",
        None => "",
    };
    format!(
        "{head}  - verdicts: {}\n    namespaces: {}\n    bell: {}\n{desktop}    command: {}\n",
        list(&verdicts),
        list(&rule.namespaces),
        rule.bell,
        list(&rule.command)
    )
}

fn choice(name: &str, value: String, origin: &Origin) -> Choice {
    Choice { name: name.to_owned(), value, origin: origin.as_str().to_owned(), source: origin.source() }
}
