//! What is wrong is told with what to do.

use crate::project::Folder;
use guichet_cli::{
    build::BuildError,
    check::{Standing, check, show},
    project::{Project, ProjectError},
    terminal::Terminal,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_permission_that_is_not_asked_for_is_told_with_the_lines_to_add() {
    let folder = Folder::built();
    let manifest = folder.read("plugin.toml");
    let (before, after) = manifest
        .split_once("[[permissions]]\nname = \"tickets-write\"")
        .unwrap();
    let rest = after.split_once("[[events]]").unwrap().1;
    folder.write("plugin.toml", &format!("{before}[[events]]{rest}"));
    let findings = check(&folder.project()).await.unwrap();
    assert!(!findings.is_good());
    let missing = findings
        .permissions
        .iter()
        .find(|permission| permission.standing == Standing::Missing);
    assert_eq!(missing.unwrap().name, "tickets-write");
    let shown = show(&findings, Terminal::new(false));
    assert!(
        shown.contains("[[permissions]]\n    name = \"tickets-write\""),
        "{shown}"
    );
    assert!(!shown.contains("a host takes it"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_for_and_not_used_is_a_warning() {
    let folder = Folder::built();
    folder.replace(
        "plugin.toml",
        "[[events]]",
        "[[permissions]]\nname = \"files\"\nreason.en = \"x\"\n\n[[egress]]\nhost = \"api.example.com\"\nreason.en = \"x\"\n\n[[events]]",
    );
    let findings = check(&folder.project()).await.unwrap();
    assert!(findings.is_good(), "{:?}", findings.errors);
    assert_eq!(findings.warnings.len(), 2, "{:?}", findings.warnings);
    let unused = findings
        .permissions
        .iter()
        .filter(|permission| permission.standing == Standing::Unused);
    let unused: Vec<_> = unused.map(|permission| permission.name.as_str()).collect();
    assert_eq!(unused, ["files", "http"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_in_the_manifest_is_told_with_line_and_column() {
    let folder = Folder::built();
    folder.replace(
        "plugin.toml",
        "kind = \"ticket.created\"",
        "kinds = \"ticket.created\"",
    );
    let line = folder
        .read("plugin.toml")
        .lines()
        .position(|line| line.starts_with("kinds"))
        .unwrap()
        + 1;
    let findings = check(&folder.project()).await.unwrap();
    let told = findings.errors.join("\n");
    assert!(told.contains(&format!("line {line}, column 1")), "{told}");
    assert!(told.contains("unknown field `kinds`"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_manifest_says_and_the_component_does_not_do_is_told() {
    let folder = Folder::built();
    let more = "\n[[schedules]]\nname = \"daily\"\ncron = \"0 8 * * *\"\n\n[settings]";
    folder.replace("plugin.toml", "\n[settings]", more);
    let findings = check(&folder.project()).await.unwrap();
    assert!(
        findings
            .errors
            .join("\n")
            .contains("exports no job-handler"),
        "{:?}",
        findings.errors
    );
}

#[test]
fn a_folder_without_a_plugin_says_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let error = Project::at(folder.path()).unwrap_err();
    assert!(matches!(error, ProjectError::NoPlugin(_)));
    assert!(error.to_string().contains("guichet plugin new"), "{error}");
}

#[test]
fn a_plugin_that_does_not_compile_is_no_component() {
    let folder = Folder::new(guichet_cli::new::Kind::Guard);
    folder.replace("src/lib.rs", "struct Plugin;", "struct Plugin");
    let built = guichet_cli::build::build(
        &folder.project(),
        &crate::project::options(),
        Terminal::new(false),
    );
    assert!(matches!(built, Err(BuildError::Compile)));
    assert!(!folder.path().join("dist/plugin.wasm").exists());
}
