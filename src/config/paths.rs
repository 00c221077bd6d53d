//! Where cmtop keeps its files, by the XDG rules.

use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::setting::{Origin, Setting};

/// The config file in use: `--config`, else `$CMTOP_CONFIG`, else `$XDG_CONFIG_HOME/cmtop/config.yaml`.
///
/// `None` where not even a home directory is known.
pub fn config_file(flag: Option<&Path>, environment: &Environment) -> Option<Setting<PathBuf>> {
    if let Some(path) = flag {
        return Some(Setting::new(path.to_owned(), Origin::Flag("--config")));
    }
    if let Some(path) = environment.get("CMTOP_CONFIG") {
        return Some(Setting::new(expand(Path::new(path), environment), Origin::Environment("CMTOP_CONFIG")));
    }
    let directory = base(environment, "XDG_CONFIG_HOME", ".config")?;
    Some(Setting::new(directory.join("cmtop").join("config.yaml"), Origin::Default))
}

/// Where a team keeps findings of its own: `$XDG_CONFIG_HOME/cmtop/signatures`.
pub fn signature_directory(environment: &Environment) -> Option<PathBuf> {
    Some(base(environment, "XDG_CONFIG_HOME", ".config")?.join("cmtop").join("signatures"))
}

/// Where themes of one's own are: `$XDG_CONFIG_HOME/cmtop/themes`, one file a theme.
pub fn theme_directory(environment: &Environment) -> Option<PathBuf> {
    Some(base(environment, "XDG_CONFIG_HOME", ".config")?.join("cmtop").join("themes"))
}

/// Where saved screens go when nothing else is said: `$XDG_STATE_HOME/cmtop/screens`, else the current directory.
pub fn screen_directory(environment: &Environment) -> PathBuf {
    let state = base(environment, "XDG_STATE_HOME", ".local/state");
    state.map_or_else(|| PathBuf::from("."), |state| state.join("cmtop").join("screens"))
}

/// Where the dashboard puts recordings and bundles: `$XDG_STATE_HOME/cmtop`, else the current directory.
pub fn state_directory(environment: &Environment) -> PathBuf {
    base(environment, "XDG_STATE_HOME", ".local/state").map_or_else(|| PathBuf::from("."), |state| state.join("cmtop"))
}

/// Where actions are noted: `$XDG_STATE_HOME/cmtop/actions.jsonl`; `None` where not even a home directory is known.
pub fn action_log(environment: &Environment) -> Option<PathBuf> {
    base(environment, "XDG_STATE_HOME", ".local/state").map(|state| state.join("cmtop").join("actions.jsonl"))
}

/// Where it is kept how tables look: `$XDG_STATE_HOME/cmtop/views.yaml`; `None` where not even a home directory is known.
pub fn views(environment: &Environment) -> Option<PathBuf> {
    base(environment, "XDG_STATE_HOME", ".local/state").map(|state| state.join("cmtop").join("views.yaml"))
}

/// A path whose `~` stands for the home directory.
pub fn expand(path: &Path, environment: &Environment) -> PathBuf {
    match (path.strip_prefix("~"), environment.get("HOME")) {
        (Ok(rest), Some(home)) => Path::new(home).join(rest),
        _ => path.to_owned(),
    }
}

/// One of the XDG directories. A relative path in its variable is ignored, as the specification asks.
fn base(environment: &Environment, variable: &str, below_home: &str) -> Option<PathBuf> {
    let own = environment.get(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    own.or_else(|| Some(Path::new(environment.get("HOME")?).join(below_home)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_config_file_is_found_where_people_say_it_is() {
        let xdg = ("XDG_CONFIG_HOME", "/xdg");
        let own = ("CMTOP_CONFIG", "/a.yaml");
        let table = [
            (Some("own.yaml"), own, "own.yaml"),
            (None, own, "/a.yaml"),
            (None, ("CMTOP_CONFIG", "~/a.yaml"), "/home/me/a.yaml"),
            (None, xdg, "/xdg/cmtop/config.yaml"),
            (None, ("XDG_CONFIG_HOME", "relative"), "/home/me/.config/cmtop/config.yaml"),
        ];
        for (flag, variable, expected) in table {
            let environment = [variable, ("HOME", "/home/me")].into_iter().collect();
            let found = config_file(flag.map(Path::new), &environment).unwrap();
            assert_eq!(found.value, PathBuf::from(expected));
        }
        assert_eq!(config_file(None, &Environment::default()), None);
    }
}
