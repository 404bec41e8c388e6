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
        "The clients that the token is for. The server's own client ID must be among them.",
        "OIDC Core §3.1.3.7 (3)",
    ),
    ("azp", "The client that the provider issued the token to, where the token has several audiences.", "OIDC Core §2"),
    (
        "exp",
        "The time after which a server must not accept the token, in seconds since 1970.",
        "OIDC Core §3.1.3.7 (9)",
    ),
    ("iat", "The time at which the provider issued the token, in seconds since 1970.", "OIDC Core §2"),
    ("nbf", "The time before which a server must not accept the token, in seconds since 1970.", "RFC 7519 §4.1.5"),
    (
        "nonce",
        "A random value of the authorization request that the provider copies into the ID token. The server compares \
         the two, so that an ID token of another sign-in does not fit.",
        "OIDC Core §3.1.3.7 (11)",
    ),
    ("auth_time", "The time at which the end-user signed in at the provider, in seconds since 1970.", "OIDC Core §2"),
    ("at_hash", "A hash of the access token that comes with the ID token.", "OIDC Core §3.1.3.8"),
    ("c_hash", "A hash of the code that comes with the ID token.", "OIDC Core §3.3.2.11"),
    ("jti", "The identifier of the token, with which a server detects a token that comes twice.", "RFC 7519 §4.1.7"),
    (
        "sid",
        "The identifier of the end-user's session at the provider. A logout token with `sid` ends only that session.",
        "OIDC Back-Channel Logout §2.1",
    ),
    (
        "events",
        "The claim that makes a token a logout token: it names the logout event.",
        "OIDC Back-Channel Logout §2.4",
    ),
    ("email", "The end-user's email address. Immich creates no account without it.", "OIDC Core §5.1"),
    ("email_verified", "Whether the provider knows that the email address belongs to the end-user.", "OIDC Core §5.1"),
    ("name", "The end-user's full name. Immich shows it as the account's name.", "OIDC Core §5.1"),
    ("preferred_username", "The end-user's short name at the provider. It can change.", "OIDC Core §5.1"),
    ("picture", "The address of the end-user's picture. Immich copies the picture to the account.", "OIDC Core §5.1"),
];

/// Other words, those of the specifications first.
const TERMS: &[Row] = &[
    (
        "token",
        "A value that the provider issues at a sign-in. An ID token says who signed in, an access token opens UserInfo, \
         a logout token ends sessions. `expect.provider-saw.token` is the request for tokens.",
        "OIDC Core §3.1.3.3",
    ),
    ("ID token", "A signed JWT of the provider that says who signed in, for which client, and when.", "OIDC Core §2"),
    ("access token", "A token with which the server requests the end-user's claims from UserInfo.", "RFC 6749 §1.4"),
    ("refresh token", "A token with which a client requests new tokens without the end-user.", "RFC 6749 §1.5"),
    ("logout token", "A signed JWT of the provider that ends sessions at the server.", "OIDC Back-Channel Logout §2.4"),
    ("code", "A value that the browser brings from the provider; the server redeems it for tokens.", "RFC 6749 §4.1.2"),
    (
        "state",
        "A random value that ties the provider's answer to the browser that started the sign-in.",
        "RFC 6749 §4.1.1",
    ),
    (
        "PKCE",
        "A protection of the code: the server sends a code challenge when the sign-in begins, and proves with the code \
         verifier that the same server redeems the code.",
        "RFC 7636 §4.5",
    ),
    ("code challenge", "A hash of the code verifier, in the authorization request.", "RFC 7636 §4.3"),
    ("code verifier", "A random value that the server must send when it redeems a code.", "RFC 7636 §4.5"),
    ("JWKS", "The provider's public keys, with which a server verifies signatures.", "RFC 7517 §5"),
    (
        "discovery document",
        "A JSON document with the provider's endpoints and keys, at a fixed path.",
        "OIDC Discovery §4",
    ),
    (
        "relying party",
        "The server that lets the provider sign its users in; for the provider, a client.",
        "OIDC Core §1.2",
    ),
    ("scenario", "A file with settings, end-users, steps, and what a correct server does.", ""),
    ("case", "A variant of a scenario; each case is a test.", ""),
    ("test", "A scenario without cases, or one case of a scenario.", ""),
    ("proof", "A test in which the server must refuse, so that a pass of another test counts.", ""),
    ("quirk", "A named deviation of the provider. `oidc-harness list quirks` lists all quirks.", ""),
    ("profile", "A product that the provider can imitate. `oidc-harness list profiles` lists all profiles.", ""),
    (
        "defect",
        "A fault of the reference server that scenarios must detect. `oidc-harness list defects` lists all.",
        "",
    ),
    ("baseline", "A file with the known failures of a server, which do not make a run red.", ""),
    ("problem", "A sentence about what a server does wrong. Reports group failed tests by it.", ""),
    (
        "again",
        "The command that plays the test of a block again, and writes every request and answer into `again.html`.",
        "",
    ),
    (
        "altered",
        "What the provider or the browser changed in the test: `id-token aud = \"another-client\"` is the claim `aud` of \
         the ID token, and `callback` the request with which the browser returns from the provider to the server. The \
         server must notice the change.",
        "",
    ),
    ("found", "What the server did instead of what the scenario expects. The caret points at the expectation.", ""),
    ("reason", "Why the harness could not judge a test by what the scenario expects.", ""),
    ("routes", "The methods and paths of the server whose answers show the problem.", ""),
    ("session", "Whose account the session opens, if not that of the end-user who signed in.", ""),
    ("step", "A step of the scenario, with its number. The test failed at the last one that a block names.", ""),
    ("tests", "How many tests show the problem, and their scenarios. `--verbose` names all of them.", ""),
    ("tampering", "What the browser changes in the callback, on behalf of an attacker.", ""),
    ("target", "The server under test.", ""),
    ("reference server", "A small server of this program that signs people in as Immich does.", ""),
];

