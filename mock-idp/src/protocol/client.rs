//! The client: what an issuer knows of it, and how it proves who it is at the
//! token endpoint (RFC 6749 §2.3.1, OIDC Core §9).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::form_urlencoded;

use super::{OAuthError, Parameters, basic_text, credentials};

/// The one client that an issuer knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret; none for a public client.
    pub secret: Option<String>,
    /// Where it may be sent back to, compared as the settings say.
    pub redirect_uris: Vec<String>,
    /// Its public keys, each a JWK (RFC 7517 §4), for `private_key_jwt`.
    pub keys: Vec<Value>,
}

impl Client {
    /// Whether it has no way to prove who it is (RFC 6749 §2.1).
    pub(crate) fn is_public(&self) -> bool {
        self.secret.is_none() && self.keys.is_empty()
    }
}

/// How a client proves who it is at the token endpoint (OIDC Core §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// The client secret in the form body.
    ClientSecretPost,
    /// The client secret in the `Authorization` header.
    ClientSecretBasic,
    /// A JWT signed with the client's private key.
    PrivateKeyJwt,
    /// No secret: a public client.
    None,
}

/// What a request says about the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientCredentials {
    pub(crate) method: ClientAuthentication,
    id: String,
    secret: Option<String>,
    /// The JWT that proves who it is, which is yet to be verified.
    pub(crate) assertion: Option<String>,
}

/// The kind of assertion that is taken (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl ClientCredentials {
    /// Reads them from the `Authorization` header or the form.
    pub(crate) fn read(authorization: Option<&str>, form: &Parameters<'_>) -> Result<Self, OAuthError> {
        let invalid = |description| OAuthError::new("invalid_client", description);
        let several = OAuthError::new("invalid_request", "the client authenticates in two ways at once");
        if let Some(assertion) = form.get("client_assertion") {
            if form.get("client_secret").is_some() || authorization.is_some() {
                return Err(several);
            }
            if form.get("client_assertion_type") != Some(JWT_BEARER) {
                return Err(invalid("client_assertion_type is not jwt-bearer"));
            }
            let method = ClientAuthentication::PrivateKeyJwt;
            let id = form.get("client_id").unwrap_or_default().to_owned();
            return Ok(Self { method, id, secret: None, assertion: Some(assertion.to_owned()) });
        }
        if let Some(given) = authorization.and_then(|header| credentials(header, "Basic")) {
            if form.get("client_secret").is_some() {
                return Err(several);
            }
            let text = basic_text(given).ok_or(invalid("the Basic credentials are not base64-encoded UTF-8"))?;
            let (id, secret) =
                text.split_once(':').ok_or(invalid("the Basic credentials have no colon after the client ID"))?;
            let (id, secret) = (decode(id), decode(secret));
            if form.get("client_id").is_some_and(|other| other != id) {
                return Err(OAuthError::new("invalid_request", "the request has two different client IDs"));
            }
            return Ok(Self {
                method: ClientAuthentication::ClientSecretBasic,
                id,
                secret: Some(secret),
                assertion: None,
            });
        }
        let id = form.get("client_id").ok_or(invalid("the client_id is missing"))?.to_owned();
        let secret = form.get("client_secret").map(ToOwned::to_owned);
        let method = if secret.is_some() { ClientAuthentication::ClientSecretPost } else { ClientAuthentication::None };
        Ok(Self { method, id, secret, assertion: None })
    }

    /// Whether they are those of `client`, in one of the `accepted` ways.
    pub(crate) fn verify(&self, client: &Client, accepted: &[ClientAuthentication]) -> Result<(), OAuthError> {
        let invalid = |description| Err(OAuthError::new("invalid_client", description));
        if self.assertion.is_some() {
            // The assertion says who it is; the parameter may, too (RFC 7521 §4.2).
            return match () {
                () if !self.id.is_empty() && self.id != client.id => invalid("there is no such client"),
                () if !accepted.contains(&self.method) => {
                    invalid("the client authenticates with a method that this provider does not accept")
                }
                () => Ok(()),
            };
        }
        if self.id != client.id {
            return invalid("there is no such client");
        }
        match (&client.secret, &self.secret) {
            (None, Some(_)) => invalid("a public client has no secret"),
            (Some(_), None) => invalid("the client secret is missing"),
            (Some(right), Some(given)) if !is_same_secret(given, right) => invalid("the client secret is wrong"),
            (Some(_), Some(_)) if !accepted.contains(&self.method) => {
                invalid("the client authenticates with a method that this provider does not accept")
            }
            (None, None) if !client.is_public() => invalid("the client assertion is missing"),
            (None, None) | (Some(_), Some(_)) => Ok(()),
        }
    }
}

