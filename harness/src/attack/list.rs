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
        "Cross-site request forgery: the victim's browser brings the attacker's code",
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
        "Bypass of `state`: constant, reused or changed",
        Loki,
        By(&["state/once", "state/short-lived", "state/swapped", "state/cookie-changed"]),
    ),
    attack(
        "Code injection: a stolen code in the attacker's browser",
        Practice("4.5"),
        By(&["authorization-response/stolen-code", "pkce/wrong-verifier"]),
    ),
    attack(
        "PKCE downgrade",
        Practice("4.8"),
        By(&["pkce/advertised", "pkce/not-advertised", "pkce/required-not-advertised"]),
    ),
    attack(
        "Bypass of the nonce: missing, empty, or of another sign-in",
        Loki,
        By(&["id-token/nonce-not-echoed", "id-token/unsolicited-nonce", "id-token/empty-nonce"]),
    ),
    attack(
        "Replay of a code",
        Practice("4.5"),
        By(&["token-endpoint/code-replay", "token-endpoint/code-taken-twice", "state/once"]),
    ),
    attack(
        "Mix-up: the code of an honest provider goes to a dishonest one",
        Practice("4.4"),
        By(&["authorization-response/mix-up", "authorization-response/issuer"]),
    ),
    attack(
        "The issuer in the authorization response is wrong, missing or repeated",
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
        Not("a server that authenticates with a client secret signs no such JWT"),
    ),
    attack(
        "Session fixation: a sign-in that has no owner",
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
        "Tokens or errors in the callback",
        Loki,
        By(&["authorization-response/tokens-in-callback", "authorization-response/error"]),
    ),
    attack(
        "Another response mode or response type than requested",
        Loki,
        By(&["authorization-response/response-mode", "authorization-response/tokens-in-callback"]),
    ),
    attack(
        "Open redirect: addresses that only look like those of the server or its app",
        Practice("4.11"),
        By(&[
            "mobile-redirect/look-alike",
            "mobile-redirect/route",
            "callback/not-an-address",
            "callback/redirect-uri-of-another-page",
        ]),
    ),
    attack("The authorization endpoint is a script", Professos, By(&["endpoints/script"])),
    // Discovery and endpoints.
    attack(
        "Identity provider confusion: the discovery document names another issuer",
        Professos,
        By(&["issuer-url/mismatch", "issuer-url/almost-the-same", "discovery/duplicate-member"]),
    ),
    attack(
        "Confusion in discovery: endpoints on other hosts, or without TLS",
        Loki,
        By(&["endpoints/another-host", "tls/http-endpoints", "tls/http-keys", "discovery/moved"]),
    ),
    attack(
        "Server-side request forgery: the server fetches an address that the attacker chooses",
        Professos,
        By(&["id-token/key-of-its-own", "picture/leads-elsewhere", "userinfo/redirected", "token-endpoint/redirected"]),
    ),
    attack("A provider with a certificate that proves nothing", Professos, By(&["tls/bad-certificate"])),
    attack("Very large or deep metadata", Loki, By(&["discovery/survives"])),
    attack(
        "A provider that is slow, hangs, or fails half-way",
        Loki,
        By(&["availability/slow", "availability/hanging", "availability/fails-at-the-callback"]),
    ),
    // Claims of the ID token.
    attack(
        "ID spoofing: another `iss` or `sub`",
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
        "ID spoofing: claims repeated in the JWT header with other values",
        Jwt("5.3"),
        By(&["id-token/claims-in-header"]),
    ),
    attack(
        "JSON that parsers read differently: duplicate members",
        Loki,
        By(&[
            "id-token/duplicate-subject",
            "id-token/duplicate-audience",
            "userinfo/duplicate-subject",
            "discovery/duplicate-member",
        ]),
    ),
    attack(
        "Audience confusion: a token for another client",
        Loki,
        By(&[
            "id-token/wrong-audience",
            "id-token/foreign-audiences",
            "id-token/similar-audience",
            "id-token/audience-not-text",
        ]),
    ),
    attack(
        "Confusion of the authorized party",
        Loki,
        By(&["id-token/wrong-authorized-party", "id-token/foreign-authorized-party"]),
    ),
    attack(
        "Subjects that are empty, of another type, or equal only in another case",
        Loki,
        By(&["id-token/empty-subject", "id-token/subject-not-text", "subject/in-another-case", "userinfo/odd-subject"]),
    ),
    attack("Subjects that are equal only after Unicode normalization", Loki, By(&["subject/normalized"])),
    attack(
        "Claims of another JSON type",
        Loki,
        By(&["id-token/expiry-not-a-number", "id-token/issued-at-not-a-number", "claims/email-not-text"]),
    ),
    attack(
        "Times: expired, in the future, or absurdly far away",
        Loki,
        By(&["id-token/expired", "id-token/not-yet-valid", "id-token/unusual-times", "id-token/clock-skew"]),
    ),
    attack(
        "A token of another kind: access token or logout token as ID token",
        JwtPractice("3.11"),
        By(&["id-token/another-kind", "id-token/logout-token"]),
    ),
    attack("`at_hash` of another access token", Loki, By(&["id-token/access-token-hash"])),
    attack(
        "Token substitution: UserInfo of another end-user",
        Professos,
        By(&["userinfo/subject-of-another-end-user", "userinfo/signed-for-another-client"]),
    ),
    attack("More scopes than requested", Loki, By(&["scopes/claims-placed", "token-endpoint/beside-the-tokens"])),
    attack("Very large or deep ID tokens", Loki, By(&["id-token/large", "id-token/nested-too-deep"])),
    // Signatures and keys.
    attack(
        "No signature: `alg` is `none`, in any case, or the signature is empty",
        JwtPractice("2.1"),
        By(&["id-token/unsigned", "id-token/unsigned-in-another-case", "id-token/empty-signature"]),
    ),
    attack("A signature that does not fit", Professos, By(&["id-token/bad-signature", "userinfo/signature"])),
    attack(
        "Another algorithm than agreed, or a weak one",
        Loki,
        By(&["id-token/wrong-algorithm", "id-token/curve-of-another-algorithm"]),
    ),
    attack(
        "Key confusion: HMAC with the public key, in twelve encodings",
        JwtPractice("2.1"),
        By(&["id-token/hmac-with-public-key"]),
    ),
    attack("A symmetric key in the published JWKS", Professos, By(&["id-token/published-secret"])),
    attack("Key confusion by `jwk`, `jku`, `x5c` and `x5u`", Professos, By(&["id-token/key-of-its-own"])),
    attack("`kid` as a path, a query, an address or a key", JwtPractice("3.10"), By(&["id-token/key-from-key-id"])),
    attack(
        "A `kid` of no key, or of a key that the provider does not publish",
        Loki,
        By(&["id-token/unknown-key-id", "id-token/unknown-signing-key", "id-token/without-key-id"]),
    ),
    attack(
        "Keys in the JWKS that are not for this: for encryption, of other kinds, of the same id",
        Loki,
        By(&["key-set/not-for-this", "key-set/ambiguous", "key-set/beside-others"]),
    ),
    attack(
        "Curve and type confusion: a key that names another type or curve",
        Loki,
        By(&["key-set/wrong-type", "id-token/curve-of-another-algorithm"]),
    ),
    attack("A very large JWKS", Loki, By(&["key-set/many"])),
    attack("A `crit` header that the server does not understand", Loki, By(&["id-token/critical-header"])),
    attack(
        "A stolen key that the provider withdrew",
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
        "Takeover by email: the account belongs to another identity",
        Professos,
        By(&[
            "auto-register/linked-to-another-subject",
            "subject/email-of-another-account",
            "link/identity-of-another-account",
        ]),
    ),
    attack(
        "Logout tokens that are forged, replayed or of another kind",
        BackchannelLogout("2.6"),
        By(&["backchannel-logout/wrong-token", "backchannel-logout/replayed", "backchannel-logout/not-a-token"]),
    ),
];
