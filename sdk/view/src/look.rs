//! A walk through a view that knows where it is and how much it has seen.

use crate::{
    error::{Fault, ViewError},
    limits,
    plain::{is_blank, is_id, is_instant, is_name},
};
use serde::Serialize;
use serde_json::Value;
use std::{borrow::Cow, collections::BTreeSet};

pub(crate) type Looked = Result<(), ViewError>;

/// What may be looked at. Whatever is drawn is.
pub(crate) trait Check {
    fn check(&self, look: &mut Look) -> Looked;
}

/// Looks at all of what will be handed over, and at how long it will be.
pub(crate) fn whole(all: &(impl Check + Serialize)) -> Looked {
    all.check(&mut Look::default())?;
    let json =
        serde_json::to_value(all).map_err(|error| of_whole(Fault::Json(error.to_string())))?;
    check_levels(&json)?;
    check_bytes(&json.to_string())
}

/// Whether it has no more levels of lists and objects than may be.
pub(crate) fn check_levels(json: &Value) -> Looked {
    let most = limits::JSON_LEVELS_MAX;
    if is_deeper(json, most) {
        return Err(of_whole(Fault::Levels { most }));
    }
    Ok(())
}

fn is_deeper(json: &Value, most: usize) -> bool {
    let inner = |json| most == 0 || is_deeper(json, most - 1);
    match json {
        Value::Array(items) => most == 0 || items.iter().any(inner),
        Value::Object(members) => most == 0 || members.values().any(inner),
        _ => false,
    }
}

/// Whether it is no longer than may be handed over.
pub(crate) fn check_bytes(json: &str) -> Looked {
    let (bytes, most) = (json.len(), limits::VIEW_BYTES_MAX);
    if bytes > most {
        return Err(of_whole(Fault::Bytes { bytes, most }));
    }
    Ok(())
}

/// A fault that has no place.
pub(crate) fn of_whole(fault: Fault) -> ViewError {
    ViewError {
        pointer: String::new(),
        fault,
    }
}

/// Where the walk is, and what it has counted on its way.
#[derive(Default)]
pub(crate) struct Look {
    place: Vec<Cow<'static, str>>,
    blocks: usize,
    block_levels: usize,
    parts: usize,
}

impl Look {
    pub(crate) fn fault(&self, fault: Fault) -> ViewError {
        let pointer = self
            .place
            .iter()
            .map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")));
        ViewError {
            pointer: pointer.collect(),
            fault,
        }
    }

    /// Looks at something one step further in.
    pub(crate) fn at(
        &mut self,
        step: impl Into<Cow<'static, str>>,
        look: impl FnOnce(&mut Self) -> Looked,
    ) -> Looked {
        self.place.push(step.into());
        look(self)?;
        self.place.pop();
        Ok(())
    }

    /// Refuses what stands one step further in.
    pub(crate) fn refuse(&mut self, step: impl Into<Cow<'static, str>>, fault: Fault) -> Looked {
        self.at(step, |look| Err(look.fault(fault)))
    }

    /// Looks at each of a list that has at most so many.
    pub(crate) fn each<T>(
        &mut self,
        name: &'static str,
        all: &[T],
        most: usize,
        mut one: impl FnMut(&T, &mut Self) -> Looked,
    ) -> Looked {
        self.at(name, |look| {
            if all.len() > most {
                return Err(look.fault(Fault::Many {
                    count: all.len(),
                    most,
                }));
            }
            for (index, part) in all.iter().enumerate() {
                look.at(index.to_string(), |look| {
                    look.part()?;
                    one(part, look)
                })?;
            }
            Ok(())
        })
    }

    /// Likewise of one that must not be empty.
    pub(crate) fn some<T>(
        &mut self,
        name: &'static str,
        all: &[T],
        most: usize,
        one: impl FnMut(&T, &mut Self) -> Looked,
    ) -> Looked {
        if all.is_empty() {
            return self.refuse(name, Fault::Few { least: 1 });
        }
        self.each(name, all, most, one)
    }

