//! Causes that show in a sign-in alone.

use harness::immich::SignInSettings;
use mock_idp::{EndUser, User};
use serde_json::{Value, json};

use super::cause::{Cause, cause, set};

/// A sign-in that a person makes at the provider.
#[derive(Clone)]
pub struct PlayedSignIn {
    /// Changes of the end-user, who has name and email before.
    pub user: fn(User) -> User,
    /// The error by which the provider refuses.
    pub denial: Option<&'static str>,
    /// The accounts of the server: `sub` and email of each, and whether it is in the
    /// trash; `Null` where there is no server.
    pub accounts: Value,
}

fn played(field: &'static str, what: &'static str, named: &'static str) -> Cause {
    let sign_in = PlayedSignIn { user: |user| user, denial: None, accounts: Value::Null };
    Cause { sign_in: Some(sign_in), ..cause(field, what, named) }
}

impl Cause {
    fn user(self, user: fn(User) -> User) -> Self {
        Self { sign_in: self.sign_in.map(|it| PlayedSignIn { user, ..it }), ..self }
    }

    fn denial(self, error: &'static str) -> Self {
        Self { sign_in: self.sign_in.map(|it| PlayedSignIn { denial: Some(error), ..it }), ..self }
    }

    fn accounts(self, accounts: Value) -> Self {
        Self { sign_in: self.sign_in.map(|it| PlayedSignIn { accounts, ..it }), ..self }
    }
}

/// All of them.
pub fn causes() -> Vec<Cause> {
    [of_response(), of_token_endpoint(), of_id_token(), of_userinfo(), of_end_user()].concat()
}

/// The authorization response.
fn of_response() -> Vec<Cause> {
    vec![
        played("F46", "The end-user is not assigned to the client", "access-denied").denial("access_denied"),
        played("F43", "The provider ends the sign-in with an error and no `state`", "sign-in-refused")
            .quirks(&["error-redirect=server_error", "missing-state"]),
        played("F43", "The provider has another problem", "sign-in-refused").denial("temporarily_unavailable"),
        played("F34", "The provider requires PKCE and does not list it", "pkce-required")
            .quirks(&["pkce-required-not-advertised"]),
        played("F41", "The provider refuses a scope", "scope-refused").denial("invalid_scope"),
        played("F47", "`iss` of the authorization response is missing", "response-issuer")
            .quirks(&["missing-authorization-response-issuer"]),
        played("F49", "`iss` of the authorization response names another issuer", "response-issuer")
            .quirks(&["wrong-authorization-response-issuer"]),
        played("F45", "The address is that of another sign-in", "another-flow").quirks(&["wrong-state"]),
        played("F55", "The authorization response has no code", "no-code").quirks(&["missing-code"]),
    ]
}

/// The token endpoint.
fn of_token_endpoint() -> Vec<Cause> {
    let both = json!({"set": {"token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"]}});
    vec![
        played("F57", "The document lists both methods, and the client is registered for HTTP Basic", "method-refused")
            .provider(json!({"client-authentication": ["client_secret_basic"]}))
            .document(both),
        played("F59", "The client secret is another one", "secret-refused")
            .client(|it| set(&mut it.client_secret, "another")),
        played("F10", "The token endpoint does not answer", "token-lost").quirks(&["connection-cut=token"]),
        played("F35", "The token endpoint refuses the code", "code-refused").quirks(&["token-error=invalid_grant"]),
        played("F60", "The token endpoint has an error that no specification knows", "token-failing")
            .quirks(&["token-error=invalid request"]),
        played("F16", "The token endpoint fails", "token-failing").quirks(&["token-status=500"]),
        played("F61", "A web page answers instead of the token endpoint", "tokens-unreadable").quirks(&["token-html"]),
        played("F61", "The token response has no access token", "no-access-token")
            .quirks(&["token-missing-access-token"]),
        played("F42", "The access token is not a bearer token", "not-bearer").quirks(&["token-type=DPoP"]),
        played("F19", "The token response has no ID token", "no-id-token").quirks(&["token-missing-id-token"]),
    ]
}

