//! Everything that the server decides, by name. Each rule is a function that
//! a defect can replace; the honest ones stand here.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Map, Value};
use url::Url;

use super::account::{Account, AccountRules};
use super::authorization_response::ResponseRules;
use super::client_authentication::{Client, Credentials, credentials};
use super::cookies::CookieRules;
use super::discovery::{Metadata, MetadataRules};
use super::fetch::FetchRules;
use super::id_token::{CHECKS, ReadingRules};
use super::key_set::KeyRules;
use super::mobile_override::{Override, mobile_override};
use super::picture::PictureRules;
use super::sign_out::SignOutRules;
use super::token_check::TokenCheck;
use super::token_request::TokenResponseRules;
use super::userinfo::UserInfoRules;
use crate::constant_time::are_equal;

/// What is decided where.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own")]
pub(super) struct Rules {
    /// Whether the callback works with these settings.
    pub(super) enabled: fn(&Value) -> bool,
    /// Whether the authorization request works with these settings.
    pub(super) enabled_at_authorize: fn(&Value) -> bool,
    /// Where the discovery document is.
    pub(super) discovery_url: fn(&str) -> String,
    /// Whether the document's issuer is the configured one.
    pub(super) issuer: fn(&str, &str) -> bool,
    /// Whether the provider may be reached over http.
    pub(super) insecure: fn(&Value) -> bool,
    /// What the discovery document must be and say.
    pub(super) metadata: MetadataRules,
    /// How the provider is asked.
    pub(super) fetch: FetchRules,
    /// Which of its keys are used.
    pub(super) keys: KeyRules,
    /// How long the provider is waited for, given the setting.
    pub(super) timeout: fn(u64) -> Duration,
    /// Whether PKCE is used.
    pub(super) pkce: fn(&Metadata) -> bool,
    /// Whether a challenge is sent where PKCE is not used.
    pub(super) challenge_unasked: bool,
    /// The redirect URI that was given, if that is one.
    pub(super) redirect_uri: fn(Option<&str>) -> Option<&str>,
    /// What is wrong with the address that a callback brings.
    pub(super) address: fn(Option<&str>) -> Option<&'static str>,
    /// A state or verifier that was given, if that is one.
    pub(super) given: fn(Option<String>) -> Option<String>,
    /// Whether accounts are linked without a session.
    pub(super) link_unguarded: bool,
    /// Whether who is linked can be linked once more.
    pub(super) link_again: bool,
    /// Whether accounts are unlinked without a session.
    pub(super) unlink_unguarded: bool,
    /// Whether who is not linked can be unlinked all the same.
    pub(super) unlink_anyway: bool,
    /// Whether unlinking ends the session.
    pub(super) unlink_ends: bool,
    /// The session at the provider that a link ties the session to.
    pub(super) session_id_at_link: fn(Option<String>) -> Option<String>,
    /// Whether unlinking unties the session from that at the provider.
    pub(super) unlink_unties: bool,
    /// Whether unlinking takes the subject away.
    pub(super) unlink_unlinks: bool,
    /// The email that an account gets by linking it, if any.
    pub(super) email_at_link: fn(&Map<String, Value>) -> Option<String>,
    /// Whether people may sign in by password with these settings.
    pub(super) passwords_enabled: fn(&Value) -> bool,
    /// Whether the password of an account, if it has one, is the one given.
    pub(super) password: fn(Option<&str>, &str) -> bool,
    /// Whether there is a session before the password is looked at.
    pub(super) session_before_password: bool,
    /// What the sign-in page is told: OAuth on, launched by itself.
    pub(super) features: fn(&Value) -> (bool, bool),
    /// The text on the button.
    pub(super) button: fn(&Value) -> Value,
    /// Whether the sign-in page waits for the provider.
    pub(super) page_needs_provider: bool,
    /// The scope that is asked for.
    pub(super) scope: fn(&str) -> String,
    /// The redirect URI of the authorization request.
    pub(super) redirect_at_authorize: fn(&str, Override<'_>) -> String,
    /// What else the authorization request says.
    pub(super) authorization_parameters: fn(&Value) -> Vec<(&'static str, String)>,
    /// Whether a nonce ties the code to the browser where PKCE does not.
    pub(super) nonce: bool,
    /// The redirect URI of the token request.
    pub(super) redirect_at_token: fn(&str, Override<'_>) -> String,
    /// The redirect URI in a callback URL.
    pub(super) without_response: fn(&str) -> String,
    /// Whether the state that came back is the one that was sent.
    pub(super) state: fn(&str, &str) -> bool,
    /// What else is made of a callback.
    pub(super) response: ResponseRules,
    /// How the client says who it is.
    pub(super) credentials: fn(Client<'_>) -> Credentials,
    /// How the client says it once more where the token endpoint refuses, if
    /// it does.
    pub(super) credentials_again: Option<fn(Client<'_>) -> Credentials>,
    /// Whether the client sends its secret in the header.
    pub(super) basic: fn(&Value) -> bool,
    /// Whether the verifier goes to the token endpoint.
    pub(super) send_verifier: bool,
    /// What makes an answer of the token endpoint good.
    pub(super) token_response: TokenResponseRules,
    /// Whether an ID token must be there.
    pub(super) id_token_required: bool,
    /// How it, or any other JWT, is read.
    pub(super) reading: ReadingRules,
    /// Whether its signature is verified.
    pub(super) signature: bool,
    /// The checks of its header and claims.
    pub(super) id_token: Vec<&'static TokenCheck>,
    /// What `UserInfo` is asked for and may answer.
    pub(super) userinfo: UserInfoRules,
    /// Whether a `UserInfo` answer of this status counts.
    pub(super) userinfo_status: fn(u16) -> bool,
    /// Whether the `UserInfo` `sub` fits that of the ID token.
    pub(super) userinfo_subject: fn(&Map<String, Value>, &Map<String, Value>) -> bool,
    /// How claims become an account.
    pub(super) account: AccountRules,
    /// What becomes of the picture claim.
    pub(super) picture: PictureRules,
    /// Whose session a sign-in opens, given whose it should be.
    pub(super) session_holder: fn(&[Account], &str) -> String,
    /// Whether a sign-in leaves the session that the browser has as it is.
    pub(super) session_kept: bool,
    /// Whether the sessions of an account end as it is put into the bin.
    pub(super) bin_ends: bool,
    /// The answer to a sign-in.
    pub(super) answer: fn(Value) -> Value,
    /// Whether a sign-in ends the person's other sessions.
    pub(super) sign_in_ends_others: bool,
    /// Whether a callback that is refused ends a session, given that of the
    /// browser.
    pub(super) refusal_ends: fn(Option<&str>, &str) -> bool,
    /// Whether a callback that is refused opens a session all the same.
    pub(super) refusal_opens: bool,
    /// How cookies are set.
    pub(super) cookies: CookieRules,
    /// Whether state and verifier are taken back after a sign-in.
    pub(super) clear_state: bool,
    /// Whether a subject of another account can be linked.
    pub(super) steal_link: bool,
    /// Whether signing in with a password needs the provider, too.
    pub(super) password_needs_provider: bool,
    /// How signing out goes.
    pub(super) sign_out: SignOutRules,
    /// The checks of a logout token.
    pub(super) logout_token: Vec<&'static TokenCheck>,
    /// Whether the signature of a logout token is verified.
    pub(super) logout_signature: bool,
    /// Whether a logout token must name somebody.
    pub(super) logout_token_names: bool,
    /// Whether a session is meant, given whether it fits the subject and the
    /// session id that the token names, if it names them.
    pub(super) logout_token_means: fn(Option<bool>, Option<bool>) -> bool,
    /// Whether a logout token for a person ends their sessions by password,
    /// too.
    pub(super) logout_token_ends_all: bool,
    /// Whether a logout token of which nobody is meant is refused.
    pub(super) logout_token_wants_session: bool,
    /// Whether a logout token ends sessions.
    pub(super) logout_token_ends: bool,
    /// Whether logout tokens are taken with these settings.
    pub(super) enabled_at_backchannel: fn(&Value) -> bool,
    /// Whether what is no logout token ends all sessions.
    pub(super) logout_junk_ends_all: bool,
    /// The status of the answer to a logout token that did its work.
    pub(super) logout_token_status: StatusCode,
    /// Whether caches are told to forget the answer to a logout token.
    pub(super) logout_answer_uncached: bool,
    /// The state of a sign-in, given what nobody can guess.
    pub(super) state_made: fn(String) -> String,
    /// How a state goes to the provider.
    pub(super) state_sent: fn(&str) -> String,
    /// How many letters a code verifier has.
    pub(super) verifier_length: usize,
    /// Whether each sign-in gets a state of its own, whatever an earlier one
    /// left behind.
    pub(super) state_renewed: bool,
    /// How long state and verifier stay in the browser, in seconds.
    pub(super) state_lifetime: u32,
    /// Whether the redirect URI is remembered from the authorization request.
    pub(super) redirect_remembered: bool,
    /// The mobile override when an account is linked.
    pub(super) override_at_link: for<'a> fn(Override<'a>) -> Override<'a>,
    /// Whether only administrators read and change settings.
    pub(super) settings_guarded: bool,
    /// What is wrong with settings.
    pub(super) nonsense: fn(&Value) -> Option<&'static str>,
    /// Where the mobile redirect leads.
    pub(super) mobile_redirect: fn(&str) -> String,
}

impl Rules {
    /// How it should be.
    pub(super) fn honest() -> Self {
        Self {
            enabled: |settings| settings.get("enabled") == Some(&Value::Bool(true)),
            enabled_at_authorize: |settings| settings.get("enabled") == Some(&Value::Bool(true)),
            discovery_url,
            issuer,
            insecure: allows_insecure,
            metadata: MetadataRules::honest(),
            fetch: FetchRules::honest(),
            keys: KeyRules::honest(),
            timeout: Duration::from_millis,
            challenge_unasked: false,
            pkce: |metadata| metadata.list("code_challenge_methods_supported").any(|method| method == "S256"),
            redirect_uri: |uri| uri,
            address: |url| match url {
                None => Some("[url] Invalid input: expected string, received undefined"),
                Some("") => Some("[url] Too small: expected string to have >=1 characters"),
                Some(_) => None,
            },
            given: |text| text.filter(|text| !text.is_empty()),
            link_unguarded: false,
            link_again: true,
            unlink_unguarded: false,
            unlink_anyway: true,
            unlink_ends: false,
            session_id_at_link: |sid| sid,
            unlink_unties: true,
            unlink_unlinks: true,
            email_at_link: |_| None,
            passwords_enabled: |settings| settings["passwordLogin"]["enabled"] != Value::Bool(false),
            password: |own, given| own.is_some_and(|own| are_equal(own, given)),
            session_before_password: false,
            features: |settings| {
                let on = |key: &str| settings.get(key) == Some(&Value::Bool(true));
                (on("enabled"), on("autoLaunch"))
            },
            button: |settings| settings.get("buttonText").cloned().unwrap_or_default(),
            page_needs_provider: false,
            scope: ToOwned::to_owned,
            redirect_at_authorize: mobile_override,
            authorization_parameters: |settings| {
                let prompt = settings.get("prompt").and_then(Value::as_str).unwrap_or_default();
                if prompt.is_empty() { Vec::new() } else { vec![("prompt", prompt.to_owned())] }
            },
            nonce: true,
            redirect_at_token: mobile_override,
            without_response: |url| url.split(['?', '#']).next().unwrap_or_default().to_owned(),
            state: |sent, returned| are_equal(sent, returned),
            response: ResponseRules::honest(),
            credentials,
            credentials_again: None,
            basic: |settings| {
                settings.get("tokenEndpointAuthMethod").and_then(Value::as_str) == Some("client_secret_basic")
            },
            send_verifier: true,
            token_response: TokenResponseRules::honest(),
            id_token_required: true,
            reading: ReadingRules::honest(),
            signature: true,
            id_token: CHECKS.to_vec(),
            userinfo: UserInfoRules::honest(),
            userinfo_status: |status| status == 200,
            userinfo_subject: |id_token, userinfo| id_token.get("sub") == userinfo.get("sub"),
            account: AccountRules::honest(),
            picture: PictureRules::honest(),
            session_holder: |_, id| id.to_owned(),
            session_kept: false,
            bin_ends: true,
            answer: |answer| answer,
            sign_in_ends_others: false,
            refusal_ends: |_, _| false,
            refusal_opens: false,
            cookies: CookieRules::honest(),
            clear_state: true,
            steal_link: false,
            password_needs_provider: false,
            sign_out: SignOutRules::honest(),
            logout_token: super::backchannel::CHECKS.to_vec(),
            logout_signature: true,
            logout_token_names: true,
            logout_token_means: |by_sub, by_sid| by_sub.unwrap_or(true) && by_sid.unwrap_or(true),
            logout_token_ends_all: false,
            logout_token_wants_session: false,
            logout_token_ends: true,
            enabled_at_backchannel: |settings| settings.get("enabled") == Some(&Value::Bool(true)),
            logout_junk_ends_all: false,
            logout_token_status: StatusCode::OK,
            logout_answer_uncached: true,
            state_made: |random| random,
            state_sent: ToOwned::to_owned,
            verifier_length: 43,
            state_renewed: true,
            state_lifetime: 600,
            redirect_remembered: true,
            override_at_link: |setting| setting,
            settings_guarded: true,
            nonsense: super::administration::nonsense,
            mobile_redirect: |query| format!("app.immich:///oauth-callback?{query}"),
        }
    }
}

const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// OIDC Discovery §4.1; a full address is taken as it stands.
pub(super) fn discovery_url(configured: &str) -> String {
    if configured.contains("/.well-known/") {
        return configured.to_owned();
    }
    format!("{}{WELL_KNOWN}", configured.trim_end_matches('/'))
}

/// OIDC Discovery §4.3: the issuer is the address without the suffix. For an
/// address with the suffix, a slash before it belongs to either.
fn issuer(configured: &str, document: &str) -> bool {
    let normal = |text: &str| Url::parse(text).map_or_else(|_| text.to_owned(), String::from);
    match configured.split_once("/.well-known/") {
        Some((base, _)) => normal(document).trim_end_matches('/') == normal(base).trim_end_matches('/'),
        None => normal(document) == normal(configured),
    }
}

/// It permits http; it says nothing about certificates.
pub(super) fn allows_insecure(settings: &Value) -> bool {
    settings.get("allowInsecureRequests") == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://h", "https://h/", true)]
    #[case("https://h/a", "https://h/a", true)]
    #[case("https://h/a", "https://h/a/", false)]
    #[case("https://h/a/.well-known/openid-configuration", "https://h/a/", true)]
    #[case("https://h/a/.well-known/openid-configuration", "https://evil/a/", false)]
    fn compares_issuers(#[case] configured: &str, #[case] document: &str, #[case] same: bool) {
        assert_eq!(issuer(configured, document), same);
    }
}
