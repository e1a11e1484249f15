//! One question of a form: its label, its hint, what is wrong with its answer, and what it is answered with, tied together for those who hear the page.

use crate::{
    answers::Complaint,
    condition::{Condition, Operator},
    language::Language,
    limits,
    post::Post,
    settings::{Form, FormField, Kind},
    wrong::{Place, Wrong},
};
use maud::{Markup, html};

/// So many options are shown at once; more are a list to be opened.
const OPTIONS_SHOWN: usize = 7;

/// A question that every form asks, answered in one line.
pub(super) struct Own<'a> {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) hint: &'a str,
}

/// How the question is called in the list of what is wrong.
pub(super) fn own_label(name: &str, language: Language) -> &'static str {
    let (english, chinese) = match name {
        "name" => ("Your name", "您的姓名"),
        "email" => ("Your e-mail address", "您的电子邮箱"),
        "subject" => ("What is it about?", "主题"),
        "message" => ("Your message", "详细说明"),
        _ => ("Files", "附件"),
    };
    language.pick(english, chinese)
}

/// What stands around an answer.
struct Around<'a> {
    id: String,
    label: &'a str,
    hint: String,
    is_optional: bool,
    wrong: Option<String>,
    language: Language,
}

impl Around<'_> {
    /// Ids of what explains the answer.
    fn described_by(&self) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| format!("h-{}", self.id));
        let wrong = self.wrong.as_ref().map(|_| format!("e-{}", self.id));
        let ids: Vec<_> = hint.into_iter().chain(wrong).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn invalid(&self) -> Option<&'static str> {
        self.wrong.as_ref().map(|_| "true")
    }

    fn name(&self) -> Markup {
        html! {
            (self.label)
            @if self.is_optional { " " span.optional { (self.language.pick("(optional)", "（选填）")) } }
        }
    }

    fn notes(&self) -> Markup {
        html! {
            @if !self.hint.is_empty() { p.hint id=(format!("h-{}", self.id)) { (self.hint) } }
            @if let Some(wrong) = &self.wrong { p.wrong id=(format!("e-{}", self.id)) { (wrong) } }
        }
    }

    fn classes(&self) -> &'static str {
        match self.wrong {
            Some(_) => "question is-wrong",
            None => "question",
        }
    }
}

fn complaint<'a>(wrong: &'a [Complaint], place: &Place) -> Option<&'a Wrong> {
    wrong
        .iter()
        .find(|(there, _)| there == place)
        .map(|(_, wrong)| wrong)
}

fn around_own<'a>(
    name: &'static str,
    label: &'a str,
    hint: &str,
    wrong: &[Complaint],
    language: Language,
) -> Around<'a> {
    Around {
        id: format!("f-{name}"),
        label,
        hint: hint.to_owned(),
        is_optional: false,
        wrong: complaint(wrong, &Place::Own(name)).map(|wrong| wrong.told(language)),
        language,
    }
}

pub(super) fn own(own: Own<'_>, sent: &Post, wrong: &[Complaint], language: Language) -> Markup {
    let label = own_label(own.name, language);
    let around = around_own(own.name, label, own.hint, wrong, language);
    html! {
        div class=(around.classes()) {
            label for=(around.id) { (around.name()) }
            (around.notes())
            input id=(around.id) type=(own.kind) name=(own.name) autocomplete=(own.autocomplete) required maxlength=(limits::LINE_CHARACTERS_MAX)
                value=(sent.text(own.name)) aria-describedby=[around.described_by()] aria-invalid=[around.invalid()];
        }
    }
}

pub(super) fn message(
    is_required: bool,
    sent: &Post,
    wrong: &[Complaint],
    language: Language,
) -> Markup {
    let mut around = around_own(
        "message",
        own_label("message", language),
        "",
        wrong,
        language,
    );
    around.is_optional = !is_required;
    html! {
        div class=(around.classes()) {
            label for=(around.id) { (around.name()) }
            (around.notes())
            textarea id=(around.id) name="message" rows="6" required[is_required] maxlength=(limits::TEXT_CHARACTERS_MAX)
                aria-describedby=[around.described_by()] aria-invalid=[around.invalid()] { (first_break_kept(sent.text("message"))) }
        }
    }
}

