//! The address of the mobile app, and how browser and app get there: the slashes
//! that get lost on the way, and the page that hands a browser over to the app.
//! [`RedirectUri`](super::RedirectUri) has the other addresses.

use crate::exchange::Exchange;

/// The address of the mobile app.
pub(super) const APP: &str = "app.immich:///oauth-callback";

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
