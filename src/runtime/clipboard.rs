//! [`Ways`]: which ways a text may take to a clipboard, by what the environment says of where the person sits.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::terminal::Around;
use crate::config::clipboard::Clipboard as Wish;
use crate::config::environment::Environment;

/// A program that takes its input for a clipboard.
#[derive(Debug, PartialEq, Eq)]
pub struct Taker {
    /// Its name.
    pub program: &'static str,
    /// What it is started with.
    pub arguments: &'static [&'static str],
    /// One of these variables is set where it has a clipboard; with none named it has one wherever it is installed.
    given: &'static [&'static str],
}

/// The programs of systems that have a clipboard; the first that is there is used.
const NATIVE: &[Taker] = &[
    Taker { program: "clip.exe", arguments: &[], given: &["WSL_DISTRO_NAME", "WSL_INTEROP"] },
    Taker { program: "pbcopy", arguments: &[], given: &[] },
    Taker { program: "wl-copy", arguments: &[], given: &["WAYLAND_DISPLAY"] },
    Taker { program: "xclip", arguments: &["-selection", "clipboard"], given: &["DISPLAY"] },
    Taker { program: "xsel", arguments: &["--input", "--clipboard"], given: &["DISPLAY"] },
];

/// tmux hears `OSC 52` of the programs in it only where it was told to; what it is given it passes on (since 3.2).
const TMUX: Taker = Taker { program: "tmux", arguments: &["load-buffer", "-w", "-"], given: &["TMUX"] };

/// The variables that say that a person sits elsewhere.
const REMOTE: &[&str] = &["SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT"];

/// The ways, the first one that works is taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Ways {
    /// Programs, in the order in which they are tried.
    pub programs: Vec<&'static Taker>,
    /// The terminal, where it is told when no program took the text.
    pub terminal: Option<Around>,
    /// Why it is these.
    pub why: String,
}

impl Ways {
    /// The ways that there are here.
    pub fn of(wish: Wish, environment: &Environment) -> Self {
        let path = environment.get("PATH").unwrap_or_default();
        Self::among(wish, environment, |program| {
            std::env::split_paths(path).any(|directory| is_program(&directory.join(program)))
        })
    }

    fn among(wish: Wish, environment: &Environment, is_there: impl Fn(&str) -> bool) -> Self {
        let set = |names: &[&'static str]| names.iter().copied().find(|name| environment.get(name).is_some());
        let may = |taker: &Taker| taker.given.is_empty() || set(taker.given).is_some();
        let native = || NATIVE.iter().find(|taker| may(taker) && is_there(taker.program));
        let terminal = if set(TMUX.given).is_some() { Around::Tmux } else { Around::Nothing };
        let by_choice = format!("`clipboard: {}`", wish.as_str());
        let (native, terminal, why) = match (wish, set(REMOTE)) {
            (Wish::Off, _) => (None, None, by_choice),
            (Wish::Osc52, _) => (None, Some(terminal), by_choice),
            (Wish::Auto, Some(variable)) => (None, Some(terminal), format!("over SSH: ${variable} is set")),
            (Wish::Native | Wish::Auto, _) => {
                let found = native();
                let why = found.map_or_else(|| without(&may), |taker| because(taker, set(taker.given)));
                (found, Some(terminal).filter(|_| wish == Wish::Auto), why)
            }
        };
        let tmux = (wish == Wish::Auto && may(&TMUX) && is_there(TMUX.program)).then_some(&TMUX);
        Self { programs: native.into_iter().chain(tmux).collect(), terminal, why }
    }

    /// The way that is tried first.
    pub fn first(&self) -> &'static str {
        match (self.programs.as_slice(), self.terminal) {
            ([taker, ..], _) => taker.program,
            ([], Some(_)) => "OSC 52",
            ([], None) => "none",
        }
    }
}

fn because(taker: &Taker, variable: Option<&str>) -> String {
    variable.map_or_else(|| format!("{} is installed", taker.program), |variable| format!("${variable} is set"))
}

/// Why there is no program.
fn without(may: &dyn Fn(&Taker) -> bool) -> String {
    let asks = |taker: &&Taker| !taker.given.is_empty();
    let missing: Vec<&str> = NATIVE.iter().filter(asks).filter(|it| may(it)).map(|it| it.program).collect();
    if missing.is_empty() {
        return "there is no display here: neither $WAYLAND_DISPLAY nor $DISPLAY is set".to_owned();
    }
    format!("not installed: {}", missing.join(", "))
}

fn is_program(file: &Path) -> bool {
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_which_way() {
        type Row = (Wish, &'static [(&'static str, &'static str)], &'static [&'static str], &'static [&'static str]);
        const X: (&str, &str) = ("DISPLAY", ":0");
        const WAYLAND: (&str, &str) = ("WAYLAND_DISPLAY", "wayland-0");
        const SSH: (&str, &str) = ("SSH_TTY", "/dev/pts/1");
        const IN_TMUX: (&str, &str) = ("TMUX", "/tmp/tmux-0/default,1,0");
        const ALL: &[&str] = &["xclip", "xsel", "wl-copy", "tmux"];
        let table: &[(Row, &str)] = &[
            ((Wish::Auto, &[X], ALL, &["xclip"]), "$DISPLAY is set"),
            ((Wish::Auto, &[X], &["xsel"], &["xsel"]), "$DISPLAY is set"),
            ((Wish::Auto, &[X, WAYLAND], ALL, &["wl-copy"]), "$WAYLAND_DISPLAY is set"),
            ((Wish::Auto, &[X, IN_TMUX], ALL, &["xclip", "tmux"]), "$DISPLAY is set"),
            ((Wish::Auto, &[IN_TMUX], ALL, &["tmux"]), "there is no display here"),
            ((Wish::Auto, &[X, SSH], ALL, &[]), "over SSH: $SSH_TTY is set"),
            ((Wish::Auto, &[X, SSH, IN_TMUX], ALL, &["tmux"]), "over SSH"),
            ((Wish::Auto, &[X], &[], &[]), "not installed: xclip, xsel"),
            ((Wish::Auto, &[], &["pbcopy"], &["pbcopy"]), "pbcopy is installed"),
            ((Wish::Auto, &[X, ("WSL_DISTRO_NAME", "d")], &["clip.exe", "xclip"], &["clip.exe"]), "$WSL_DISTRO_NAME"),
            ((Wish::Native, &[X, SSH, IN_TMUX], ALL, &["xclip"]), "$DISPLAY is set"),
            ((Wish::Osc52, &[X, IN_TMUX], ALL, &[]), "`clipboard: osc52`"),
            ((Wish::Off, &[X], ALL, &[]), "`clipboard: off`"),
        ];
        for ((wish, variables, there, programs), why) in table {
            let ways = Ways::among(*wish, &variables.iter().copied().collect(), |program| there.contains(&program));
            let names: Vec<&str> = ways.programs.iter().map(|taker| taker.program).collect();
            assert_eq!(names, *programs, "{wish:?} {variables:?}");
            assert!(ways.why.starts_with(why), "{}", ways.why);
            let in_tmux = variables.contains(&IN_TMUX);
            let terminal = if in_tmux { Around::Tmux } else { Around::Nothing };
            let expected = matches!(wish, Wish::Auto | Wish::Osc52).then_some(terminal);
            assert_eq!(ways.terminal, expected, "{wish:?} {variables:?}");
        }
    }
}
