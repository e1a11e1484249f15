//! The author's tool as people run it: the program itself, in folders outside the repository.
#![cfg(test)]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// How long a build may take that has to begin with what it stands on.
const PATIENCE: Duration = Duration::from_secs(300);

/// The program, and one folder of cargo's for all plugins: what they stand on is built once.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.env("CARGO_TARGET_DIR", target());
    command
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors")
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program()
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The commands of a page that are meant to be run.
fn commands(page: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut is_open = false;
    for line in page.lines() {
        match line.trim() {
            "```sh" => is_open = true,
            "```" => is_open = false,
            command if is_open => commands.push(command.to_owned()),
            _ => {}
        }
    }
    commands
}

#[test]
fn the_first_plugin_is_made_by_the_commands_of_its_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/docs/first-plugin.md");
    let commands = commands(&fs::read_to_string(page).unwrap());
    assert!(commands.len() >= 8, "{commands:?}");
    let folder = tempfile::tempdir().unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_guichet")).parent().unwrap();
    let paths = std::env::var_os("PATH").unwrap();
    let paths = std::iter::once(programs.to_owned()).chain(std::env::split_paths(&paths));
    // As one script, because one of its commands is `cd`; the first that fails ends it.
    let output = Command::new("sh")
        .args(["-e", "-c", &commands.join("\n")])
        .current_dir(folder.path())
        .env("PATH", std::env::join_paths(paths).unwrap())
        .env("CARGO_TARGET_DIR", target())
        .output()
        .unwrap();
    let told = told(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("1 of 1 scenarios are as expected"), "{told}");
    assert!(told.contains("a host takes it"), "{told}");
    assert!(told.contains("signed by"), "{told}");
    assert!(folder.path().join("triage/dist/triage-0.1.0.tar").is_file());
}

#[test]
fn the_page_has_the_same_commands_in_both_languages() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/docs");
    let page = |name: &str| commands(&fs::read_to_string(docs.join(name)).unwrap());
    assert_eq!(page("first-plugin.md"), page("first-plugin.zh-CN.md"));
}

#[test]
fn what_fails_ends_with_one_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = run(folder.path(), &["plugin", "test"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(
        told(&nowhere).contains("guichet plugin new"),
        "{}",
        told(&nowhere)
    );
    let made = run(
        folder.path(),
        &["plugin", "new", "acme/triage", "--kind", "guard"],
    );
    assert!(made.status.success(), "{}", told(&made));
    let plugin = folder.path().join("triage");
    let manifest = plugin.join("plugin.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("on-failure", "on-failures")).unwrap();
    for command in ["build", "check", "test", "pack"] {
        let slip = run(&plugin, &["plugin", command]);
        assert_eq!(slip.status.code(), Some(1), "{command}");
        let told = told(&slip);
        assert!(
            told.contains("unknown field `on-failures`"),
            "{command}: {told}"
        );
        assert!(told.contains("line "), "{command}: {told}");
    }
    let language = ["plugin", "new", "acme/other", "--language", "cobol"];
    let other = run(folder.path(), &language);
    assert!(!other.status.success());
    assert!(told(&other).contains("say rust"), "{}", told(&other));
}

#[test]
fn findings_are_told_to_programs_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let made = run(folder.path(), &["plugin", "new", "acme/triage"]);
    assert!(made.status.success(), "{}", told(&made));
    let plugin = folder.path().join("triage");
    let output = run(&plugin, &["plugin", "check", "--json"]);
    assert!(output.status.success(), "{}", told(&output));
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(findings["id"], "acme/triage");
    assert_eq!(findings["permissions"][0]["standing"], "asked");
    assert_eq!(findings["points"], serde_json::json!(["event-handler"]));
    assert!(findings["measured"]["start_us"].as_u64().unwrap() > 0);
}

/// A program that goes on until the test ends, and its lines.
struct Running {
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
    /// Those that nobody has waited for yet: what is said on the one stream may arrive before what was said earlier on the other.
    unclaimed: Vec<String>,
}

impl Running {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = program()
            .current_dir(folder)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, lines) = std::sync::mpsc::channel();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let also = send.clone();
        std::thread::spawn(move || tell(BufReader::new(out), &send));
        std::thread::spawn(move || tell(BufReader::new(err), &also));
        Self {
            child,
            lines,
            unclaimed: Vec::new(),
        }
    }

    /// Waits for a line with these words, one that was not waited for before.
    fn wait_for(&mut self, words: &str) -> String {
        let begun = Instant::now();
        loop {
            if let Some(at) = self.unclaimed.iter().position(|line| line.contains(words)) {
                return self.unclaimed.remove(at);
            }
            let rest = PATIENCE.saturating_sub(begun.elapsed());
            match self.lines.recv_timeout(rest) {
                Ok(line) => self.unclaimed.push(line),
                Err(_) => panic!("no line says `{words}`:\n{}", self.unclaimed.join("\n")),
            }
        }
    }
}

fn tell(lines: impl BufRead, to: &std::sync::mpsc::Sender<String>) {
    for line in lines.lines().map_while(Result::ok) {
        if to.send(line).is_err() {
            return;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_file_that_is_saved_runs_on_the_authors_own_desk_after_the_build() {
    let folder = tempfile::tempdir().unwrap();
    // A name of its own: what cargo makes of two plugins of one name has one place in the folder that the tests share.
    let made = run(folder.path(), &["plugin", "new", "acme/saved"]);
    assert!(made.status.success(), "{}", told(&made));
    let plugin = folder.path().join("saved");
    let mut dev = Running::start(&plugin, &["plugin", "dev", "--listen", "127.0.0.1:0"]);
    let first = dev.wait_for("runs as");
    assert!(first.contains("acme/saved 0.1.0"), "{first}");
    dev.wait_for("watching the folder");
    let source = plugin.join("src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text.replace("The subject says", "The subject has")).unwrap();
    let second = dev.wait_for("runs as");
    assert_ne!(
        first.split("runs as").nth(1),
        second.split("runs as").nth(1)
    );
    // What does not compile is told, and the build before runs on.
    fs::write(&source, "this is no Rust").unwrap();
    dev.wait_for("does not compile");
    fs::write(&source, text).unwrap();
    dev.wait_for("runs as");
}
