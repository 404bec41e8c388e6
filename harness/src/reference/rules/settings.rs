//! Which settings are taken, what the sign-in page shows of them, and which
//! sessions there are.

use axum::http::HeaderMap;
use serde_json::Value;

use super::declaration::rules;
use crate::constant_time::are_equal;
use crate::reference::reply::Refusal;
use crate::reference::state::{StoredAccount, flag, nonsense};

/// How long a session's cookies stay, in seconds: 400 days.
pub const COOKIE_LIFETIME: u32 = 34_560_000;

rules! {
    /// Which settings are taken, and what the sign-in page shows of them.
    SettingsRules {
        /// Whether the callback works with these settings.
        enabled: fn(&Value) -> bool = |settings| flag(settings, "enabled");
        /// Whether the authorization request works with these settings.
        enabled_at_authorize: fn(&Value) -> bool = |settings| flag(settings, "enabled");
        /// Whether logout tokens are taken with these settings.
        enabled_at_backchannel: fn(&Value) -> bool = |settings| flag(settings, "enabled");
        /// Whether only administrators read and change settings.
        guarded: bool = true;
        /// What is wrong with settings.
        nonsense: fn(&Value) -> Option<&'static str> = nonsense;
        /// The features for the sign-in page: OAuth on, auto-launch on.
        features: fn(&Value) -> (bool, bool) = |settings| (flag(settings, "enabled"), flag(settings, "autoLaunch"));
        /// The text on the button.
        button: fn(&Value) -> Value = |settings| settings.get("buttonText").cloned().unwrap_or_default();
        /// The page at the provider for people's accounts; nothing for a server
        /// without that setting.
        account_page: fn(&Value) -> Option<Value> = |settings| settings.get("accountManagementUrl").cloned();
        /// What is public, given the settings.
        public: fn(Value, &Value) -> Value = |document, _| document;
        /// Whether the sign-in page waits for the provider.
        page_needs_provider: bool = false;
    }
}

rules! {
    /// Which sessions there are, by sign-in or password.
    SessionRules {
        /// Whose session a sign-in opens, given whose it should be.
        holder: fn(&[StoredAccount], &str) -> String = |_, id| id.to_owned();
        /// Whether a sign-in leaves the session that the browser has as it is.
        kept: bool = false;
        /// Whether a sign-in ends the person's other sessions.
        ends_others: bool = false;
        /// Whether a sign-in opens a second session.
        doubled: bool = false;
        /// The answer to a sign-in.
        answer: fn(Value) -> Value = |answer| answer;
        /// Whether a callback that is refused ends a session, given that of
        /// the browser.
        refusal_ends: fn(Option<&str>, &str) -> bool = |_, _| false;
        /// What the answer to a refused callback says, given the settings.
        refusal: fn(Refusal, &Value) -> Refusal = |refusal, _| refusal;
        /// A header of the answer to a refused callback, given a session of the
        /// administrator.
        refusal_header: Option<fn(&str) -> (&'static str, String)> = None;
        /// The header in which a refused callback leaves the token of a session
        /// that it opens all the same; `body` for the member of the body.
        refusal_opens: Option<fn(&str) -> (&'static str, String)> = None;
        /// Whether any browser finishes a sign-in, and the one that started it
        /// gets the session.
        flows_without_owner: bool = false;
        /// Whether people may sign in by password with these settings.
        passwords_enabled: fn(&Value) -> bool = |settings| settings["passwordLogin"]["enabled"] != Value::Bool(false);
        /// Of what kind an answer says it is, where it is not what it is.
        content_type: Option<&'static str> = None;
        /// Whether the password of an account, if it has one, is the one
        /// given.
        password: fn(Option<&str>, &str) -> bool = |own, given| own.is_some_and(|own| are_equal(own, given));
        /// Whether signing in with a password needs the provider, too.
        password_needs_provider: bool = false;
        /// Whether there is a session before the password is looked at.
        before_password: bool = false;
        /// What is answered at the own account where no session works.
        unknown: fn(Refusal) -> Refusal = |refusal| refusal;
        /// Whether the sessions of an account end when it moves to the trash.
        bin_ends: bool = true;
    }
}

rules! {
    /// How cookies are set.
    CookieRules {
        /// Whether session cookies are hidden from scripts.
        session_hidden: bool = true;
        /// How long one stays, in seconds, given its name and how long it should;
        /// until the browser closes if this is nothing.
        lifetime: fn(&str, u32) -> Option<u32> = |_, seconds| Some(seconds);
        /// What keeps them from requests that other sites make.
        same_site: &'static str = "; SameSite=Lax";
        /// Whether they go over TLS only, given what a browser asked with.
        /// Without a proxy before the server that says so, there is no TLS
        /// here.
        secure: fn(&HeaderMap) -> bool =
            |headers| headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    }
}
