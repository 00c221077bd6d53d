//! The palette: a command that is typed by its name, and what follows the name.

use super::prompt::{Prompt, Typed};
use super::typing::{Typing, likely};
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::screen::{Mode, Screen};
use crate::app::way::Way;
use crate::command::Command;
use crate::command::argument::Argument;
use crate::keymap::chord::{Chord, Key};
use crate::model::meta::Time;

impl App {
    pub(in crate::app) fn palette_key(&mut self, mut prompt: Prompt, chord: Chord, now: Time) -> Vec<Effect> {
        // No name, no argument and no column begins with `:`. Whoever types it there means another command.
        let typing = Typing::of(prompt.text());
        let begins = |argument: &str| {
            argument.is_empty() || typing.takes() == Some(Argument::Columns) && argument.ends_with(' ')
        };
        if chord == Chord::plain(Key::Char(':')) && typing.argument.map_or(typing.name.is_empty(), begins) {
            self.ui.stem = None;
            self.open_palette("");
            return Vec::new();
        }
        let typed = self.histories.commands.key(&mut prompt, chord);
        if matches!(chord.key, Key::Tab | Key::BackTab) {
            let way = if chord.key == Key::BackTab { Way::Back } else { Way::On };
            if let Some(text) = self.complete(prompt.text(), way) {
                prompt = Prompt::new(&text);
            }
            self.ui.mode = Mode::Palette { prompt, error: None };
            return Vec::new();
        }
        self.ui.stem = None;
        match typed {
            Typed::Cancelled => {}
            Typed::Accepted => return self.take_line(prompt, now),
            Typed::Changed | Typed::Same => self.ui.mode = Mode::Palette { prompt, error: None },
        }
        Vec::new()
    }

    /// Has a person type a command, or go on with one.
    pub(in crate::app) fn open_palette(&mut self, text: &str) {
        self.ui.mode = Mode::Palette { prompt: Prompt::new(text), error: None };
    }

    /// Does what was typed. A line that says nothing that can be done stays, and says why.
    fn take_line(&mut self, prompt: Prompt, now: Time) -> Vec<Effect> {
        let typing = Typing::of(prompt.text());
        let error = match (typing.name.trim(), typing.command()) {
            ("", _) => return Vec::new(),
            ("q", _) => return self.quit(),
            ("q!", _) => return vec![Effect::Quit { keep: false }],
            (_, Some(command)) => match (command.argument(), typing.argument.map(str::trim)) {
                (Some(Argument::Columns), Some(words)) => {
                    self.choose_columns(words, now);
                    return Vec::new();
                }
                (_, None | Some("")) => return self.run(command, now),
                (Some(argument), Some(word)) => match self.run_with(command, argument, word, now) {
                    Ok(effects) => return effects,
                    Err(why) => why,
                },
                (None, Some(_)) => format!("nothing follows `{}`", typing.name),
            },
            (name, None) => {
                let meant = likely(name).map(|known| format!("did you mean `{known}`? ")).unwrap_or_default();
                format!("there is no command `{name}`; {meant}`?` lists them")
            }
        };
        self.ui.mode = Mode::Palette { prompt, error: Some(error) };
        Vec::new()
    }

    /// Does what a command says with what was typed after it; the error says why that cannot follow.
    fn run_with(&mut self, command: Command, argument: Argument, word: &str, now: Time) -> Result<Vec<Effect>, String> {
        match argument {
            Argument::Theme => return Ok(vec![Effect::Theme(Some(word.to_owned()))]),
            Argument::Context => return Ok(self.switch_context(word.to_owned(), now)),
            Argument::Filter => {
                self.return_to_table(now);
                let before = self.filter_here();
                if let Some(why) = self.filter(word, now) {
                    // The line stays to be mended; what is shown does not change until it is.
                    self.filter(&before, now);
                    return Err(why);
                }
                self.histories.filters.note(word);
            }
            Argument::Columns => self.choose_columns(word, now),
            Argument::Host => {
                let visit = self.visit();
                self.find_host(word, now);
                self.remember(visit, Command::Host);
            }
            Argument::Namespace => {
                self.choose_namespace(word, now)?;
                if command != Command::Namespaces {
                    return Ok(self.run(command, now));
                }
            }
        }
        Ok(Vec::new())
    }

    /// Back to the table that lies below a page.
    pub(in crate::app) fn return_to_table(&mut self, now: Time) {
        while !matches!(self.ui.screen(), Screen::Home | Screen::Kind(_)) && self.ui.back() {}
        self.after_paging(now);
    }
}
