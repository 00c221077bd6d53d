//! `cmtop config`: the settings on paper.

use std::fmt::Write as _;

use crate::cli::{Cli, Command, Config, ConfigAct};
use crate::config::environment::Environment;
use crate::config::fault::ConfigError;
use crate::config::file::File;
use crate::config::paths;
use crate::report::exit::ExitStatus;
use crate::runtime::failure::Failure;
use crate::runtime::print::{print, warn};
use crate::runtime::program::Program;
use crate::runtime::wardrobe::Wardrobe;
use crate::theme::contrast::READABLE;
use crate::theme::depth::Depth;

/// For `cmtop config check`: tells every fault of the file, where all else ends at the first one.
pub fn refuse(cli: &Cli, environment: &Environment) -> Result<(), Failure> {
    let checks = matches!(&cli.command, Some(Command::Config(Config { what: ConfigAct::Check { .. } })));
    let found = paths::config_file(cli.config_file(), environment).filter(|_| checks);
    let Some(path) = found.map(|found| found.value).filter(|path| path.exists()) else { return Ok(()) };
    let (file, mut faults) = File::readable(&path);
    let wardrobe = Wardrobe::new(paths::theme_directory(environment), Depth::True, None);
    let themes = file.themes(&path).into_iter();
    faults.extend(themes.filter_map(|(origin, name)| Some(wardrobe.find(name).err()?.of_setting(&origin))));
    faults.sort_by_key(ConfigError::place);
    let Some(last) = faults.pop() else { return Ok(()) };
    faults.iter().for_each(|fault| warn(&fault.to_string()));
    Err(Failure::usage(last))
}

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
