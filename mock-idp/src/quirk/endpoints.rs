//! The addresses of endpoints in the discovery document: on another host,
//! unreachable, or dangerous (OIDC Discovery §3).

use super::operation::Operation::{Function, Rewrite, Set};
use super::{Argument, Parameter, Quirk, Touch};
use crate::message::Draft;
use crate::message::Member::Named;
use crate::message::Message::Discovery;

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "endpoints-on-another-host",
        text: "The token, UserInfo and JWKS endpoints are on another host than the issuer, as with Google, Entra ID \
               and Pocket ID. On loopback, `localhost` reaches the same provider as 127.0.0.1.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Text { default: "localhost" },
        touches: THEIR_ADDRESSES,
        operation: Rewrite(|url, argument, _| {
            readdress(url, |url| format!("{}://{}{}{}", url.scheme, argument.text(), url.port, url.path))
        }),
    },
    Quirk {
        name: "endpoint-refused-port",
        text: "In the discovery document, the URL of this endpoint has a port that refuses connections, like an \
               internal port that the server cannot reach.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Choice(ASKED_BY_SERVERS),
        touches: THEIR_ADDRESSES,
        operation: Function(|draft, argument, _| {
            readdress_one(draft, argument, |url| format!("{}://127.0.0.1:9{}", url.scheme, url.path));
        }),
    },
    Quirk {
        name: "endpoint-unknown-host",
        text: "In the discovery document, the URL of this endpoint has a host name that does not resolve, like a name \
               that only another network knows.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Choice(ASKED_BY_SERVERS),
        touches: THEIR_ADDRESSES,
        operation: Function(|draft, argument, _| {
            readdress_one(draft, argument, |url| format!("{}://idp.invalid{}{}", url.scheme, url.port, url.path));
        }),
    },
    Quirk {
        name: "endpoint-wrong-path",
        text: "In the discovery document, the URL of this endpoint has a path that answers 404, as behind a proxy that \
               rewrites paths.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Choice(ASKED_BY_SERVERS),
        touches: THEIR_ADDRESSES,
        operation: Function(|draft, argument, _| {
            readdress_one(draft, argument, |url| {
                format!("{}://{}{}{}-of-old", url.scheme, url.host, url.port, url.path)
            });
        }),
    },
    Quirk {
        name: "endpoint-odd-scheme",
        text: "In the discovery document, the URL of this endpoint begins with `ftp:` instead of `https:`.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Choice(ASKED_BY_SERVERS),
        touches: THEIR_ADDRESSES,
        operation: Function(|draft, argument, _| {
            readdress_one(draft, argument, |url| format!("ftp://{}{}{}", url.host, url.port, url.path));
        }),
    },
    Quirk {
        name: "authorization-endpoint-script",
        text: "`authorization_endpoint` of the discovery document is a `javascript:` URL. A page that opens this URL \
               runs the script with its own rights.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Text { default: "javascript:alert(document.domain)//" },
        touches: &[(Discovery, Named("authorization_endpoint"))],
        operation: Set,
    },
    Quirk {
        name: "endpoints-with-query",
        text: "The URLs of the authorization and token endpoints have a query, as with Azure AD B2C, which names its \
               policies there. Clients must keep the query.",
        requirement: "RFC 6749 §3.1",
        parameter: Parameter::Text { default: "policy=photos" },
        touches: &[(Discovery, Named("authorization_endpoint")), (Discovery, Named("token_endpoint"))],
        operation: Rewrite(|url, argument, _| {
            readdress(url, |url| format!("{}://{}{}{}?{}", url.scheme, url.host, url.port, url.path, argument.text()))
        }),
    },
    Quirk {
        name: "http-endpoints",
        text: "The discovery document of an https issuer has http URLs for this endpoint, or for all endpoints \
               (`all`). The http URLs work, as behind a proxy that does not send `X-Forwarded-Proto`.",
        requirement: "OIDC Discovery §3",
        parameter: Parameter::Choice(&["all", "authorization", "token", "userinfo", "jwks"]),
        touches: ALL_ADDRESSES,
        operation: Function(|draft, argument, scene| {
            let Some((plain, secure)) = Parts::of(scene.plain).zip(Parts::of(scene.issuer)) else { return };
            for (_, member) in ALL_ADDRESSES {
                let is_meant = argument.text() == "all" || member.to_string().starts_with(argument.text());
                if let Some(url) = draft.text_mut(*member).filter(|_| is_meant)
                    && let Some(own) = Parts::of(url)
                    // Also where it is not below the issuer's path.
                    && own.origin() == secure.origin()
                {
                    *url = format!("{}://{}{}{}", plain.scheme, plain.host, plain.port, own.path);
                }
            }
        }),
    },
];

/// The endpoints that servers ask, and no user agent.
const ASKED_BY_SERVERS: &[&str] = &["token", "userinfo", "jwks"];

/// The addresses of those endpoints.
const THEIR_ADDRESSES: &[Touch<'static>] =
    &[(Discovery, Named("token_endpoint")), (Discovery, Named("userinfo_endpoint")), (Discovery, Named("jwks_uri"))];

const ALL_ADDRESSES: &[Touch<'static>] = &[
    (Discovery, Named("authorization_endpoint")),
    (Discovery, Named("token_endpoint")),
    (Discovery, Named("userinfo_endpoint")),
    (Discovery, Named("jwks_uri")),
    (Discovery, Named("end_session_endpoint")),
];

/// `url` with another address; as it is if it is none.
fn readdress(url: &str, address: impl Fn(Parts<'_>) -> String) -> String {
    Parts::of(url).map_or_else(|| url.to_owned(), address)
}

/// Changes the address of the endpoint that the argument names.
fn readdress_one(draft: &mut Draft, argument: &Argument, address: impl Fn(Parts<'_>) -> String) {
    let member = match argument.text() {
        "token" => "token_endpoint",
        "userinfo" => "userinfo_endpoint",
        _ => "jwks_uri",
    };
    if let Some(url) = draft.text_mut(Named(member)) {
        *url = readdress(url, address);
    }
}

/// An address taken apart; `port` has its colon.
struct Parts<'a> {
    scheme: &'a str,
    port: &'a str,
    host: &'a str,
    path: &'a str,
}

impl<'a> Parts<'a> {
    fn of(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        // The colons of an IPv6 address stand in brackets.
        let end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
        let (host, port) = authority.split_at(authority[end..].find(':').map_or(authority.len(), |colon| end + colon));
        Some(Self { scheme, port, host, path })
    }

    fn origin(&self) -> [&str; 3] {
        [self.scheme, self.host, self.port]
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("http://h:1/a?b", Some(("http", "h", ":1", "/a?b")))]
    #[case("https://h", Some(("https", "h", "", "")))]
    #[case("http://[::1]:9000/x", Some(("http", "[::1]", ":9000", "/x")))]
    #[case("http://[::1]/x", Some(("http", "[::1]", "", "/x")))]
    #[case("nonsense", None)]
    fn takes_addresses_apart(#[case] url: &str, #[case] expected: Option<(&str, &str, &str, &str)>) {
        let parts = Parts::of(url).map(|parts| (parts.scheme, parts.host, parts.port, parts.path));
        assert_eq!(parts, expected);
    }
}
