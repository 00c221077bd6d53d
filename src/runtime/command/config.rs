//! `cmtop config`: the settings on paper.

use crate::cli::{Config, ConfigAct};
use crate::config::file::File;
use crate::report::exit::ExitStatus;
use crate::runtime::failure::{Failure, print};
use crate::runtime::program::Program;

/// `cmtop config`. Whatever is wrong with the config file or its keys was told before it came here.
pub fn config(program: &Program, wanted: &Config) -> Result<ExitStatus, Failure> {
    let text = match &wanted.what {
        ConfigAct::Print => program.settings.written(),
        ConfigAct::Schema => schema()?,
        ConfigAct::Check { .. } => {
            program.look()?;
            match program.config.as_ref().filter(|config| config.value.exists()) {
                Some(config) => format!("{}: good\n", config.value.display()),
                None => "there is no config file: every setting has its default\n".to_owned(),
            }
        }
    };
    print(&text).map(|()| ExitStatus::Good)
}

fn schema() -> Result<String, Failure> {
    let schema = schemars::schema_for!(File);
    serde_json::to_string_pretty(&schema).map(|text| text + "\n").map_err(Failure::blind)
}
