//! Client authentication at the token endpoint (RFC 6749 §2.3.1).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use url::form_urlencoded;

/// The client, and whether it uses the header.
#[derive(Clone, Copy)]
pub struct ClientIdentity<'a> {
    /// The client id.
    pub id: &'a str,
    /// The client secret; empty for a public client.
    pub secret: &'a str,
    /// Whether the method is `client_secret_basic`.
    pub basic: bool,
}

/// What a token request has for the authentication of the client.
#[derive(Clone, Default)]
pub struct Credentials {
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// Parameters of the body.
    pub form: Vec<(&'static str, String)>,
}

impl std::fmt::Debug for ClientIdentity<'_> {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientIdentity").field("id", &self.id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Credentials {
    /// Without secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// Returns what the method asks for; of a public client, only the id.
pub fn credentials(client: ClientIdentity<'_>) -> Credentials {
    match client.secret {
        "" => Credentials { form: vec![("client_id", client.id.to_owned())], ..Credentials::default() },
        _ if client.basic => basic(&encode(client.id), &encode(client.secret)),
        _ => post(client),
    }
}

/// Returns id and secret for the body.
pub fn post(client: ClientIdentity<'_>) -> Credentials {
    let form = vec![("client_id", client.id.to_owned()), ("client_secret", client.secret.to_owned())];
    Credentials { form, ..Credentials::default() }
}

/// Returns id and secret for the header, without encoding them.
pub fn basic(id: &str, secret: &str) -> Credentials {
    let credentials = BASE64_STANDARD.encode(format!("{id}:{secret}"));
    Credentials { authorization: Some(format!("Basic {credentials}")), ..Credentials::default() }
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('-', "%2D")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("s:1", true, Some("c%2D1:s%3A1"), "")]
    #[case("s:1", false, None, "client_id=c-1&client_secret=s%3A1")]
    #[case("", true, None, "client_id=c-1")]
    fn a_client_says_who_it_is(
        #[case] secret: &str,
        #[case] basic: bool,
        #[case] header: Option<&str>,
        #[case] body: &str,
    ) {
        let found = credentials(ClientIdentity { id: "c-1", secret, basic });
        let header = header.map(|text| format!("Basic {}", BASE64_STANDARD.encode(text)));
        assert_eq!(found.authorization, header);
        assert_eq!(form_urlencoded::Serializer::new(String::new()).extend_pairs(found.form).finish(), body);
    }
}
