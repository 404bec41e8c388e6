//! The issuer by which the provider names itself, in the discovery document
//! and in what it sends (OIDC Discovery §4.3, RFC 9207).

use super::operation::Operation::{Function, Rewrite};
use super::{Parameter, Quirk, Scene, Touch};
use crate::message::Member::Named;
use crate::message::Message::{AuthorizationResponse, Discovery, IdToken, LogoutToken, UserInfo};

pub(super) const ROWS: &[Quirk] = &[
    Quirk {
        name: "issuer-mismatch",
        text: "`issuer` of the discovery document is another URL than the provider's own issuer.",
        requirement: "OIDC Discovery §4.3",
        parameter: Parameter::Text { default: "https://attacker.example" },
        touches: &[(Discovery, Named("issuer"))],
        operation: Rewrite(|_, argument, _| argument.text().to_owned()),
    },
    Quirk {
        name: "issuer-slash",
        text: "The provider adds a slash to the end of its issuer, or removes the one that is there, so its issuer \
               differs from the configured one.",
        requirement: "OIDC Discovery §4.3",
        parameter: Parameter::Flag,
        touches: EVERYWHERE,
        operation: Rewrite(|_, _, scene| match scene.issuer.strip_suffix('/') {
            Some(without) => without.to_owned(),
            None => format!("{}/", scene.issuer),
        }),
    },
    Quirk {
        name: "issuer-upper-case",
        text: "Scheme and host of the provider's issuer are in upper case: the same URL (RFC 3986 §6.2.2.1), but not \
               the same string.",
        requirement: "OIDC Discovery §4.3",
        parameter: Parameter::Flag,
        touches: EVERYWHERE,
        operation: Rewrite(|_, _, scene| {
            let (host, path) = split(scene.issuer);
            format!("{}{path}", host.to_ascii_uppercase())
        }),
    },
    Quirk {
        name: "issuer-template",
        text: "The discovery document is for all tenants: its `issuer` has this placeholder instead of the name of a \
               tenant, as with the tenant `common` of Entra ID.",
        requirement: "OIDC Discovery §4.3",
        parameter: Parameter::Text { default: "{tenantid}" },
        touches: &[(Discovery, Named("issuer"))],
        operation: Rewrite(|_, argument, scene| {
            let (host, path) = split(scene.issuer);
            let above = path.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
            format!("{host}{above}/{}", argument.text())
        }),
    },
    Quirk {
        name: "issuer-from-host",
        text: "The provider builds its issuer and the URLs of its endpoints from the `Host` header of each request, so \
               each host name has its own issuer.",
        requirement: "OIDC Discovery §4.3",
        parameter: Parameter::Flag,
        touches: &[
            (Discovery, Named("issuer")),
            (Discovery, Named("authorization_endpoint")),
            (Discovery, Named("token_endpoint")),
            (Discovery, Named("userinfo_endpoint")),
            (Discovery, Named("jwks_uri")),
            (Discovery, Named("end_session_endpoint")),
            (AuthorizationResponse, Named("iss")),
            (IdToken, Named("iss")),
            (UserInfo, Named("iss")),
        ],
        operation: Rewrite(|url, _, scene| asked_under(url, scene)),
    },
    Quirk {
        name: "issuer-changes",
        text: "The first discovery document names the correct issuer. The later ones, and everything that the provider \
               sends after its sign-in page, name another one.",
        requirement: "OIDC Discovery §4.3",
        parameter: Parameter::Text { default: "https://attacker.example" },
        touches: EVERYWHERE,
        operation: Function(|draft, argument, scene| {
            let member = if draft.message == Discovery { "issuer" } else { "iss" };
            if let Some(issuer) = draft.text_mut(Named(member))
                && (member == "iss" || scene.turn > 0)
            {
                argument.text().clone_into(issuer);
            }
        }),
    },
];

/// Where a provider names itself; UserInfo where it is signed.
const EVERYWHERE: &[Touch<'static>] = &[
    (Discovery, Named("issuer")),
    (AuthorizationResponse, Named("iss")),
    (IdToken, Named("iss")),
    (UserInfo, Named("iss")),
    (LogoutToken, Named("iss")),
];

/// Scheme with host, and what follows them.
fn split(issuer: &str) -> (&str, &str) {
    let host = issuer.find("://").map_or(0, |scheme| scheme + 3);
    issuer.split_at(issuer[host..].find('/').map_or(issuer.len(), |path| host + path))
}

/// `url` with the host of the request in the place of the issuer's, if that is
/// there. A logout token is no answer to a request.
fn asked_under(url: &str, scene: &Scene<'_>) -> String {
    let Some(host) = scene.header("host") else { return url.to_owned() };
    let (origin, _) = split(scene.issuer);
    let scheme = origin.split_once("://").map_or("http", |(scheme, _)| scheme);
    url.strip_prefix(origin).map_or_else(|| url.to_owned(), |rest| format!("{scheme}://{host}{rest}"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("http://h:1/a/b/", "http://h:1", "/a/b/")]
    #[case("http://h:1", "http://h:1", "")]
    #[case("nonsense", "nonsense", "")]
    fn splits_before_the_path(#[case] issuer: &str, #[case] host: &str, #[case] path: &str) {
        assert_eq!(split(issuer), (host, path));
    }
}
