//! Texts that are expressions, or nearly: made up from bytes along the grammar, with a slip here and there.

use arbitrary::{Result, Unstructured};

/// Levels of conditions within conditions; a little more than is allowed with the brackets of each.
const DEPTH_MAX: usize = 20;

/// Bytes beyond which nothing is begun any more; a little more than is allowed.
const BYTES_MAX: usize = 4_200;

const NAMES: &[&str] = &[
    "id",
    "number",
    "state",
    "kind",
    "channel",
    "subject",
    "priority",
    "requester",
    "assignee",
    "group",
    "tags",
    "created_at",
    "updated_at",
    "pending_until",
    "solved_at",
    "reopen_count",
    "merged_into",
    "legal_hold",
    "fields[\"acme/sla/left\"]",
    "fields[\"acme/sla/share\"]",
    "fields[\"acme/sla/due\"]",
    "fields['acme/crm/tier']",
    "fields[\"acme/crm/vip\"]",
    "fields[\"acme/crm/labels\"]",
    "fields[\"acme/crm/note\"]",
    "ticket.state",
    "ticket.subject",
    "ticket.number",
    "ticket.tags",
    "ticket.created_at",
    "ticket.assignee",
    "ticket.fields[\"acme/sla/left\"]",
    "at",
    "actor.kind",
    "actor.id",
    "data.a.b",
    "data[\"n\"]",
    "data.t",
    "old(\"subject\")",
    "new(\"assignee\")",
    "old(\"acme/sla/left\")",
    "new(\"tags\")",
    "nothing",
    "ticket",
];

const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "me",
    "now",
    "0",
    "1",
    "-1",
    "42",
    "9223372036854775807",
    "-9223372036854775808",
    "0x10",
    "1.5",
    "-0.0",
    "1e300",
    "1e-300",
    "\"open\"",
    "\"new\"",
    "'vip'",
    "\"\"",
    "\"打印机\"",
    "\"\\u0001\"",
    "\"\\\"\\\\\"",
    "'''a\"b'''",
    "\"00000000-0000-0000-0000-000000000007\"",
    "\"customer\"",
    "[]",
    "[\"a\"]",
    "timestamp(\"2026-03-01T09:00:00Z\")",
    "timestamp(\"-009999-01-02T01:59:59Z\")",
    "timestamp(\"9999-12-30T22:00:00Z\")",
    "timestamp(\"1970-01-01T00:00:00.000001+08:00\")",
    "duration(\"1h\")",
    "duration(\"-1h30m\")",
    "duration(\"878400h\")",
    "duration(\"1us\")",
    "duration(\"1.5s\")",
];

const SIGNS: &[&str] = &[
    " == ", " != ", " < ", " <= ", " > ", " >= ", " in ", " + ", " - ", "==", " && ", " || ",
];

/// A text.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut made = Made {
        from: Unstructured::new(bytes),
        text: String::new(),
    };
    // Where the bytes end, the text ends.
    let _ = made.condition(DEPTH_MAX);
    made.text
}

struct Made<'a> {
    from: Unstructured<'a>,
    text: String,
}

impl Made<'_> {
    fn condition(&mut self, depth: usize) -> Result<()> {
        let is_enough = depth == 0 || self.text.len() > BYTES_MAX || self.from.is_empty();
        let kind = if is_enough {
            0
        } else {
            self.from.int_in_range(0..=11_u8)?
        };
        match kind {
            0 | 1 => {
                self.side()?;
                self.sign()?;
                self.side()
            }
            2 | 3 => self.joined(depth),
            4 => {
                self.text.push('!');
                self.bracketed(depth)
            }
            5 => self.bracketed(depth),
            6 => {
                self.side()?;
                let how = *self
                    .from
                    .choose(&[".contains(", ".startsWith(", ".endsWith("])?;
                self.text.push_str(how);
                self.quoted()?;
                self.text.push(')');
                Ok(())
            }
            7 => {
                self.side()?;
                self.text.push_str(" in [");
                for place in 0..self.from.int_in_range(0..=6_u8)? {
                    self.text.push_str(if place > 0 { ", " } else { "" });
                    self.side()?;
                }
                self.text.push(']');
                Ok(())
            }
            8 => {
                self.quoted()?;
                self.text.push_str(" in ");
                self.side()
            }
            9 => {
                let what = *self.from.choose(&["text(", "changed(", "has("])?;
                self.text.push_str(what);
                self.quoted()?;
                self.text.push(')');
                Ok(())
            }
            10 => self.moved(),
            _ => self.side(),
        }
    }

    fn joined(&mut self, depth: usize) -> Result<()> {
        let sign = *self.from.choose(&[" && ", " || ", "&&", " ||\n"])?;
        self.condition(depth - 1)?;
        for _ in 0..self.from.int_in_range(1..=5_u8)? {
            self.text.push_str(sign);
            self.condition(depth - 1)?;
        }
        Ok(())
    }

    fn bracketed(&mut self, depth: usize) -> Result<()> {
        self.text.push('(');
        let made = self.condition(depth - 1);
        self.text.push(')');
        made
    }

    /// An instant and a duration, on one side or both.
    fn moved(&mut self) -> Result<()> {
        for place in 0..self.from.int_in_range(2..=5_u8)? {
            if place > 0 {
                self.sign()?;
            }
            let part = *self.from.choose(&[
                "created_at",
                "now",
                "duration(\"1h\")",
                "duration(\"878400h\")",
                "duration(\"-1us\")",
                "updated_at",
                "ticket.created_at",
                "timestamp(\"2026-03-01T09:00:00Z\")",
            ])?;
            self.text.push_str(part);
        }
        Ok(())
    }

    fn side(&mut self) -> Result<()> {
        match self.from.int_in_range(0..=9_u8)? {
            0..=4 => self.text.push_str(self.from.choose(NAMES)?),
            5..=7 => self.text.push_str(self.from.choose(VALUES)?),
            8 => self.quoted()?,
            _ => {
                let number: i64 = self.from.arbitrary()?;
                self.text.push_str(&number.to_string());
            }
        }
        Ok(())
    }

    fn sign(&mut self) -> Result<()> {
        self.text.push_str(self.from.choose(SIGNS)?);
        Ok(())
    }

    /// Any text in quotation marks, now and then with one in it.
    fn quoted(&mut self) -> Result<()> {
        let text: &str = self.from.arbitrary()?;
        self.text.push('"');
        self.text.push_str(text);
        self.text.push('"');
        Ok(())
    }
}
