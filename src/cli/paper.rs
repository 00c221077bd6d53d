//! The command line on paper: the manual pages, one for cmtop and one for each command.

use std::io;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;

/// The manual page of cmtop, or of one of its commands, in roff; `None` when there is no such command.
pub fn man(about: Option<&str>) -> io::Result<Option<String>> {
    let cmtop = built();
    let command = match about {
        None => Some(&cmtop),
        Some(name) => cmtop.find_subcommand(name).filter(|command| !command.is_hide_set()),
    };
    command.map(page).transpose()
}

/// Writes all pages into a directory, `cmtop.1` and `cmtop-status.1` … Returns how many.
pub fn man_pages(directory: &Path) -> io::Result<usize> {
    std::fs::create_dir_all(directory)?;
    let cmtop = built();
    let commands = cmtop.get_subcommands().filter(|command| !command.is_hide_set());
    let mut written = 0;
    for command in std::iter::once(&cmtop).chain(commands) {
        std::fs::write(directory.join(format!("{}.1", name(command))), page(command)?)?;
        written += 1;
    }
    Ok(written)
}

/// The command line with all that clap derives: the flags of cmtop at each command, and the names of the pages.
fn built() -> Command {
    let mut command = super::definition();
    command.build();
    command
}

fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(command: &Command) -> io::Result<String> {
    let mut out = Vec::new();
    Man::new(command.clone()).title(name(command)).render(&mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_that_the_first_one_names() {
        let first = man(None).unwrap().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let written = man_pages(folder.path()).unwrap();
        let commands = built();
        let shown: Vec<&Command> = commands.get_subcommands().filter(|command| !command.is_hide_set()).collect();
        assert_eq!(written, shown.len() + 1);
        for command in shown {
            let name = name(command);
            assert!(first.contains(&format!("{}(1)", name.replace('-', "\\-"))), "cmtop(1) does not name {name}(1)");
            let page = std::fs::read_to_string(folder.path().join(format!("{name}.1"))).unwrap();
            assert_eq!(man(Some(command.get_name())).unwrap().as_ref(), Some(&page));
            assert!(page.contains(".SH SYNOPSIS") && page.contains(".SH NAME"), "{page}");
        }
        assert_eq!(man(Some("complete")).unwrap(), None, "what is hidden has no page");
    }
}
