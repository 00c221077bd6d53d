//! [`Keys`]: the keys that somebody chose, as they are written.
//!
//! ```yaml
//! keys:
//!   preset: vim
//!   describe: [D, ctrl-x d]
//!   filter: f
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;

use super::fault::{ConfigError, Fault, place_of};
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
}

impl Keys {
    /// The keymap that they make.
    pub fn keymap(&self) -> Result<Keymap, KeysError> {
        let keys = |chosen: &Chosen| match chosen {
            Chosen::Digit(digit) => vec![digit.to_string()],
            Chosen::One(keys) => vec![keys.clone()],
            Chosen::Several(keys) => keys.clone(),
        };
        let own: Bindings = self.commands.iter().map(|(name, chosen)| (name.clone(), keys(chosen))).collect();
        Keymap::of(self.preset, &own).map_err(KeysError)
    }
}

/// Keys that cannot be.
#[derive(Debug)]
pub struct KeysError(BindingError);

impl KeysError {
    /// With the place where it stands in a file.
    pub fn in_file(self, file: &Path, text: &str) -> ConfigError {
        let place = place_of(text, self.0.about());
        let what = crate::text::clean(&self.0.to_string(), crate::limits::MESSAGE).into_owned();
        ConfigError::File(Fault { file: file.to_owned(), place, what })
    }
}
