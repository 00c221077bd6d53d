//! [`Wardrobe`]: which theme is worn, found by its name or its file; a file that changes is read again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use thiserror::Error;
use tokio::time::Instant;

use crate::config::fault::ConfigError;
use crate::config::setting::Origin;
use crate::limits;
use crate::text::clean;
use crate::theme::contrast::Faint;
use crate::theme::depth::Depth;
use crate::theme::ground::Ground;
use crate::theme::{BUNDLED, Theme, meant};

/// Why a theme cannot be put on.
#[derive(Debug, Error)]
pub enum NoTheme {
    /// There is none of that name.
    #[error("there is no theme `{name}`; {hint}")]
    Unknown {
        /// The name.
        name: String,
        /// What was meant, or which there are.
        hint: String,
    },
    /// Its file cannot be read.
    #[error("cannot read the theme {}: {error}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Something in its file is wrong.
    #[error("{0}")]
    Wrong(ConfigError),
}

impl NoTheme {
    /// The same with where it was chosen. What is wrong in a theme's own file is told with its place there.
    pub fn of_setting(self, chosen: &Origin) -> ConfigError {
        match self {
            Self::Wrong(error) => error,
            error => ConfigError::of_setting("theme", chosen, &error.to_string()),
        }
    }
}

/// The themes that can be had, and the one that is worn.
#[derive(Debug)]
pub struct Wardrobe {
    /// Where themes of one's own are.
    own: Option<PathBuf>,
    depth: Depth,
    /// What the terminal says of its background.
    ground: Option<Ground>,
    worn: String,
    /// The one that was turned to and could not be worn.
    turned: Option<String>,
    file: Option<Watched>,
    /// What of it is hard to read.
    faint: Vec<Faint>,
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
        Self { own, depth, ground, worn: String::new(), turned: None, file: None, faint: Vec::new() }
    }

    /// Puts on a theme: one that comes with cmtop, one of one's own, or a file. Without a name, what suits the terminal.
    pub fn put_on(&mut self, name: Option<&str>) -> Result<Theme, NoTheme> {
        let name = name.unwrap_or_else(|| self.suiting());
        let theme = self.find(name)?;
        name.clone_into(&mut self.worn);
        self.file = self.file_of(name).map(|path| {
            let changed = changed(&path);
            Watched { path, changed, look: Instant::now() + limits::THEME_LOOK }
        });
        Ok(self.fit(theme))
    }

    /// A theme as it is written, whatever the terminal can show of it.
    pub fn find(&self, name: &str) -> Result<Theme, NoTheme> {
        match self.file_of(name) {
            Some(path) => read(&path),
            None => Theme::bundled(name).map_err(|_| self.unknown(name)),
        }
    }

    /// The names of themes that can be put on: those that come with cmtop, then one's own.
    pub fn names(&self) -> Vec<String> {
        let files = self.own.as_ref().and_then(|own| std::fs::read_dir(own).ok()).into_iter().flatten().flatten();
        let own = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
        let own = own.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
        // One of one's own may have the name of one that comes with cmtop: it is worn in its place.
        let is_new = |name: &String| clean(name, limits::NAME) == *name && Theme::bundled(name).is_err();
        let own: BTreeSet<String> = own.filter(is_new).collect();
        let known = BUNDLED.iter().map(|(name, _)| (*name).to_owned());
        known.chain(own.into_iter().take(limits::PALETTE)).collect()
    }

    /// Puts on the theme after the one that is worn, one's own included. One that cannot be worn is told, and passed over
    /// the next time.
    pub fn turn(&mut self) -> Result<Theme, NoTheme> {
        let names = self.names();
        let here = self.turned.as_ref().unwrap_or(&self.worn);
        let there = names.iter().position(|name| name == here).map_or(0, |here| (here + 1) % names.len().max(1));
        let there = names.into_iter().nth(there);
        let found = self.put_on(there.as_deref());
        self.turned = there.filter(|_| found.is_err());
        found
    }

    /// The theme again, when its file changed since it was read. A look at its age, every two seconds.
    pub fn again(&mut self, now: Instant) -> Option<Result<Theme, NoTheme>> {
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

    /// The file of the theme that is worn; `None` for one that comes with cmtop.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_ref().map(|file| file.path.as_path())
    }

    /// What of the theme that is worn is hard to read.
    pub fn faint(&self) -> &[Faint] {
        &self.faint
    }

    fn fit(&mut self, theme: Theme) -> Theme {
        // Of fewer colours nobody can tell: what is written counts.
        self.faint = theme.faint();
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

    fn unknown(&self, name: &str) -> NoTheme {
        let known = self.names();
        let hint = meant(name, known.iter().map(String::as_str));
        NoTheme::Unknown { name: clean(name, limits::NAME).into_owned(), hint }
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

fn read(path: &Path) -> Result<Theme, NoTheme> {
    let text = std::fs::read_to_string(path).map_err(|error| NoTheme::Unreadable { file: path.to_owned(), error })?;
    Theme::parse(&text).map_err(|fault| NoTheme::Wrong(ConfigError::file(path, fault)))
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
    async fn every_theme_has_its_turn_one_s_own_too_and_a_broken_one_does_not_end_it() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("broken.yaml", "name: broken\nroles: {textt: white}");
        write("dim.yaml", "name: dim\ninherits: dark\nroles: {text: '#222222'}");
        write("mine.yaml", "name: mine\ninherits: dark");
        let mut wardrobe = Wardrobe::new(Some(folder.path().to_owned()), Depth::Ansi256, None);
        wardrobe.put_on(Some("nord")).unwrap();
        let turned: Vec<String> = (0..4)
            .map(|_| match wardrobe.turn() {
                Ok(theme) => format!("{}, {} hard to read", theme.name, wardrobe.faint().len()),
                Err(error) => error.to_string(),
            })
            .collect();
        let broken = format!(
            "{}:2:9: there is no role `textt`; did you mean `text`?",
            folder.path().join("broken.yaml").display()
        );
        let expected = [&*broken, "dim, 1 hard to read", "mine, 0 hard to read", "dark, 0 hard to read"];
        assert_eq!(turned, expected);
    }

    #[test]
    fn a_theme_that_is_not_there_is_told_with_the_one_that_was_meant() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("midnight.yaml"), "name: midnight\ninherits: dark").unwrap();
        let mut wardrobe = Wardrobe::new(Some(folder.path().to_owned()), Depth::True, None);
        let mut said = |name| wardrobe.put_on(Some(name)).unwrap_err().to_string();
        assert_eq!(said("drak"), "there is no theme `drak`; did you mean `dark`?");
        assert_eq!(said("midnigth"), "there is no theme `midnigth`; did you mean `midnight`?");
        assert!(said("zzz").starts_with("there is no theme `zzz`; there are dark, light, "));
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