/// HTML drops a line break right after the tag.
fn first_break_kept(text: &str) -> String {
    match text.starts_with('\n') {
        true => format!("\n{text}"),
        false => text.to_owned(),
    }
}

pub(super) fn files(most: u8, wrong: &[Complaint], language: Language) -> Markup {
    let mebibytes = limits::FILE_BYTES_MAX >> 20;
    let bounds = language.pick(
        "At most {n} files, of {m} MiB each and all together.",
        "最多 {n} 个文件，单个及合计不超过 {m} MiB。",
    );
    let mut hint = bounds
        .replace("{n}", &most.to_string())
        .replace("{m}", &mebibytes.to_string());
    if !wrong.is_empty() {
        // A browser does not keep them.
        hint.push_str(language.pick(" Please choose your files once more.", "请重新选择文件。"));
    }
    let around = Around {
        id: "f-files".to_owned(),
        label: own_label("files", language),
        hint,
        is_optional: true,
        wrong: complaint(wrong, &Place::Files).map(|wrong| wrong.told(language)),
        language,
    };
    html! {
        div class=(around.classes()) {
            label for=(around.id) { (around.name()) }
            (around.notes())
            input id=(around.id) type="file" name="files" multiple[most > 1] aria-describedby=[around.described_by()] aria-invalid=[around.invalid()];
        }
    }
}

/// A field of the form.
pub(super) fn field(
    field: &FormField,
    form: &Form,
    sent: &Post,
    wrong: &[Complaint],
    language: Language,
) -> Markup {
    let place = Place::Field(field.name.clone());
    let told = complaint(wrong, &place).map(|wrong| match wrong {
        Wrong::Pattern if !field.pattern_hint.is_empty() => {
            field.pattern_hint.of(language).to_owned()
        }
        wrong => wrong.told(language),
    });
    let around = Around {
        id: format!("f-{}", field.name),
        label: field.label.of(language),
        hint: field.hint.of(language).to_owned(),
        is_optional: !field.required && field.kind != Kind::YesNo,
        wrong: told,
        language,
    };
    let conditions = (!field.show_when.is_empty()).then(|| conditions(&field.show_when));
    let required = field.required.then_some("");
    let kind = kind_name(field.kind);
    let only_if = only_if(field, form, language);
    let is_group = field.kind == Kind::Choices
        || (field.kind == Kind::Choice && field.options.len() <= OPTIONS_SHOWN);
    html! {
        @if is_group {
            fieldset id=(around.id) class=(around.classes()) tabindex="-1" data-field=(field.name) data-kind=(kind) data-required=[required] data-show-when=[conditions]
                aria-describedby=[around.described_by()] {
                legend { (around.name()) }
                (only_if)
                (around.notes())
                (options(field, sent, language))
            }
        } @else {
            div class=(around.classes()) data-field=(field.name) data-kind=(kind) data-required=[required] data-show-when=[conditions] {
                @if field.kind != Kind::YesNo { label for=(around.id) { (around.name()) } }
                (only_if)
                (around.notes())
                (input(field, &around, sent, language))
            }
        }
    }
}

fn options(field: &FormField, sent: &Post, language: Language) -> Markup {
    let kind = match field.kind {
        Kind::Choices => "checkbox",
        _ => "radio",
    };
    let chosen = sent.values.get(&field.name).cloned().unwrap_or_default();
    // What is required only while it is shown is no matter of the browser's: the script says so when it shows it.
    let required = field.required && field.show_when.is_empty() && field.kind == Kind::Choice;
    html! {
        @for option in &field.options {
            label.choice {
                input type=(kind) name=(field.name) value=(option.value) required[required] checked[chosen.contains(&option.value)];
                span { (option.label(language)) }
            }
        }
    }
}

