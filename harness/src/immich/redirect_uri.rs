//! Where the provider sends browsers and the mobile app back to, and where an
//! administrator enters the provider's settings.

use super::ApiRoute;
use super::app_address::APP;

/// An address to which the provider redirects the user agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectUri {
    /// The page at which people sign in.
    SignInPage,
    /// The page at which they link their account.
    SettingsPage,
    /// The mobile app.
    App,
    /// The page of the server that hands a browser over to the app.
    MobileRedirect,
}

impl RedirectUri {
    /// All of them, in the order in which they are registered.
    pub const ALL: [Self; 4] = [Self::SignInPage, Self::SettingsPage, Self::App, Self::MobileRedirect];

    /// The address, of the server at the origin `target`.
    pub fn at(self, target: &str) -> String {
        match self {
            Self::SignInPage => format!("{target}/auth/login"),
            Self::SettingsPage => format!("{target}/user-settings"),
            Self::App => APP.to_owned(),
            Self::MobileRedirect => format!("{target}{}", ApiRoute::MOBILE_REDIRECT.path()),
        }
    }
}

/// Where a client's registration goes in Immich, in words.
pub(crate) fn instructions() -> String {
    let [page, settings, app, _] = RedirectUri::ALL.map(|uri| uri.at("https://photos.example.org"));
    format!(
        "
In Immich: Administration → Settings → Authentication Settings → OAuth. Turn it
on, and enter the issuer URL, the client id and the client secret. If the issuer
URL is http, also allow insecure requests (Immich 3.0 and later). Redirect URIs
of an Immich server are
    {page}
    {settings}
    {app}
Ctrl-C ends the provider.
"
    )
}