    /// Blocks within what is being looked at.
    pub(crate) fn blocks<B: Check>(&mut self, blocks: &[B]) -> Looked {
        self.block_levels += 1;
        if self.block_levels > limits::BLOCK_LEVELS_MAX && !blocks.is_empty() {
            return self.refuse(
                "blocks",
                Fault::BlockLevels {
                    most: limits::BLOCK_LEVELS_MAX,
                },
            );
        }
        self.each("blocks", blocks, limits::BLOCKS_MAX, |block, look| {
            look.blocks += 1;
            if look.blocks > limits::BLOCKS_MAX {
                return Err(look.fault(Fault::Blocks {
                    most: limits::BLOCKS_MAX,
                }));
            }
            block.check(look)
        })?;
        self.block_levels -= 1;
        Ok(())
    }

    /// One thing more that a browser draws.
    pub(crate) fn part(&mut self) -> Looked {
        self.parts += 1;
        if self.parts > limits::PARTS_MAX {
            return Err(self.fault(Fault::Parts {
                most: limits::PARTS_MAX,
            }));
        }
        Ok(())
    }

    pub(crate) fn chars(&mut self, name: &'static str, text: &str, most: usize) -> Looked {
        let chars = text.chars().count();
        if chars > most {
            return self.refuse(name, Fault::Chars { chars, most });
        }
        Ok(())
    }

    /// A text of any length that may stand there, none among them.
    pub(crate) fn text(&mut self, text: Option<&String>) -> Looked {
        text.map_or(Ok(()), |text| {
            self.chars("text", text, limits::TEXT_CHARS_MAX)
        })
    }

    /// What something is called: it can be read, and heard.
    pub(crate) fn label(&mut self, name: &'static str, text: &str) -> Looked {
        if is_blank(text) {
            return self.refuse(name, Fault::Blank);
        }
        self.chars(name, text, limits::TITLE_CHARS_MAX)
    }

    pub(crate) fn title(&mut self, title: Option<&String>) -> Looked {
        title.map_or(Ok(()), |title| self.label("title", title))
    }

    /// What tells something from its neighbours; people do not see it.
    pub(crate) fn key(
        &mut self,
        name: &'static str,
        key: &str,
        taken: &mut BTreeSet<String>,
    ) -> Looked {
        if key.is_empty() {
            return self.refuse(name, Fault::Blank);
        }
        self.chars(name, key, limits::NAME_CHARS_MAX)?;
        if !taken.insert(key.to_owned()) {
            return self.refuse(name, Fault::Twice(key.to_owned()));
        }
        Ok(())
    }

    /// The name of an action, a page, a report.
    pub(crate) fn name(&mut self, step: &'static str, name: &str) -> Looked {
        self.chars(step, name, limits::NAME_BYTES_MAX)?;
        if !is_name(name) {
            return self.refuse(
                step,
                Fault::Form("a name has small letters, digits and dashes".to_owned()),
            );
        }
        Ok(())
    }

    pub(crate) fn id(&mut self, step: &'static str, id: &str) -> Looked {
        if is_id(id) {
            Ok(())
        } else {
            self.refuse(step, Fault::Id)
        }
    }

    pub(crate) fn instant(&mut self, step: &'static str, at: &str) -> Looked {
        if is_instant(at) {
            Ok(())
        } else {
            self.refuse(step, Fault::Instant)
        }
    }

    pub(crate) fn number(
        &mut self,
        step: &'static str,
        number: f64,
        least: f64,
        most: f64,
    ) -> Looked {
        // What is no number at all compares as false.
        if number >= least && number <= most {
            Ok(())
        } else {
            self.refuse(step, Fault::Number { least, most })
        }
    }

    /// JSON that is handed through, up to so many bytes.
    pub(crate) fn json(&mut self, step: &'static str, json: &Value, most: usize) -> Looked {
        let bytes = json.to_string().len();
        if bytes > most {
            self.refuse(step, Fault::Bytes { bytes, most })
        } else {
            Ok(())
        }
    }
}