/// Id and secret are form-encoded before they are joined (RFC 6749 §2.3.1).
fn decode(text: &str) -> String {
    let pair = format!("v={text}");
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Whether `given` is the `right` secret. The time it takes says how long the
/// secrets are, but not where they differ.
pub(crate) fn is_same_secret(given: &str, right: &str) -> bool {
    verify_slices_are_equal(given.as_bytes(), right.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::arbitrary;

    const BOTH: &[ClientAuthentication] =
        &[ClientAuthentication::ClientSecretPost, ClientAuthentication::ClientSecretBasic];

    #[rstest]
    // `client-a:se cret`, form-encoded as a real client does it.
    #[case(Some("client%2Da:se+cret"), "", BOTH, true)]
    #[case(Some("client-a:wrong"), "", BOTH, false)]
    #[case(Some("client%2Da:se+cret"), "", &[ClientAuthentication::ClientSecretPost], false)]
    #[case(Some("client%2Da:se+cret"), "client_id=client-a", BOTH, true)]
    #[case(Some("client%2Da:se+cret"), "client_id=client-b", BOTH, false)]
    #[case(None, "client_id=client-a&client_secret=se+cret", BOTH, true)]
    #[case(None, "client_id=client-a&client_secret=se+cret", &[ClientAuthentication::ClientSecretBasic], false)]
    #[case(None, "client_id=client-a", BOTH, false)]
    #[case(None, "client_id=client-b&client_secret=se+cret", BOTH, false)]
    fn proves_who_it_is(
        #[case] basic: Option<&str>,
        #[case] form: &str,
        #[case] accepted: &[ClientAuthentication],
        #[case] ok: bool,
    ) {
        let client = Client {
            id: "client-a".into(),
            secret: Some("se cret".into()),
            redirect_uris: Vec::new(),
            keys: Vec::new(),
        };
        let header = basic.map(|basic| format!("Basic {}", BASE64_STANDARD.encode(basic)));
        let read = ClientCredentials::read(header.as_deref(), &Parameters::parse(form));
        assert_eq!(read.and_then(|credentials| credentials.verify(&client, accepted)).is_ok(), ok);
    }

    /// As a client writes them down (RFC 6749 §2.3.1).
    fn basic(id: &str, secret: &str) -> String {
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", encode(id), encode(secret))))
    }

    proptest! {
        #![proptest_config(arbitrary::config())]

        #[test]
        fn any_credentials_can_be_read(header in prop::option::of(arbitrary::header()), form in arbitrary::form()) {
            let client = Client { id: "client-a".into(), secret: Some("secret".into()), redirect_uris: Vec::new(), keys: Vec::new() };
            let read = ClientCredentials::read(header.as_deref(), &Parameters::parse(&form));
            let proved = read.is_ok_and(|credentials| credentials.verify(&client, BOTH).is_ok());
            prop_assert!(!proved || form.contains("secret") || header.is_some());
        }

        #[test]
        fn only_the_client_proves_who_it_is(id in "\\PC{1,12}", secret in "\\PC{1,12}", other in "\\PC{0,12}") {
            let client = Client { id: id.clone(), secret: Some(secret.clone()), redirect_uris: Vec::new(), keys: Vec::new() };
            let proves = |header: &str| {
                let read = ClientCredentials::read(Some(header), &Parameters::default());
                read.is_ok_and(|credentials| credentials.verify(&client, BOTH).is_ok())
            };
            prop_assert!(proves(&basic(&id, &secret)));
            prop_assert_eq!(proves(&basic(&id, &other)), other == secret);
            prop_assert_eq!(proves(&basic(&other, &secret)), other == id);
        }
    }

    #[rstest]
    #[case("", "", true)]
    #[case("secret", "secret", true)]
    #[case("secret", "secreT", false)]
    #[case("secret", "secret!", false)]
    #[case("", "secret", false)]
    fn only_the_same_is_the_same(#[case] given: &str, #[case] right: &str, #[case] same: bool) {
        assert_eq!(is_same_secret(given, right), same);
    }
}
