//! Bugs in settings and in the public documents.

use std::time::Duration;

use serde_json::Value;

use super::family::family;

family! {
    "password-needs-provider", "Refuses password sign-ins while the provider is down.",
        |rules| rules.session.password_needs_provider = true;
    "password-off-with-oauth", "Refuses password sign-ins while OAuth is on.",
        |rules| rules.session.passwords_enabled = |settings| settings["oauth"]["enabled"] != Value::Bool(true);
    "public-document-tells-secret", "Shows the client secret in `/api/server/config`, which anyone can read.",
        |rules| rules.settings.public = |mut document, settings| {
            document["oauthClientSecret"] = settings["clientSecret"].clone();
            document
        };
    "public-config-tells-secret", "Shows the client secret in `/api/public/config`, which anyone can read.",
        |rules| rules.api.public = |settings| settings.clone();
    "user-config-tells-secret", "Shows the client secret in `/api/config`, which every signed-in end-user can read.",
        |rules| rules.api.for_users = |settings| settings.clone();
    "account-page-ignored", "Ignores `oauth.accountManagementUrl`, the setting for the provider's account page.",
        |rules| rules.settings.account_page = |_| Some("".into());
    "origin-reflected", "Lets a web page of any origin send requests with the end-user's cookies and read the \
                         responses.",
        |rules| rules.api.allowed_origin = |origin| Some(origin.clone());
    "link-route-missing", "Answers 404 to `POST /api/oauth/link`, the route that links accounts.",
        |rules| rules.api.not_there = Some(("POST /api/oauth/link", 404));
    "own-account-not-changeable", "Answers 501 to `PUT /api/users/me`, with which end-users change their own account.",
        |rules| rules.api.not_there = Some(("PUT /api/users/me", 501));
    "sessions-not-listed", "Answers 404 to `GET /api/sessions`, the route that lists the sessions of an account.",
        |rules| rules.api.not_there = Some(("GET /api/sessions", 404));
    "public-config-not-implemented", "Answers 501 to `GET /api/public/config`, a route that Immich has since 3.2.",
        |rules| rules.api.not_there = Some(("GET /api/public/config", 501));
    "settings-unchecked", "Accepts invalid settings, such as an issuer URL that is not a URL.",
        |rules| rules.settings.nonsense = |_| None;
    "settings-without-administrator", "Shows the settings to every signed-in end-user, not only to administrators.",
        |rules| rules.settings.guarded = false;
    "page-says-on", "Always reports to the sign-in page that OAuth is on and that auto-launch is off.",
        |rules| rules.settings.features = |_| (true, false);
    "button-fixed", "Ignores `oauth.buttonText`, the setting for the text of the sign-in button.",
        |rules| rules.settings.button = |_| "Login with OAuth".into();
    "page-needs-provider", "Waits for the provider before it shows the sign-in page (Immich up to 1.42).",
        |rules| rules.settings.page_needs_provider = true;
    "timeout-in-seconds", "Reads `oauth.timeout` as seconds instead of milliseconds (Immich from 1.133).",
        |rules| rules.fetch.timeout = Duration::from_secs;
}
