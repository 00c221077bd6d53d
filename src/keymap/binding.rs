//! [`Keymap::of`]: a preset, and the keys that somebody chose instead.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Keymap;
use super::chord::Chord;
use crate::command::{COMMANDS, Command, Scope};
use crate::query::likely::likely;

/// Keys to begin with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// As in k9s.
    #[default]
    K9s,
    /// As in vim.
    Vim,
}

/// The keys of commands, by the commands' names.
pub type Bindings = BTreeMap<String, Vec<String>>;

/// Why keys cannot be what was chosen. Each names the command that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BindingError {
    /// No command of that name.
    #[error("there is no command `{0}`; {1}")]
    Command(String, String),
    /// A text that is no key.
    #[error("`{command}` cannot be on that key: {why}")]
    Key {
        /// The command.
        command: &'static str,
        /// Which of its keys, from 0.
        nth: usize,
        /// What is wrong.
        why: String,
    },
    /// One key, two commands.
    #[error("the key `{keys}` would mean both `{one}` and `{other}`: give one of them another key")]
    Clash {
        /// The keys.
        keys: String,
        /// A command.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// A key that another sequence begins with.
    #[error("`{longer}` of `{other}` could never be typed: `{keys}` is already `{one}`")]
    Hidden {
        /// The shorter keys.
        keys: String,
        /// Their command.
        one: &'static str,
        /// The longer keys.
        longer: String,
        /// Their command.
        other: &'static str,
    },
    /// Nothing leaves the program, and nothing can be typed that does.
    #[error("nothing would leave cmtop: give `quit`, `quit-keep`, `cancel` or `command` a key")]
    NoWayOut,
    /// A preset of ours that is no map of commands.
    #[error("the preset cannot be read: {0}")]
    Preset(String),
}

impl BindingError {
    /// The commands that the fault is about, the one to look at first.
    pub fn about(&self) -> Vec<&str> {
        match self {
            Self::Command(name, _) => vec![name],
            Self::Key { command, .. } => vec![command],
            Self::Clash { one, other, .. } => vec![one, other],
            Self::Hidden { one, other, .. } => vec![other, one],
            Self::NoWayOut => WAYS_OUT.iter().map(|command| name_of(*command)).collect(),
            Self::Preset(_) => vec!["preset"],
        }
    }
}

/// One of these has to have a key: a dashboard has to be left.
const WAYS_OUT: [Command; 4] = [Command::Leave, Command::QuitKeep, Command::Cancel, Command::Palette];

impl Preset {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::K9s => "k9s",
            Self::Vim => "vim",
        }
    }

    fn bindings(self) -> Result<Bindings, BindingError> {
        match self {
            Self::K9s => Ok(Bindings::new()),
            Self::Vim => serde_yaml::from_str(include_str!("presets/vim.yaml"))
                .map_err(|error| BindingError::Preset(error.to_string())),
        }
    }
}

/// A key on which a command of some pages hides one that is meant for all of them: the key, the one, the other.
type Shadow = (String, Command, Command);

/// The shadows that the presets throw themselves. Those are meant so, in whatever file they are written.
static MEANT: LazyLock<BTreeSet<Shadow>> = LazyLock::new(|| {
    let presets = [Preset::K9s, Preset::Vim].into_iter();
    presets.filter_map(|preset| Keymap::bound(preset, &Bindings::new()).ok()).flat_map(|it| it.shadows()).collect()
});

impl Keymap {
    /// A preset with the keys that somebody chose. A command that is named has exactly the keys that are named with it.
    pub fn of(preset: Preset, own: &Bindings) -> Result<Self, BindingError> {
        let keymap = Self::bound(preset, own)?;
        keymap.check(own).map(|()| keymap)
    }

    /// The same, clashes and all.
    fn bound(preset: Preset, own: &Bindings) -> Result<Self, BindingError> {
        let mut bound: BTreeMap<Command, Vec<String>> =
            COMMANDS.iter().map(|row| (row.command, row.keys.iter().map(ToString::to_string).collect())).collect();
        for (name, keys) in preset.bindings()?.iter().chain(own) {
            let command = Command::named(name).ok_or_else(|| BindingError::Command(name.clone(), nearest(name)))?;
            bound.insert(command, keys.clone());
        }
        let mut map: BTreeMap<Vec<Chord>, Vec<Command>> = BTreeMap::new();
        for (command, keys) in bound {
            let name = command.row().map_or("", |row| row.name);
            for (nth, key) in keys.iter().enumerate() {
                let chords: Result<Vec<Chord>, String> = key.split(' ').map(Chord::parse).collect();
                let chords = chords.map_err(|why| BindingError::Key { command: name, nth, why })?;
                map.entry(chords).or_default().push(command);
            }
        }
        Ok(Self(map))
    }

    fn check(&self, own: &Bindings) -> Result<(), BindingError> {
        let shadow = || self.shadows().into_iter().find(|shadow| !MEANT.contains(shadow));
        if let Some((keys, a, b)) = self.clashes().into_iter().next().or_else(shadow) {
            let (a, b) = (name_of(a), name_of(b));
            // The one that somebody chose is the one to look at.
            let (one, other) = if own.contains_key(b) && !own.contains_key(a) { (b, a) } else { (a, b) };
            return Err(BindingError::Clash { keys, one, other });
        }
        if let Some((keys, one, longer, other)) = self.hidden().into_iter().next() {
            return Err(BindingError::Hidden { keys, one: name_of(one), longer, other: name_of(other) });
        }
        let way_out = WAYS_OUT.iter().any(|command| self.key_of(*command).is_some());
        way_out.then_some(()).ok_or(BindingError::NoWayOut)
    }

