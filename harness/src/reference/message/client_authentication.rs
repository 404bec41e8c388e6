//! How the client says who it is at the token endpoint (RFC 6749 §2.3.1).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use url::form_urlencoded;

/// The client, and whether it is to use the header.
#[derive(Debug, Clone, Copy)]
pub struct ClientIdentity<'a> {
    pub id: &'a str,
    /// Empty for a public client.
    pub secret: &'a str,
    pub basic: bool,
}

/// What is sent along with a token request.
#[derive(Debug, Default)]
pub struct Credentials {
    pub authorization: Option<String>,
    pub form: Vec<(&'static str, String)>,
}

/// By header or form, as configured; a public client only by name.
pub fn credentials(client: ClientIdentity<'_>) -> Credentials {
    match client.secret {
        "" => Credentials { form: vec![("client_id", client.id.to_owned())], ..Credentials::default() },
        _ if client.basic => basic(&encode(client.id), &encode(client.secret)),
        _ => post(client),
    }
}

/// In the form body.
pub fn post(client: ClientIdentity<'_>) -> Credentials {
    let form = vec![("client_id", client.id.to_owned()), ("client_secret", client.secret.to_owned())];
    Credentials { form, ..Credentials::default() }
}

/// In the header, as they are given.
pub fn basic(id: &str, secret: &str) -> Credentials {
    let credentials = BASE64_STANDARD.encode(format!("{id}:{secret}"));
    Credentials { authorization: Some(format!("Basic {credentials}")), ..Credentials::default() }
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('-', "%2D")
}
