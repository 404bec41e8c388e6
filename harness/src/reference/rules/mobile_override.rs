//! The mobile override: an address over https in the place of the app's own
//! scheme, which some providers do not take.

/// The settings of the mobile override.
#[derive(Debug, Clone, Copy)]
pub struct Override<'a> {
    pub enabled: bool,
    pub uri: &'a str,
}

/// Contract §4: one or more slashes, and a query stays. An address that only
/// begins like that of the app is another one.
pub fn mobile_override(uri: &str, setting: Override<'_>) -> String {
    if !setting.enabled || setting.uri.is_empty() {
        return uri.to_owned();
    }
    let Some(rest) = uri.strip_prefix("app.immich:/") else { return uri.to_owned() };
    match rest.trim_start_matches('/').strip_prefix("oauth-callback") {
        Some(rest) if rest.is_empty() || rest.starts_with(['?', '#']) => format!("{}{rest}", setting.uri),
        _ => uri.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("app.immich:///oauth-callback", "https://h/m")]
    #[case("app.immich:/oauth-callback?x=1", "https://h/m?x=1")]
    #[case("app.immich:oauth-callback", "app.immich:oauth-callback")]
    #[case("app.immich:///oauth-callback-2", "app.immich:///oauth-callback-2")]
    #[case("https://h/app.immich:///oauth-callback", "https://h/app.immich:///oauth-callback")]
    #[case("https://h/auth/login", "https://h/auth/login")]
    fn overrides_the_app_only(#[case] uri: &str, #[case] expected: &str) {
        assert_eq!(mobile_override(uri, Override { enabled: true, uri: "https://h/m" }), expected);
        assert_eq!(mobile_override(uri, Override { enabled: false, uri: "https://h/m" }), uri);
    }
}
