//! Each kind of plugin that `new` makes is a whole one.

use crate::project::{Folder, options, terminal};
use guichet_cli::{build::build, check::check, new::Kind, pack::pack, scenario::play};

async fn is_whole(kind: Kind) {
    let folder = Folder::new(kind);
    let built = build(&folder.project(), &options(), terminal()).unwrap();
    assert!(built.bytes < 400_000, "{} bytes", built.bytes);
    let findings = check(&folder.project()).await.unwrap();
    assert!(findings.is_good(), "{:?}", findings.errors);
    assert!(findings.warnings.is_empty(), "{:?}", findings.warnings);
    let measured = findings.measured.unwrap();
    assert!(measured.memory_bytes > 0 && measured.memory_bytes < measured.memory_bytes_max);
    let played = play(&folder.project(), None, |_| ()).await.unwrap();
    assert!(!played.is_empty());
    for one in played {
        assert!(one.failed.is_none(), "{}: {:#?}", one.title, one.failed);
        assert!(one.cost.calls > 0, "{}", one.title);
    }
    let packed = pack(&folder.project()).unwrap();
    assert_eq!(packed.id, format!("acme/{}", kind.name()));
    assert!(
        packed
            .path
            .ends_with(format!("dist/{}-0.1.0.tar", kind.name()))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_automation_is_made_whole() {
    is_whole(Kind::Automation).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_is_made_whole() {
    is_whole(Kind::Channel).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guard_is_made_whole() {
    is_whole(Kind::Guard).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_made_whole() {
    is_whole(Kind::Job).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_made_whole() {
    is_whole(Kind::Report).await;
}
