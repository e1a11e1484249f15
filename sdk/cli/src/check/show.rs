//! Findings as people read them: a table, and below it what is wrong and what to do.

use super::{Findings, Standing};
use crate::terminal::{Meaning, Terminal, bytes, microseconds, share};

/// All of it, for a terminal.
pub fn show(findings: &Findings, terminal: Terminal) -> String {
    let mut lines = Vec::new();
    if !findings.id.is_empty() {
        lines.push(format!("{} {}\n", findings.id, findings.version));
        table(findings, terminal, &mut lines);
    }
    for warning in &findings.warnings {
        lines.push(format!(
            "{} {warning}",
            terminal.paint(Meaning::Doubtful, "!")
        ));
    }
    for error in &findings.errors {
        lines.push(format!("{} {error}", terminal.paint(Meaning::Bad, "✗")));
    }
    if findings.is_good() {
        let good = terminal.paint(Meaning::Good, "✓");
        lines.push(format!("{good} a host takes it"));
    }
    lines.join("\n")
}

fn table(findings: &Findings, terminal: Terminal, lines: &mut Vec<String>) {
    let mut row = |name: &str, value: String| lines.push(format!("  {name:<12} {value}"));
    for (index, permission) in findings.permissions.iter().enumerate() {
        let name = match index {
            0 => "permissions",
            _ => "",
        };
        let standing = match permission.standing {
            Standing::Asked if permission.optional => "asked for, optional".to_owned(),
            Standing::Asked => "asked for".to_owned(),
            Standing::Missing => terminal.paint(Meaning::Bad, "imported, and not asked for"),
            Standing::Unused => terminal.paint(Meaning::Doubtful, "asked for, and not imported"),
        };
        row(name, format!("{:<16} {standing}", permission.name));
    }
    if findings.permissions.is_empty() {
        row("permissions", "none".to_owned());
    }
    for (name, values) in [
        ("hosts", &findings.hosts),
        ("events", &findings.events),
        ("routes", &findings.routes),
        ("schedules", &findings.schedules),
    ] {
        if !values.is_empty() {
            row(name, values.join(", "));
        }
    }
    row("points", findings.points.join(", "));
    if findings.bytes > 0 {
        let used = share(findings.bytes as u64, findings.bytes_max as u64);
        let most = bytes(findings.bytes_max);
        row(
            "size",
            format!("{} ({used} of {most})", bytes(findings.bytes)),
        );
    }
    if let Some(measured) = &findings.measured {
        row("compiling", microseconds(measured.compile_us));
        row(
            "start",
            format!(
                "{} until it can be called (median of {})",
                microseconds(measured.start_us),
                measured.starts
            ),
        );
        let used = share(measured.memory_bytes, measured.memory_bytes_max);
        row(
            "memory",
            format!(
                "{} at the start ({used} of {})",
                bytes(usize::try_from(measured.memory_bytes).unwrap_or(usize::MAX)),
                bytes(usize::try_from(measured.memory_bytes_max).unwrap_or(usize::MAX))
            ),
        );
    }
    lines.push(String::new());
}
