//! Paths, and what each answers: `/` lists the forms, `/{form}` is a form and takes its posts, `/{form}/thanks` tells the ticket's number.

use crate::{
    answers::{self, Complaint},
    language::Language,
    page::Frame,
    post::{self, Post, PostError},
    settings::{Form, Settings},
    store,
    submit::{self, Outcome, Sent},
    token::Token,
    wrong::{Place, Wrong},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use guichet_sdk::{Body, Error, Request, Response, clock, log, tickets_read, typed_settings};

/// Where the plugin's root is in an address.
const ROOT: &str = "/plugins/guichet/web-form";

/// A request with what every answer to it is made with.
struct Asked<'a> {
    request: &'a Request,
    settings: &'a Settings,
    frame: Frame<'a>,
    now_s: u64,
}

pub(crate) fn answer(request: &Request) -> Result<Response, Error> {
    let language = language(request);
    let nonce = URL_SAFE_NO_PAD.encode(clock::random(12));
    let base = base(&request.url);
    let frame = Frame {
        language,
        base: &base,
        nonce: &nonce,
    };
    let settings: Settings = typed_settings()?;
    if let Err(error) = settings.check() {
        // For the admin, among the plugin's runs; whoever wants to ask can do nothing about it.
        log::write("error", &format!("the settings: {error}"));
        let page = frame.notice(
            language.pick("This form cannot be shown just now", "表单暂时无法显示"),
            language.pick(
                "Please try again later, or write to us.",
                "请稍后再试，或通过其他方式联系我们。",
            ),
            None,
        );
        return Ok(html(503, page, &settings, &nonce));
    }
    let asked = Asked {
        request,
        settings: &settings,
        frame,
        now_s: clock::now() / 1_000_000,
    };
    let path = request.path.trim_matches('/');
    let (id, below) = path.split_once('/').unwrap_or((path, ""));
    if path.is_empty() {
        return Ok(asked.list());
    }
    let Some(form) = settings.form(id) else {
        return Ok(asked.unknown());
    };
    match (request.method.as_str(), below) {
        ("GET", "") => asked.empty(form),
        ("POST", "") => asked.take(form),
        ("GET", "thanks") => asked.thanks(form),
        _ => Ok(asked.unknown()),
    }
}

/// The language that was chosen, or else the browser's.
fn language(request: &Request) -> Language {
    let chosen = request.query.iter().find(|(name, _)| name == "lang");
    chosen
        .and_then(|(_, tag)| Language::parse(tag))
        .unwrap_or_else(|| Language::accepted(header(request, "accept-language")))
}

fn header<'a>(request: &'a Request, wanted: &str) -> &'a str {
    let mut headers = request.headers.iter();
    headers
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map_or("", |(_, value)| value)
}

/// The path of the plugin's root, as the browser has it.
fn base(url: &str) -> String {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => url,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    match path.find(ROOT) {
        Some(at) => path[..at + ROOT.len()].to_owned(),
        None => String::new(),
    }
}

