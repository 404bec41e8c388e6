//! Words of the specifications and of this program that no list names: claims
//! and terms. Quirks, keys, steps and settings explain themselves elsewhere.

use mock_idp::{Message, QUIRKS, Quirk};

use super::{Category, Explanation};
use crate::scenario::citation;

/// A word, what it means, and the clause that defines it; empty if none does.
type Row = (&'static str, &'static str, &'static str);

/// Claims of ID tokens, logout tokens and `UserInfo`.
const CLAIMS: &[Row] = &[
    ("iss", "The issuer of the token. It must equal the issuer of the discovery document.", "OIDC Core §3.1.3.7 (2)"),
    ("sub", "The end-user's identifier at the issuer: at most 255 characters that never change.", "OIDC Core §2"),
    (
        "aud",
        "The client IDs that the provider issued the token for. The server's own client ID must be among them.",
        "OIDC Core §3.1.3.7 (3)",
    ),
    ("azp", "The client ID that the provider issued the token to, if `aud` has several.", "OIDC Core §2"),
    (
        "exp",
        "The time after which a server must not accept the token, in seconds since 1970.",
        "OIDC Core §3.1.3.7 (9)",
    ),
    ("iat", "The time at which the provider issued the token, in seconds since 1970.", "OIDC Core §2"),
    ("nbf", "The time before which a server must not accept the token, in seconds since 1970.", "RFC 7519 §4.1.5"),
    (
        "nonce",
        "A random value in the authorization request, which the provider copies into the ID token. The server compares \
         the two values, so that it refuses the ID token of another sign-in.",
        "OIDC Core §3.1.3.7 (11)",
    ),
    ("auth_time", "The time at which the end-user signed in at the provider, in seconds since 1970.", "OIDC Core §2"),
    ("at_hash", "A hash of the access token that the provider issues with the ID token.", "OIDC Core §3.1.3.8"),
    ("c_hash", "A hash of the code that the provider issues with the ID token.", "OIDC Core §3.3.2.11"),
    (
        "jti",
        "The identifier of the token. By this claim, a server detects a token that it receives twice.",
        "RFC 7519 §4.1.7",
    ),
    (
        "sid",
        "The identifier of the end-user's session at the provider. A logout token with `sid` ends only that session.",
        "OIDC Back-Channel Logout §2.1",
    ),
    (
        "events",
        "The claim that distinguishes a logout token from other tokens. It names the logout event.",
        "OIDC Back-Channel Logout §2.4",
    ),
    ("email", "The end-user's email address. Without it, Immich does not create an account.", "OIDC Core §5.1"),
    (
        "email_verified",
        "Whether the provider has verified that the email address belongs to the end-user.",
        "OIDC Core §5.1",
    ),
    ("name", "The end-user's full name. Immich shows it as the account's name.", "OIDC Core §5.1"),
    ("preferred_username", "The end-user's short name at the provider. It can change.", "OIDC Core §5.1"),
    ("picture", "The URL of the end-user's picture. Immich copies the picture to the account.", "OIDC Core §5.1"),
];

/// Other words, those of the specifications first.
const TERMS: &[Row] = &[
    (
        "token",
        "A value that the provider issues. An ID token says who signed in, an access token gives access to UserInfo, \
         and a logout token ends sessions. In a scenario, `expect.provider-saw.token` is the token request.",
        "OIDC Core §3.1.3.3",
    ),
    ("ID token", "A JWT, signed by the provider, that says who signed in, at which client, and when.", "OIDC Core §2"),
    ("access token", "A token with which the server requests the end-user's claims from UserInfo.", "RFC 6749 §1.4"),
    ("refresh token", "A token with which a client requests new tokens without the end-user.", "RFC 6749 §1.5"),
    (
        "logout token",
        "A JWT, signed by the provider, that tells the server to end sessions.",
        "OIDC Back-Channel Logout §2.4",
    ),
    (
        "code",
        "A value that the browser brings from the provider to the server. The server redeems it for tokens.",
        "RFC 6749 §4.1.2",
    ),
    (
        "state",
        "A random value that ties the provider's response to the browser that started the sign-in.",
        "RFC 6749 §4.1.1",
    ),
    (
        "PKCE",
        "A protection against stolen codes. The server sends a code challenge when the sign-in begins, and the code \
         verifier when it redeems the code. Without the verifier, the code has no value.",
        "RFC 7636 §4.5",
    ),
    ("code challenge", "A hash of the code verifier, in the authorization request.", "RFC 7636 §4.3"),
    ("code verifier", "A random value that the server keeps secret until it redeems the code.", "RFC 7636 §4.5"),
    ("JWKS", "The provider's public keys. A server verifies the signatures of tokens with them.", "RFC 7517 §5"),
    (
        "discovery document",
        "A JSON document with the URLs of the provider's endpoints, at a fixed path below the issuer URL.",
        "OIDC Discovery §4",
    ),
    (
        "relying party",
        "A server whose users sign in through the provider. The provider calls it a client.",
        "OIDC Core §1.2",
    ),
    (
        "client",
        "For the provider, the server under test: an application that the provider signs end-users in to. Its ID and \
         its secret are in the server's OAuth settings (Client ID, Client secret), and must be the same at the provider. \
         A run sets both. In a scenario, `provider.client-secret` sets another secret at the provider.",
        "RFC 6749 §1.1",
    ),
    (
        "end-user",
        "A person who has an account at the provider and signs in at the server. In a scenario, `[users.NAME]` sets \
         the claims of an end-user, and a step names the end-user in `as`, such as `sign-in.as = \"alice\"`.",
        "OIDC Core §1.2",
    ),
    (
        "identity",
        "What identifies an end-user of the provider: `iss` and `sub` together. The server stores the `sub` in the \
         account that it links to the end-user; `expect.account` shows this account. In a scenario, `sub` in \
         `[users.NAME]` sets it, and the steps `link` and `unlink` change which account has it.",
        "OIDC Core §5.7",
    ),
    ("scenario", "A file that describes end-users, settings and steps, and what a correct server does then.", ""),
    ("case", "A variant of a scenario; each case is a test.", ""),
    ("test", "A scenario without cases, or one case of a scenario.", ""),
    ("proof", "A test in which the server must refuse. Without it, the pass of another test proves nothing.", ""),
    ("quirk", "A named deviation of the provider. `oidc-harness list quirks` lists all quirks.", ""),
    (
        "profile",
        "The description of a product that the provider can imitate. `oidc-harness list profiles` lists all profiles.",
        "",
    ),
    (
        "defect",
        "A fault of the reference server that scenarios must detect. `oidc-harness list defects` lists all.",
        "",
    ),
    ("baseline", "A file with the known failures of a server. They do not make a run red.", ""),
    ("problem", "A sentence about what a server does wrong. Reports group failed tests by problem.", ""),
    ("again", "The command that plays this test again. It writes every request and response to `again.html`.", ""),
    (
        "altered",
        "What the provider or the browser changed in the test. For example, `id-token aud = \"another-client\"` is a \
         changed claim `aud` of the ID token. `callback` is the request with which the browser returns from the \
         provider to the server. The server must notice the change.",
        "",
    ),
    ("found", "What the server did instead of what the scenario expects. The caret points at the expectation.", ""),
    ("reason", "Why the test has this result, if no expectation of the scenario shows it.", ""),
    ("routes", "The methods and paths of the server whose answers show the problem.", ""),
    ("session", "Whose account the session belongs to, if not to the end-user who signed in.", ""),
    ("step", "A step of the scenario, with its number. The test failed in the last step that a block shows.", ""),
    ("tests", "The number of tests that show the problem, and their scenarios. `--verbose` lists all of them.", ""),
    ("tampering", "The changes that an attacker's browser makes to the callback.", ""),
    ("target", "The server under test.", ""),
    ("reference server", "A small server, built into this program, that signs end-users in as Immich does.", ""),
];

/// Sentences of reports, as the modules that judge steps and runs write them.
const SENTENCES: &[Row] = &[
    (
        "accepted without a session",
        "The server answered the sign-in with 2xx, but the response has no session token.",
        "",
    ),
    (
        "accepted, but the session belongs to another account",
        "The server accepted the sign-in, but its session belongs to the account of another end-user.",
        "",
    ),
    (
        "accepted, but not every session in the answer works",
        "The response to the sign-in has several session tokens, but the server refuses some of them.",
        "",
    ),
    (
        "accepted, but the session does not work",
        "The server accepted the sign-in, but refuses the session token of its own response.",
        "",
    ),
    (
        "accepted, but the session cannot be checked",
        "The server accepted the sign-in. When the harness used the session token, the server answered neither with \
         success nor with 401 or 403, so the harness cannot tell whether the session works.",
        "",
    ),
    (
        "answered with an error, but with a session that works",
        "The server answered with an error, but the response has a session token that works. A refusal must not open a \
         session.",
        "",
    ),
    (
        "answered with an error, but an account was made or changed",
        "The server answered with an error, but it created or changed an account. A refusal must not change any \
         account.",
        "",
    ),
    (
        "answered with an error, and the session cannot be checked",
        "The server answered with an error, but the response has a session token. The harness cannot tell whether this \
         token works.",
        "",
    ),
    (
        "answered with a redirect, but with a session that works",
        "The server answered the link with a redirect, and a session token in that answer works. A refusal must not open \
         a session.",
        "",
    ),
    (
        "answered with a redirect, but an account was made or changed",
        "The server answered the sign-in with a redirect without a session, and created or changed an account all the \
         same. A refusal must change nothing.",
        "",
    ),
    (
        "answered with a redirect, and the session cannot be checked",
        "The server answered with a redirect and a session token. The harness cannot see whether the token works.",
        "",
    ),
    (
        "the server does not answer any more",
        "The server answered the step with an error or a redirect, and then did not answer another request. Look for a \
         crash in its log.",
        "",
    ),
    ("no answer came", "The server closed the connection without a response, or did not answer in time.", ""),
    (
        "its control fails",
        "The control is the same sign-in without the attack. The server must accept it, but it did not, so a refusal \
         in the test proves nothing. The text in parentheses says what failed.",
        "",
    ),
    (
        "neither alive nor ended",
        "When the harness used the session token, the server answered neither with success nor with 401 or 403. The \
         text after the colon is its response.",
        "",
    ),
    (
        "the server does not do this, which is optional",
        "The server does not do what the scenario expects, but the requirement only says `may`. The test passes.",
        "",
    ),
    (
        "No test passed, so this run proves nothing",
        "All tests were skipped or not exercised, so the run proves nothing about the server. It ends with exit code \
         1. The report gives the reason for each test.",
        "",
    ),
    (
        "this refusal proves nothing",
        "The scenario expects only refusals, so a server that refuses every sign-in would pass. Add `[control]` with \
         the changes that make the sign-in succeed.",
        "",
    ),
];

pub(super) fn entries() -> Vec<Explanation> {
    let claims = CLAIMS.iter().map(|row| entry(Category::Claim, *row));
    claims.chain(TERMS.iter().chain(SENTENCES).map(|row| entry(Category::Term, *row))).collect()
}

fn entry(kind: Category, (name, text, requirement): Row) -> Explanation {
    let changes = |quirk: &&Quirk| {
        let has_claims =
            |message: Message| matches!(message, Message::IdToken | Message::LogoutToken | Message::UserInfo);
        let is_meant = |message: Message| kind != Category::Claim || has_claims(message);
        quirk.touches.iter().any(|(message, member)| is_meant(*message) && member.to_string() == name)
    };
    let quirks: Vec<&str> = QUIRKS.iter().copied().filter(changes).map(|quirk| quirk.name).collect();
    Explanation::new(kind, name, text)
        .fact("requirement", requirement)
        .fact("read", citation::address(requirement).unwrap_or_default())
        .fact("quirks", quirks.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clause_has_an_address() {
        let rows = CLAIMS.iter().chain(TERMS);
        for (name, _, requirement) in rows.filter(|(_, _, requirement)| !requirement.is_empty()) {
            assert!(citation::address(requirement).is_some(), "{name}: {requirement}");
        }
    }

    #[test]
    fn a_claim_names_the_quirks_that_change_it() {
        let azp = entries().into_iter().find(|entry| entry.name == "azp");
        let quirks = azp.and_then(|entry| entry.facts.into_iter().find(|fact| fact.heading == "quirks"));
        assert!(quirks.is_some_and(|fact| fact.text.lines().any(|name| name == "wrong-authorized-party")));
    }
}
