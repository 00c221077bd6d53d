//! [`Contexts`]: the contexts of the kubeconfig, read when somebody asks for them.

use crate::cli::Cli;
use crate::cluster::Options;
use crate::cluster::kubeconfig;
use crate::config::environment::Environment;
use crate::limits;
use crate::runtime::program::Program;
use crate::text::clean;

/// Where contexts are looked for.
#[derive(Debug, Default)]
pub struct Contexts(Option<(Options, Cli, Environment)>);

impl Contexts {
    /// Where the command line of a program says.
    pub fn of(program: &Program) -> Self {
        Self(Some((program.options(), program.cli.clone(), program.environment.clone())))
    }

    fn names(&self) -> Result<(Vec<String>, Option<String>), String> {
        let Some((options, ..)) = &self.0 else { return Err("there are no contexts here".to_owned()) };
        let found = kubeconfig::find(options).map_err(|error| error.to_string())?;
        let in_use = options.context.clone().or(found.config.current_context);
        Ok((found.config.contexts.into_iter().map(|context| context.name).collect(), in_use))
    }

    /// Their names, and whether each is the one in use. A name that no terminal may be given is left out.
    pub fn contexts(&self) -> Result<Vec<(String, bool)>, String> {
        let (names, in_use) = self.names()?;
        let harmless = |name: &String| clean(name, limits::NAME) == name.as_str();
        let marked = |name: String| {
            let used = in_use.as_ref() == Some(&name);
            (name, used)
        };
        Ok(names.into_iter().filter(harmless).map(marked).collect())
    }

    /// Whether there is a context of that name.
    fn has(&self, name: &str) -> Result<(), String> {
        let (names, _) = self.names()?;
        let known = names.iter().any(|known| known == name);
        known.then_some(()).ok_or_else(|| format!("there is no context {}", clean(name, limits::NAME)))
    }

    /// The same program in another context; or why it cannot be: the config file may have a part of its own for it.
    pub fn program_in(&self, name: &str) -> Result<Program, String> {
        self.has(name)?;
        let Some((_, cli, environment)) = self.0.clone() else { return Err("there are no contexts here".to_owned()) };
        let program = Program::in_context(cli, environment, name.to_owned());
        let usable = program.and_then(|program| program.look().map(|_| program));
        usable.map_err(|failure| format!("context {name} cannot be used: {}", clean(&failure.what, limits::MESSAGE)))
    }
}
