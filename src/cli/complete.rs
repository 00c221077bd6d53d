//! Completions: what a shell may put in for the word that is being typed. The names themselves come from outside.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::sync::Arc;

use clap::{Command, CommandFactory as _, Parser as _};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate, complete};
use clap_complete::env::Shells;

use super::Cli;
use crate::sim::Story;
use crate::theme::BUNDLED;
use crate::triage::glossary::terms;
use crate::triage::signature::table;
use crate::triage::stage::Phase;
use crate::triage::verdict::Verdict;

/// Names that are offered: more than a shell shows.
pub const NAMES: usize = 500;

/// The variable by which the shell's script asks.
pub const VARIABLE: &str = "COMPLETE";

/// What names are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Certificates, with their namespaces.
    Certificates,
    /// Namespaces.
    Namespaces,
    /// Contexts of the kubeconfig.
    Contexts,
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
    let names = |wanted: Wanted| {
        let (words, known) = (words.to_vec(), Arc::clone(known));
        ArgValueCompleter::new(move |begun: &OsStr| candidates(wanted, begun, &words, &known))
    };
    let mut command = Cli::command()
        .mut_arg("namespaces", |arg| arg.add(names(Wanted::Namespaces)))
        .mut_arg("context", |arg| arg.add(names(Wanted::Contexts)))
        .mut_arg("theme", |arg| arg.add(one_of(|| BUNDLED.iter().map(|(name, _)| *name).collect())))
        .mut_subcommand("explain", |command| command.mut_arg("words", |arg| arg.add(one_of(explained))))
        .mut_subcommand("man", |command| command.mut_arg("about", |arg| arg.add(ArgValueCandidates::new(commands))))
        .mut_subcommand("wait", |command| {
            command.mut_arg("verdicts", |arg| arg.add(one_of(|| Verdict::ALL.map(Verdict::as_str).to_vec())))
        });
    for tells in ["demo", "simulate"] {
        let stories = || one_of(|| Story::names().collect());
        command = command.mut_subcommand(tells, |command| command.mut_arg("story", |arg| arg.add(stories())));
    }
    for (of, argument) in [
        ("status", "names"),
        ("timeline", "name"),
        ("watch", "names"),
        ("wait", "names"),
        ("bundle", "names"),
        ("doctor", "names"),
        ("renew", "names"),
        ("retry", "names"),
    ] {
        command =
            command.mut_subcommand(of, |command| command.mut_arg(argument, |arg| arg.add(names(Wanted::Certificates))));
    }
    command
}

/// The commands that have a page.
fn commands() -> Vec<CompletionCandidate> {
    let all = Cli::command();
    let told = all.get_subcommands().filter(|command| !command.is_hide_set());
    told.map(|command| CompletionCandidate::new(command.get_name())).collect()
}

/// What can be explained by a word of its own.
fn explained() -> Vec<&'static str> {
    let verdicts = Verdict::ALL.map(Verdict::as_str).into_iter();
    let phases = Phase::ALL.into_iter().map(Phase::as_str);
    let terms = terms().iter().map(|term| &*term.word);
    verdicts.chain(phases).chain(table().rows().iter().map(|row| &*row.id)).chain(terms).collect()
}

/// Names that come with the program.
fn one_of(names: fn() -> Vec<&'static str>) -> ArgValueCandidates {
    ArgValueCandidates::new(move || names().into_iter().map(CompletionCandidate::new).collect())
}

fn candidates(wanted: Wanted, begun: &OsStr, words: &[OsString], known: &Names) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    let Some(cli) = source(words) else { return Vec::new() };
    let fits = known(wanted, cli).into_iter().filter(|name| name.starts_with(&*begun));
    fits.take(NAMES).map(CompletionCandidate::new).collect()
}

/// The source that the words before the last one name.
fn source(words: &[OsString]) -> Option<Cli> {
    const FLAGS: [&str; 12] = [
        "--context",
        "--kubeconfig",
        "--cluster",
        "--user",
        "--server",
        "-s",
        "--as",
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
        } else if text == "--demo" || FLAGS.iter().any(|flag| text.starts_with(&format!("{flag}="))) {
            chosen.push(word.clone());
        }
    }
    Cli::try_parse_from(chosen).ok()
}
