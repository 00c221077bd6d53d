//! The loop: what happens is taken in, what is wished is done, and a frame is painted when it may and must be.

pub mod begin;
pub mod clipboard;
mod contexts;
pub mod editor;
pub mod ground;
pub mod input;
pub mod notify;
pub mod outbox;
pub mod pacer;
pub mod perform;
mod signals;

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::EventStream;
use crossterm::style::Print;
use futures::StreamExt as _;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::mpsc::Receiver;
use tokio::time::Instant;

use self::clipboard::Clipboard;
use self::contexts::Contexts;
use self::notify::Programs;
use self::outbox::Outbox;
use self::pacer::Pacer;
use self::signals::Signals;
use super::clock::{Clock, sleep};
use super::program::Program;
use super::service::bundle::BundleRequest;
use super::service::request::Request;
use super::terminal::Screen;
use super::wardrobe::{NoTheme, Wardrobe};
use crate::action::errand::{ActionNews, Errand};
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::app::table::view::Views;
use crate::config::views;
use crate::limits;
use crate::model::Batch;
use crate::model::meta::Time;
use crate::report::exit::ExitStatus;
use crate::report::moment::Zone;
use crate::text::count;
use crate::theme::Theme;
use crate::theme::contrast::READABLE;
use crate::ui::{Look, picture, view};

/// What the dashboard needs of the outside.
#[derive(Debug)]
pub struct Outside {
    /// News of the source.
    pub inbox: Receiver<Message>,
    /// News of objects.
    pub batches: Receiver<Batch>,
    /// What the source can be asked for.
    pub requests: Outbox,
    /// What time it is there.
    pub clock: Clock,
    /// How to paint.
    pub look: Look,
    /// What else it could look like.
    pub wardrobe: Wardrobe,
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// Where pictures are saved.
    pub pictures: PathBuf,
    /// Where it is kept how tables look.
    pub views: Option<PathBuf>,
    /// Where contexts are looked for.
    pub kubeconfig: Contexts,
    /// The programs that notices run.
    pub programs: Programs,
    /// Where copied text goes.
    pub clipboard: Clipboard,
    /// The person's editor.
    pub editor: String,
    /// Where bundles go.
    pub bundles: PathBuf,
    /// How moments are told in them.
    pub zone: Zone,
}

impl Outside {
    /// Keeps how tables look; the error says why not, and how to do it by hand.
    fn keep_views(&self, changed: &Views) -> Result<(), String> {
        let why = match &self.views {
            Some(file) => match views::keep(file, changed) {
                Ok(()) => return Ok(()),
                Err(error) => format!("{} cannot be written: {error}", file.display()),
            },
            None => "no home directory is known".to_owned(),
        };
        let by_hand = views::by_hand(changed);
        let hint = if by_hand.is_empty() { String::new() } else { format!("; {by_hand} in config.yaml does it") };
        Err(format!("what you chose is not kept: {why}{hint}"))
    }
}

/// How a dashboard ended.
#[derive(Debug)]
pub enum End {
    /// Somebody quit, or a signal said so.
    Quit(ExitStatus),
    /// Somebody chose another context: the program for it, and the screen, which is still ours.
    Switch(Box<Program>, Screen),
}

impl End {
    /// What the program ends with.
    pub const fn status(&self) -> ExitStatus {
        match self {
            Self::Quit(status) => *status,
            Self::Switch(..) => ExitStatus::Good,
        }
    }
}

