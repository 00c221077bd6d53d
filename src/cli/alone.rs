//! Commands that ask no cluster and show no screen: most flags of cmtop mean nothing to them, and are refused.

use clap::{Arg, Command as Definition};

use super::{Cli, Command};

/// The commands, and which flags they take all the same.
const ALONE: [(&str, &[&str]); 5] = [
    ("completion", &[]),
    ("explain", &["ascii", "config"]),
    ("man", &[]),
    ("simulate", &["config", "log_level", "log_file"]),
    ("version", &[]),
];

/// Commands with a source of their own, and the flags that would name another one.
const SOURCES: [(&str, &[&str]); 3] =
    [("demo", &["from", "demo", "at"]), ("record", &["from", "demo", "at"]), ("replay", &["from", "demo"])];

/// The definition of cmtop whose help at these commands leaves out what they do not take.
pub(super) fn without_flags(command: Definition) -> Definition {
    let flags: Vec<Arg> = command.get_arguments().filter(|arg| arg.is_global_set()).cloned().collect();
    // A flag of the same name that is its own takes the place of the one for all commands; `check` refuses it.
    let without = |command: Definition, name: &str, refused: &dyn Fn(&str) -> bool| {
        let refused = flags.iter().filter(|flag| refused(flag.get_id().as_str()));
        let refused: Vec<Arg> = refused.map(|flag| flag.clone().global(false).hide(true)).collect();
        command.mut_subcommand(name, |command| command.args(refused))
    };
    let command = ALONE
        .into_iter()
        .fold(command, |command, (name, taken)| without(command, name, &|flag| !taken.contains(&flag)));
    SOURCES
        .into_iter()
        .fold(command, |command, (name, refused)| without(command, name, &|flag| refused.contains(&flag)))
}

/// Refuses what a command of these does not take, wherever it stands.
pub(super) fn check(cli: &Cli) -> Result<(), String> {
    let Some((name, taken)) =
        cli.command.as_ref().and_then(name).and_then(|name| ALONE.iter().find(|row| row.0 == name))
    else {
        return Ok(());
    };
    let given = [cli.connection.given(), cli.recorded.given(), cli.scope.given(), cli.look.given()].concat();
    let is_taken = |flag: &&str| taken.contains(&&*flag.trim_start_matches('-').replace('-', "_"));
    match given.iter().find(|flag| !is_taken(flag)) {
        Some(flag) => Err(format!("{flag} means nothing to `{name}`, which asks no cluster and shows no screen")),
        None => Ok(()),
    }
}

const fn name(command: &Command) -> Option<&'static str> {
    match command {
        Command::Completion { .. } => Some("completion"),
        Command::Explain(_) => Some("explain"),
        Command::Man(_) => Some("man"),
        Command::Simulate(_) => Some("simulate"),
        Command::Version(_) => Some("version"),
        _ => None,
    }
}
