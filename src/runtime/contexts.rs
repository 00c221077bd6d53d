//! [`Contexts`]: the contexts of the kubeconfig, read when somebody asks for them.

use crate::cluster::Options;
use crate::cluster::kubeconfig;
use crate::limits;
use crate::text::clean;

/// Where contexts are looked for.
#[derive(Debug, Default)]
pub struct Contexts(pub Option<Options>);

impl Contexts {
    fn names(&self) -> Result<(Vec<String>, Option<String>), String> {
        let Some(options) = &self.0 else { return Err("there are no contexts here".to_owned()) };
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
    pub fn has(&self, name: &str) -> Result<(), String> {
        let (names, _) = self.names()?;
        let known = names.iter().any(|known| known == name);
        known.then_some(()).ok_or_else(|| format!("there is no context {}", clean(name, limits::NAME)))
    }
}
