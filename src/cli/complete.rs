//! Completions: what a shell may put in for the word that is being typed. The names themselves come from outside.

mod arguments;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::sync::Arc;

use clap::{Arg, Command, Parser as _};
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter as _, complete,
};
use clap_complete::env::Shells;

use self::arguments::{ARGUMENTS, From};
use super::Cli;
use crate::model::kind::Kind;

/// Names that are offered: more than a shell shows.
pub const NAMES: usize = 500;

/// The variable by which the shell's script asks.
pub const VARIABLE: &str = "COMPLETE";

/// What names are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Objects of kinds, with their namespaces, and with what stands in front of each: `challenge/`.
    Objects(Vec<(&'static str, Kind)>),
    /// Namespaces.
    Namespaces,
    /// Contexts of the kubeconfig.
    Contexts,
    /// Clusters of the kubeconfig.
    Clusters,
    /// Users of the kubeconfig.
    Users,
    /// Themes, one's own too.
    Themes,
}

/// Who knows names: for what is wanted, on the source that a command line names.
pub type Names = Arc<dyn Fn(Wanted, Cli) -> Vec<String> + Send + Sync>;

/// The scripts of our own: those that come with clap part a word at `:` and `=`, and quote a `~`.
const SCRIPTS: [(&str, &str); 2] =
    [("bash", include_str!("shells/cmtop.bash")), ("zsh", include_str!("shells/cmtop.zsh"))];

/// The script that has a shell ask this program.
pub fn script(shell: &str) -> io::Result<String> {
    if let Some((_, own)) = SCRIPTS.iter().find(|(name, _)| *name == shell) {
        return Ok((*own).to_owned());
    }
    let shells = Shells::builtins();
    let mut out = Vec::new();
    let known = shells.completer(shell).ok_or_else(|| io::Error::other(format!("no completions for {shell}")))?;
    known.write_registration(VARIABLE, "cmtop", "cmtop", "cmtop", &mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Answers the script of a shell, where it asks: the words stand after `--`.
pub fn answer(shell: &OsStr, arguments: Vec<OsString>, names: &Names) -> io::Result<Vec<u8>> {
    let shells = Shells::builtins();
    let name = Path::new(shell).file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let known = shells.completer(name).ok_or_else(|| io::Error::other(format!("no completions for {name}")))?;
    let words = at_home(arguments.into_iter().skip_while(|word| word != "--").skip(1).collect());
    let mut out = Vec::new();
    known.write_complete(&mut command(&words, names), words, None, &mut out)?;
    Ok(out)
}

/// Answers kubectl, which asks `kubectl_complete-cmtop` with the words after `kubectl cmtop`: one candidate a line, and
/// a last line which says that there are no file names to add.
pub fn for_kubectl(words: Vec<OsString>, names: &Names) -> io::Result<String> {
    let words: Vec<OsString> = std::iter::once(OsString::from("cmtop")).chain(words).collect();
    let last = words.len().saturating_sub(1).max(1);
    let mut words = words;
    if words.len() == 1 {
        words.push(OsString::new());
    }
    let candidates = complete(&mut command(&words, names), words, last, None)?;
    let mut out = String::new();
    for candidate in &candidates {
        out.push_str(&candidate.get_value().to_string_lossy());
        if let Some(help) = candidate.get_help() {
            out.push('\t');
            out.push_str(help.to_string().lines().next().unwrap_or_default());
        }
        out.push('\n');
    }
    out.push_str(":4\n");
    Ok(out)
}

/// Words as the program would get them: a shell hands over what was typed, with `~` for the home directory. The last one
/// is left as it is: what completes it begins with it.
fn at_home(mut words: Vec<OsString>) -> Vec<OsString> {
    let Some(home) = std::env::home_dir() else { return words };
    let typed = words.len().saturating_sub(1);
    for word in words.iter_mut().take(typed) {
        if let Ok(rest) = Path::new(&*word).strip_prefix("~") {
            *word = home.join(rest).into_os_string();
        }
    }
    words
}

/// Leaves the flags to whoever has begun one: a list of names is not to be searched for among thirty of them. Where there
/// is nothing else they are offered.
fn names_first(command: Command) -> Command {
    let command = command.disable_help_flag(true).disable_version_flag(true);
    let hidden = command.mut_args(|arg| if arg.is_positional() { arg } else { arg.hide(true) });
    hidden.mut_subcommands(names_first)
}

/// The command line, with the names that its arguments can have.
fn command(words: &[OsString], known: &Names) -> Command {
    let command = with_names(words, known);
    let flag = words.last().is_some_and(|word| word.to_string_lossy().starts_with('-'));
    if flag { command } else { names_first(command) }
}

fn with_names(words: &[OsString], known: &Names) -> Command {
    let mut command = super::definition();
    for (of, argument, names) in ARGUMENTS {
        let add = |arg: Arg| match *names {
            From::Program(words) => arg.add(ArgValueCandidates::new(move || words().map(candidate).collect())),
            From::OrFile(words) => arg.add(ArgValueCompleter::new(move |begun: &OsStr| {
                let fits = words.iter().filter(|word| word.starts_with(&*begun.to_string_lossy()));
                fits.map(|word| candidate(*word)).chain(PathCompleter::file().complete(begun)).collect()
            })),
            From::Source(wanted) => {
                let (words, known) = (words.to_vec(), Arc::clone(known));
                arg.add(ArgValueCompleter::new(move |begun: &OsStr| {
                    candidates(wanted(&words), &begun.to_string_lossy(), &words, &known)
                }))
            }
        };
        command = match *of {
            "" => command.mut_arg(argument, add),
            of => command.mut_subcommand(of, |command| command.mut_arg(argument, add)),
        };
    }
    command
}

fn candidate(name: impl Into<OsString>) -> CompletionCandidate {
    CompletionCandidate::new(name)
}

fn candidates(wanted: Wanted, begun: &str, words: &[OsString], known: &Names) -> Vec<CompletionCandidate> {
    let Some(cli) = source(words) else { return Vec::new() };
    let wanted = match wanted {
        // What cannot be meant any more is not asked for.
        Wanted::Objects(kinds) => Wanted::Objects(
            kinds.into_iter().filter(|(front, _)| front.starts_with(begun) || begun.starts_with(front)).collect(),
        ),
        other => other,
    };
    let fits = known(wanted, cli).into_iter().filter(|name| name.starts_with(begun));
    fits.take(NAMES).map(candidate).collect()
}

/// The source that the words before the last one name.
fn source(words: &[OsString]) -> Option<Cli> {
    const FLAGS: [&str; 17] = [
        "--context",
        "--kubeconfig",
        "--cluster",
        "--user",
        "--server",
        "-s",
        "--as",
        "--as-group",
        "--token",
        "--certificate-authority",
        "--request-timeout",
        "--theme",
        "--namespace",
        "-n",
        "--from",
        "--at",
        "--config",
    ];
    let mut chosen: Vec<OsString> = vec!["cmtop".into()];
    let mut rest = words.iter().take(words.len().saturating_sub(1));
    while let Some(word) = rest.next() {
        let text = word.to_string_lossy();
        if FLAGS.contains(&&*text) {
            if let Some(value) = rest.next() {
                chosen.extend([word.clone(), value.clone()]);
            }
        } else if matches!(&*text, "--demo" | "--insecure-skip-tls-verify")
            || FLAGS.iter().any(|flag| text.starts_with(&format!("{flag}=")))
        {
            chosen.push(word.clone());
        }
    }
    Cli::try_parse_from(chosen).ok()
}
