//! The manifest says both languages, and so does the README.
#![cfg(test)]

use std::path::Path;

fn text(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn every_report_has_a_title_and_a_summary_in_both_languages() {
    let manifest: toml::Value = toml::from_str(&text("plugin.toml")).unwrap();
    let reports = manifest["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 4);
    for report in reports {
        for key in ["title", "summary"] {
            for language in ["en", "zh-CN"] {
                assert!(
                    report[key][language]
                        .as_str()
                        .is_some_and(|text| !text.is_empty()),
                    "{report}"
                );
            }
        }
    }
}

#[test]
fn both_halves_of_the_readme_define_the_same_measures() {
    let readme = text("README.md");
    let (english, chinese) = readme.split_once("## 统计口径").unwrap();
    let rows = |half: &str| half.lines().filter(|line| line.starts_with("| **")).count();
    assert!(rows(english) >= 8);
    assert_eq!(rows(english), rows(chinese));
}
