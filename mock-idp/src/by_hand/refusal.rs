//! Why the provider refuses a request, in words about the client. What to change
//! at a product that uses the client is for the caller, who knows the product.

use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::journal_entry::Entry;
use crate::protocol::{ClientAuthentication, Endpoint, first_named};

/// Returns what to change, by the words of a cause; `None` where the caller knows
/// of nothing.
pub type Remedies = fn(&str) -> Option<&'static str>;

/// What the provider says when it refuses a request, and what the client did.
const CAUSES: &[(&str, &str)] = &[
    ("there is no such client", "The client sent a client ID that is not registered at this provider."),
    ("client secret is wrong", "The client sent a client secret that differs from the registered one."),
    ("client secret is missing", "The client sent no client secret, but it is registered with one."),
    (
        "public client has no secret",
        "The client sent a client secret, but it is registered as a public client, which has none.",
    ),
    ("client_id is missing", "The client did not send its client ID."),
    (
        "in two ways",
        "The client authenticated in two ways at once, such as in the Authorization header and in the body.",
    ),
    ("redirect URI differs", "The client sent another redirect URI with the code than in the authorization request."),
    ("is not registered", "The client sent a redirect URI that is not registered at this provider."),
    ("code challenge is required", "The client sent no PKCE code challenge; this provider requires PKCE."),
    (
        "code_challenge_method must be",
        "The client made its PKCE code challenge with a method that this provider does not support.",
    ),
    ("code verifier is missing", "The client sent a PKCE code challenge, but no code verifier with the code."),
    ("verifier does not match", "The client sent a code verifier that does not match its PKCE code challenge."),
    (
        "had no code challenge",
        "The client sent a code verifier, but no PKCE code challenge in the authorization request.",
    ),
    ("code was already used", "The client sent the same code twice."),
    ("code has expired", "The client sent the code after the code had expired."),
    ("code is unknown", "The client sent a code that this provider did not issue."),
    ("scope openid", "The client did not request the scope openid."),
    ("scope", "The client requested a scope that this provider does not grant."),
    ("access token is missing", "The client sent no access token, or one that is unknown or has expired."),
];

/// Returns what the client did that the provider refuses; `None` if the provider
/// accepts the request, or refuses it because of a quirk.
pub(super) fn cause(entry: &Entry, accepted: &[ClientAuthentication]) -> Option<String> {
    let is_of_client = matches!(entry.endpoint, Endpoint::Authorization | Endpoint::Token | Endpoint::UserInfo);
    if !is_of_client || !entry.altered_by.is_empty() || entry.panic.is_some() {
        return None;
    }
    let said = said(entry)?;
    if said.contains("a method that this provider does not accept") {
        return method(entry, accepted);
    }
    let known = CAUSES.iter().find(|(words, _)| said.contains(words));
    known.map(|(_, cause)| (*cause).to_owned())
}

/// Returns the provider's own words: of an error in JSON, in a redirect, or on a
/// page.
fn said(entry: &Entry) -> Option<String> {
    if let Some(location) = first_named(&entry.response_headers, "location") {
        let url = Url::parse(location).ok()?;
        return url.query_pairs().find(|(name, _)| name == "error_description").map(|(_, text)| text.into_owned());
    }
    if entry.status < 400 {
        return None;
    }
    let error = serde_json::from_str::<Value>(&entry.response_body).ok();
    let described = error.as_ref().and_then(|error| error.get("error_description")?.as_str());
    Some(described.unwrap_or(&entry.response_body).to_owned())
}

/// Returns how the client authenticated, and how it has to.
fn method(entry: &Entry, accepted: &[ClientAuthentication]) -> Option<String> {
    let form = form_urlencoded::parse(entry.body.as_bytes());
    let sent = match () {
        () if first_named(&entry.headers, "authorization").is_some() => "its secret with HTTP Basic",
        () if form.into_iter().any(|(name, _)| name == "client_assertion") => "a signed assertion",
        () => "its secret in the body",
    };
    let wanted: Vec<&str> = accepted
        .iter()
        .map(|method| match method {
            ClientAuthentication::ClientSecretPost => "it in the body",
            ClientAuthentication::ClientSecretBasic => "HTTP Basic",
            ClientAuthentication::PrivateKeyJwt => "a signed assertion",
            ClientAuthentication::None => "no secret",
        })
        .collect();
    (!wanted.is_empty()).then(|| format!("The client sent {sent}; this provider wants {}.", wanted.join(" or ")))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::redaction::tests::entry;

    fn refused(endpoint: Endpoint, body: &str, answer: &str) -> Entry {
        Entry {
            endpoint,
            status: 401,
            headers: Vec::new(),
            body: body.to_owned(),
            response_headers: Vec::new(),
            response_body: answer.to_owned(),
            altered_by: Vec::new(),
            ..entry()
        }
    }

    const METHOD: &str = r#"{"error_description": "… with a method that this provider does not accept"}"#;

    #[rstest]
    #[case(
        Endpoint::Token,
        "client_secret=s",
        METHOD,
        Some("The client sent its secret in the body; this provider wants HTTP Basic.")
    )]
    #[case(
        Endpoint::Token,
        "",
        r#"{"error_description": "the client secret is wrong"}"#,
        Some("The client sent a client secret that differs from the registered one.")
    )]
    #[case(
        Endpoint::Authorization,
        "",
        "<p>the redirect URI `x` is not registered</p>",
        Some("The client sent a redirect URI that is not registered at this provider.")
    )]
    #[case(
        Endpoint::UserInfo,
        "",
        "the access token was granted without the scope openid",
        Some("The client did not request the scope openid.")
    )]
    #[case(Endpoint::Token, "", r#"{"error": "server_error"}"#, None)]
    #[case(Endpoint::Discovery, "", "the client secret is wrong", None)]
    fn a_refusal_has_a_cause(
        #[case] endpoint: Endpoint,
        #[case] body: &str,
        #[case] answer: &str,
        #[case] expected: Option<&str>,
    ) {
        let found = cause(&refused(endpoint, body, answer), &[ClientAuthentication::ClientSecretBasic]);
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_quirk_is_no_fault_of_the_client() {
        let entry = Entry { altered_by: vec!["odd".into()], ..refused(Endpoint::Token, "", METHOD) };
        assert_eq!(cause(&entry, &[]), None);
    }

    #[test]
    fn an_error_of_a_redirect_is_read() {
        let location = "https://rp.test/?error=invalid_request&error_description=a+code+challenge+is+required";
        let mut entry = refused(Endpoint::Authorization, "", "");
        entry.status = 303;
        entry.response_headers = vec![("location".into(), location.into())];
        let expected = "The client sent no PKCE code challenge; this provider requires PKCE.";
        assert_eq!(cause(&entry, &[]).as_deref(), Some(expected));
    }
}
