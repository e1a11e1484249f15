//! Tests as sentences, through the product's own doors: the real server, HTTP, real plugins, on SQLite and on PostgreSQL.
#![cfg(test)]

/// A desk to test: a fresh database, a clock that is moved, an agent who speaks HTTP.
mod desk;

/// Packages.
mod package;

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

/// Questions about tickets: filters, orders, groups, by people and by plugins.
mod questions;

/// Saved views.
mod views;

/// Plugins' fields, as lists show them.
mod fields;

/// Plugins' documents, and by what they are found.
mod records;

/// How tickets hang together, and how they end.
mod relations;

/// Who may see and do what.
mod people;

/// One event, ten plugins; failing, slow and hostile ones.
mod plugins;

/// Where a desk keeps its data.
mod place;

/// Guests written by hand.
mod crude;

/// Guests that mean harm.
mod hostile;

/// Plugins that fail too often, are held back, and catch up.
mod breaker;

/// What was not granted is refused, with the remedy.
mod permissions;

/// What a plugin checks before it is written.
mod guards;

/// Servers outside, and secrets on their way there.
mod outside;

/// Routes of plugins, and requests that are not lost.
mod routes;

/// Packages: taken in, consented to, upgraded, rolled back, removed.
mod lifecycle;

/// And each step of it while events flow.
mod lifecycle_load;

/// Who stands between a marketplace and its host.
mod dishonest;

/// What plugins count, for whoever may see it.
mod reports;

/// Forms that anybody may fill.
mod web_form;

/// Jobs, schedules, secrets, events of plugins' own, loops.
mod jobs;

/// What falls due by itself.
mod due;

/// No tenant sees another.
mod walls;

/// Every route, with what belongs to another tenant.
mod walls_table;

/// Every call of the host, with what belongs to another tenant or install.
mod host_calls;

/// Every call of the host, with the eyes of a viewer who sees less.
mod viewers;

/// Every route, as somebody with fewer rights.
mod viewers_table;

/// Questions that would tell of what is hidden, were they answered from it.
mod bisecting;

/// A plugin's whole life, from nothing to revoked.
mod author;

/// What an operator does with the program alone.
mod operator;

/// Killed at any instant, nothing is lost and nothing doubled.
mod kills;

/// Whoever brings much waits for himself.
mod fairness;

/// A plugin beside which the server dies again and again.
mod deadly;

/// What must never be forgotten.
mod tidy;

/// Messages on their way to the people who asked.
mod channels;

/// Attempts to carry them that end otherwise than they began.
mod attempts;

/// Connections to servers outside.
mod net;

/// What plugins show.
mod panels;

/// What changes is told as it happens.
mod live;

/// And to whoever is slow to take it.
mod live_slow;

/// Mail, by real servers.
mod mail_real;

/// Mail, while somebody is killed.
mod mail_kills;
