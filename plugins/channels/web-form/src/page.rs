//! Pages: plain HTML that works without script, on a telephone, and read aloud. Whatever came from outside stands in them as text.

/// One question.
mod question;

use crate::{
    answers::Complaint,
    language::{Language, Texts},
    post::Post,
    settings::{Form, HONEYPOT, Wanted},
    wrong::Place,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use question::{Own, field, files, message, own};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What every page is made with.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    pub language: Language,
    /// The address of the plugin's root, without a slash at its end.
    pub base: &'a str,
    /// Names the page's own style and script in its policy.
    pub nonce: &'a str,
}

impl Frame<'_> {
    fn say<'a>(&self, english: &'a str, chinese: &'a str) -> &'a str {
        self.language.pick(english, chinese)
    }

    /// An address below the root, in the page's language.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}?lang={}", self.base, self.language.tag())
    }

    fn page(&self, title: &str, path: &str, content: Markup, with_script: bool) -> String {
        let others = Language::ALL.iter().filter(|one| **one != self.language);
        let page = html! {
            (DOCTYPE)
            html lang=(self.language.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    title { (title) }
                    style nonce=(self.nonce) { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        p.languages {
                            @for other in others {
                                @let there = Frame { language: *other, ..*self }.to(path);
                                a href=(there) lang=(other.tag()) hreflang=(other.tag()) { (other.name()) }
                            }
                        }
                        div.sheet { (content) }
                    }
                    @if with_script {
                        script nonce=(self.nonce) { (PreEscaped(SCRIPT)) }
                    }
                }
            }
        };
        page.into_string()
    }

    /// All forms that are listed.
    pub fn list(&self, forms: &[&Form]) -> String {
        let title = self.say("How can we help?", "需要什么帮助？");
        let content = html! {
            h1 { (title) }
            @if forms.is_empty() {
                p { (self.say("There are no forms here just now.", "目前没有可用的表单。")) }
            }
            ul.forms {
                @for form in forms {
                    li {
                        a href=(self.to(&format!("/{}", form.id))) {
                            (form.title.of(self.language))
                            span.soft { (first_line(&form.intro, self.language)) }
                        }
                    }
                }
            }
        };
        self.page(title, "/", content, false)
    }

    /// A form, empty or as it was sent with what is wrong.
    pub fn form(
        &self,
        form: &Form,
        token: &str,
        sent: Option<&Post>,
        wrong: &[Complaint],
    ) -> String {
        let language = self.language;
        let path = format!("/{}", form.id);
        let title = form.title.of(language);
        let blank = Post::default();
        let sent = sent.unwrap_or(&blank);
        let own = |one: Own<'_>| own(one, sent, wrong, language);
        let content = html! {
            @if !wrong.is_empty() { (self.summary(form, wrong)) }
            h1 { (title) }
            @if !form.intro.is_empty() { p.soft { (form.intro.of(language)) } }
            form method="post" action=(self.to(&path)) enctype="multipart/form-data" accept-charset="utf-8" {
                input type="hidden" name="token" value=(token);
                (own(Own { name: "name", kind: "text", autocomplete: "name", hint: "" }))
                (own(Own { name: "email", kind: "email", autocomplete: "email", hint: self.say("The answer goes there.", "我们会回复到此邮箱。") }))
                @if form.asks_subject() {
                    (own(Own { name: "subject", kind: "text", autocomplete: "off", hint: "" }))
                }
                @for one in &form.fields { (field(one, form, sent, wrong, language)) }
                @if form.message != Wanted::None { (message(form.message == Wanted::Required, sent, wrong, language)) }
                @if form.attachments > 0 { (files(form.attachments, wrong, language)) }
                div.trap aria-hidden="true" {
                    label for="trap" { (self.say("Leave this empty", "请勿填写")) }
                    input id="trap" type="text" name=(HONEYPOT) tabindex="-1" autocomplete="off" value=(sent.text(HONEYPOT));
                }
                button type="submit" { (self.say("Send", "提交")) }
            }
        };
        let whole = match wrong.is_empty() {
            true => title.to_owned(),
            false => format!("{}{title}", self.say("Error: ", "错误：")),
        };
        self.page(&whole, &path, content, true)
    }

    fn summary(&self, form: &Form, wrong: &[Complaint]) -> Markup {
        let language = self.language;
        let named = |place: &Place| -> Option<(String, String)> {
            match place {
                Place::Own(name) => Some((
                    format!("f-{name}"),
                    question::own_label(name, language).to_owned(),
                )),
                Place::Field(name) => {
                    let field = form.fields.iter().find(|field| field.name == *name)?;
                    Some((format!("f-{name}"), field.label.of(language).to_owned()))
                }
                Place::Files => Some((
                    "f-files".to_owned(),
                    question::own_label("files", language).to_owned(),
                )),
                Place::Page => None,
            }
        };
        html! {
            div.summary role="alert" tabindex="-1" autofocus {
                h2 { (self.say("The form has not been sent yet", "表单尚未提交")) }
                ul {
                    @for (place, complaint) in wrong {
                        li {
                            @match named(place) {
                                Some((id, label)) => a href=(format!("#{id}")) { (label) (self.say(": ", "：")) (complaint.told(language)) },
                                None => (complaint.told(language)),
                            }
                        }
                    }
                }
            }
        }
    }

    /// After a form was sent: with the ticket's number, or without one where people look at it first.
    pub fn thanks(&self, form: &Form, number: Option<u64>) -> String {
        let title = self.say("Thank you", "谢谢");
        let content = html! {
            h1 { (title) }
            @match number {
                Some(number) => {
                    p { (self.say("We have received your request. Its number is", "我们已收到您的请求，编号为")) " " span.number { "#" (number) } }
                }
                None => p { (self.say("We have received your request. Somebody will look at it before it gets a number.", "我们已收到您的请求，经人工查看后会分配编号。")) },
            }
            @if !form.thanks.is_empty() { p { (form.thanks.of(self.language)) } }
            p { a href=(self.to(&format!("/{}", form.id))) { (self.say("Send another request", "再提交一个请求")) } }
        };
        self.page(title, &format!("/{}", form.id), content, false)
    }

    /// Something else to be told, such as that there is no such form.
    pub fn notice(&self, title: &str, text: &str, back: Option<&str>) -> String {
        let content = html! {
            h1 { (title) }
            p { (text) }
            @if let Some(path) = back {
                p { a href=(self.to(path)) { (self.say("Back to the form", "返回表单")) } }
            }
        };
        self.page(title, back.unwrap_or("/"), content, false)
    }
}

fn first_line(texts: &Texts, language: Language) -> String {
    let line = texts.of(language).lines().next().unwrap_or_default();
    let short: String = line.chars().take(120).collect();
    match line.chars().count() > 120 {
        true => format!("{short}…"),
        false => short,
    }
}

#[cfg(test)]
mod tests;
