//! The server as a process of its own, to be killed.

use crate::place::root;
use guichet::config::Place;
use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

/// The program, as it was built last.
pub(crate) fn program() -> Command {
    Command::new(root().join("target/debug/guichet"))
}

/// A server that is told to end does so long before; one that does not is killed, so that a test fails and does not stand still.
const END_MOST: Duration = Duration::from_secs(60);

/// What is run to its end: the longest builds a plugin.
const RUN_MOST: Duration = Duration::from_secs(600);

/// Runs the program in a folder and waits; whether it went well, and what it said.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let child = program()
        .args(arguments)
        .current_dir(folder)
        // Plugins of all tests, these and the author's tool's own, share what they are built upon.
        .env("CARGO_TARGET_DIR", root().join("target/tmp/authors"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // What it starts holds its pipes, and ends with it.
        .process_group(0)
        .spawn()
        .expect("`cargo xtask test` builds the program first");
    let group = format!("-{}", child.id());
    let output = killed_after(RUN_MOST, group, || child.wait_with_output().unwrap());
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said.into_owned())
}

/// Waits for a process; once the time is over, what has that id is killed.
fn killed_after<T>(most: Duration, id: String, wait: impl FnOnce() -> T) -> T {
    let (ended, hears) = mpsc::channel::<()>();
    let killer = thread::spawn(move || {
        if hears.recv_timeout(most) == Err(RecvTimeoutError::Timeout) {
            drop(Command::new("kill").args(["-KILL", "--", &id]).status());
        }
    });
    let waited = wait();
    drop(ended);
    killer.join().unwrap();
    waited
}

pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts `guichet serve` on a free port and waits until it says that it listens.
    pub(crate) fn start(place: &Place) -> Self {
        Self::start_with(place, &[])
    }

    /// The same with more arguments.
    pub(crate) fn start_with(place: &Place, more: &[&str]) -> Self {
        let mut command = program();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&place.data)
            .args(more);
        if let Some(database) = &place.database {
            command.args(["--database", database]);
        }
        Self::listening(command)
    }

    /// A demo that has begun to be set up.
    pub(crate) fn demo(data: &Path) -> Self {
        let mut command = program();
        command
            .args(["demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .arg("--plugins")
            .arg(root().join("target/plugins"))
            .args(["--marketplace-listen", "127.0.0.1:0"]);
        let (child, _) = Self::begun(command, "people");
        let address = String::new();
        Self { child, address }
    }

    /// A marketplace of that folder.
    pub(crate) fn marketplace(data: &Path) -> Self {
        let mut command = program();
        command
            .args(["marketplace", "serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data);
        Self::listening(command)
    }

    fn listening(command: Command) -> Self {
        let (child, line) = Self::begun(command, "http://");
        let address = line[line.find("http://").unwrap()..]
            .trim_end_matches('/')
            .to_owned();
        Self { child, address }
    }

    /// Starts it and waits until it has said that; answers the line, too.
    fn begun(mut command: Command, word: &str) -> (Child, String) {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("`cargo xtask test` builds the server first");
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = said
            .find_map(|line| line.ok().filter(|line| line.contains(word)))
            .expect("the program says how far it is");
        // What it says afterwards is heard by nobody, and holds it up nowhere.
        thread::spawn(move || said.for_each(drop));
        (child, line)
    }

    /// SIGTERM, as a supervisor ends it.
    pub(crate) fn tell_to_end(&self) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        assert!(told.unwrap().success());
    }

    /// The same; whether it ended well.
    pub(crate) fn end(self) -> bool {
        self.tell_to_end();
        self.ended_within(END_MOST)
    }

    /// SIGTERM; whether it ended by itself, well or not.
    pub(crate) fn gives_up(mut self) -> bool {
        self.tell_to_end();
        let id = self.child.id().to_string();
        killed_after(END_MOST, id, || self.child.wait().unwrap().code().is_some())
    }

    /// Waits until it has ended; whether it did so well, and by itself: once the time is over, it is killed.
    pub(crate) fn ended_within(mut self, most: Duration) -> bool {
        let id = self.child.id().to_string();
        killed_after(most, id, || self.child.wait().unwrap().success())
    }

    /// SIGKILL: no farewell, no flush.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
