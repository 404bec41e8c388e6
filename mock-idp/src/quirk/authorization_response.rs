//! The authorization response: its parameters (RFC 6749 §4.1.2), the issuer in
//! it (RFC 9207), and how it reaches the client (OAuth 2.0 Multiple Response
//! Types, Form Post Response Mode, JARM).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::operation::Operation::{Each, Function, Json, Remove, Rewrite, Set, Travel};
use super::{Parameter, Quirk, Scene};
use crate::message::Member::{Location, Named, ResponseMode};
use crate::message::Message::{AuthorizationResponse, Discovery, Verdict};
use crate::message::{Decision, Delivery, Draft};
use crate::protocol::Algorithm;

/// The parameters.
pub(super) const PARAMETERS: &[Quirk] = &[
    Quirk {
        name: "wrong-state",
        text: "The callback has another `state` than the authorization request, as in a callback that an attacker \
               injects.",
        requirement: "RFC 6749 §10.12",
        parameter: Parameter::Text { default: "state-of-another-flow" },
        touches: &[(AuthorizationResponse, Named("state"))],
        operation: Set,
    },
    Quirk {
        name: "missing-state",
        text: "The callback has no `state`.",
        requirement: "RFC 6749 §4.1.2",
        parameter: Parameter::Flag,
        touches: &[(AuthorizationResponse, Named("state"))],
        operation: Remove,
    },
    Quirk {
        name: "altered-state",
        text: "The `state` in the callback is altered: encoded twice, in upper case, cut in half, or with a space at \
               the end.",
        requirement: "RFC 6749 §4.1.2",
        parameter: Parameter::Choice(&["double-encoded", "upper-case", "truncated", "trailing-blank"]),
        touches: &[(AuthorizationResponse, Named("state"))],
        operation: Rewrite(|state, argument, _| match argument.text() {
            "double-encoded" => form_urlencoded::byte_serialize(state.as_bytes()).collect(),
            "upper-case" => state.to_uppercase(),
            "truncated" => state.chars().take(state.chars().count() / 2).collect(),
            _ => format!("{state} "),
        }),
    },
    Quirk {
        name: "error-redirect",
        text: "The callback has an `error` instead of a `code`.",
        requirement: "RFC 6749 §4.1.2.1",
        parameter: Parameter::Text { default: "access_denied" },
        touches: &[(AuthorizationResponse, Named("code")), (AuthorizationResponse, Named("error"))],
        operation: Function(|draft, argument, _| {
            draft.remove(Named("code"));
            draft.set(Named("error"), argument.text().into());
        }),
    },
    Quirk {
        name: "error-description",
        text: "The callback has an `error_description` full of special characters, even if it has no `error`.",
        requirement: "RFC 6749 §4.1.2.1",
        parameter: Parameter::Text { default: "Zugriff \"verweigert\" & <b>Schluß</b> + 100 %" },
        touches: &[(AuthorizationResponse, Named("error_description"))],
        operation: Set,
    },
    Quirk {
        name: "extra-response-parameters",
        text: "The callback has parameters that the specification does not define, such as those that Keycloak, Entra \
               ID and Google send.",
        requirement: "RFC 6749 §4.1.2",
        parameter: Parameter::Flag,
        touches: &[
            (AuthorizationResponse, Named("session_state")),
            (AuthorizationResponse, Named("scope")),
            (AuthorizationResponse, Named("authuser")),
            (AuthorizationResponse, Named("hd")),
            (AuthorizationResponse, Named("prompt")),
            (AuthorizationResponse, Named("correlation")),
        ],
        operation: Each(&[
            r#""c1a0e3f4-2b1d-4e5f""#,
            r#""email profile openid""#,
            r#""0""#,
            r#""example.test""#,
            r#""none""#,
            r#""a/b+c=d""#,
        ]),
    },
    Quirk {
        name: "repeated-response-parameter",
        text: "The callback has this parameter twice: first with the correct value, then with another one.",
        requirement: "RFC 6749 §3.1",
        parameter: Parameter::Choice(&["code", "state", "iss"]),
        touches: &[
            (AuthorizationResponse, Named("code")),
            (AuthorizationResponse, Named("state")),
            (AuthorizationResponse, Named("iss")),
        ],
        operation: Function(|draft, argument, _| {
            if let Some(value) = draft.members.get_mut(argument.text()) {
                *value = json!([value.clone(), "another-value"]);
            }
        }),
    },
    Quirk {
        name: "missing-code",
        text: "The callback has no `code`.",
        requirement: "RFC 6749 §4.1.2",
        parameter: Parameter::Flag,
        touches: &[(AuthorizationResponse, Named("code"))],
        operation: Remove,
    },
    Quirk {
        name: "empty-code",
        text: "The `code` in the callback is empty.",
        requirement: "RFC 6749 §4.1.2",
        parameter: Parameter::Flag,
        touches: &[(AuthorizationResponse, Named("code"))],
        operation: Json(&[r#""""#]),
    },
    Quirk {
        name: "long-code",
        text: "The code has this many characters, as with providers that store all their state in the code.",
        requirement: "RFC 6749 §4.1.2",
        parameter: Parameter::Number { default: 4096 },
        touches: &[(Verdict, Named("code")), (AuthorizationResponse, Named("code"))],
        operation: Function(|draft, argument, _| {
            // Longer ones do not fit into any URL.
            let length = argument.count(1 << 16);
            issue(draft, |code| code.extend(std::iter::repeat_n('0', length.saturating_sub(code.len()))));
        }),
    },
    Quirk {
        name: "odd-code",
        text: "The code ends with these characters. RFC 6749 allows all of them, but a proxy or a parser may treat \
               them as special.",
        requirement: "RFC 6749 §A.11",
        parameter: Parameter::Text { default: "+/=%~ &;?#%2B" },
        touches: &[(Verdict, Named("code")), (AuthorizationResponse, Named("code"))],
        operation: Function(|draft, argument, _| issue(draft, |code| code.push_str(argument.text()))),
    },
];

/// The issuer in it.
pub(super) const ISSUER: &[Quirk] = &[
    Quirk {
        name: "wrong-authorization-response-issuer",
        text: "The callback names another provider in `iss`, as in a mix-up attack.",
        requirement: "RFC 9207 §2.4",
        parameter: Parameter::Text { default: "https://attacker.example" },
        touches: &[(AuthorizationResponse, Named("iss"))],
        operation: Set,
    },
    Quirk {
        name: "missing-authorization-response-issuer",
        text: "The discovery document promises `iss` in every callback, but the callback has none.",
        requirement: "RFC 9207 §2.4",
        parameter: Parameter::Flag,
        touches: &[(AuthorizationResponse, Named("iss"))],
        operation: Remove,
    },
    Quirk {
        name: "authorization-response-issuer-not-advertised",
        text: "The callback has the correct `iss`, but the discovery document does not promise it, as with Google.",
        requirement: "RFC 9207 §3",
        parameter: Parameter::Flag,
        touches: &[(Discovery, Named("authorization_response_iss_parameter_supported"))],
        operation: Remove,
    },
    Quirk {
        name: "mix-up",
        text: "`code` and `iss` of the callback are those of another provider, as in a mix-up attack.",
        requirement: "RFC 9700 §4.4",
        parameter: Parameter::Text { default: "https://attacker.example" },
        touches: &[(AuthorizationResponse, Named("code")), (AuthorizationResponse, Named("iss"))],
        operation: Function(|draft, argument, _| {
            draft.set(Named("code"), "code-of-another-provider".into());
            draft.set(Named("iss"), argument.text().into());
        }),
    },
];

/// How it reaches the client, and what else it brings.
pub(super) const MODES: &[Quirk] = &[
    Quirk {
        name: "fragment-response",
        text: "The callback has `code` and `state` in the fragment of its URL, which browsers do not send to servers.",
        requirement: "OAuth 2.0 Multiple Response Types §2.1",
        parameter: Parameter::Flag,
        touches: &[(AuthorizationResponse, ResponseMode)],
        operation: Travel(|transport| transport.delivery = Delivery::Fragment),
    },
    Quirk {
        name: "form-post-response",
        text: "The provider returns `code` and `state` in a form that posts itself to the redirect URI.",
        requirement: "OAuth 2.0 Form Post Response Mode §2",
        parameter: Parameter::Flag,
        touches: &[(AuthorizationResponse, ResponseMode)],
        operation: Travel(|transport| transport.delivery = Delivery::FormPost),
    },
    Quirk {
        name: "jarm-response",
        text: "The callback has `code` and `state` inside a JWT, in the parameter `response` (JARM).",
        requirement: "JARM §2.3.1",
        parameter: Parameter::Flag,
        touches: &[
            (AuthorizationResponse, Named("code")),
            (AuthorizationResponse, Named("state")),
            (AuthorizationResponse, Named("iss")),
            (AuthorizationResponse, Named("response")),
        ],
        operation: Function(|draft, _, scene| {
            let mut claims = std::mem::take(&mut draft.members);
            claims.insert("aud".into(), scene.client_id.into());
            claims.insert("exp".into(), (scene.now + 600).into());
            let header = Map::from_iter([("alg".to_owned(), Value::from("none"))]);
            let encode = |part: Map<String, Value>| BASE64_URL_SAFE_NO_PAD.encode(Value::Object(part).to_string());
            let response = format!("{}.{}.", encode(header), encode(claims));
            draft.members.insert("response".into(), response.into());
        }),
    },
    Quirk {
        name: "tokens-in-callback",
        text: "The callback has an access token and an ID token in addition to the code, as if the client had \
               requested the hybrid flow. The provider did not issue the access token. The ID token is valid, but for \
               the end-user with this `sub`.",
        requirement: "RFC 9700 §4.6",
        parameter: Parameter::Text { default: "another-end-user" },
        touches: &[
            (AuthorizationResponse, Named("access_token")),
            (AuthorizationResponse, Named("token_type")),
            (AuthorizationResponse, Named("expires_in")),
            (AuthorizationResponse, Named("id_token")),
        ],
        operation: Function(|draft, argument, scene| {
            let tokens = [
                ("access_token", Value::from("token-of-another-end-user")),
                ("token_type", "Bearer".into()),
                ("expires_in", 3600.into()),
            ];
            draft.members.extend(tokens.map(|(name, value)| (name.to_owned(), value)));
            // Without keys the provider sends no ID token.
            draft.members.extend(id_token(argument.text(), scene).map(|token| ("id_token".to_owned(), token.into())));
        }),
    },
    Quirk {
        name: "one-slash-redirect",
        text: "The provider redirects to the app's URI with one slash instead of three, as some providers and \
               operating systems write it.",
        requirement: "RFC 8252 §7.1",
        parameter: Parameter::Flag,
        touches: &[(AuthorizationResponse, Location)],
        operation: Rewrite(|location, _, _| {
            if location.starts_with("http") { location.to_owned() } else { location.replacen(":///", ":/", 1) }
        }),
    },
];

/// Lets the provider issue another code, which it knows as its own.
fn issue(draft: &mut Draft, change: impl FnOnce(&mut String)) {
    if let Decision::Authorization(verdict) = &mut draft.decision
        && !verdict.code.is_empty()
    {
        change(&mut verdict.code);
    }
}

/// An ID token for this client and another end-user: only the way it came shows
/// that a server must not trust it. Its email spares the client to ask
/// UserInfo, which would know better.
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
