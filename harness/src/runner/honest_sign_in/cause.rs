//! Known causes of a failed sign-in, by what the server or the provider says,
//! and what to do. [`super::course`] finds how far a sign-in came.

use crate::exchange::Exchange;

/// Where a person finds the reason, where the provider answered the server.
pub(super) const ANSWERED: &str = "The provider answered correctly. Read the server's log; `oidc-harness explain \
                                   'MESSAGE'` explains its messages.";

/// The same where the provider did not.
pub(super) const LOG: &str = "Read the server's log; `oidc-harness explain 'MESSAGE'` explains its messages.";

/// What a server must do that asks at the wrong path.
pub(super) const SUFFIX: &str = "The server must append /.well-known/openid-configuration to the issuer URL (OpenID \
                                 Connect Discovery §4.1).";

/// What servers say of an answer at the issuer's address, and its cause: no
/// request for the discovery document came.
pub(super) const FOUND_ELSEWHERE: &[(&str, &str)] = &[
    ("status code", ANOTHER_PATH),
    ("content-type", ANOTHER_PATH),
    ("invalid response", ANOTHER_PATH),
    ("parsing error", ANOTHER_PATH),
    ("Invalid URL", "The server cannot build an address from the issuer URL."),
];

const ANOTHER_PATH: &str = "The server received something other than the provider's discovery document, and no request \
                            came to an address below the issuer URL. It may request a different address, or another \
                            program may answer there, such as a proxy.";

/// What the provider says when it refuses a request, and its cause.
const REFUSALS: &[(&str, &str)] = &[
    (
        "verifier",
        "The server sends a code challenge when the sign-in begins, but no matching code verifier with the code (RFC \
         7636 §4.5).",
    ),
    ("redirect URI", "The server changes the redirect URI on its way, or encodes it twice (RFC 6749 §3.1.2, §4.1.3)."),
    ("two ways", "The server sends the client secret in the header and in the body (RFC 6749 §2.3)."),
    (
        "no such client",
        "The server sends another client id than the run set. Either it keeps an old setting, or it changes the id.",
    ),
    ("secret is missing", "The server sends no client secret, although the run set one."),
    (
        "secret is wrong",
        "The server sends another client secret than the run set. It keeps an old secret, or encodes it in another \
         way than RFC 6749 §2.3.1 says.",
    ),
    ("invalid_client", "The server does not authenticate with the client id and secret that the run set."),
    ("invalid_scope", "The server asks for a scope that the provider does not have."),
    ("invalid_grant", "The server sends a code that the provider did not issue for this sign-in, or sends it twice."),
    ("invalid_token", "The server does not send the access token that it received (RFC 6750 §2)."),
];

/// Returns the cause of a refusal of the provider.
pub(super) fn cause_of_refusal(why: &str) -> &'static str {
    let known = REFUSALS.iter().find(|(words, _)| why.contains(words)).map(|(_, cause)| *cause);
    known.unwrap_or("The server sends something in this request that an honest provider does not accept.")
}

/// How a sign-in ends that the server accepts and that still fails, with what
/// the server does and the cause.
pub(super) const ACCEPTED: &[(&str, &str, &str)] = &[
    (
        "belongs to another account",
        "the server opens a session for another account",
        "An end-user who signs in gets the account of another end-user. Turn OAuth off until the server is fixed.",
    ),
    (
        "without a session",
        "the server accepts the sign-in and opens no session",
        "The answer contains neither the access token nor the cookie that Immich sends.",
    ),
    (
        "does not work",
        "the server accepts the sign-in and opens a session that does not work",
        "The server refuses the access token that it has just issued. If it has several replicas, they may not share \
         sessions.",
    ),
    (
        "not every session",
        "the server accepts the sign-in, and not every session in its answer works",
        "The access token in the body differs from the one in the cookie.",
    ),
];

/// What to do where something else than the server answers.
const FRONT: &str = "Give --target the address behind the proxy, or configure the proxy to let the API through. With \
                     Authelia, oauth2-proxy and similar, run the harness behind them.";

/// Returns why an answer does not look like one of an Immich server, with what
/// to do.
pub(super) fn foreign(exchange: &Exchange) -> Option<(&'static str, &'static str)> {
    let is_html = exchange.header("content-type").is_some_and(|kind| kind.contains("html"));
    match exchange.status {
        _ if is_html => Some((
            "Something in front of the server answers in its place with a web page, such as the sign-in page of a \
             proxy.",
            FRONT,
        )),
        Some(300..=399) => Some((
            "Something in front of the server sends requests elsewhere, such as to https or to a sign-in page.",
            "Give --target the address that the redirect leads to, or the address behind the proxy.",
        )),
        Some(401 | 403) => {
            Some(("Something in front of the server asks for credentials that end-users do not have.", FRONT))
        }
        Some(404 | 405 | 501) => Some((
            "The server does not have this route of Immich, or a proxy does not let it through.",
            "Compare the server's routes with those of Immich 1.118 and later.",
        )),
        Some(502..=504) => Some((
            "A proxy in front of the server does not receive the server's answer.",
            "Check that the server runs, and that the proxy waits long enough for its answer.",
        )),
        None => Some((
            "The server did not answer, or closed the connection.",
            "Check in the server's log whether it crashed.",
        )),
        _ => None,
    }
}