fn input(field: &FormField, around: &Around<'_>, sent: &Post, language: Language) -> Markup {
    let value = sent.text(&field.name);
    let required = field.required && field.show_when.is_empty();
    let (described, invalid) = (around.described_by(), around.invalid());
    let kind = match field.kind {
        Kind::Email => "email",
        Kind::Phone => "tel",
        Kind::Number => "number",
        Kind::Date => "date",
        _ => "text",
    };
    let most = field.max_length.unwrap_or(match field.kind {
        Kind::LongText => limits::TEXT_CHARACTERS_MAX,
        _ => limits::LINE_CHARACTERS_MAX,
    });
    let is_text = matches!(field.kind, Kind::Text | Kind::LongText);
    let pattern = (!field.pattern.is_empty() && field.kind == Kind::Text).then_some(&field.pattern);
    let step = (field.kind == Kind::Number).then_some("any");
    html! {
        @match field.kind {
            Kind::LongText => {
                textarea id=(around.id) name=(field.name) rows="5" required[required] minlength=[field.min_length] maxlength=(most)
                    aria-describedby=[described] aria-invalid=[invalid] { (first_break_kept(value)) }
            }
            Kind::Choice => {
                select id=(around.id) name=(field.name) required[required] aria-describedby=[described] aria-invalid=[invalid] {
                    option value="" { (language.pick("Please choose", "请选择")) }
                    @for option in &field.options {
                        option value=(option.value) selected[option.value == value] { (option.label(language)) }
                    }
                }
            }
            Kind::YesNo => {
                label.choice {
                    input id=(around.id) type="checkbox" name=(field.name) value="yes" required[required] checked[!value.is_empty()]
                        aria-describedby=[described] aria-invalid=[invalid];
                    span { (around.name()) }
                }
            }
            _ => {
                input id=(around.id) type=(kind) name=(field.name) value=(value) required[required] autocomplete="off"
                    minlength=[field.min_length.filter(|_| is_text)] maxlength=[is_text.then_some(most)] pattern=[pattern] step=[step]
                    min=[field.minimum] max=[field.maximum] aria-describedby=[described] aria-invalid=[invalid];
            }
        }
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::YesNo => "yes-no",
        _ => "other",
    }
}

/// For the script.
fn conditions(conditions: &[Condition]) -> String {
    let told: Vec<_> = conditions
        .iter()
        .map(|condition| {
            serde_json::json!({ "field": condition.field, "operator": condition.operator, "values": condition.value.texts() })
        })
        .collect();
    serde_json::Value::Array(told).to_string()
}

/// For those without script, in words: when the question is to be answered.
fn only_if(field: &FormField, form: &Form, language: Language) -> Markup {
    let parts: Vec<String> = field
        .show_when
        .iter()
        .map(|condition| in_words(condition, form, language))
        .collect();
    html! {
        @if !parts.is_empty() {
            p.hint.only-if {
                (language.pick("Only if ", "仅当"))
                (parts.join(language.pick(" and ", "且")))
                (language.pick(".", "时填写。"))
            }
        }
    }
}

fn in_words(condition: &Condition, form: &Form, language: Language) -> String {
    let other = form
        .fields
        .iter()
        .find(|field| field.name == condition.field);
    let label = other.map_or(condition.field.as_str(), |field| field.label.of(language));
    let value = |value: &String| {
        let option = other.and_then(|field| field.option(value));
        match (option, value.as_str(), other.map(|field| field.kind)) {
            (Some(option), _, _) => option.label(language).to_owned(),
            (None, "yes", Some(Kind::YesNo)) => language.pick("yes", "是").to_owned(),
            (None, "no", Some(Kind::YesNo)) => language.pick("no", "否").to_owned(),
            (None, value, _) => value.to_owned(),
        }
    };
    let values: Vec<_> = condition.value.texts().iter().map(value).collect();
    let values = values.join(language.pick(" or ", "或"));
    let (english, chinese) = match condition.operator {
        Operator::Is => ("is", "为"),
        Operator::IsNot => ("is not", "不为"),
        Operator::IsEmpty => ("is empty", "为空"),
        Operator::IsNotEmpty => ("is answered", "已填写"),
        Operator::GreaterThan => ("is more than", "大于"),
        Operator::LessThan => ("is less than", "小于"),
    };
    let operator = language.pick(english, chinese);
    let space = language.pick(" ", "");
    format!("“{label}”{space}{operator}{space}{values}")
        .trim_end()
        .to_owned()
}
