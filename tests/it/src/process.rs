//! The server as a process of its own, to be killed.

use crate::desk::root;
use guichet::config::Place;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts `guichet serve` on a free port and waits until it says that it listens.
    pub(crate) fn start(place: &Place) -> Self {
        let mut command = Command::new(root().join("target/debug/guichet"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&place.data);
        if let Some(database) = &place.database {
            command.args(["--database", database]);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("`cargo xtask test` builds the server first");
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = said
            .find_map(|line| line.ok().filter(|line| line.contains("http://")))
            .expect("the server says where it listens");
        let address = line[line.find("http://").unwrap()..]
            .trim_end_matches('/')
            .to_owned();
        Self { child, address }
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
