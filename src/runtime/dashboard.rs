//! The loop: what happens is taken in, what is wished is done (`perform`), and a frame is painted when it may and must be.

pub mod begin;
pub mod clipboard;
mod contexts;
pub mod editor;
pub mod ground;
pub mod input;
pub mod notify;
pub mod outbox;
pub mod pacer;
mod perform;
pub mod screenshot;

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf, absolute};
use std::time::Duration;

use crossterm::event::EventStream;
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
use super::clock::{Clock, sleep};
use super::program::Program;
use super::signals::Signals;
use super::terminal::Screen;
use super::wardrobe::Wardrobe;
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::app::table::view::Views;
use crate::config::setting::{Origin, Setting};
use crate::config::views;
use crate::limits;
use crate::model::Batch;
use crate::model::meta::Time;
use crate::report::exit::ExitStatus;
use crate::report::moment::Zone;
use crate::theme::AUTO;
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
    /// Where it is kept how tables look, and the theme.
    pub views: Option<PathBuf>,
    /// The theme that it began with.
    pub theme: Setting<Option<String>>,
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
        let Err(why) = self.kept(|file| views::keep(file, changed)) else { return Ok(()) };
        let by_hand = views::by_hand(changed);
        let hint = if by_hand.is_empty() { String::new() } else { format!("; {by_hand} in config.yaml does it") };
        Err(format!("what you chose is not kept: {why}{hint}"))
    }

    /// Keeps the theme that is worn, or that none was chosen; what is said of it.
    fn keep_theme(&self, theme: Option<&str>) -> String {
        let worn = self.wardrobe.worn();
        let said = theme.map_or_else(|| format!("theme {worn}, as suits the terminal"), |_| format!("theme {worn}"));
        // A file is meant wherever cmtop begins the next time.
        let absolute = self.wardrobe.file().filter(|_| worn.contains(['/', '.'])).and_then(|file| absolute(file).ok());
        let absolute = absolute.as_ref().and_then(|file| file.to_str()).filter(|_| theme.is_some());
        let by_hand = format!("`theme: {}`", theme.unwrap_or(AUTO));
        if let Err(why) = self.kept(|file| views::keep_theme(file, absolute.or(theme))) {
            return format!("{said}, not kept: {why}; {by_hand} in config.yaml does it");
        }
        let Setting { value, origin } = &self.theme;
        match origin {
            _ if value.as_deref() == theme => said,
            Origin::File(_) | Origin::Context(..) => {
                format!("{said}; config.yaml says otherwise, and wins when cmtop begins: {by_hand} there keeps it")
            }
            Origin::Environment(variable) => {
                format!("{said}; ${variable} says otherwise, and wins when cmtop begins")
            }
            Origin::Default | Origin::State(_) | Origin::Flag(_) => {
                let file = self.views.as_deref().map_or_else(String::new, |file| file.display().to_string());
                format!("{said}, kept in {file}")
            }
        }
    }

    /// Writes what was chosen into the file that keeps it; the error says why not.
    fn kept(&self, write: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), String> {
        let file = self.views.as_deref().ok_or("no home directory is known")?;
        write(file).map_err(|error| format!("{} cannot be written: {error}", file.display()))
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

/// How a dashboard is left.
enum Leave {
    /// The screen is given back.
    Quit,
    /// The same, with the picture left on it.
    Keep,
    /// Another context takes it over.
    Switch(Box<Program>),
}

/// A dashboard that runs.
struct Dashboard {
    app: App,
    outside: Outside,
    screen: Screen,
    input: EventStream,
    signals: Signals,
    pacer: Pacer,
    /// What is to be done outside, in its order.
    wishes: VecDeque<Effect>,
    /// What the program is to end with.
    status: ExitStatus,
    /// Until when the picture holds by the clock of the data, and by that of the wall.
    holds_until: Option<Time>,
    lapses: Option<Time>,
    /// Whether the source still has news of itself, and of objects.
    open: (bool, bool),
}

/// Runs the dashboard until somebody ends it, on a screen that is ours already or on the terminal.
pub async fn run(mut app: App, outside: Outside, screen: Option<Screen>) -> io::Result<End> {
    let screen = match screen {
        Some(screen) => screen,
        None => Screen::take(outside.mouse)?,
    };
    app.keep_pace(outside.clock.speed());
    let begun = app.note_wall(outside.clock.now());
    let (columns, rows) = screen.size()?;
    app.update(Message::Resize(columns, rows), begun);
    let mut dashboard = Dashboard {
        app,
        outside,
        screen,
        input: EventStream::new(),
        signals: Signals::heard()?,
        pacer: Pacer::default(),
        wishes: VecDeque::new(),
        status: ExitStatus::Good,
        holds_until: None,
        lapses: None,
        open: (true, true),
    };
    dashboard.pacer.key(Instant::now());
    loop {
        let leave = match dashboard.turn().await? {
            Some(leave) => Some(leave),
            None => dashboard.paint()?,
        };
        if let Some(leave) = leave {
            return dashboard.leave(leave);
        }
    }
}

impl Dashboard {
    /// Waits until something happens, and takes it in.
    async fn turn(&mut self) -> io::Result<Option<Leave>> {
        let wake = self.wake();
        let (mut arrived, mut news) = (Vec::new(), Vec::new());
        let mut keys = false;
        let Outside { inbox, batches, requests, clipboard, .. } = &mut self.outside;
        tokio::select! {
            biased;
            event = self.input.next() => match event {
                Some(Ok(event)) => {
                    keys = true;
                    arrived.extend(input::message(event));
                }
                Some(Err(error)) if !input::is_gone(&error) => return Err(error),
                Some(Err(_)) | None => {
                    self.status = ExitStatus::HungUp;
                    return Ok(Some(Leave::Quit));
                }
            },
            told = self.signals.next() => {
                self.status = told;
                arrived.push(Message::Terminate);
            }
            () = requests.hand_over() => {}
            tried = clipboard.tried() => arrived.push(clipboard.told(tried, &mut self.screen)?),
            count = inbox.recv_many(&mut arrived, limits::BATCHES_A_TURN), if self.open.0 => self.open.0 = count > 0,
            count = batches.recv_many(&mut news, limits::BATCHES_A_TURN), if self.open.1 => self.open.1 = count > 0,
            () = sleep(wake) => {}
        }
        let now = self.app.note_wall(self.outside.clock.now());
        if keys {
            self.pacer.key(Instant::now());
        } else if !arrived.is_empty() || !news.is_empty() {
            self.pacer.news(Instant::now());
        }
        let was_empty = self.app.model.certificates.is_empty();
        for message in arrived.into_iter().chain(news.into_iter().map(Message::Batch)) {
            self.tell(message, now);
            if let Some(leave) = self.perform_all(now)? {
                return Ok(Some(leave));
            }
        }
        if was_empty && !self.app.model.certificates.is_empty() {
            self.pacer.awaited(Instant::now());
        }
        if let Some(found) = self.outside.wardrobe.again(Instant::now()) {
            self.wear(found, "the theme changed".to_owned(), now);
            self.pacer.news(Instant::now());
        }
        let over = |until: Option<Time>, clock: Time| until.is_some_and(|until| until <= clock);
        let wall = self.app.wall(now);
        if over(self.holds_until, now) || over(self.app.due(now), now) || over(self.lapses, wall) {
            self.pacer.news(Instant::now());
        }
        Ok(None)
    }

    /// Takes in a message; what it wishes waits for [`Self::perform_all`].
    fn tell(&mut self, message: Message, now: Time) {
        self.wishes.extend(self.app.update(message, now));
    }

    /// Does what is wished, and what that leads to.
    fn perform_all(&mut self, now: Time) -> io::Result<Option<Leave>> {
        while let Some(effect) = self.wishes.pop_front() {
            if let Some(leave) = self.perform(effect, now)? {
                return Ok(Some(leave));
            }
        }
        Ok(None)
    }

    /// Paints a frame, where it may and must be.
    fn paint(&mut self) -> io::Result<Option<Leave>> {
        let began = Instant::now();
        if !self.pacer.is_due(began) {
            return Ok(None);
        }
        // A key may have gone to another moment.
        let now = self.app.note_wall(self.outside.clock.now());
        self.measure(now)?;
        self.app.settle(now, || began.elapsed() < limits::SETTLE);
        self.wishes.extend(self.app.ring(now));
        self.wishes.extend(self.app.attend(now));
        let leave = self.perform_all(now)?;
        let mut until = None;
        self.screen.paint(|buffer| until = view(&self.app, &self.outside.look, now, buffer))?;
        self.pacer.painted(Instant::now());
        self.holds_until = [until, self.app.due(now)].into_iter().flatten().min();
        self.lapses = self.app.lapses();
        Ok(leave)
    }

    /// Takes in the size of the screen, where it is another one: nobody is told of a size that changed while the program was
    /// suspended, or lent the terminal to an editor.
    fn measure(&mut self, now: Time) -> io::Result<()> {
        let size = self.screen.size()?;
        if size != self.app.ui.size {
            self.tell(Message::Resize(size.0, size.1), now);
        }
        Ok(())
    }

    /// When the loop has to wake without news: for a frame that waits, or when the picture ceases to hold.
    fn wake(&self) -> Option<Instant> {
        let by_clock = self.holds_until.and_then(|until| self.app.wall_of(until));
        let change = [by_clock, self.lapses].into_iter().flatten().min();
        let change = change
            .and_then(|until| self.outside.clock.until(until))
            .map(|wait| Instant::now() + wait.max(Duration::from_millis(1)));
        [self.pacer.due(), change, self.outside.wardrobe.due()].into_iter().flatten().min()
    }

    /// The present picture, apart from the terminal.
    fn still(&mut self, now: Time) -> Buffer {
        self.app.settle(now, || false);
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.app.ui.size.0, self.app.ui.size.1));
        view(&self.app, &self.outside.look, now, &mut buffer);
        buffer
    }

    fn leave(mut self, leave: Leave) -> io::Result<End> {
        match leave {
            Leave::Quit => self.screen.leave()?,
            Leave::Keep => {
                let now = self.app.note_wall(self.outside.clock.now());
                let picture = picture::ansi(&self.still(now));
                self.screen.leave_with(&picture)?;
            }
            Leave::Switch(program) => return Ok(End::Switch(program, self.screen)),
        }
        Ok(End::Quit(self.status))
    }
}
