//! `cmtop config`: the settings on paper.

use std::fmt::Write as _;

use crate::cli::{Config, ConfigAct};
use crate::config::file::File;
use crate::report::exit::ExitStatus;
use crate::runtime::failure::{Failure, print};
use crate::runtime::program::Program;
use crate::theme::contrast::READABLE;

/// `cmtop config`. Whatever is wrong with the config file or its keys was told before it came here.
pub fn config(program: &Program, wanted: &Config) -> Result<ExitStatus, Failure> {
    let text = match &wanted.what {
        ConfigAct::Print => program.settings.written(),
        ConfigAct::Schema => schema()?,
        ConfigAct::Check { .. } => check(program)?,
    };
    print(&text).map(|()| ExitStatus::Good)
}

/// Says that the config file can be used, with the themes that it names; and what of them is hard to read.
fn check(program: &Program) -> Result<String, Failure> {
    let (_, wardrobe) = program.look()?;
    let mut themes = vec![wardrobe.worn().to_owned()];
    let config = program.config.as_ref().filter(|config| config.value.exists());
    let mut text = match config {
        Some(config) => format!("{}: good\n", config.value.display()),
        None => "there is no config file: every setting has its default\n".to_owned(),
    };
    if let Some(config) = config {
        let file = File::read(&config.value, true).map_err(Failure::usage)?;
        for (origin, name) in file.themes(&config.value) {
            wardrobe.find(name).map_err(|error| Failure::usage(error.of_setting(&origin)))?;
            themes.push(name.to_owned());
        }
    }
    themes.sort();
    themes.dedup();
    for name in themes {
        let theme = wardrobe.find(&name).map_err(Failure::usage)?;
        for faint in theme.faint() {
            let _ = writeln!(text, "theme {name}: {faint}, where {READABLE} is asked for: hard to read");
        }
    }
    Ok(text)
}

fn schema() -> Result<String, Failure> {
    let schema = schemars::schema_for!(File);
    serde_json::to_string_pretty(&schema).map(|text| text + "\n").map_err(Failure::blind)
}
