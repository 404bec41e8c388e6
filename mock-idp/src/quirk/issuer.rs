//! Who the provider says it is: the issuer, in the discovery document and
//! wherever else it names itself (OIDC Discovery §4.3, RFC 9207).

use serde_json::Value;

use super::{Parameter, Quirk, Scene, Touch};
use crate::draft::Draft;
use crate::member::Member::Named;
use crate::message::Message::{AuthorizationResponse, Discovery, IdToken, LogoutToken, UserInfo};

/// Where a provider names itself; UserInfo where it is signed.
const EVERYWHERE: &[Touch<'static>] = &[
    (Discovery, Named("issuer")),
    (AuthorizationResponse, Named("iss")),
    (IdToken, Named("iss")),
    (UserInfo, Named("iss")),
    (LogoutToken, Named("iss")),
];

/// Lets the provider call itself `name` in this message.
fn rename(draft: &mut Draft, name: &str) {
    let member = if draft.message == Discovery { "issuer" } else { "iss" };
    if let Some(issuer) = draft.members.get_mut(member) {
        *issuer = name.into();
    }
}

/// Scheme with host, and what follows them.
fn split(issuer: &str) -> (&str, &str) {
    let host = issuer.find("://").map_or(0, |scheme| scheme + 3);
    issuer.split_at(issuer[host..].find('/').map_or(issuer.len(), |path| host + path))
}

/// The document names another issuer.
pub(super) static ISSUER_MISMATCH: Quirk = Quirk {
    name: "issuer-mismatch",
    text: "The discovery document names another issuer than the one that was asked.",
    requirement: "OIDC Discovery §4.3",
    parameter: Parameter::Text { default: "https://attacker.example" },
    touches: &[(Discovery, Named("issuer"))],
    apply: |draft, argument, _| rename(draft, argument.text()),
};

/// A slash more or less.
pub(super) static ISSUER_SLASH: Quirk = Quirk {
    name: "issuer-slash",
    text: "The provider calls itself by its address with a slash at the end that nobody configured, or without the one \
           that somebody did.",
    requirement: "OIDC Discovery §4.3",
    parameter: Parameter::Flag,
    touches: EVERYWHERE,
    apply: |draft, _, scene| match scene.issuer.strip_suffix('/') {
        Some(without) => rename(draft, without),
        None => rename(draft, &format!("{}/", scene.issuer)),
    },
};

/// The same address in another spelling.
pub(super) static ISSUER_UPPER_CASE: Quirk = Quirk {
    name: "issuer-upper-case",
    text: "The provider calls itself by its address with scheme and host in capitals: the same place (RFC 3986 \
           §6.2.2.1), but not the same text.",
    requirement: "OIDC Discovery §4.3",
    parameter: Parameter::Flag,
    touches: EVERYWHERE,
    apply: |draft, _, scene| {
        let (host, path) = split(scene.issuer);
        rename(draft, &format!("{}{path}", host.to_ascii_uppercase()));
    },
};

/// One document for all tenants.
pub(super) static ISSUER_TEMPLATE: Quirk = Quirk {
    name: "issuer-template",
    text: "The discovery document serves many tenants: where one would be named, its issuer has this placeholder, as \
           Entra ID's `common` has.",
    requirement: "OIDC Discovery §4.3",
    parameter: Parameter::Text { default: "{tenantid}" },
    touches: &[(Discovery, Named("issuer"))],
    apply: |draft, argument, scene| {
        let (host, path) = split(scene.issuer);
        let above = path.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
        rename(draft, &format!("{host}{above}/{}", argument.text()));
    },
};

/// The name under which it was asked.
pub(super) static ISSUER_FROM_HOST: Quirk = Quirk {
    name: "issuer-from-host",
    text: "The provider calls itself by whatever name it was asked under (the `Host` header), and so do its endpoints: \
           two names make two issuers.",
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
    apply: |draft, _, scene| {
        // A logout token was asked for under no name.
        let Some(host) = scene.header("host") else { return };
        let message = draft.message;
        for (_, member) in ISSUER_FROM_HOST.touches.iter().filter(|(touched, _)| *touched == message) {
            if let Named(name) = member
                && let Some(Value::String(url)) = draft.members.get_mut(*name)
            {
                *url = asked_under(url, host, scene);
            }
        }
    },
};

/// `url` with `host` in the place of the issuer's, if it is there.
fn asked_under(url: &str, host: &str, scene: &Scene<'_>) -> String {
    let (origin, _) = split(scene.issuer);
    let scheme = origin.split_once("://").map_or("http", |(scheme, _)| scheme);
    url.strip_prefix(origin).map_or_else(|| url.to_owned(), |rest| format!("{scheme}://{host}{rest}"))
}

/// Another provider takes over in the middle.
pub(super) static ISSUER_CHANGES: Quirk = Quirk {
    name: "issuer-changes",
    text: "The discovery document names the right issuer once; from the second time on, and in everything that follows \
           the sign-in page, the provider calls itself by another name.",
    requirement: "OIDC Discovery §4.3",
    parameter: Parameter::Text { default: "https://attacker.example" },
    touches: EVERYWHERE,
    apply: |draft, argument, scene| {
        if draft.message != Discovery || scene.turn > 0 {
            rename(draft, argument.text());
        }
    },
};

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