impl Asked<'_> {
    fn html(&self, status: u16, page: String) -> Response {
        html(status, page, self.settings, self.frame.nonce)
    }

    fn list(&self) -> Response {
        let forms = self.settings.forms.iter();
        let listed: Vec<_> = forms.filter(|form| form.enabled && form.listed).collect();
        self.html(200, self.frame.list(&listed))
    }

    fn unknown(&self) -> Response {
        let language = self.frame.language;
        let page = self.frame.notice(
            language.pick("There is no such form", "没有此表单"),
            language.pick(
                "The address is mistyped, or the form has been taken away.",
                "地址有误，或该表单已被撤下。",
            ),
            None,
        );
        self.html(404, page)
    }

    fn empty(&self, form: &Form) -> Result<Response, Error> {
        let page = self.frame.form(form, &self.token(form)?, None, &[]);
        Ok(self.html(200, page))
    }

    fn token(&self, form: &Form) -> Result<String, Error> {
        let key = store::signing_key()?;
        Ok(Token::new(self.now_s, &clock::random(16)).signed(&key, &form.id))
    }

    fn take(&self, form: &Form) -> Result<Response, Error> {
        let content_type = header(self.request, "content-type");
        let post = match post::read(content_type, &self.request.body) {
            Ok(post) => post,
            Err(PostError::Host(error)) => return Err(error),
            Err(error) => return Ok(self.unreadable(form, &error)),
        };
        let key = store::signing_key()?;
        let token = Token::read(&key, &form.id, post.text("token"));
        // What was sent before is not sent again, whatever it says now and however long ago that was.
        if let Ok(token) = &token
            && store::receipt(token)?.is_some()
        {
            return Ok(self.to_thanks(form, post.text("token")));
        }
        let Ok((token, age_s)) = token.and_then(|token| Ok((token, token.age_s(self.now_s)?)))
        else {
            let wrong = [(Place::Page, Wrong::Expired)];
            let page = self
                .frame
                .form(form, &self.token(form)?, Some(&post), &wrong);
            return Ok(self.html(422, page));
        };
        let filled = match answers::read(form, &post, self.frame.language) {
            Ok(filled) => filled,
            Err(wrong) => return Ok(self.again(form, &post, &wrong, 422)),
        };
        let sent = Sent {
            filled: &filled,
            post: &post,
            body: &self.request.body,
            content_type,
            language: self.frame.language,
            token,
            age_s,
            now_s: self.now_s,
        };
        let network = &self.request.remote_address;
        match submit::take(&sent, self.settings.guard, &key, network)? {
            Outcome::Taken => Ok(self.to_thanks(form, post.text("token"))),
            Outcome::TooMany => Ok(self.again(form, &post, &[(Place::Page, Wrong::TooMany)], 429)),
        }
    }

    /// The form as it was sent, with what is wrong; by the same token.
    fn again(&self, form: &Form, post: &Post, wrong: &[Complaint], status: u16) -> Response {
        let page = self.frame.form(form, post.text("token"), Some(post), wrong);
        self.html(status, page)
    }

    fn unreadable(&self, form: &Form, error: &PostError) -> Response {
        log::write("info", &error.to_string());
        let language = self.frame.language;
        let page = self.frame.notice(
            language.pick("What was sent cannot be read", "提交的内容无法读取"),
            language.pick(
                "Nothing has been kept. Please go back to the form and send it once more; shorten it where it is very long.",
                "内容未被保存。请返回表单重新提交；如内容很长，请适当缩短。",
            ),
            Some(&format!("/{}", form.id)),
        );
        self.html(400, page)
    }

    /// The browser goes there by GET: loading that page again sends nothing again.
    fn to_thanks(&self, form: &Form, token: &str) -> Response {
        let address = self.frame.to(&format!("/{}/thanks", form.id));
        Response {
            status: 303,
            headers: vec![("location".to_owned(), format!("{address}&receipt={token}"))],
            body: Body::Bytes(Vec::new()),
            extra: Vec::new(),
        }
    }

    fn thanks(&self, form: &Form) -> Result<Response, Error> {
        let query = &self.request.query;
        let receipt = query.iter().find(|(name, _)| name == "receipt");
        let receipt = receipt.map_or("", |(_, value)| value.as_str());
        let key = store::signing_key()?;
        let taken = match Token::read(&key, &form.id, receipt) {
            Ok(token) => store::receipt(&token)?,
            Err(_) => None,
        };
        let Some(ticket) = taken else {
            let language = self.frame.language;
            let page = self.frame.notice(
                language.pick("There is no such receipt", "没有此回执"),
                language.pick(
                    "Receipts are shown for a day. What you have sent is not lost.",
                    "回执仅保留一天，您提交的内容不会丢失。",
                ),
                Some(&format!("/{}", form.id)),
            );
            return Ok(self.html(404, page));
        };
        let number = match ticket.is_empty() {
            true => None,
            false => match tickets_read::get(&ticket) {
                Ok(ticket) => ticket.number(),
                // Purged meanwhile.
                Err(Error::NotFound(_)) => None,
                Err(error) => return Err(error),
            },
        };
        Ok(self.html(200, self.frame.thanks(form, number)))
    }
}

/// A page under a policy of its own, narrower than the host's sandbox: nothing is loaded, and only what has the nonce is style or script.
fn html(status: u16, page: String, settings: &Settings, nonce: &str) -> Response {
    let frames: String = settings
        .embed_on
        .iter()
        .map(|origin| format!(" {origin}"))
        .collect();
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'{frames}"
    );
    Response {
        status,
        headers: vec![
            (
                "content-type".to_owned(),
                "text/html; charset=utf-8".to_owned(),
            ),
            ("cache-control".to_owned(), "no-store".to_owned()),
            ("content-security-policy".to_owned(), policy),
        ],
        body: Body::Bytes(page.into_bytes()),
        extra: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_in_every_spelling_of_the_address() {
        for (url, found) in [
            (
                "http://desk.example/t/acme/plugins/guichet/web-form",
                "/t/acme/plugins/guichet/web-form",
            ),
            (
                "https://desk.example/t/acme/plugins/guichet/web-form/support?lang=en",
                "/t/acme/plugins/guichet/web-form",
            ),
            ("/plugins/guichet/web-form/", "/plugins/guichet/web-form"),
            ("http://desk.example/elsewhere", ""),
        ] {
            assert_eq!(base(url), found, "{url}");
        }
    }
}
