//! Bounds of the rules. The host has its own on each call (50 writes, 500 calls); these are told to people before those are met.

/// Rules of one desk.
pub const RULES_MAX: usize = 200;

/// Actions that all rules together may take on one event. Below the host's bound on writes, with room for the memory of the chain and for what went wrong.
pub const ACTIONS_PER_EVENT_MAX: usize = 40;

/// Chains of events that are remembered for a ticket. One more, and the oldest is forgotten.
pub const CHAINS_PER_TICKET_MAX: usize = 8;

/// Rules that are remembered for one chain on one ticket.
pub const RULES_PER_CHAIN_MAX: usize = 100;

/// Bytes of a text with its names filled in.
pub const FILLED_BYTES_MAX: usize = 256 << 10;

/// Characters of a found value that the history repeats.
pub const SHOWN_CHARACTERS_MAX: usize = 80;

/// Messages that are asked for at once.
pub const MESSAGES_PER_PAGE: u32 = 50;

/// Pages of messages that are looked through for the one that an event is about.
pub const MESSAGE_PAGES_MAX: usize = 20;

/// Hours that a ticket may be told to wait: five years.
pub const WAIT_HOURS_MAX: u32 = 5 * 365 * 24;
