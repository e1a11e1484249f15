//! # Channels
//! How what was said here reaches the person who asked.
//!
//! - A **channel** is an install whose manifest has `[channel]`. It answers the tickets of its name, and writes to whoever has an identity that it reaches.
//! - An **outgoing** message is one that people or machines of this side said in public. It becomes a job of the host's, in the commit that hands its event out.
//! - An **attempt** has one channel carry it. `sending` is committed before; what came of it, and the channel's own writes, with its end.
//!
//! A channel that cannot carry it passes it on to the next. Where an attempt was cut off, nobody knows whether the message went out: the manifest says whether
//! it is sent again or somebody is asked.

/// Which channels may carry a message.
pub mod choose;

/// A message on its way, as the job that keeps it.
pub mod outgoing;

/// What of a message a channel can carry.
pub mod fits;

/// Within which time a channel may answer.
pub mod window;

/// Which of a ticket's messages goes first.
mod order;

/// One attempt.
pub mod attempt;

/// What came of it, as it is written.
mod settle;

/// What people decide of a message that waits, failed, or of which nobody knows.
pub mod decide;
