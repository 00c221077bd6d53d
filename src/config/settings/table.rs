//! [`SETTINGS`]: every setting that is one value, where it can be chosen, and what it is in force.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::Settings;
use crate::cli::ColorChoice;
use crate::config::clipboard::Clipboard;
use crate::config::setting::{Origin, Setting};

/// A setting.
#[derive(Debug)]
pub struct Row {
    /// Its name in the config file.
    pub name: &'static str,
    /// Its flag; empty for none.
    pub flag: &'static str,
    /// Its variable; empty for none.
    pub variable: &'static str,
    /// What it is when nobody chose it, in words.
    pub default: &'static str,
    /// What it is in force.
    pub told: fn(&Settings) -> Told,
}

/// What a setting is in force.
#[derive(Debug)]
pub struct Told<'s> {
    /// As a config file would choose it; `None` where a file can only leave it out.
    pub written: Option<String>,
    /// In words; `None` where nothing is chosen.
    pub words: Option<String>,
    /// Where it came from.
    pub origin: &'s Origin,
}

macro_rules! settings {
    ($( $row:ident: $field:ident, $name:literal, $flag:literal, $variable:literal, $default:literal; )*) => {
        $(pub(super) static $row: Row = Row {
            name: $name,
            flag: $flag,
            variable: $variable,
            default: $default,
            told: |settings| told(&settings.$field),
        };)*

        /// Every setting that is one value, in the order in which they are told.
        pub static SETTINGS: &[&Row] = &[$(&$row),*];
    };
}

settings! {
    THEME: theme, "theme", "--theme", "CMTOP_THEME", "as suits the terminal";
    COLOR: color, "color", "--color", "CMTOP_COLOR", "auto";
    ASCII: ascii, "ascii", "--ascii", "CMTOP_ASCII", "no, where the locale speaks UTF-8";
    UTC: utc, "utc", "--utc", "CMTOP_UTC", "no";
    NAMESPACES: namespaces, "namespaces", "--namespace", "CMTOP_NAMESPACES", "all that may be seen";
    READ_ONLY: read_only, "readOnly", "--read-only", "CMTOP_READ_ONLY", "no";
    MOUSE: mouse, "mouse", "", "CMTOP_MOUSE", "yes";
    CLIPBOARD: clipboard, "clipboard", "", "CMTOP_CLIPBOARD", "auto";
    PROBE_RESOLVERS: probe_resolvers, "probe.resolvers", "", "", "public ones";
    PROBE_AUTOMATIC: probe_automatic, "probe.automatic", "", "CMTOP_PROBE_AUTOMATIC", "no";
    SCREEN_DIRECTORY: screen_directory, "screenDirectory", "", "CMTOP_SCREEN_DIRECTORY", "$XDG_STATE_HOME/cmtop/screens";
    LOG_LEVEL: log_level, "logLevel", "--log-level", "CMTOP_LOG_LEVEL", "info";
    LOG_FILE: log_file, "logFile", "--log-file", "CMTOP_LOG_FILE", "none";
}

fn told<T: Value>(setting: &Setting<T>) -> Told<'_> {
    Told { written: setting.value.written(), words: setting.value.words(), origin: &setting.origin }
}

/// A text as YAML has it: in quotes where it needs them.
pub(super) fn quoted(text: &str) -> String {
    serde_yaml::to_string(text).unwrap_or_default().trim_end().to_owned()
}

/// Texts as a list on one line.
pub(super) fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

/// What a setting can be.
trait Value {
    /// In words; `None` where nothing is chosen.
    fn words(&self) -> Option<String>;

    /// As a config file chooses it; `None` where it can only leave it out.
    fn written(&self) -> Option<String> {
        self.words().map(|words| quoted(&words))
    }
}

impl Value for bool {
    fn words(&self) -> Option<String> {
        Some(if *self { "yes" } else { "no" }.to_owned())
    }

    fn written(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Value for ColorChoice {
    fn words(&self) -> Option<String> {
        Some(self.as_str().to_owned())
    }
}

impl Value for Clipboard {
    fn words(&self) -> Option<String> {
        Some(self.as_str().to_owned())
    }
}

impl Value for String {
    fn words(&self) -> Option<String> {
        Some(self.clone())
    }
}

impl Value for PathBuf {
    fn words(&self) -> Option<String> {
        Some(self.display().to_string())
    }
}

impl Value for Vec<String> {
    fn words(&self) -> Option<String> {
        (!self.is_empty()).then(|| self.join(", "))
    }

    fn written(&self) -> Option<String> {
        Some(list(self))
    }
}

impl Value for Vec<SocketAddr> {
    fn words(&self) -> Option<String> {
        self.iter().map(ToString::to_string).collect::<Vec<_>>().words()
    }

    fn written(&self) -> Option<String> {
        Some(list(&self.iter().map(ToString::to_string).collect::<Vec<_>>()))
    }
}

impl<T: Value> Value for Option<T> {
    fn words(&self) -> Option<String> {
        self.as_ref().and_then(T::words)
    }

    fn written(&self) -> Option<String> {
        self.as_ref().and_then(T::written)
    }
}
