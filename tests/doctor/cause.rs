//! Causes of failed sign-ins that an owner can mend, each set up at a provider or
//! in the settings of a relying party, and the name that the doctor has for it.

use harness::immich::SignInSettings;
use mock_idp::Tls;
use serde_json::{Value, json};

use super::sign_in_cause::{self, PlayedSignIn};

/// A cause, how it is set up, and what the doctor must call it.
#[derive(Clone)]
pub struct Cause {
    /// The rows of the field lists.
    pub field: &'static str,
    /// What is wrong, in a sentence.
    pub what: &'static str,
    pub quirks: &'static [&'static str],
    /// Changes of the provider's settings.
    pub provider: Value,
    /// Members of the discovery document.
    pub document: Value,
    pub tls: Tls,
    pub path: &'static str,
    /// Changes of the relying party's settings, which are right before.
    pub client: fn(&mut SignInSettings),
    /// How far this machine's clock is from the provider's, in seconds.
    pub apart: i64,
    /// A sign-in, if the cause needs one.
    pub sign_in: Option<PlayedSignIn>,
    /// The name of the cause.
    pub named: &'static str,
}

pub fn cause(field: &'static str, what: &'static str, named: &'static str) -> Cause {
    Cause {
        field,
        what,
        quirks: &[],
        provider: Value::Null,
        document: Value::Null,
        tls: Tls::None,
        path: "",
        client: |_| {},
        apart: 0,
        sign_in: None,
        named,
    }
}

impl Cause {
    pub fn quirks(self, quirks: &'static [&'static str]) -> Self {
        Self { quirks, ..self }
    }

    pub fn provider(self, provider: Value) -> Self {
        Self { provider, ..self }
    }

    pub fn document(self, document: Value) -> Self {
        Self { document, ..self }
    }

    fn tls(self, tls: Tls) -> Self {
        Self { tls, ..self }
    }

    fn path(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    pub fn client(self, client: fn(&mut SignInSettings)) -> Self {
        Self { client, ..self }
    }
}

fn issuer(settings: &mut SignInSettings, change: impl FnOnce(&str) -> String) {
    settings.issuer = settings.issuer.as_deref().map(change);
}

pub fn set(slot: &mut Option<String>, value: &str) {
    *slot = Some(value.to_owned());
}

/// All of them.
pub fn causes() -> Vec<Cause> {
    [of_issuer(), of_way(), of_document(), of_algorithms(), of_client(), sign_in_cause::causes()].concat()
}

/// The issuer URL.
fn of_issuer() -> Vec<Cause> {
    vec![
        cause("F01", "The issuer URL lacks the slash at the end", "slash")
            .path("/application/o/photos/")
            .client(|it| issuer(it, |url| url.trim_end_matches('/').to_owned())),
        cause("F01", "The issuer URL has a slash at the end that the issuer lacks", "slash")
            .path("/realms/photos")
            .client(|it| issuer(it, |url| format!("{url}/"))),
        cause(
            "F02",
            "The issuer URL has the suffix of the document, and the document names another issuer",
            "issuer-not-checked",
        )
        .path("/realms/photos")
        .document(json!({"set": {"issuer": "https://id.example.org/realms/photos"}}))
        .client(|it| issuer(it, |url| format!("{url}/.well-known/openid-configuration"))),
        cause("F03", "The provider has another public name", "issuer-differs").quirks(&["issuer-mismatch"]),
        cause("F04", "The issuer URL is the authorization endpoint", "not-found")
            .path("/realms/photos")
            .client(|it| issuer(it, |url| format!("{url}/authorize"))),
        cause("F04", "The issuer URL lacks the realm", "not-found")
            .path("/realms/photos")
            .client(|it| issuer(it, |url| url.replace("/realms/photos", ""))),
        cause("F04", "A web page answers instead of the document", "web-page").quirks(&["discovery-html"]),
        cause("F05", "A firewall refuses the server's requests", "guarded").quirks(&["discovery-status=403"]),
        cause("F05", "A proxy asks for credentials", "guarded").quirks(&["discovery-status=401"]),
        cause("F05", "The proxy does not reach the provider", "failing").quirks(&["discovery-status=502"]),
        cause("F06", "The document is behind a redirect", "redirected").quirks(&["discovery-moved=301"]),
        cause("F06", "A redirect leads to another server", "redirected").quirks(&["discovery-redirect"]),
        cause("F07", "The document is cut off", "not-json").quirks(&["discovery-bad-json"]),
        cause("F07", "The document is a list", "not-json").quirks(&["discovery-not-an-object=list"]),
    ]
}