    /// Keys of commands of some pages that are also those of one for all pages.
    fn shadows(&self) -> Vec<Shadow> {
        let is_general = |command: Command| command.row().is_some_and(|row| row.scope == Scope::Everywhere);
        let mut shadows = Vec::new();
        for (keys, commands) in &self.0 {
            let Some(general) = commands.iter().copied().find(|command| is_general(*command)) else { continue };
            let narrow = commands.iter().copied().filter(|command| !is_general(*command));
            shadows.extend(narrow.map(|narrow| (super::shown(keys), narrow, general)));
        }
        shadows
    }

    /// Sequences that can never be typed, because a command is done as soon as they begin.
    fn hidden(&self) -> Vec<(String, Command, String, Command)> {
        let scope = |command: Command| command.row().map(|row| row.scope);
        let mut hidden = Vec::new();
        for (longer, others) in self.0.iter().filter(|(keys, _)| keys.len() > 1) {
            for length in 1..longer.len() {
                let begin = longer.get(..length).unwrap_or_default();
                for one in self.0.get(begin).into_iter().flatten() {
                    let covers =
                        |other: &&Command| scope(*one) == Some(Scope::Everywhere) || scope(*one) == scope(**other);
                    let found = others.iter().filter(covers);
                    hidden.extend(found.map(|other| (super::shown(begin), *one, super::shown(longer), *other)));
                }
            }
        }
        hidden
    }
}

fn name_of(command: Command) -> &'static str {
    command.row().map_or("", |row| row.name)
}

fn nearest(name: &str) -> String {
    match likely(name, COMMANDS.iter().map(|row| row.name)) {
        Some(word) => format!("did you mean `{word}`?"),
        None => "`?` on the screen lists them".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::{Lookup, Place};

    fn own(pairs: &[(&str, &[&str])]) -> Bindings {
        pairs.iter().map(|(name, keys)| ((*name).to_owned(), keys.iter().map(ToString::to_string).collect())).collect()
    }

    #[test]
    fn the_presets_are_whole_and_clash_nowhere() {
        for preset in [Preset::K9s, Preset::Vim] {
            let keymap = Keymap::of(preset, &Bindings::new()).unwrap();
            assert!(keymap.key_of(Command::Leave).is_some(), "{preset:?}");
        }
    }

    #[test]
    fn what_is_written_out_whole_is_judged_as_what_was_chosen() {
        let whole = |keymap: &Keymap| -> Bindings {
            COMMANDS.iter().map(|row| (row.name.to_owned(), keymap.keys_of(row.command))).collect()
        };
        let chosen = [own(&[]), own(&[("describe", &["!"])]), own(&[("mark", &["R"])]), own(&[("describe", &["D"])])];
        for preset in [Preset::K9s, Preset::Vim] {
            for own in &chosen {
                let written = whole(&Keymap::bound(preset, own).unwrap());
                assert_eq!(Keymap::of(preset, own).is_ok(), Keymap::of(Preset::K9s, &written).is_ok(), "{own:?}");
            }
        }
    }

    #[test]
    fn a_named_command_has_the_named_keys_and_no_others() {
        let keymap = Keymap::of(Preset::K9s, &own(&[("describe", &["ctrl-x d"]), ("filter", &[])])).unwrap();
        assert_eq!(keymap.keys_of(Command::Describe), ["ctrl-x d"]);
        assert_eq!(keymap.key_of(Command::Filter), None);
        let place = Place { table: true, tree: false, recording: false, page: Scope::Everywhere };
        let typed: Vec<Chord> = ["ctrl-x", "d"].iter().map(|key| Chord::parse(key).unwrap()).collect();
        assert_eq!(keymap.lookup(&typed[..1], place), Lookup::Prefix);
        assert_eq!(keymap.lookup(&typed, place), Lookup::Found(Command::Describe));
    }

    #[test]
    fn what_cannot_be_is_refused_with_both_names() {
        type Bound<'b> = &'b [(&'b str, &'b [&'b str])];
        let mute: &[(&str, &[&str])] = &[("quit", &[]), ("quit-keep", &[]), ("cancel", &[]), ("command", &[])];
        let table: [(Bound, &str); 10] = [
            (mute, "nothing would leave cmtop: give `quit`, `quit-keep`, `cancel` or `command` a key"),
            (&[("describ", &["x"])], "there is no command `describ`; did you mean `describe`?"),
            (&[("describe", &["hyper-x"])], "`describe` cannot be on that key: `hyper-x`: `hyper` is no modifier"),
            (&[("describe", &["E"])], "the key `E` would mean both `describe` and `events`"),
            (&[("renew", &["X"]), ("mark", &["X"])], "the key `X` would mean both `mark` and `renew`"),
            (&[("mark", &["R"])], "the key `R` would mean both `mark` and `renew`"),
            (&[("describe", &["!"])], "the key `!` would mean both `describe` and `only-faults`"),
            (
                &[("describe", &["!"]), ("only-faults", &["!"])],
                "the key `!` would mean both `only-faults` and `describe`",
            ),
            (&[("find", &["R"])], "the key `R` would mean both `find` and `renew`"),
            (&[("describe", &["E d"])], "`E d` of `describe` could never be typed: `E` is already `events`"),
        ];
        for (chosen, wanted) in table {
            let said = Keymap::of(Preset::K9s, &own(chosen)).unwrap_err().to_string();
            assert!(said.starts_with(wanted), "{said}");
        }
    }
}
