//! Tests as sentences, through the product's own doors: the real server, HTTP, real plugins, on SQLite and on PostgreSQL.
#![cfg(test)]

/// A desk to test: a fresh database, a clock that is moved, an agent who speaks HTTP.
mod desk;

/// The server as a process of its own, to be killed.
mod process;

/// A mail's way.
mod mail;

/// The corpus of mails.
mod mail_corpus;

/// Answers by mail, and what comes back.
mod mail_answers;

/// What agents do over the API, and what they may not.
mod api;

/// How tickets hang together, and how they end.
mod relations;

/// Who may see and do what.
mod people;

/// One event, ten plugins; failing, slow and hostile ones.
mod plugins;

/// Jobs, schedules, secrets, events of plugins' own, loops.
mod jobs;

/// What falls due by itself.
mod due;

/// No tenant sees another.
mod walls;

/// What an operator does with the program alone.
mod operator;

/// Killed at any instant, nothing is lost and nothing doubled.
mod kills;

/// What must never be forgotten.
mod tidy;
