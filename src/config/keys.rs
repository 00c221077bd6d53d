//! [`Keys`]: the keys that somebody chose, as they are written.
//!
//! ```yaml
//! keys:
//!   preset: vim
//!   describe: [D, ctrl-x d]
//!   filter: f
//! ```

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::fault::Misfit;
use crate::keymap::{BindingError, Bindings, Keymap, Preset};

/// Keys: a preset, and after it commands by their names, each with all the keys that it shall have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Keys {
    /// What the keys are that are not named: `k9s` or `vim`.
    pub preset: Preset,
    /// The keys of a command, such as `describe: [d, ctrl-x d]`; `[]` for none.
    #[serde(flatten)]
    pub commands: BTreeMap<String, Chosen>,
}

/// One key, or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Chosen {
    /// A digit, which YAML takes for a number.
    Digit(u8),
    /// A key, or a sequence with blanks between.
    One(String),
    /// Several.
    Several(Vec<String>),
    /// What is none of these, and is refused.
    #[schemars(skip)]
    Neither(serde_yaml::Value),
}

impl Keys {
    /// The keymap that they make.
    pub fn keymap(&self) -> Result<Keymap, Misfit> {
        let mut own = Bindings::new();
        for (name, chosen) in &self.commands {
            let keys = match chosen {
                Chosen::Digit(digit) => vec![digit.to_string()],
                Chosen::One(keys) => vec![keys.clone()],
                Chosen::Several(keys) => keys.clone(),
                Chosen::Neither(_) => {
                    let what = format!("`{name}` needs a key, such as D, or a list of keys, such as [D, ctrl-x d]");
                    return Err(Misfit::value(path(name), what));
                }
            };
            own.insert(name.clone(), keys);
        }
        Keymap::of(self.preset, &own).map_err(|error| self.misfit(&error))
    }

    /// What of them cannot be, one command after the other.
    pub(super) fn misfits(&self) -> Vec<Misfit> {
        let (mut rest, mut misfits) = (self.clone(), Vec::new());
        while let Err(misfit) = rest.keymap() {
            let command = misfit.path.trim_start_matches("keys.").split('[').next().unwrap_or_default();
            let dropped = rest.commands.remove(command);
            misfits.push(misfit);
            if dropped.is_none() {
                break;
            }
        }
        misfits
    }

    /// A fault of the keymap, with the path to what somebody wrote.
    fn misfit(&self, error: &BindingError) -> Misfit {
        match error {
            BindingError::Key { command, nth, .. } => match self.commands.get(*command) {
                Some(Chosen::Several(_)) => Misfit::value(format!("{}[{nth}]", path(command)), error),
                _ => Misfit::value(path(command), error),
            },
            _ => {
                // What somebody wrote is the thing to look at, and what stands against it may be written there too.
                let mut written = error.about().into_iter().filter(|name| self.commands.contains_key(*name));
                let misfit = Misfit::key(path(written.next().unwrap_or("preset")), error);
                let pair = matches!(error, BindingError::Clash { .. } | BindingError::Hidden { .. });
                Misfit { against: written.next().filter(|_| pair).map(path), ..misfit }
            }
        }
    }
}

fn path(command: &str) -> String {
    format!("keys.{command}")
}
