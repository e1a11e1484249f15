//! What a call is made with, by its place: missing parts are empty.

use guichet_sdk::{
    Actor, Attachment, Body, Error, Field, MessageDraft, PageRequest, TicketDraft, Value, http,
    records,
};
use serde_json::Value as Json;

pub(super) struct Arguments<'a>(pub(super) &'a [Json]);

fn text<'a>(of: &'a Json, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}

fn texts(list: &Json) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}

fn fields(of: &Json) -> Vec<Field> {
    let members = of.as_object().into_iter().flatten();
    members
        .map(|(name, value)| Field {
            name: name.clone(),
            value: match value {
                Json::Null => Value::None,
                Json::Bool(boolean) => Value::Boolean(*boolean),
                Json::Number(number) => Value::Integer(number.as_i64().unwrap_or_default()),
                Json::String(text) => Value::Text(text.clone()),
                Json::Array(_) => Value::Texts(texts(value)),
                Json::Object(_) => Value::Json(value.to_string()),
            },
        })
        .collect()
}

fn message(of: &Json) -> MessageDraft {
    let attachment = |file: String| Attachment {
        file,
        name: "a.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        size: 1,
        inline_id: None,
        extra: Vec::new(),
    };
    MessageDraft {
        visibility: of["visibility"].as_str().unwrap_or("internal").to_owned(),
        text: of["text"].as_str().unwrap_or("Said.").to_owned(),
        html: of["html"].as_str().map(str::to_owned),
        attachments: texts(&of["attachments"])
            .into_iter()
            .map(attachment)
            .collect(),
        fields: fields(&of["fields"]),
    }
}

impl<'a> Arguments<'a> {
    fn at(&self, place: usize) -> &'a Json {
        self.0.get(place).unwrap_or(&Json::Null)
    }

    fn object(&self, place: usize) -> Result<&'a Json, Error> {
        let wrong = || Error::Invalid(format!("argument {place} of a call is an object"));
        Some(self.at(place))
            .filter(|given| given.is_object())
            .ok_or_else(wrong)
    }

    pub(super) fn some_text(&self, place: usize) -> Option<&'a str> {
        self.at(place).as_str()
    }

    pub(super) fn text(&self, place: usize) -> &'a str {
        self.some_text(place).unwrap_or_default()
    }

    pub(super) fn texts(&self, place: usize) -> Vec<String> {
        texts(self.at(place))
    }

    /// Numbers may come as texts: what stands for a name in a table is one.
    pub(super) fn some_count(&self, place: usize) -> Option<u64> {
        let given = self.at(place);
        given.as_u64().or_else(|| given.as_str()?.parse().ok())
    }

    pub(super) fn count(&self, place: usize) -> u64 {
        self.some_count(place).unwrap_or_default()
    }

    pub(super) fn limit(&self, place: usize) -> u32 {
        u32::try_from(self.some_count(place).unwrap_or(100)).unwrap_or(u32::MAX)
    }

    pub(super) fn is_set(&self, place: usize) -> bool {
        self.at(place).as_bool().unwrap_or_default()
    }

    pub(super) fn fields(&self, place: usize) -> Vec<Field> {
        fields(self.at(place))
    }

    /// `["agent", id]`.
    pub(super) fn actor(&self, place: usize) -> Actor {
        let mut parts = self.texts(place).into_iter();
        Actor {
            kind: parts.next().unwrap_or_default(),
            id: parts.next().unwrap_or_default(),
        }
    }

    pub(super) fn message(&self, place: usize) -> Result<MessageDraft, Error> {
        self.object(place).map(message)
    }

    pub(super) fn ticket(&self, place: usize) -> Result<TicketDraft, Error> {
        let given = self.object(place)?;
        let first = Some(&given["message"]).filter(|given| given.is_object());
        Ok(TicketDraft {
            subject: text(given, "subject").to_owned(),
            requester: text(given, "requester").to_owned(),
            first_message: first.map(message),
            fields: fields(&given["fields"]),
        })
    }

    pub(super) fn page(&self, place: usize) -> PageRequest {
        let given = self.at(place);
        PageRequest {
            filter: text(given, "filter").to_owned(),
            columns: texts(&given["columns"]),
            sort: texts(&given["sort"]),
            cursor: given["cursor"].as_str().map(str::to_owned),
            limit: given["limit"]
                .as_u64()
                .and_then(|limit| u32::try_from(limit).ok())
                .unwrap_or(100),
            extra: Vec::new(),
        }
    }

    /// Bounds stand in it as JSON, not as its text.
    pub(super) fn range(&self, place: usize) -> records::Range {
        let given = self.at(place);
        let some = |name: &str| given[name].as_str().map(str::to_owned);
        let bound = |name: &str| given.get(name).map(Json::to_string);
        records::Range {
            index: some("index"),
            equal: bound("equal"),
            from: bound("from"),
            to: bound("to"),
            descending: given["descending"].as_bool().unwrap_or_default(),
            cursor: some("cursor"),
            limit: given["limit"]
                .as_u64()
                .and_then(|limit| u32::try_from(limit).ok())
                .unwrap_or(100),
            extra: Vec::new(),
        }
    }

    pub(super) fn fetch(&self, place: usize) -> http::Request {
        let given = self.at(place);
        let headers = given["headers"].as_object().into_iter().flatten();
        http::Request {
            method: "POST".to_owned(),
            url: text(given, "url").to_owned(),
            headers: headers
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect(),
            body: match given["file"].as_str() {
                Some(file) => Body::File(file.to_owned()),
                None => Body::Bytes(Vec::new()),
            },
            extra: Vec::new(),
        }
    }
}
