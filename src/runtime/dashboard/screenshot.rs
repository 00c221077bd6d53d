//! A picture of the screen, as files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;

use crate::model::meta::Time;
use crate::ui::picture;

/// Saves a picture of the screen as text, ANSI and SVG; returns where.
pub fn save(directory: &Path, buffer: &Buffer, now: Time) -> io::Result<PathBuf> {
    fs::create_dir_all(directory)?;
    let stem = directory.join(format!("cmtop-{}", now.format("%Y%m%d-%H%M%S")));
    for (ending, content) in
        [("txt", picture::text(buffer)), ("ansi", picture::ansi(buffer)), ("svg", picture::svg(buffer))]
    {
        fs::write(stem.with_extension(ending), content)?;
    }
    Ok(stem)
}
