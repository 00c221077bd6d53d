//! A program in a real terminal, as far as a test can hold one in its hand: cmtop, or a shell that runs it.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test uses a part of it")]

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long the program may take to show something. Generous: machines are slow at times.
const PATIENCE: Duration = Duration::from_mins(1);

const ROWS: std::num::NonZero<u16> = std::num::NonZero::new(24).unwrap();
const COLUMNS: std::num::NonZero<u16> = std::num::NonZero::new(80).unwrap();

/// The program in a terminal of its own.
pub struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    input: Box<dyn std::io::Write + Send>,
    terminal: Arc<Mutex<vt100::Parser>>,
    /// Every byte that the terminal was sent: what is no picture is in them.
    pub sent: Arc<Mutex<Vec<u8>>>,
    /// Where it keeps what it is to know the next time.
    pub state: tempfile::TempDir,
}

impl Session {
    pub fn open(arguments: &[&str]) -> Self {
        Self::keeping(tempfile::tempdir().unwrap(), None, arguments)
    }

    /// With what earlier sessions kept, and with a kubeconfig.
    pub fn keeping(state: tempfile::TempDir, kubeconfig: Option<&Path>, arguments: &[&str]) -> Self {
        Self::of(env!("CARGO_BIN_EXE_cmtop"), state, kubeconfig, arguments)
    }

    /// Of another program.
    pub fn of(program: &str, state: tempfile::TempDir, kubeconfig: Option<&Path>, arguments: &[&str]) -> Self {
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("HOME", std::env::temp_dir());
        // What one session keeps must not greet another one.
        command.env("XDG_STATE_HOME", state.path());
        match kubeconfig {
            Some(file) => command.env("KUBECONFIG", file),
            None => command.env_remove("KUBECONFIG"),
        }
        Self::run(state, command)
    }

    /// A shell that knows nothing but cmtop and what the system has; its home is the directory of the state.
    pub fn shell(home: tempfile::TempDir, words: &[&str]) -> Self {
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.env_clear();
        let program = Path::new(env!("CARGO_BIN_EXE_cmtop")).parent().unwrap();
        command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", program.display()));
        command.env("TERM", "xterm-256color");
        command.env("HOME", home.path());
        Self::run(home, command)
    }

    /// With these variables and no other, and programs of this directory alone.
    pub fn among(programs: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Self {
        let state = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cmtop"));
        command.args(arguments);
        command.env_clear();
        command.env("PATH", programs);
        command.env("TERM", "xterm-256color");
        command.env("HOME", state.path());
        variables.iter().for_each(|(name, value)| command.env(name, value));
        Self::run(state, command)
    }

    fn run(state: tempfile::TempDir, mut command: CommandBuilder) -> Self {
        let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        let child = pty.slave.spawn_command(command).unwrap();
        let (mut output, input) = (pty.master.try_clone_reader().unwrap(), pty.master.take_writer().unwrap());
        let terminal = Arc::new(Mutex::new(vt100::Parser::new(ROWS, COLUMNS, 0)));
        let sink = Arc::clone(&terminal);
        let sent = Arc::new(Mutex::new(Vec::new()));
        let bytes = Arc::clone(&sent);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(n @ 1..) = output.read(&mut chunk) {
                bytes.lock().unwrap().extend_from_slice(&chunk[..n]);
                sink.lock().unwrap().process(&chunk[..n]);
            }
        });
        Self { child, master: pty.master, input, terminal, sent, state }
    }

    /// What the terminal shows now.
    pub fn screen(&self) -> vt100::Screen {
        self.terminal.lock().unwrap().screen().clone()
    }

    /// Gives the terminal another size; the program hears of it as it would from any terminal.
    pub fn resize(&self, cols: u16, rows: u16) {
        let size = |cells: u16| cells.try_into().unwrap();
        self.terminal.lock().unwrap().screen_mut().set_size(size(rows), size(cols));
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    pub fn wait_for(&self, what: &str, shown: impl Fn(&vt100::Screen) -> bool) {
        assert!(self.comes(PATIENCE, shown), "{what} was never shown:\n{}", self.screen().contents());
    }

    /// Whether something is shown before some time is over.
    pub fn comes(&self, within: Duration, shown: impl Fn(&vt100::Screen) -> bool) -> bool {
        for _ in 0..within.as_millis() / 20 {
            if shown(&self.screen()) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }

    pub fn types(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    pub fn ends(&mut self) -> u32 {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What it wrote last may still be under way.
                std::thread::sleep(Duration::from_millis(200));
                return status.exit_code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it never ended:\n{}", self.screen().contents());
    }

    pub fn is_given_back(&self) {
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is left");
        assert!(!screen.hide_cursor(), "the cursor is there again");
        assert!(!screen.bracketed_paste(), "pasting is as before");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is let go");
        let flags = self.master.get_termios().unwrap().local_flags;
        let wanted = nix_flags();
        assert!(flags.contains(wanted), "the terminal is cooked again");
    }
}

fn nix_flags() -> nix::sys::termios::LocalFlags {
    nix::sys::termios::LocalFlags::ICANON | nix::sys::termios::LocalFlags::ECHO
}