/// The way to the provider.
fn of_way() -> Vec<Cause> {
    vec![
        cause("F08", "The server waits too short a time", "timeout-short").client(|it| it.timeout = Some(100)),
        cause("F09", "The time is so long that the timer overflows", "timeout-overflow")
            .client(|it| it.timeout = Some(3_600_000)),
        cause("F10", "The token endpoint is at a closed port", "endpoint-lost")
            .quirks(&["endpoint-refused-port=token"]),
        cause("F10", "UserInfo is at a name that does not resolve", "endpoint-lost")
            .quirks(&["endpoint-unknown-host=userinfo"]),
        cause("F10", "The keys are at a closed port", "keys-lost").quirks(&["endpoint-refused-port=jwks"]),
        cause("F11", "The provider is down", "port-closed")
            .client(|it| issuer(it, |_| "http://127.0.0.1:1".to_owned())),
        cause("F04", "The name of the provider does not resolve", "no-host")
            .client(|it| issuer(it, |_| "https://id.invalid".to_owned())),
        cause("F09", "The provider hangs", "silent").quirks(&["hang=discovery"]),
        cause("F09", "The connection breaks", "broken").quirks(&["connection-cut=discovery"]),
        cause("F04", "The document is longer than 1 MiB", "too-long").quirks(&["discovery-huge=1536"]),
        cause("F12", "The certificate is signed with its own key", "certificate-unknown").tls(Tls::SelfSigned),
        cause("F12", "The certificate has expired", "certificate-expired").tls(Tls::Expired),
        cause("F12", "The certificate is for another host", "certificate-name").tls(Tls::WrongHost),
        cause("F12", "An intermediate certificate is missing", "certificate-unknown").tls(Tls::MissingIntermediate),
        cause("F12", "The authority is unknown", "certificate-unknown").tls(Tls::UnknownCa),
        cause("F14", "The server refuses an issuer over http", "http-refused")
            .client(|it| it.allows_http = Some(false)),
        cause("F14", "The issuer is plain http", "http"),
        cause("F15", "The endpoints of an https issuer are http", "endpoint-http")
            .tls(Tls::Trusted)
            .quirks(&["http-endpoints"]),
        cause("F17", "The document has no UserInfo endpoint", "no-userinfo")
            .quirks(&["discovery-missing-member=userinfo_endpoint"]),
        cause("F19", "The provider speaks plain OAuth 2.0", "not-openid")
            .document(json!({"remove": ["jwks_uri", "id_token_signing_alg_values_supported"]})),
        cause("F20", "The issuer URL is no URL", "unreadable-url")
            .client(|it| issuer(it, |url| url.replace("http://", ""))),
        cause("F20", "The issuer URL begins with ftp", "not-web")
            .client(|it| issuer(it, |url| url.replace("http://", "ftp://"))),
        cause("F20", "The issuer URL has a password", "credentials")
            .client(|it| issuer(it, |url| url.replace("http://", "http://me:hush@"))),
        cause("F20", "The issuer URL has a blank at its end", "blanks")
            .client(|it| issuer(it, |url| format!("{url} "))),
        cause("F20", "The issuer URL has a query", "query").client(|it| issuer(it, |url| format!("{url}?tenant=a"))),
        cause("F21", "The issuer is a template for several tenants", "issuer-template").quirks(&["issuer-template"]),
        cause("F22", "The document belongs to another domain", "issuer-differs")
            .document(json!({"set": {"issuer": "https://login.example.org"}})),
        cause("F138", "The port of an https issuer speaks http", "http-at-https")
            .client(|it| issuer(it, |url| url.replace("http://", "https://"))),
    ]
}

/// The document.
fn of_document() -> Vec<Cause> {
    vec![
        cause("F04", "The document lacks the token endpoint", "member-missing")
            .quirks(&["discovery-missing-member=token_endpoint"]),
        cause("F04", "The document lacks the authorization endpoint", "member-missing")
            .quirks(&["discovery-missing-member=authorization_endpoint"]),
        cause("F03", "The document names no issuer", "no-issuer-member").quirks(&["discovery-missing-member=issuer"]),
        cause("F07", "A member of the document has a wrong type", "member-type")
            .document(json!({"set": {"token_endpoint": 7}})),
        cause("F134", "An endpoint is a path without a host", "endpoint-relative")
            .document(json!({"set": {"token_endpoint": "/token"}})),
        cause("F42", "The provider requires pushed requests", "par-required")
            .document(json!({"set": {"require_pushed_authorization_requests": true}})),
        cause("F42", "The provider requires signed requests", "request-object-required")
            .document(json!({"set": {"require_signed_request_object": true}})),
        cause("F42", "The provider binds tokens to certificates", "mtls-required")
            .document(json!({"set": {"tls_client_certificate_bound_access_tokens": true}})),
        cause("F55", "The provider offers the implicit flow alone", "no-code-flow")
            .document(json!({"set": {"response_types_supported": ["id_token", "token id_token"]}})),
    ]
}