/// Runs the dashboard until somebody ends it, on a screen that is ours already or on the terminal.
pub async fn run(mut app: App, mut outside: Outside, screen: Option<Screen>) -> io::Result<End> {
    let mut screen = match screen {
        Some(screen) => screen,
        None => Screen::take(outside.mouse)?,
    };
    let size = screen.size()?;
    app.keep_pace(outside.clock.speed());
    let begun = app.note_wall(outside.clock.now());
    app.update(Message::Resize(size.0, size.1), begun);
    let mut input = EventStream::new();
    let (mut signals, mut status) = (Signals::heard()?, ExitStatus::Good);
    let mut pacer = Pacer::default();
    let (mut holds_until, mut lapses): (Option<Time>, Option<Time>) = (None, None);
    let mut open = (true, true);
    pacer.key(Instant::now());
    loop {
        let change = [holds_until.and_then(|until| app.wall_of(until)), lapses].into_iter().flatten().min();
        let wake = wake(&pacer, &outside, change);
        let (mut arrived, mut news) = (Vec::new(), Vec::new());
        let mut keys = false;
        tokio::select! {
            biased;
            event = input.next() => match event {
                Some(event) => {
                    keys = true;
                    arrived.extend(input::message(event?));
                }
                // The terminal is gone.
                None => return Ok(End::Quit(ExitStatus::HungUp)),
            },
            told = signals.next() => {
                status = told;
                arrived.push(Message::Terminate);
            }
            () = outside.requests.hand_over() => {}
            tried = outside.clipboard.tried() => arrived.push(outside.clipboard.told(tried, &mut screen)?),
            count = outside.inbox.recv_many(&mut arrived, limits::BATCHES_A_TURN), if open.0 => open.0 = count > 0,
            count = outside.batches.recv_many(&mut news, limits::BATCHES_A_TURN), if open.1 => open.1 = count > 0,
            () = sleep(wake) => {}
        }
        let now = app.note_wall(outside.clock.now());
        if keys {
            pacer.key(Instant::now());
        } else if !arrived.is_empty() || !news.is_empty() {
            pacer.news(Instant::now());
        }
        let was_empty = app.model.certificates.is_empty();
        arrived.extend(news.into_iter().map(Message::Batch));
        for message in arrived {
            let mut more = VecDeque::from(app.update(message, now));
            while let Some(effect) = more.pop_front() {
                match effect {
                    Effect::Quit { keep: false } => return screen.leave().map(|()| End::Quit(status)),
                    Effect::Quit { keep: true } => {
                        let picture = picture::ansi(&still(&mut app, &outside.look, now));
                        return screen.leave_with(&picture).map(|()| End::Quit(status));
                    }
                    Effect::Contexts => {
                        more.extend(app.update(Message::Contexts(outside.kubeconfig.contexts()), now));
                    }
                    Effect::Switch(context) => match outside.kubeconfig.program_in(&context) {
                        Ok(program) => return Ok(End::Switch(Box::new(program), screen)),
                        Err(why) => more.extend(app.update(Message::Done(Err(why)), now)),
                    },
                    Effect::Edit(ticket, text) => {
                        // Whoever reads keys beside an editor steals them.
                        drop(std::mem::replace(&mut input, EventStream::new()));
                        let text = screen.lend(|| editor::edit(&outside.editor, ticket, &text))?;
                        // A `ctrl-c` that was typed there was meant for the editor.
                        signals.forget_interrupt()?;
                        more.extend(app.update(Message::Edited(ticket, text), now));
                    }
                    effect => act(effect, &mut app, &mut screen, &mut outside, now)?,
                }
            }
        }
        if was_empty && !app.model.certificates.is_empty() {
            pacer.awaited(Instant::now());
        }
        if let Some(found) = outside.wardrobe.again(Instant::now()) {
            wear(found, "the theme changed".to_owned(), &mut app, &mut outside, now);
            pacer.news(Instant::now());
        }
        let over = |until: Option<Time>, clock: Time| until.is_some_and(|until| until <= clock);
        if over(holds_until, now) || over(app.due(now), now) || over(lapses, app.wall(now)) {
            pacer.news(Instant::now());
        }
        if pacer.is_due(Instant::now()) {
            let began = Instant::now();
            // A key may have gone to another moment.
            let now = app.note_wall(outside.clock.now());
            measure(&mut app, &screen, now)?;
            app.settle(now, || began.elapsed() < limits::SETTLE);
            for effect in app.ring(now).into_iter().chain(app.attend(now)) {
                act(effect, &mut app, &mut screen, &mut outside, now)?;
            }
            let mut until = None;
            screen.paint(|buffer| until = view(&app, &outside.look, now, buffer))?;
            pacer.painted(Instant::now());
            holds_until = [until, app.due(now)].into_iter().flatten().min();
            lapses = app.lapses();
        }
    }
}

/// Takes in the size of the screen, where it is another one. A key that arrives together with a new size hides it: the
/// library tells of the key alone.
fn measure(app: &mut App, screen: &Screen, now: Time) -> io::Result<()> {
    let size = screen.size()?;
    if size != app.ui.size {
        app.update(Message::Resize(size.0, size.1), now);
    }
    Ok(())
}

/// When the loop has to wake without news: for a frame that waits, or when the picture ceases to hold.
fn wake(pacer: &Pacer, outside: &Outside, holds_until: Option<Time>) -> Option<Instant> {
    let change = holds_until
        .and_then(|until| outside.clock.until(until))
        .map(|wait| Instant::now() + wait.max(Duration::from_millis(1)));
    [pacer.due(), change, outside.wardrobe.due()].into_iter().flatten().min()
}

