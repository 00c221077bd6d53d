//! The pictures of the documents, as the program draws them.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test uses a part of it")]

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots")
}

/// Whether the picture of that name is what the program shows. With `UPDATE` in the environment it is drawn again.
pub fn is_current(name: &str, shown: &Buffer) -> bool {
    let drawn = cmtop::ui::picture::svg(shown);
    let file = folder().join(format!("{name}.svg"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(&file, &drawn).unwrap();
    }
    std::fs::read_to_string(&file).unwrap_or_default() == drawn
}
