//! The list of attacks, from five sources.

use super::row::Literature::{
    BackchannelLogout, Cve, Jwt, JwtPractice, Loki, OAuth, Practice, PreHijacking, Professos, Update,
};
use super::row::Shown::{By, Not};
use super::row::{Attack, Literature, Shown};

const fn attack(name: &'static str, source: Literature, shown: Shown) -> Attack {
    Attack { name, source, shown }
}

/// All of them: the authorization request and response first, then tokens, keys,
/// accounts and sessions.
pub static ATTACKS: &[Attack] = &[
    // The authorization request and response.
    attack(
        "Cross-site request forgery: the victim's browser sends the attacker's code to the server",
        OAuth("10.12"),
        By(&[
            "state/missing",
            "state/wrong",
            "state/empty",
            "state/of-another-browser",
            "link/wrong-state",
            "link/missing-state",
        ]),
    ),
    attack(
        "Bypass of `state`: the value is constant, reused or changed",
        Loki,
        By(&["state/once", "state/short-lived", "state/swapped", "state/cookie-changed"]),
    ),
    attack(
        "Code injection: the attacker's browser sends a stolen code to the server",
        Practice("4.5"),
        By(&["authorization-response/stolen-code", "pkce/wrong-verifier"]),
    ),
    attack(
        "PKCE downgrade",
        Practice("4.8"),
        By(&["pkce/advertised", "pkce/not-advertised", "pkce/required-not-advertised"]),
    ),
    attack(
        "Bypass of the nonce: it is missing, empty, or belongs to another sign-in",
        Loki,
        By(&["id-token/nonce-not-echoed", "id-token/unsolicited-nonce", "id-token/empty-nonce"]),
    ),
    attack(
        "Replay of a code: a browser sends it a second time",
        Practice("4.5"),
        By(&["token-endpoint/code-replay", "token-endpoint/code-taken-twice", "state/once"]),
    ),
    attack(
        "Mix-up: the server sends the code of an honest provider to a dishonest one",
        Practice("4.4"),
        By(&["authorization-response/mix-up", "authorization-response/issuer"]),
    ),
    attack(
        "The authorization response names another issuer, none, or several",
        Loki,
        By(&["authorization-response/issuer", "authorization-response/repeated-parameters"]),
    ),
    attack(
        "Cross-tool account takeover (COAT): a code from one integration finishes the sign-in of another",
        Update,
        By(&["authorization-response/mix-up", "settings/provider-changed-in-the-middle"]),
    ),
    attack(
        "Audience injection: a JWT for client authentication names another provider",
        Update,
        Not("a server that authenticates with a client secret does not sign such a JWT"),
    ),
    attack(
        "Session fixation: the server does not tie a sign-in to the browser that started it",
        Update,
        By(&["state/without-owner", "state/of-another-browser"]),
    ),
    attack(
        "One browser starts a sign-in, another finishes it, and the first collects the session",
        Cve("CVE-2026-47158"),
        By(&["state/without-owner"]),
    ),
    attack(
        "Session overwriting: the provider changes between request and callback",
        Professos,
        By(&["settings/provider-changed-in-the-middle", "issuer-url/changes", "state/two-tabs"]),
    ),
    attack(
        "The callback has tokens, or an error beside a code",
        Loki,
        By(&["authorization-response/tokens-in-callback", "authorization-response/error"]),
    ),
    attack(
        "The provider uses another response mode or response type than the server requested",
        Loki,
        By(&["authorization-response/response-mode", "authorization-response/tokens-in-callback"]),
    ),
    attack(
        "Open redirect: URLs that only look like those of the server or its app",
        Practice("4.11"),
        By(&[
            "mobile-redirect/look-alike",
            "mobile-redirect/route",
            "callback/not-an-address",
            "callback/redirect-uri-of-another-page",
        ]),
    ),
    attack("The URL of the authorization endpoint is a script", Professos, By(&["endpoints/script"])),
    // Discovery and endpoints.
    attack(
        "Identity provider confusion: the discovery document names another issuer",
        Professos,
        By(&["issuer-url/mismatch", "issuer-url/almost-the-same", "discovery/duplicate-member"]),
    ),
    attack(
        "Discovery confusion: the document names endpoints on other hosts, or without TLS",
        Loki,
        By(&["endpoints/another-host", "tls/http-endpoints", "tls/http-keys", "discovery/moved"]),
    ),
    attack(
        "Server-side request forgery: the server requests a URL that the attacker chose",
        Professos,
        By(&["id-token/key-of-its-own", "picture/leads-elsewhere", "userinfo/redirected", "token-endpoint/redirected"]),
    ),
    attack("The provider has an invalid TLS certificate", Professos, By(&["tls/bad-certificate"])),
    attack("A very large or deeply nested discovery document", Loki, By(&["discovery/survives"])),
    attack(
        "The provider is slow, hangs, or breaks off its response",
        Loki,
        By(&["availability/slow", "availability/hanging", "availability/fails-at-the-callback"]),
    ),
    // Claims of the ID token.
    attack(
        "ID spoofing: the ID token has another `iss` or `sub`",
        Professos,
        By(&[
            "id-token/wrong-issuer",
            "id-token/similar-issuer",
            "id-token/missing-claim",
            "id-token/issuer-not-text",
            "userinfo/subject-of-an-account",
        ]),
    ),
    attack(
        "ID spoofing: the JWT header repeats claims with other values",
        Jwt("5.3"),
        By(&["id-token/claims-in-header"]),
    ),
    attack(
        "Duplicate JSON members, which parsers read differently",
        Loki,
        By(&[
            "id-token/duplicate-subject",
            "id-token/duplicate-audience",
            "userinfo/duplicate-subject",
            "discovery/duplicate-member",
        ]),
    ),
    attack(
        "Audience confusion: the ID token is for another client",
        Loki,
        By(&[
            "id-token/wrong-audience",
            "id-token/foreign-audiences",
            "id-token/similar-audience",
            "id-token/audience-not-text",
        ]),
    ),
    attack(
        "Authorized party confusion: `azp` names another client",
        Loki,
        By(&["id-token/wrong-authorized-party", "id-token/foreign-authorized-party"]),
    ),
    attack(
        "Subjects that are empty, of another type, or differ only in letter case",
        Loki,
        By(&["id-token/empty-subject", "id-token/subject-not-text", "subject/in-another-case", "userinfo/odd-subject"]),
    ),
    attack("Subjects that differ only in their Unicode form", Loki, By(&["subject/normalized"])),
    attack(
        "Claims have another JSON type",
        Loki,
        By(&["id-token/expiry-not-a-number", "id-token/issued-at-not-a-number", "claims/email-not-text"]),
    ),
    attack(
        "The times of an ID token are in the past, in the future, or absurdly far away",
        Loki,
        By(&["id-token/expired", "id-token/not-yet-valid", "id-token/unusual-times", "id-token/clock-skew"]),
    ),
    attack(
        "An access token or a logout token in place of the ID token",
        JwtPractice("3.11"),
        By(&["id-token/another-kind", "id-token/logout-token"]),
    ),
    attack("`at_hash` belongs to another access token", Loki, By(&["id-token/access-token-hash"])),
    attack(
        "Token substitution: UserInfo is about another end-user",
        Professos,
        By(&["userinfo/subject-of-another-end-user", "userinfo/signed-for-another-client"]),
    ),
    attack(
        "The provider grants more scopes than requested",
        Loki,
        By(&["scopes/claims-placed", "token-endpoint/beside-the-tokens"]),
    ),
    attack("Very large or deeply nested ID tokens", Loki, By(&["id-token/large", "id-token/nested-too-deep"])),
    // Signatures and keys.
    attack(
        "No signature: `alg` is `none`, in any letter case, or the signature is empty",
        JwtPractice("2.1"),
        By(&["id-token/unsigned", "id-token/unsigned-in-another-case", "id-token/empty-signature"]),
    ),
    attack("The signature does not match the key", Professos, By(&["id-token/bad-signature", "userinfo/signature"])),
    attack(
        "The ID token has another algorithm than configured, or a weak one",
        Loki,
        By(&["id-token/wrong-algorithm", "id-token/curve-of-another-algorithm"]),
    ),
    attack(
        "Key confusion: an HMAC with the public key as the secret, in fifteen encodings",
        JwtPractice("2.1"),
        By(&["id-token/hmac-with-public-key"]),
    ),
    attack("The published JWKS contains a symmetric key", Professos, By(&["id-token/published-secret"])),
    attack(
        "Key confusion: `jwk`, `jku`, `x5c` or `x5u` in the header names the attacker's key",
        Professos,
        By(&["id-token/key-of-its-own"]),
    ),
    attack("`kid` is a path, an SQL query, a URL or a key", JwtPractice("3.10"), By(&["id-token/key-from-key-id"])),
    attack(
        "`kid` names a key that does not exist, or that the provider does not publish",
        Loki,
        By(&["id-token/unknown-key-id", "id-token/unknown-signing-key", "id-token/without-key-id"]),
    ),
    attack(
        "The JWKS has unsuitable keys: encryption keys, keys of other types, keys with the same `kid`",
        Loki,
        By(&["key-set/not-for-this", "key-set/ambiguous", "key-set/beside-others"]),
    ),
    attack(
        "Curve and type confusion: a key names another type or curve",
        Loki,
        By(&["key-set/wrong-type", "id-token/curve-of-another-algorithm"]),
    ),
    attack("A very large JWKS", Loki, By(&["key-set/many"])),
    attack("`crit` names a header parameter that the server does not support", Loki, By(&["id-token/critical-header"])),
    attack(
        "An attacker uses a stolen key that the provider has removed",
        Professos,
        By(&["key-rotation/stale", "backchannel-logout/former-key"]),
    ),
    // Accounts and sessions.
    attack(
        "Pre-hijacking: classic-federated merge",
        PreHijacking,
        By(&["pre-hijacking/kept-credentials", "pre-hijacking/own-email"]),
    ),
    attack(
        "Pre-hijacking: unexpired session",
        PreHijacking,
        By(&["pre-hijacking/own-email", "pre-hijacking/kept-credentials"]),
    ),
    attack(
        "Pre-hijacking: trojan identifier",
        PreHijacking,
        By(&["pre-hijacking/linked-before", "pre-hijacking/unlinked-before"]),
    ),
    attack(
        "Pre-hijacking: unexpired email change",
        PreHijacking,
        By(&["pre-hijacking/own-email", "subject/new-unverified-email"]),
    ),
    attack(
        "Pre-hijacking: a provider that does not verify emails",
        PreHijacking,
        By(&["auto-register/unverified-email", "profiles/authentik-unverified-email"]),
    ),
    attack(
        "Takeover by email: the account with this email is linked to another end-user",
        Professos,
        By(&[
            "auto-register/linked-to-another-subject",
            "subject/email-of-another-account",
            "link/identity-of-another-account",
        ]),
    ),
    attack(
        "Logout tokens that are forged, replayed, or in fact ID tokens",
        BackchannelLogout("2.6"),
        By(&["backchannel-logout/wrong-token", "backchannel-logout/replayed", "backchannel-logout/not-a-token"]),
    ),
];
