//! Where the provider sends browsers and the mobile app back to, and where an
//! administrator enters the provider's settings.

use super::ApiRoute;
use crate::exchange::Exchange;

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

/// The address of the mobile app.
const APP: &str = "app.immich:///oauth-callback";

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

/// The app gives its address the slashes back that got lost on the way.
pub(crate) fn with_all_slashes(redirect_uri: &str, location: String) -> String {
    match location.strip_prefix("app.immich:/oauth-callback") {
        Some(rest) if redirect_uri == APP => format!("{APP}{rest}"),
        _ => location,
    }
}

/// Where the page that hands a browser over to the app leads: by a redirect, or
/// by a link to the app, since some browsers do not follow such a redirect.
pub(crate) fn way_to_app(answer: &Exchange) -> Option<String> {
    if let Some(location) = answer.header("location") {
        return Some(location.to_owned());
    }
    let is_page = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    let (_, rest) = answer.response_body.split_once("href=\"app.immich:").filter(|_| is_page)?;
    let address = rest.split('"').next().unwrap_or_default();
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    Some(entities.iter().fold(format!("app.immich:{address}"), |text, (entity, letter)| text.replace(entity, letter)))
}

/// Where a client's registration goes in Immich, in words.
pub(crate) fn instructions() -> String {
    let [page, settings, app, _] = RedirectUri::ALL.map(|uri| uri.at("https://photos.example.org"));
    format!(
        "
In Immich: Administration > Settings > Authentication Settings > OAuth. Enable it, enter the three values above and,
from Immich 3.0 on, allow insecure requests if the issuer URL is http. The redirect URIs of an Immich server are
{page}, {settings} and {app}.
Ctrl-C ends the provider.
"
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(APP, "app.immich:/oauth-callback?code=c", "app.immich:///oauth-callback?code=c")]
    #[case(APP, "app.immich:///oauth-callback?code=c", "app.immich:///oauth-callback?code=c")]
    #[case("http://t/auth/login", "app.immich:/oauth-callback?code=c", "app.immich:/oauth-callback?code=c")]
    fn the_app_mends_its_own_address_alone(#[case] uri: &str, #[case] location: &str, #[case] expected: &str) {
        assert_eq!(with_all_slashes(uri, location.to_owned()), expected);
    }

    #[rstest]
    #[case::redirect(("location", "app.immich:///oauth-callback?a=b"), "", Some("app.immich:///oauth-callback?a=b"))]
    #[case::page(("content-type", "text/html"), "<a href=\"app.immich:///o?a=b&amp;c=d\">", Some("app.immich:///o?a=b&c=d"))]
    #[case::elsewhere(("content-type", "text/html"), "<a href=\"https://evil.test/?app.immich:\">", None)]
    #[case::no_page(("content-type", "text/plain"), "<a href=\"app.immich:///o\">", None)]
    fn a_redirect_or_a_link_leads_to_the_app(
        #[case] (name, value): (&str, &str),
        #[case] body: &str,
        #[case] expected: Option<&str>,
    ) {
        let response_headers = vec![(name.to_owned(), value.to_owned())];
        let answer = Exchange { response_headers, response_body: body.to_owned(), ..Exchange::default() };
        assert_eq!(way_to_app(&answer).as_deref(), expected);
    }
}
