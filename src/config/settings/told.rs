//! How settings are told: as a config file that would choose the same, and as a list.

use std::fmt::Write as _;

use super::Settings;
use super::table::{Row, SETTINGS, Told, list};
use crate::app::effect::Desktop;
use crate::app::notices::Rule;
use crate::command::COMMANDS;
use crate::config::keys::Keys;
use crate::config::setting::{Origin, Setting};
use crate::keymap::Preset;
use crate::report::installation::Choice;
use crate::text::count;

impl Settings {
    /// Every setting in force as a config file, each with where it came from.
    pub fn written(&self) -> String {
        let mut out = String::new();
        // What belongs to another has its own heading, after the rest.
        let (of_probe, own): (Vec<&Row>, Vec<&Row>) = SETTINGS.iter().copied().partition(|row| row.name.contains('.'));
        own.iter().for_each(|row| self.line(row, "", &mut out));
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
        of_probe.iter().for_each(|row| self.line(row, "probe.", &mut out));
        self.notices.value.iter().enumerate().for_each(|(i, rule)| out.push_str(&notice(i == 0, rule)));
        out.push_str("keys:\n");
        for row in COMMANDS {
            let _ = writeln!(out, "  {}: {}", row.name, list(&self.keymap.keys_of(row.command)));
        }
        out
    }

    /// A line of the config file: the value, and where it came from.
    fn line(&self, row: &Row, above: &str, out: &mut String) {
        let Told { written, origin, .. } = (row.told)(self);
        let source = origin.source().unwrap_or_else(|| origin.as_str().to_owned());
        let name = row.name.trim_start_matches(above);
        let line = written.map_or_else(|| format!("# {name}:"), |value| format!("{name}: {value}"));
        let indent = if above.is_empty() { "" } else { "  " };
        let _ = writeln!(out, "{:<40} # {source}", format!("{indent}{line}"));
    }

    /// Every setting for `cmtop info`, by the name that it has in the config file.
    pub fn choices(&self) -> Vec<Choice> {
        let own = SETTINGS.iter().map(|row| {
            let Told { words, origin, .. } = (row.told)(self);
            choice(row.name, words.unwrap_or_else(|| row.default.to_owned()), origin)
        });
        let mut choices: Vec<Choice> = own.collect();
        choices.extend(self.looks.sources.iter().map(|source| {
            let value = self.looks.value(source).join(", ");
            let value = if value.is_empty() { "yes".to_owned() } else { value };
            choice(&format!("{}.{}", source.part, source.kind.row().plural), value, &source.origin)
        }));
        choices.extend(self.keys());
        choices.extend(self.bells());
        choices
    }

    /// Which keys there are to begin with, and which are one's own.
    fn keys(&self) -> [Choice; 2] {
        let Setting { value: Keys { preset, commands }, origin } = &self.keys;
        let names: Vec<&str> = commands.keys().map(String::as_str).collect();
        let own = match names.len() {
            0 => "none of your own".to_owned(),
            n => format!("{} of your own: {}", count(n, "command"), names.join(", ")),
        };
        let of = |chosen: bool| if chosen { origin } else { &Origin::Default };
        [
            choice("keys.preset", preset.as_str().to_owned(), of(*preset != Preset::default())),
            choice("keys", own, of(!names.is_empty())),
        ]
    }

    /// What rings, a rule a line.
    fn bells(&self) -> Vec<Choice> {
        let Setting { value: rules, origin } = &self.notices;
        if rules.is_empty() {
            return vec![choice("notices", "none".to_owned(), origin)];
        }
        rules.iter().enumerate().map(|(i, rule)| choice(&format!("notices[{i}]"), bell(rule), origin)).collect()
    }
}

/// A rule of notices in words: `stuck, expired in shop: bell, logger`.
fn bell(rule: &Rule) -> String {
    let verdicts: Vec<&str> = rule.verdicts.iter().map(|verdict| verdict.as_str()).collect();
    let what = if verdicts.is_empty() { "what needs a person".to_owned() } else { verdicts.join(", ") };
    let place = if rule.namespaces.is_empty() { String::new() } else { format!(" in {}", rule.namespaces.join(", ")) };
    let how = [
        rule.bell.then_some("bell"),
        rule.desktop.is_some().then_some("desktop"),
        rule.command.first().map(String::as_str),
    ];
    let how: Vec<&str> = how.into_iter().flatten().collect();
    let how = if how.is_empty() { "nothing rings".to_owned() } else { how.join(", ") };
    format!("{what}{place}: {how}")
}

/// A rule of notices as a config file has it.
fn notice(first: bool, rule: &Rule) -> String {
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
