//! Known causes of a failed sign-in, by what the server or the provider says,
//! and what to do. [`super::course`] finds how far a sign-in came.

use crate::exchange::Exchange;

/// Where a person finds the reason, where the provider answered the server.
pub(super) const ANSWERED: &str = "The provider answered correctly. Look for the error in the server's log; \
                                   `oidc-harness explain 'MESSAGE'` explains it.";

/// The same where the provider did not.
pub(super) const LOG: &str = "Look for the error in the server's log; `oidc-harness explain 'MESSAGE'` explains it.";

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
    ("Invalid URL", "The server cannot build a URL from the issuer URL."),
];

const ANOTHER_PATH: &str = "The provider received no request for its discovery document, but the server received a \
                            response. Either the server requests a different address, or another program, such as a \
                            proxy, answers in place of the provider.";

/// What the provider says when it refuses a request, and its cause.
const REFUSALS: &[(&str, &str)] = &[
    (
        "verifier",
        "The server sends a code challenge when the sign-in begins, but no matching code verifier when it redeems the \
         code (RFC 7636 §4.5).",
    ),
    (
        "redirect URI",
        "The server sends a different redirect URI than the browser requested, for example because it encodes the URI \
         twice (RFC 6749 §3.1.2, §4.1.3).",
    ),
    (
        "two ways",
        "The server sends the client secret both in the `Authorization` header and in the body (RFC 6749 §2.3).",
    ),
    (
        "no such client",
        "The server sends a different client ID than the run configured. Perhaps it still uses an old setting.",
    ),
    ("secret is missing", "The server sends no client secret, although the run configured one."),
    (
        "secret is wrong",
        "The server sends a different client secret than the run configured. Either it still uses an old secret, or it \
         does not encode the secret as RFC 6749 §2.3.1 requires.",
    ),
    (
        "invalid_client",
        "The server does not authenticate with the client ID and the client secret that the run configured.",
    ),
    ("invalid_scope", "The server requests a scope that the provider does not support."),
    (
        "invalid_grant",
        "The server redeems a code that the provider did not issue for this sign-in, or redeems the code twice.",
    ),
    ("invalid_token", "The server does not send UserInfo the access token that it received (RFC 6750 §2)."),
];

/// Returns the cause of a refusal of the provider.
pub(super) fn cause_of_refusal(why: &str) -> &'static str {
    let known = REFUSALS.iter().find(|(words, _)| why.contains(words)).map(|(_, cause)| *cause);
    known.unwrap_or("This request has a parameter or header that an honest provider does not accept.")
}

/// How a sign-in ends that the server accepts and that still fails, with what
/// the server does and the cause.
pub(super) const ACCEPTED: &[(&str, &str, &str)] = &[
    (
        "belongs to another account",
        "the server opens a session for another account",
        "An end-user who signs in gets access to the account of another end-user. Turn OAuth off until the server is \
         fixed.",
    ),
    (
        "without a session",
        "the server accepts the sign-in, but does not open a session",
        "The response contains neither the session token nor the session cookie that Immich sends.",
    ),
    (
        "does not work",
        "the server accepts the sign-in, but its session does not work",
        "The server refuses the session token that it has just issued. If it has several replicas, perhaps they do not \
         share their sessions.",
    ),
    (
        "not every session",
        "the server accepts the sign-in, but not every session in its response works",
        "The session token in the body differs from the one in the cookie.",
    ),
];

/// What to do where something else than the server answers.
const FRONT: &str = "Pass the server's address behind the proxy to --target, or configure the proxy to pass API \
                     requests. With Authelia or oauth2-proxy, run the harness behind the proxy.";

/// Returns why an answer does not look like one of an Immich server, with what
/// to do.
pub(super) fn foreign(exchange: &Exchange) -> Option<(&'static str, &'static str)> {
    let is_html = exchange.header("content-type").is_some_and(|kind| kind.contains("html"));
    match exchange.status {
        _ if is_html => {
            Some(("A proxy in front of the server answers with a web page, such as its own sign-in page.", FRONT))
        }
        Some(300..=399) => Some((
            "A proxy in front of the server redirects the request, for example to https or to a sign-in page.",
            "Pass the address that the redirect leads to, or the address behind the proxy, to --target.",
        )),
        Some(401 | 403) => Some(("A proxy in front of the server requires credentials.", FRONT)),
        Some(404 | 405 | 501) => Some((
            "The server does not have this route of Immich, or a proxy does not pass the request.",
            "Compare the server's routes with the routes of Immich 1.118 or later.",
        )),
        Some(502..=504) => Some((
            "A proxy in front of the server does not receive the server's response.",
            "Check that the server is running, and that the proxy waits long enough for its response.",
        )),
        None => Some((
            "The server did not answer, or closed the connection.",
            "Check in the server's log whether it crashed.",
        )),
        _ => None,
    }
}
