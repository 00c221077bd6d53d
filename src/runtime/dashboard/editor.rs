//! The person's editor: a text goes in, and comes back.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::config::environment::Environment;

/// The editor that kubectl would use: `$KUBE_EDITOR`, else `$EDITOR`, else `vi`.
pub fn command(environment: &Environment) -> String {
    let named = |name| environment.get(name).filter(|text| !text.trim().is_empty());
    named("KUBE_EDITOR").or_else(|| named("EDITOR")).unwrap_or("vi").to_owned()
}

/// Lets a person edit a text. The error says why nothing came back; what was written until then stays in the file that
/// it names.
pub fn edit(editor: &str, ticket: u64, text: &str) -> Result<String, String> {
    let file = std::env::temp_dir().join(format!("cmtop-edit-{}-{ticket}.yaml", std::process::id()));
    write(&file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    // Editors are named with their arguments: `code --wait`.
    let ended = Command::new("sh").arg("-c").arg(format!("{editor} \"$1\"")).arg("sh").arg(&file).status();
    match ended {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(format!("the editor ended with {status}; {} is kept", file.display())),
        Err(error) => return Err(format!("cannot run {editor}: {error}")),
    }
    let edited = read(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let _ = fs::remove_file(&file);
    Ok(edited)
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    // A file of that name is a leftover of ours: the name bears our process.
    let _ = fs::remove_file(file);
    OpenOptions::new().create_new(true).write(true).mode(0o600).open(file)?.write_all(text.as_bytes())
}

fn read(file: &PathBuf) -> io::Result<String> {
    if fs::metadata(file)?.len() > crate::limits::ANSWER as u64 {
        return Err(io::Error::other("it is larger than any object"));
    }
    fs::read_to_string(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_in_and_comes_back() {
        assert_eq!(edit("sed -i s/a/b/", 1, "a: 1\n"), Ok("b: 1\n".to_owned()));
        assert!(edit("false", 2, "a: 1\n").unwrap_err().contains("is kept"));
    }

    #[test]
    fn kubectl_s_editor_comes_first() {
        let of = |pairs: &[(&'static str, &'static str)]| command(&pairs.iter().copied().collect());
        assert_eq!(of(&[("EDITOR", "nano"), ("KUBE_EDITOR", "code --wait")]), "code --wait");
        assert_eq!(of(&[("EDITOR", "nano"), ("KUBE_EDITOR", " ")]), "nano");
        assert_eq!(of(&[]), "vi");
    }
}