/// The ID token.
fn of_id_token() -> Vec<Cause> {
    vec![
        played("F66", "An encryption key is chosen at the provider", "id-token-encrypted").quirks(&["encrypted"]),
        played("F61", "The ID token is cut off", "id-token-unreadable").quirks(&["missing-part=two"]),
        played("F63", "The client signs with another algorithm than the document lists", "id-token-algorithm")
            .quirks(&["wrong-algorithm"]),
        played("F65", "The ID token is not signed", "id-token-algorithm").quirks(&["unsigned"]),
        played("F72", "The ID token names another issuer", "id-token-issuer").quirks(&["wrong-issuer"]),
        played("F73", "The ID token is for another client", "id-token-audience").quirks(&["wrong-audience"]),
        played("F73", "The ID token has several audiences and no `azp`", "id-token-audience")
            .quirks(&["extra-audience"]),
        played("F82", "The ID token has no `sub`", "no-subject").quirks(&["missing-subject"]),
        played("F76", "`exp` of the ID token is a text", "id-token-times").quirks(&["expiry-not-a-number"]),
        played("F75", "The ID token has expired", "id-token-expired").quirks(&["expired"]),
        played("F75", "The ID token is from the future", "id-token-future").quirks(&["issued-in-future"]),
        played("F75", "The ID token is not valid yet", "id-token-future").quirks(&["not-yet-valid"]),
        played("F77, F125", "Groups make the ID token, and the address for signing out, too long", "sign-out-long")
            .provider(json!({"further-claims": {"groups": vec!["people-of-the-photo-club"; 400]}})),
        played("F70", "The provider signs with a key that it does not publish", "id-token-signature")
            .quirks(&["unknown-signing-key"]),
    ]
}

/// `UserInfo`.
fn of_userinfo() -> Vec<Cause> {
    let signed = |it: &mut SignInSettings| set(&mut it.userinfo_algorithm, "RS256");
    vec![
        played("F10", "UserInfo does not answer", "userinfo-lost").quirks(&["connection-cut=userinfo"]),
        played("F118", "UserInfo refuses the access token", "userinfo-refused").quirks(&["userinfo-status=401"]),
        played("F05", "A web page answers instead of UserInfo", "userinfo-unreadable").quirks(&["userinfo-html"]),
        played("F80", "UserInfo is signed, and the server expects it plain", "userinfo-is-signed")
            .provider(json!({"userinfo-signing-algorithm": "RS256"})),
        played("F81", "UserInfo is plain, and the server expects it signed", "userinfo-is-plain").client(signed),
        played("F83", "UserInfo is about another end-user", "userinfo-subject").quirks(&["userinfo-subject-mismatch"]),
    ]
}

/// The end-user and their account.
fn of_end_user() -> Vec<Cause> {
    vec![
        played("F84", "The end-user has no email", "email-missing").user(|user| user.without("email")),
        played("F87", "The email is not verified", "email-unverified").user(|user| user.claim("email_verified", false)),
        played("F94", "The storage quota has a unit", "quota-type").user(|user| user.claim("immich_quota", "25GiB")),
        played("F97", "The role is not one of Immich", "role-value").user(|user| user.claim("immich_role", "Admin")),
        played("F98", "The storage label is a number", "label-type").user(|user| user.claim("preferred_username", 7)),
        played("F89", "The account is linked to another `sub`", "linked-elsewhere").accounts(json!([[
            "another-sub",
            "mira@example.org",
            "active"
        ]])),
        played("F91", "The account is in the trash", "account-in-trash").accounts(json!([[
            "",
            "mira@example.org",
            "deleted"
        ]])),
        played("F103", "The server creates no accounts", "no-account")
            .client(|it| it.auto_register = Some(false))
            .accounts(json!([["", "another@example.org", "active"]])),
    ]
}

/// The end-user who signs in.
pub fn mira() -> EndUser {
    let claims = json!({"name": "Mira Novak", "email": "mira@example.org", "email_verified": true});
    EndUser { sub: "mira".to_owned(), claims: claims.as_object().unwrap().clone() }
}