fn act(effect: Effect, app: &mut App, screen: &mut Screen, outside: &mut Outside, now: Time) -> io::Result<()> {
    match effect {
        Effect::Copy(clipping) => {
            if let Some(told) = outside.clipboard.put(clipping, screen)? {
                app.update(told, now);
            }
            Ok(())
        }
        Effect::SaveScreen => {
            let saved = perform::save_screen(&outside.pictures, &still(app, &outside.look, now), now);
            let outcome = match saved {
                Ok(stem) => Ok(format!("saved {}.txt, .ansi and .svg", stem.display())),
                Err(error) => Err(format!("the screen cannot be saved in {}: {error}", outside.pictures.display())),
            };
            app.update(Message::Done(outcome), now);
            Ok(())
        }
        Effect::Theme(name) => {
            let found = match name {
                Some(name) => outside.wardrobe.put_on(Some(&name)),
                None => outside.wardrobe.turn(),
            };
            let worn = outside.wardrobe.worn();
            let worn = format!("theme {worn}; `theme: {worn}` in config.yaml keeps it");
            wear(found, worn, app, outside, now);
            Ok(())
        }
        Effect::LookAround(sought) => {
            ask(Request::LookAround(sought), app, outside, now);
            Ok(())
        }
        Effect::KeepViews(views) => {
            if let Err(why) = outside.keep_views(&views) {
                app.update(Message::Done(Err(why)), now);
            }
            Ok(())
        }
        Effect::KeepAnnotations(keys) => {
            let keys = keys.iter().map(ToString::to_string).collect();
            ask(Request::Keep(keys), app, outside, now);
            Ok(())
        }
        Effect::Resync => {
            ask(Request::Resync, app, outside, now);
            Ok(())
        }
        Effect::Probe(target) => {
            ask(Request::Probe(target), app, outside, now);
            Ok(())
        }
        Effect::Preflight(application) => {
            ask(Request::Preflight(application), app, outside, now);
            Ok(())
        }
        Effect::EndProbe => {
            ask(Request::EndProbe, app, outside, now);
            Ok(())
        }
        Effect::Fetch(fetch) => {
            ask(Request::Fetch(fetch), app, outside, now);
            Ok(())
        }
        Effect::Action(errand) => {
            ask(Request::Action(errand), app, outside, now);
            Ok(())
        }
        Effect::FollowLogs(wanted) => {
            ask(Request::Logs(wanted), app, outside, now);
            Ok(())
        }
        Effect::Record => {
            ask(Request::Record, app, outside, now);
            Ok(())
        }
        Effect::Bundle(certificate) => {
            let (directory, zone) = (outside.bundles.clone(), outside.zone);
            let (model, probes) = (Arc::new(app.model.clone()), super::probing::book::of(app, certificate));
            ask(Request::Bundle(BundleRequest { model, certificate, probes, directory, zone }), app, outside, now);
            Ok(())
        }
        Effect::Ring => screen.write(Print("\x07")),
        Effect::TellDesktop(how, text) => screen.write(Print(notify::sequence(how, &text))),
        Effect::Command(argv, fields) => {
            if let Err(text) = outside.programs.run(&argv, fields) {
                app.update(Message::Done(Err(text)), now);
            }
            Ok(())
        }
        Effect::Suspend => {
            screen.suspend()?;
            let size = screen.size()?;
            app.update(Message::Resize(size.0, size.1), now);
            app.update(Message::Resumed, now);
            Ok(())
        }
        Effect::Quit { .. } | Effect::Edit(..) | Effect::Contexts | Effect::Switch(_) => Ok(()),
    }
}

/// Asks the source for something; where it takes nothing, that is told.
fn ask(request: Request, app: &mut App, outside: &mut Outside, now: Time) {
    let Err(refused) = outside.requests.push(request) else { return };
    let why = "the source takes no requests now: try again".to_owned();
    let told = match refused {
        Request::Bundle(_) => Message::Bundled(Err(why)),
        // Nothing of it is begun: the dialog must not wait for it.
        Request::Action(Errand::Perform(ticket, _)) => Message::Action(ActionNews::Ended(ticket)),
        // Why there is no source is on the screen; what nobody pressed a key for has nothing to add.
        Request::Logs(_) | Request::EndProbe | Request::LookAround(_) | Request::Keep(_) => return,
        _ => Message::Done(Err(why)),
    };
    app.update(told, now);
}

/// Puts on a theme that was found, or says why not; and what of it is hard to read.
fn wear(found: Result<Theme, NoTheme>, said: String, app: &mut App, outside: &mut Outside, now: Time) {
    let outcome = found.map(|theme| outside.look.theme = theme).map_err(|error| error.to_string());
    let said = outcome.map(|()| match outside.wardrobe.faint() {
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
    app.update(Message::Done(said), now);
}

/// The present picture, apart from the terminal.
fn still(app: &mut App, look: &Look, now: Time) -> Buffer {
    app.settle(now, || false);
    let mut buffer = Buffer::empty(Rect::new(0, 0, app.ui.size.0, app.ui.size.1));
    view(app, look, now, &mut buffer);
    buffer
}
