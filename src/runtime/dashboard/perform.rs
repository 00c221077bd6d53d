//! What is done outside: the only place that acts on an [`Effect`].

use std::io;
use std::sync::Arc;

use crossterm::event::EventStream;
use crossterm::style::Print;

use super::{Dashboard, Leave, editor, notify, screenshot};
use crate::action::errand::{ActionNews, Errand};
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::runtime::probing::book;
use crate::runtime::service::bundle::BundleRequest;
use crate::runtime::service::request::Request;
use crate::runtime::wardrobe::NoTheme;
use crate::text::count;
use crate::theme::contrast::READABLE;
use crate::theme::{AUTO, Theme};

impl Dashboard {
    /// Does what is wished. What the core is to know of it is told there.
    pub(super) fn perform(&mut self, effect: Effect, now: Time) -> io::Result<Option<Leave>> {
        match effect {
            Effect::Quit { keep } => return Ok(Some(if keep { Leave::Keep } else { Leave::Quit })),
            Effect::Switch(context) => match self.outside.kubeconfig.program_in(&context) {
                Ok(program) => return Ok(Some(Leave::Switch(Box::new(program)))),
                Err(why) => self.tell(Message::Done(Err(why)), now),
            },
            Effect::Contexts => {
                let contexts = self.outside.kubeconfig.contexts();
                self.tell(Message::Contexts(contexts), now);
            }
            Effect::Copy(clipping) => {
                if let Some(told) = self.outside.clipboard.put(clipping, &mut self.screen)? {
                    self.tell(told, now);
                }
            }
            Effect::SaveScreen => self.save_screen(now),
            Effect::Theme(name) => self.change_theme(name.as_deref(), now),
            Effect::KeepViews(views) => {
                if let Err(why) = self.outside.keep_views(&views) {
                    self.tell(Message::Done(Err(why)), now);
                }
            }
            Effect::Edit(ticket, text) => self.edit(ticket, &text, now)?,
            Effect::Suspend => {
                self.screen.suspend()?;
                let (columns, rows) = self.screen.size()?;
                self.tell(Message::Resize(columns, rows), now);
                self.tell(Message::Resumed, now);
            }
            Effect::Ring => self.screen.write(Print("\x07"))?,
            Effect::TellDesktop(how, text) => self.screen.write(Print(notify::sequence(how, &text)))?,
            Effect::Command(argv, fields) => {
                if let Err(text) = self.outside.programs.run(&argv, fields) {
                    self.tell(Message::Done(Err(text)), now);
                }
            }
            Effect::Bundle(certificate) => self.bundle(certificate, now),
            Effect::KeepAnnotations(keys) => {
                self.ask(Request::Keep(keys.iter().map(ToString::to_string).collect()), now);
            }
            Effect::Resync => self.ask(Request::Resync, now),
            Effect::LookAround(sought) => self.ask(Request::LookAround(sought), now),
            Effect::Probe(target) => self.ask(Request::Probe(target), now),
            Effect::Preflight(application) => self.ask(Request::Preflight(application), now),
            Effect::EndProbe => self.ask(Request::EndProbe, now),
            Effect::Fetch(fetch) => self.ask(Request::Fetch(fetch), now),
            Effect::Action(errand) => self.ask(Request::Action(errand), now),
            Effect::FollowLogs(wanted) => self.ask(Request::Logs(wanted), now),
            Effect::Record => self.ask(Request::Record, now),
        }
        Ok(None)
    }

    /// Asks the source for something; where it takes nothing, that is told.
    fn ask(&mut self, request: Request, now: Time) {
        let Err(refused) = self.outside.requests.push(request) else { return };
        let why = "the source takes no requests now: try again".to_owned();
        let told = match refused {
            Request::Bundle(_) => Message::Bundled(Err(why)),
            // Nothing of it is begun: the dialog must not wait for it.
            Request::Action(Errand::Perform(ticket, _)) => Message::Action(ActionNews::Ended(ticket)),
            // Why there is no source is on the screen; what nobody pressed a key for has nothing to add.
            Request::Logs(_) | Request::EndProbe | Request::LookAround(_) | Request::Keep(_) => return,
            _ => Message::Done(Err(why)),
        };
        self.tell(told, now);
    }

    fn bundle(&mut self, certificate: Id<Certificate>, now: Time) {
        let (model, probes) = (Arc::new(self.app.model.clone()), book::of(&self.app, certificate));
        let (directory, zone) = (self.outside.bundles.clone(), self.outside.zone);
        self.ask(Request::Bundle(BundleRequest { model, certificate, probes, directory, zone }), now);
    }

    fn save_screen(&mut self, now: Time) {
        let buffer = self.still(now);
        let directory = &self.outside.pictures;
        let outcome = match screenshot::save(directory, &buffer, now) {
            Ok(stem) => Ok(format!("saved {}.txt, .ansi and .svg", stem.display())),
            Err(error) => Err(format!("the screen cannot be saved in {}: {error}", directory.display())),
        };
        self.tell(Message::Done(outcome), now);
    }

    fn change_theme(&mut self, name: Option<&str>, now: Time) {
        let wardrobe = &mut self.outside.wardrobe;
        let found = match name {
            Some(AUTO) => wardrobe.put_on(None),
            Some(name) => wardrobe.put_on(Some(name)),
            None => wardrobe.turn(),
        };
        let chosen = (name != Some(AUTO)).then(|| wardrobe.worn().to_owned());
        let said = if found.is_ok() { self.outside.keep_theme(chosen.as_deref()) } else { String::new() };
        self.wear(found, said, now);
    }

    /// Puts on a theme that was found, or says why not; and what of it is hard to read.
    pub(super) fn wear(&mut self, found: Result<Theme, NoTheme>, said: String, now: Time) {
        let outcome = found.map(|theme| self.outside.look.theme = theme).map_err(|error| error.to_string());
        let told = outcome.map(|()| match self.outside.wardrobe.faint() {
            [] => said,
            // What is hard to read stands first: the last line may be cut.
            [one] => format!("hard to read: {one}, where {READABLE} is asked for; {said}"),
            [one, rest @ ..] => {
                let roles = count(rest.len(), "role");
                format!(
                    "hard to read: {one}, where {READABLE} is asked for, and {roles} more (`cmtop config check`); {said}"
                )
            }
        });
        self.tell(Message::Done(told), now);
    }

    /// Lends the terminal to the person's editor.
    fn edit(&mut self, ticket: u64, text: &str, now: Time) -> io::Result<()> {
        // Whoever reads keys beside an editor steals them.
        drop(std::mem::replace(&mut self.input, EventStream::new()));
        let edited = self.screen.lend(|| editor::edit(&self.outside.editor, ticket, text))?;
        // A `ctrl-c` that was typed there was meant for the editor.
        self.signals.forget_interrupt()?;
        self.tell(Message::Edited(ticket, edited), now);
        Ok(())
    }
}
