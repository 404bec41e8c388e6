//! Where the endpoints are, by what the discovery document says: elsewhere,
//! nowhere, or somewhere that nobody should go (OIDC Discovery §3).

use serde_json::Value;

use super::{Argument, Parameter, Quirk, Touch};
use crate::draft::Draft;
use crate::member::Member::Named;
use crate::message::Message::Discovery;

/// The endpoints that servers ask, and no user agent.
const ASKED_BY_SERVERS: &[&str] = &["token", "userinfo", "jwks"];

const THEIR_ADDRESSES: &[Touch<'static>] =
    &[(Discovery, Named("token_endpoint")), (Discovery, Named("userinfo_endpoint")), (Discovery, Named("jwks_uri"))];

/// The member that holds the address of an endpoint.
fn member(endpoint: &str) -> &'static str {
    match endpoint {
        "token" => "token_endpoint",
        "userinfo" => "userinfo_endpoint",
        _ => "jwks_uri",
    }
}

/// Changes the addresses in these members.
fn readdress(draft: &mut Draft, names: &[&str], address: impl Fn(Parts<'_>) -> String) {
    for name in names {
        if let Some(Value::String(url)) = draft.members.get_mut(*name)
            && let Some(parts) = Parts::of(url)
        {
            *url = address(parts);
        }
    }
}

/// The same for the one endpoint that the argument names.
fn readdress_one(draft: &mut Draft, argument: &Argument, address: impl Fn(Parts<'_>) -> String) {
    readdress(draft, &[member(argument.text())], address);
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

/// Other host, same provider.
pub(super) static ENDPOINTS_ON_ANOTHER_HOST: Quirk = Quirk {
    name: "endpoints-on-another-host",
    text: "The endpoints that servers ask (token, UserInfo, keys) are on another host than the issuer, as with Google, \
           Entra ID and Pocket ID. On loopback, `localhost` leads to the same provider as 127.0.0.1.",
    requirement: "OIDC Discovery §3",
    parameter: Parameter::Text { default: "localhost" },
    touches: THEIR_ADDRESSES,
    apply: |draft, argument, _| {
        let names = ["token_endpoint", "userinfo_endpoint", "jwks_uri"];
        readdress(draft, &names, |url| format!("{}://{}{}{}", url.scheme, argument.text(), url.port, url.path));
    },
};

/// Nobody listens.
pub(super) static ENDPOINT_REFUSED_PORT: Quirk = Quirk {
    name: "endpoint-refused-port",
    text: "Nobody listens where this endpoint is said to be: the connection is refused, as where an internal port is \
           not open to the server.",
    requirement: "OIDC Discovery §3",
    parameter: Parameter::Choice(ASKED_BY_SERVERS),
    touches: THEIR_ADDRESSES,
    apply: |draft, argument, _| {
        readdress_one(draft, argument, |url| format!("{}://127.0.0.1:9{}", url.scheme, url.path));
    },
};

/// No such host.
pub(super) static ENDPOINT_UNKNOWN_HOST: Quirk = Quirk {
    name: "endpoint-unknown-host",
    text: "This endpoint is said to be on a host that there is not, as where a name is known only in another network.",
    requirement: "OIDC Discovery §3",
    parameter: Parameter::Choice(ASKED_BY_SERVERS),
    touches: THEIR_ADDRESSES,
    apply: |draft, argument, _| {
        readdress_one(draft, argument, |url| format!("{}://idp.invalid{}{}", url.scheme, url.port, url.path));
    },
};

/// No such page.
pub(super) static ENDPOINT_WRONG_PATH: Quirk = Quirk {
    name: "endpoint-wrong-path",
    text: "There is no such page where this endpoint is said to be, as behind a proxy that rewrites paths: the answer \
           is 404.",
    requirement: "OIDC Discovery §3",
    parameter: Parameter::Choice(ASKED_BY_SERVERS),
    touches: THEIR_ADDRESSES,
    apply: |draft, argument, _| {
        readdress_one(draft, argument, |url| format!("{}://{}{}{}-of-old", url.scheme, url.host, url.port, url.path));
    },
};

/// Not the web at all.
pub(super) static ENDPOINT_ODD_SCHEME: Quirk = Quirk {
    name: "endpoint-odd-scheme",
    text: "The address of this endpoint begins with `ftp:`, not with `https:`.",
    requirement: "OIDC Discovery §3",
    parameter: Parameter::Choice(ASKED_BY_SERVERS),
    touches: THEIR_ADDRESSES,
    apply: |draft, argument, _| {
        readdress_one(draft, argument, |url| format!("ftp://{}{}{}", url.host, url.port, url.path));
    },
};

/// A script instead of a page.
pub(super) static AUTHORIZATION_ENDPOINT_SCRIPT: Quirk = Quirk {
    name: "authorization-endpoint-script",
    text: "The address to which people are sent to sign in is a script; a page that goes there runs it with its own \
           rights.",
    requirement: "OIDC Discovery §3",
    parameter: Parameter::Text { default: "javascript:alert(document.domain)//" },
    touches: &[(Discovery, Named("authorization_endpoint"))],
    apply: |draft, argument, _| {
        draft.members.insert("authorization_endpoint".into(), argument.text().into());
    },
};

/// Addresses with a query of their own.
pub(super) static ENDPOINTS_WITH_QUERY: Quirk = Quirk {
    name: "endpoints-with-query",
    text: "The addresses of the authorization and token endpoints have a query of their own, as Azure AD B2C names its \
           policies; it has to stay.",
    requirement: "RFC 6749 §3.1",
    parameter: Parameter::Text { default: "policy=photos" },
    touches: &[(Discovery, Named("authorization_endpoint")), (Discovery, Named("token_endpoint"))],
    apply: |draft, argument, _| {
        readdress(draft, &["authorization_endpoint", "token_endpoint"], |url| {
            format!("{}://{}{}{}?{}", url.scheme, url.host, url.port, url.path, argument.text())
        });
    },
};

/// Endpoints of an https issuer without TLS.
pub(super) static HTTP_ENDPOINTS: Quirk = Quirk {
    name: "http-endpoints",
    text: "An https issuer lists endpoints under http, where they really are, as behind a proxy that does not say \
           `X-Forwarded-Proto`.",
    requirement: "OIDC Discovery §3",
    parameter: Parameter::Choice(&["all", "authorization", "token", "userinfo", "jwks"]),
    touches: &[
        (Discovery, Named("authorization_endpoint")),
        (Discovery, Named("token_endpoint")),
        (Discovery, Named("userinfo_endpoint")),
        (Discovery, Named("jwks_uri")),
        (Discovery, Named("end_session_endpoint")),
    ],
    apply: |draft, argument, scene| {
        let wanted = argument.text();
        let Some(plain) = Parts::of(scene.plain) else { return };
        let secure = Parts::of(scene.issuer);
        for (_, member) in HTTP_ENDPOINTS.touches {
            let Named(name) = member else { continue };
            let member = draft.members.get_mut(*name).filter(|_| wanted == "all" || name.starts_with(wanted));
            if let Some(Value::String(url)) = member
                && let Some(own) = Parts::of(url)
                // Also where it is not below the issuer's path.
                && secure.as_ref().is_some_and(|secure| own.origin() == secure.origin())
            {
                *url = format!("{}://{}{}{}", plain.scheme, plain.host, plain.port, own.path);
            }
        }
    },
};

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