/// Algorithms and keys.
fn of_algorithms() -> Vec<Cause> {
    vec![
        cause("F63", "No signing key is chosen, so the provider signs with HS256", "hs256-only")
            .provider(json!({"signing-algorithm": "HS256", "discovery": {"set": {"id_token_signing_alg_values_supported": ["HS256"]}}})),
        cause("F63", "The server expects HS256, and the provider signs with RS256", "algorithm-not-offered")
            .provider(json!({"discovery": {"set": {"id_token_signing_alg_values_supported": ["RS256"]}}}))
            .client(|it| set(&mut it.signing_algorithm, "HS256")),
        cause("F64", "The provider signs with ES256", "algorithm-not-offered")
            .provider(json!({"signing-algorithm": "ES256", "discovery": {"set": {"id_token_signing_alg_values_supported": ["ES256"]}}})),
        cause("F64", "The provider signs with EdDSA", "algorithm-not-offered")
            .provider(json!({"signing-algorithm": "EdDSA", "discovery": {"set": {"id_token_signing_alg_values_supported": ["EdDSA"]}}})),
        cause("F65", "The provider does not sign", "algorithm-none")
            .document(json!({"set": {"id_token_signing_alg_values_supported": ["none"]}})),
        cause("F63", "The provider has no key", "no-keys").quirks(&["jwks-empty"]),
        cause("F69", "All keys are for encryption", "no-fitting-key").quirks(&["jwks-for-encryption"]),
        cause("F68", "All keys are for another algorithm", "no-fitting-key").quirks(&["jwks-other-algorithm"]),
        cause("F69", "A symmetric key is public", "private-key").quirks(&["jwks-symmetric-key"]),
        cause("F69", "Private parts of keys are public", "private-key").quirks(&["jwks-private-parts"]),
        cause("F70", "The key set fails", "keys-lost").quirks(&["jwks-status=500"]),
        cause("F05", "A web page answers instead of the key set", "keys-unreadable").quirks(&["jwks-html"]),
        cause("F16", "The key set is at a wrong path", "keys-lost").quirks(&["endpoint-wrong-path=jwks"]),
        cause("F69", "The document names no key set", "no-key-address").document(json!({"remove": ["jwks_uri"]})),
        cause("F80", "The server expects signed UserInfo", "userinfo-unsigned")
            .client(|it| set(&mut it.userinfo_algorithm, "RS256")),
        cause("F81", "UserInfo is signed with another algorithm", "userinfo-algorithm")
            .provider(json!({"userinfo-signing-algorithm": "ES256"}))
            .client(|it| set(&mut it.userinfo_algorithm, "RS256")),
    ]
}

/// The client.
fn of_client() -> Vec<Cause> {
    vec![
        cause(
            "F57",
            "The provider wants HTTP Basic, and the server sends the secret in the body",
            "method-not-offered",
        )
        .provider(json!({"client-authentication": ["client_secret_basic"]})),
        cause(
            "F57",
            "The provider wants the secret in the body, and the server sends HTTP Basic",
            "method-not-offered",
        )
        .provider(json!({"client-authentication": ["client_secret_post"]}))
        .client(|it| set(&mut it.authentication, "client_secret_basic")),
        cause("F57", "The provider wants a signed assertion", "method-not-offered")
            .quirks(&["private-key-jwt-demanded"]),
        cause("F58", "The server has no secret, and the provider wants one", "public-not-offered")
            .client(|it| set(&mut it.client_secret, "")),
        cause("F59", "The secret was pasted with a blank", "secret-blanks")
            .client(|it| set(&mut it.client_secret, "secret ")),
        cause("F34", "The provider requires PKCE and does not list it", "pkce-not-listed")
            .quirks(&["pkce-required-not-advertised"]),
        cause("F37", "The client has neither a secret nor PKCE", "public-without-pkce")
            .provider(json!({"pkce": "not-supported"}))
            .client(|it| set(&mut it.client_secret, "")),
        cause("F36", "The list of PKCE methods is empty", "pkce-not-listed").quirks(&["pkce-empty-list"]),
        cause("F38", "The provider lists `plain` alone", "pkce-plain").quirks(&["pkce-plain-only"]),
        cause("F41", "The scopes have commas", "scope-commas").client(|it| set(&mut it.scope, "openid,email,profile")),
        cause("F41", "The scope `openid` is missing", "no-openid").client(|it| set(&mut it.scope, "email profile")),
        cause("F84", "The scope `email` is missing", "no-email").client(|it| set(&mut it.scope, "openid profile")),
        cause("F41", "The provider does not have a scope", "scope-not-offered")
            .client(|it| set(&mut it.scope, "openid email profile groups")),
        cause("F107", "The provider has no end-session endpoint", "no-end-session")
            .provider(json!({"end-session": false})),
        Cause { apart: 120, ..cause("F75", "The provider's clock is wrong", "clocks-differ") },
        cause("F20", "The issuer URL is empty", "no-issuer").client(|it| set(&mut it.issuer, "")),
        cause("F20", "The client id is empty", "no-client").client(|it| set(&mut it.client_id, "")),
    ]
}
