//! How the authorization response travels, and what travels with it (OAuth
//! 2.0 Multiple Response Types §2.1, OAuth 2.0 Form Post Response Mode, JARM).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::{Parameter, Quirk, Scene};
use crate::member::Member::{Location, Named, ResponseMode};
use crate::message::Message::AuthorizationResponse;
use crate::protocol::Algorithm;
use crate::transport::Delivery;

/// In the fragment.
pub(super) static FRAGMENT_RESPONSE: Quirk = Quirk {
    name: "fragment-response",
    text: "Code and state come back in the fragment of the URL, which browsers do not send to servers.",
    requirement: "OAuth 2.0 Multiple Response Types §2.1",
    parameter: Parameter::Flag,
    touches: &[(AuthorizationResponse, ResponseMode)],
    apply: |draft, _, _| draft.transport.delivery = Delivery::Fragment,
};

/// By a form.
pub(super) static FORM_POST_RESPONSE: Quirk = Quirk {
    name: "form-post-response",
    text: "Code and state come back by a form that posts itself to the redirect URI.",
    requirement: "OAuth 2.0 Form Post Response Mode §2",
    parameter: Parameter::Flag,
    touches: &[(AuthorizationResponse, ResponseMode)],
    apply: |draft, _, _| draft.transport.delivery = Delivery::FormPost,
};

/// As one token.
pub(super) static JARM_RESPONSE: Quirk = Quirk {
    name: "jarm-response",
    text: "Code and state come back inside one token, in the parameter `response` (JARM).",
    requirement: "JARM §2.3.1",
    parameter: Parameter::Flag,
    touches: &[
        (AuthorizationResponse, Named("code")),
        (AuthorizationResponse, Named("state")),
        (AuthorizationResponse, Named("iss")),
        (AuthorizationResponse, Named("response")),
    ],
    apply: |draft, _, scene| {
        let mut claims = std::mem::take(&mut draft.members);
        claims.insert("aud".into(), scene.client_id.into());
        claims.insert("exp".into(), (scene.now + 600).into());
        let header = Map::from_iter([("alg".to_owned(), Value::from("none"))]);
        let encode = |part: Map<String, Value>| BASE64_URL_SAFE_NO_PAD.encode(Value::Object(part).to_string());
        let response = format!("{}.{}.", encode(header), encode(claims));
        draft.members.insert("response".into(), response.into());
    },
};

/// Tokens beside the code.
pub(super) static TOKENS_IN_CALLBACK: Quirk = Quirk {
    name: "tokens-in-callback",
    text: "The callback brings an access token and an ID token beside the code, as if the hybrid flow had been asked \
           for. The access token is not the provider's; the ID token is right in everything, and about the end-user \
           of this `sub`.",
    requirement: "RFC 9700 §4.6",
    parameter: Parameter::Text { default: "somebody-else" },
    touches: &[
        (AuthorizationResponse, Named("access_token")),
        (AuthorizationResponse, Named("token_type")),
        (AuthorizationResponse, Named("expires_in")),
        (AuthorizationResponse, Named("id_token")),
    ],
    apply: |draft, argument, scene| {
        let tokens = [
            ("access_token", Value::from("token-of-somebody-else")),
            ("token_type", "Bearer".into()),
            ("expires_in", 3600.into()),
        ];
        draft.members.extend(tokens.map(|(name, value)| (name.to_owned(), value)));
        // Without keys the provider says nothing at all.
        draft.members.extend(id_token(argument.text(), scene).map(|token| ("id_token".to_owned(), token.into())));
    },
};

/// An ID token for this client and about somebody else, so that nothing but
/// the way on which it comes tells that it must not be believed. Its email
/// spares the client to ask UserInfo, which would know better.
fn id_token(sub: &str, scene: &Scene<'_>) -> Option<String> {
    let mut claims = json!({
        "iss": scene.issuer,
        "sub": sub,
        "aud": scene.client_id,
        "iat": scene.now,
        "exp": scene.now + 300,
        "email": format!("{sub}@example.test"),
    });
    if let Some(nonce) = scene.parameter("nonce") {
        claims["nonce"] = nonce.into();
    }
    scene.keys.sign(Algorithm::Rs256, claims.as_object()?)
}

/// Slashes get lost.
pub(super) static ONE_SLASH_REDIRECT: Quirk = Quirk {
    name: "one-slash-redirect",
    text: "The three slashes of the app's redirect URI come back as one, as some providers and systems write it.",
    requirement: "RFC 8252 §7.1",
    parameter: Parameter::Flag,
    touches: &[(AuthorizationResponse, Location)],
    apply: |draft, _, _| {
        if let Some(location) = &mut draft.transport.location
            && !location.starts_with("http")
        {
            *location = location.replacen(":///", ":/", 1);
        }
    },
};
