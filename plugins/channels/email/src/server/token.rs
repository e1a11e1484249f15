//! A token instead of a password: asked for anew with the refresh token (RFC 6749, 6), and not kept.

use super::secret;
use crate::settings::Mailbox;
use guichet_sdk::{Body, Error, http};
use serde::Deserialize;

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// An access token for a mailbox.
///
/// # Errors
/// [`Error::Denied`] where the refresh token is not accepted: somebody has to sign in anew.
pub(super) fn of(mailbox: &Mailbox) -> Result<String, Error> {
    if !mailbox.oauth.token_url.starts_with("https://") {
        return Err(Error::Invalid(
            "tokens are asked for only at an address that begins with https://".to_owned(),
        ));
    }
    let refresh_token = secret(mailbox, "oauth.refresh_token")?;
    // Clients that run in the open have none.
    let client_secret = match secret(mailbox, "oauth.client_secret") {
        Ok(secret) => Some(secret),
        Err(Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let mut form = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", &refresh_token),
        ("client_id", &mailbox.oauth.client_id),
    ];
    form.extend(
        client_secret
            .iter()
            .map(|secret| ("client_secret", secret.as_str())),
    );
    let request = http::Request {
        method: "POST".to_owned(),
        url: mailbox.oauth.token_url.clone(),
        headers: vec![
            (
                "content-type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            ),
            ("accept".to_owned(), "application/json".to_owned()),
        ],
        body: Body::Bytes(encoded(&form)?.into_bytes()),
        extra: Vec::new(),
    };
    let response = http::fetch(&request)?;
    let Body::Bytes(body) = response.body else {
        return Err(Error::Unavailable(
            "the answer to the wish for a token is too long".to_owned(),
        ));
    };
    read(response.status, &body)
}

fn read(status: u16, body: &[u8]) -> Result<String, Error> {
    let answer: Option<Answer> = serde_json::from_slice(body).ok();
    let said = |answer: Answer| {
        let parts = [answer.error, answer.error_description];
        let text: Vec<_> = parts.into_iter().flatten().collect();
        text.join(": ").chars().take(300).collect::<String>()
    };
    match answer {
        Some(Answer {
            access_token: Some(token),
            ..
        }) if (200..300).contains(&status) => Ok(token),
        Some(answer) if (400..500).contains(&status) => Err(Error::Denied(format!(
            "no token was given ({}): sign in anew, and set the refresh token",
            said(answer)
        ))),
        _ => Err(Error::Unavailable(format!(
            "no token was given (status {status})"
        ))),
    }
}

/// As a form is sent (WHATWG URL, application/x-www-form-urlencoded).
fn encoded(form: &[(&str, &str)]) -> Result<String, Error> {
    serde_urlencoded::to_string(form).map_err(|error| Error::Invalid(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_without_anything_that_would_end_a_field() {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", "1//a+b&c=d 密"),
        ];
        assert_eq!(
            encoded(&form).unwrap(),
            "grant_type=refresh_token&refresh_token=1%2F%2Fa%2Bb%26c%3Dd+%E5%AF%86"
        );
    }

    #[test]
    fn a_token_is_read_and_a_refusal_says_what_to_do() {
        assert_eq!(
            read(200, br#"{"access_token": "t", "expires_in": 3600}"#).unwrap(),
            "t"
        );
        let refused = read(
            400,
            br#"{"error": "invalid_grant", "error_description": "expired"}"#,
        );
        let refused = refused.unwrap_err().to_string();
        assert!(
            refused.contains("invalid_grant: expired") && refused.contains("sign in anew"),
            "{refused}"
        );
        for (status, body) in [(503, "busy"), (200, "{}"), (200, "no JSON")] {
            assert!(matches!(
                read(status, body.as_bytes()),
                Err(Error::Unavailable(_))
            ));
        }
    }
}
