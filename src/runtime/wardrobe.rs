//! [`Wardrobe`]: which theme is worn, found by its name or its file; a file that changes is read again.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tokio::time::Instant;

use crate::limits;
use crate::text::clean;
use crate::theme::depth::Depth;
use crate::theme::ground::Ground;
use crate::theme::{BUNDLED, Theme, ThemeError};

/// The themes that can be had, and the one that is worn.
#[derive(Debug)]
pub struct Wardrobe {
    /// Where themes of one's own are.
    own: Option<PathBuf>,
    depth: Depth,
    /// What the terminal says of its background.
    ground: Option<Ground>,
    worn: String,
    file: Option<Watched>,
}

/// A theme file in use.
#[derive(Debug)]
struct Watched {
    path: PathBuf,
    changed: Option<SystemTime>,
    look: Instant,
}

impl Wardrobe {
    /// For a terminal. `own` is the directory with themes of one's own.
    pub fn new(own: Option<PathBuf>, depth: Depth, ground: Option<Ground>) -> Self {
        Self { own, depth, ground, worn: String::new(), file: None }
    }

    /// Puts on a theme: one that comes with cmtop, one of one's own, or a file. Without a name, what suits the terminal.
    pub fn put_on(&mut self, name: Option<&str>) -> Result<Theme, ThemeError> {
        let name = name.unwrap_or_else(|| self.suiting());
        let file = self.file_of(name);
        let theme = match &file {
            Some(path) => read(path)?,
            None => Theme::bundled(name)?,
        };
        name.clone_into(&mut self.worn);
        self.file = file.map(|path| {
            let changed = changed(&path);
            Watched { path, changed, look: Instant::now() + limits::THEME_LOOK }
        });
        Ok(self.fit(theme))
    }

    /// The names of themes that can be put on: those that come with cmtop, then one's own.
    pub fn names(&self) -> Vec<String> {
        let files = self.own.as_ref().and_then(|own| std::fs::read_dir(own).ok()).into_iter().flatten().flatten();
        let own = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
        let mut own: Vec<String> =
            own.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).take(limits::PALETTE).collect();
        own.sort();
        let known = BUNDLED.iter().map(|(name, _)| (*name).to_owned());
        known.chain(own.into_iter().filter(|name| clean(name, limits::NAME) == *name)).collect()
    }

    /// Puts on the theme after the one that is worn.
    pub fn turn(&mut self) -> Result<Theme, ThemeError> {
        let here = BUNDLED.iter().position(|(name, _)| *name == self.worn);
        let there = here.map_or(0, |here| (here + 1) % BUNDLED.len());
        self.put_on(BUNDLED.get(there).map(|(name, _)| *name))
    }

    /// The theme again, when its file changed since it was read. A look at its age, every two seconds.
    pub fn again(&mut self, now: Instant) -> Option<Result<Theme, ThemeError>> {
        let file = self.file.as_mut().filter(|file| file.look <= now)?;
        file.look = now + limits::THEME_LOOK;
        let seen = changed(&file.path);
        if seen.is_none() || seen == file.changed {
            // A file that is away for a moment is being saved.
            return None;
        }
        file.changed = seen;
        let theme = read(&file.path);
        Some(theme.map(|theme| self.fit(theme)))
    }

    /// When to look again; never without a file.
    pub fn due(&self) -> Option<Instant> {
        self.file.as_ref().map(|file| file.look)
    }

    /// The name of the theme that is worn.
    pub fn worn(&self) -> &str {
        &self.worn
    }

    fn fit(&self, theme: Theme) -> Theme {
        // Most terminals that say nothing are dark.
        theme.on(self.ground.unwrap_or(Ground::Dark)).at(self.depth)
    }

    fn suiting(&self) -> &'static str {
        match (self.depth, self.ground) {
            (Depth::Ansi16, _) => "ansi16",
            (_, Some(Ground::Light)) => "light",
            _ => "dark",
        }
    }

    fn file_of(&self, name: &str) -> Option<PathBuf> {
        if name.contains(['/', '.']) {
            return Some(PathBuf::from(name));
        }
        self.own.as_ref().map(|own| own.join(format!("{name}.yaml"))).filter(|path| path.exists())
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|found| found.modified()).ok()
}

fn read(path: &Path) -> Result<Theme, ThemeError> {
    let text = std::fs::read_to_string(path).map_err(|error| ThemeError::Unreadable(error.to_string()))?;
    Theme::parse(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Role;
    use ratatui::style::Color;

    #[test]
    fn a_terminal_that_says_nothing_gets_dark_and_one_that_is_light_gets_light() {
        let table = [
            (Depth::True, None, "dark"),
            (Depth::Ansi256, Some(Ground::Light), "light"),
            (Depth::Ansi16, Some(Ground::Light), "ansi16"),
        ];
        for (depth, ground, wanted) in table {
            let mut wardrobe = Wardrobe::new(None, depth, ground);
            wardrobe.put_on(None).unwrap();
            assert_eq!(wardrobe.worn(), wanted);
        }
    }

    #[test]
    fn a_theme_for_the_contrary_background_paints_its_own() {
        let mut wardrobe = Wardrobe::new(None, Depth::True, Some(Ground::Dark));
        assert!(wardrobe.put_on(Some("light")).unwrap().floor().is_some());
        assert!(wardrobe.put_on(Some("dark")).unwrap().floor().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_changes_is_read_again_and_a_broken_one_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.yaml");
        let write = |text: &str, second: u64| {
            std::fs::write(&file, text).unwrap();
            let at = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second);
            std::fs::File::options().append(true).open(&file).unwrap().set_modified(at).unwrap();
        };
        write("name: mine\ninherits: dark\n", 1);
        let mut wardrobe = Wardrobe::new(Some(folder.path().to_owned()), Depth::True, None);
        wardrobe.put_on(Some("mine")).unwrap();
        let step = limits::THEME_LOOK;
        assert!(wardrobe.again(Instant::now() + step).is_none());
        write("name: mine\ninherits: dark\npalette: {red: '#ffffff'}\n", 2);
        assert!(wardrobe.again(Instant::now() + step).is_none(), "looked at more often than every two seconds");
        let theme = wardrobe.again(Instant::now() + step * 2).unwrap().unwrap();
        assert_eq!(theme.style(Role::AlarmRed).fg, Some(Color::Rgb(255, 255, 255)));
        write("name: [", 3);
        assert!(wardrobe.again(Instant::now() + step * 3).unwrap().is_err());
    }
}