/// Sentences of reports, as the modules that judge steps and runs write them.
const SENTENCES: &[Row] = &[
    (
        "accepted without a session",
        "The server answered the sign-in with 2xx or 3xx, and the answer has no session token.",
        "",
    ),
    (
        "accepted, but the session belongs to another account",
        "The server accepted the sign-in, and the session opens the account of another end-user.",
        "",
    ),
    (
        "accepted, but not every session in the answer works",
        "The answer to the sign-in has several session tokens, and the server refuses some of them.",
        "",
    ),
    (
        "accepted, but the session does not work",
        "The server accepted the sign-in, and refuses the session token of its own answer.",
        "",
    ),
    (
        "accepted, but the session cannot be checked",
        "The server accepted the sign-in, and answers requests with the session token in a way that says neither yes \
         nor no.",
        "",
    ),
    (
        "answered with an error, but with a session that works",
        "The server answered with an error, and a session token in that answer works. A refusal must not open a session.",
        "",
    ),
    (
        "answered with an error, but an account was made or changed",
        "The server answered with an error, and created or changed an account all the same. A refusal must change \
         nothing.",
        "",
    ),
    (
        "answered with an error, and the session cannot be checked",
        "The server answered with an error and a session token. The harness cannot see whether the token works.",
        "",
    ),
    (
        "the server does not answer any more",
        "The server answered the step with an error, and then did not answer another request. Read its log for a crash.",
        "",
    ),
    ("no answer came", "The server closed the connection, or did not answer the request of the step in time.", ""),
    (
        "its control fails",
        "The control is the same sign-in without the attack, and the server must accept it. It did not, so a refusal in \
         the test proves nothing. The parentheses say what did not hold.",
        "",
    ),
    (
        "neither alive nor ended",
        "The server answered a request with the session's token neither with success nor with 401 or 403. The answer follows.",
        "",
    ),
    (
        "the target does not do this, which is optional",
        "The server does not do what the scenario expects, and the level of that is `may`. The test passes.",
        "",
    ),
    (
        "No test passed, so this run proves nothing",
        "All tests were skipped or not exercised, so the run proves nothing about the server. It ends with exit code 1. \
         The report gives the reason of each test.",
        "",
    ),
    (
        "this refusal proves nothing",
        "The scenario expects only refusals, and a server that refuses every sign-in would pass. Add `[control]` with the \
         changes that make the sign-in succeed.",
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
