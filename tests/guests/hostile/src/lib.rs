//! A guest that does what its settings say, well or badly: the tests' friend and foe.

use guichet_sdk::{
    Error, Event, EventHandler, MessageDraft, clock, explain, log, tickets_write, typed_settings,
};

/// What is to be done with each event.
#[derive(serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Deed {
    /// Adds a tag.
    Tag(String),
    /// Makes a note, so that each event leaves one message.
    Note(String),
    Fail,
    Trap,
    Loop,
    Memory,
    Recursion,
    /// So many effects.
    Effects(u32),
    /// So many calls of the host.
    Calls(u32),
    Log,
}

#[derive(serde::Deserialize)]
struct Settings {
    deed: Deed,
}

struct Hostile;

impl EventHandler for Hostile {
    fn handle(event: Event) -> Result<(), Error> {
        let Some(ticket) = event.ticket else {
            return Ok(());
        };
        match typed_settings::<Settings>()?.deed {
            Deed::Tag(tag) => {
                explain::because("tag", "{}");
                tickets_write::add_tags(&ticket, &[tag])
            }
            Deed::Note(text) => {
                let message = MessageDraft {
                    visibility: "internal".to_owned(),
                    text,
                    html: None,
                    attachments: Vec::new(),
                    fields: Vec::new(),
                };
                tickets_write::add_message(&ticket, &message).map(drop)
            }
            Deed::Fail => Err(Error::Unavailable("as told".to_owned())),
            Deed::Trap => unreachable!("as told"),
            Deed::Loop => loop {
                std::hint::black_box(());
            },
            Deed::Memory => {
                let mut hoard = Vec::new();
                loop {
                    hoard.push(vec![1_u8; 4 << 20]);
                    std::hint::black_box(&hoard);
                }
            }
            Deed::Recursion => {
                std::hint::black_box(deeper(0));
                Ok(())
            }
            Deed::Effects(count) => (0..count).try_for_each(|number| {
                explain::because(&format!("flood {number}"), "{}");
                tickets_write::add_tags(&ticket, &[format!("flood-{number}")])
            }),
            Deed::Calls(count) => {
                (0..count).for_each(|_| {
                    std::hint::black_box(clock::now());
                });
                Ok(())
            }
            Deed::Log => {
                (0..100).for_each(|_| log::write("info", &"x".repeat(10_000)));
                Ok(())
            }
        }
    }
}

#[expect(unconditional_recursion, reason = "as told")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(depth) + deeper(std::hint::black_box(depth + 1)) + 1
}

guichet_sdk::export_event_handler!(Hostile);
